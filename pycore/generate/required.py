"""Makes `dicom_veil/data/required.json.gz`: which attributes an instance cannot be without.

    python3 pycore/generate/required.py

From the same source as `types.json` (`iod_types.py`): of every IOD, the attributes of Type 1, 1C,
2 and 2C (PS3.5 7.4) by the sequence right above them; and those of `required_also.csv`, on which
conditions depend or which are the content itself, wherever they stand. A profile that removes
what no rule lists keeps these. The result is compressed without a time, so that it is the same
bytes each time.
"""

import csv
import gzip
import json
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from iod_types import EDITION, PACKAGE, VERSION, WHEEL_SHA256, download, tag_of
from pydicom.datadict import tag_for_keyword

TARGET = Path(__file__).parent.parent / "dicom_veil" / "data" / "required.json.gz"
ALSO = Path(__file__).parent / "sources" / "required_also.csv"
NEEDED = frozenset({"1", "1C", "2", "2C"})


def needed(attributes: list[dict[str, Any]]) -> dict[str, str]:
    """Of one module: tag of the sequence (or "") → tags, in hexadecimal digits.

    Left out is what no dictionary has a single tag for: overlays, and what is newer than it. Both
    have rules of their own.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for attribute in attributes:
        path = attribute["path"]
        known = all(tag_for_keyword(one) is not None for one in [*path, attribute["keyword"]])
        if known and attribute["type"] in NEEDED:
            found[tag_of(path[-1]) if path else ""].add(tag_of(attribute["keyword"]))
    return {parent: " ".join(sorted(tags)) for parent, tags in sorted(found.items())}


def also() -> dict[str, str]:
    """Tags with the reason why they stay as well."""
    with ALSO.open(newline="", encoding="utf-8") as file:
        return {tag_of(row["keyword"]): row["reason"] for row in csv.DictReader(file)}


def build(wheel: Any) -> dict[str, Any]:
    """The data, from the wheel (a path or a binary file)."""
    with zipfile.ZipFile(wheel) as archive:
        attributes, iods = (
            json.loads(archive.read(f"{PACKAGE}/_standard/{name}.json"))
            for name in ("module_attribute_map", "iod_module_map")
        )
    return {
        "edition": EDITION,
        "generator": "pycore/generate/required.py",
        "source": f"{PACKAGE} {VERSION} (MIT), wheel with SHA-256 {WHEEL_SHA256}",
        "copyright": "DICOM PS3.3 © NEMA",
        "also": also(),
        "iods": {
            name: sorted({one["key"] for one in modules if one["key"] in attributes})
            for name, modules in sorted(iods.items())
        },
        "modules": {name: needed(content) for name, content in sorted(attributes.items())},
    }


def main() -> None:
    with tempfile.TemporaryFile() as wheel:
        wheel.write(download())
        text = json.dumps(build(wheel), ensure_ascii=False, separators=(",", ":"))
    TARGET.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
