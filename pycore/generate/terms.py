"""Makes `dicom_veil/data/terms.json`: the words that Clean Descriptors may keep (PS3.15 E.3.5).

    python3 pycore/generate/terms.py

Sources: code meanings of PS3.16 from pydicom's dictionaries, of the context groups below, which
name anatomy, laterality, modalities, views, contrast, tracers, procedures and sequences, none
that name persons, breeds, equations or organisations; the Body Part Examined terms of PS3.16
Annex L (`body_parts.csv`, as highdicom 0.28.2 has them); and `protocol_terms.csv`, typed by hand:
abbreviations of the trade that no standard lists, each line with its reason, and the words that
are taken out again because they are names. A test runs this and compares.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pydicom._version import __concepts_version__, __version__
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts

HERE = Path(__file__).parent
TARGET = HERE.parent / "dicom_veil" / "data" / "terms.json"
sys.path.insert(0, str(HERE.parent))

from dicom_veil.words import fold  # noqa: E402

EDITION = f"PS3.16 {__concepts_version__} (pydicom {__version__})"
GROUPS = {
    "anatomy": (
        2, 4, 19, 20, 27, 212, 3010, 3011, 3014, 3015, 3019, 3712, 3827, 3829, 3839, 3840, 4005,
        4009, 4013, 4016, 4028, 4029, 4030, 4031, 4040, 4042, 4207, 4209, 4211, 6100, 6109, 6113,
        6115, 6116, 6117, 6124, 6125, 6126, 6127, 6149, 6170, 6171, 6300, 7140, 7151, 7152, 7153,
        7154, 7155, 7156, 7158, 7160, 7165, 7166, 7171, 7192, 7602, 7603, 7604, 7701, 7702, 7703,
        7704, 7705, 7706, 7707, 7710, 8134, 9514, 12020, 12021, 12022, 12023, 12103, 12104, 12105,
        12107, 12108, 12109, 12110, 12111, 12112, 12113, 12114, 12115, 12116, 12117, 12125, 12130,
        12131, 12140, 12141, 12280, 12305,
    ),
    "laterality": (244, 245, 246, 6020, 6022),
    "modality": (29, 32, 33, 30),
    "view": (
        5, 6, 7, 21, 23, 26, 501, 502, 1010, 3466, 3718, 4010, 4011, 4014, 4015, 6312, 7012, 12118,
        12226, 4271,
    ),
    "contrast": (11, 12, 13, 62, 63, 70, 3850, 4050, 4200, 12030),
    "tracer": (18, 25, 3107, 3111, 4020, 4021),
    "procedure": (
        100, 646, 3101, 3102, 3104, 3106, 3108, 3110, 3112, 3117, 3200, 3204, 3206, 3207, 3261,
        3428, 3472, 6058, 6061, 7000, 9231, 9263, 9264, 9265, 9266, 9273, 10002, 10004, 10013,
        10014, 10033, 12001, 12002, 12224, 12233,
    ),
    "sequence": (
        84, 85, 4032, 4052, 4100, 4102, 4107, 4108, 4109, 6316, 7010, 7159, 7180, 7202, 7203, 7260,
        7261, 7262, 7263, 7270, 7272, 7273,
    ),
}  # fmt: skip
WORD = re.compile(r"[^\W\d_]{2,}(?![^\W_])|[A-Z]\d{1,2}(?![^\W_])")


def meanings(cid: int) -> Iterator[str]:
    """The code meanings of a context group, and the codes themselves where they are the terms."""
    for scheme, keywords in cid_concepts[cid].items():
        for keyword in keywords:
            for code, (meaning, cids) in concepts[scheme][keyword].items():
                if cid in cids:
                    yield meaning
                    if scheme == "DCM" and not code.isdigit():
                        yield code


def body_parts() -> Iterator[str]:
    with (HERE / "sources" / "body_parts.csv").open(newline="", encoding="utf-8") as file:
        yield from (row["body_part_examined"] for row in csv.DictReader(file))


def spread(terms: str) -> Iterator[str]:
    """The terms of a line; `C1-C4` is C1 C2 C3 C4."""
    for term in terms.split():
        span = re.fullmatch(r"([A-Z])(\d+)-\1(\d+)", term)
        if span is None:
            yield term
        else:
            yield from (f"{span[1]}{n}" for n in range(int(span[2]), int(span[3]) + 1))


def typed() -> list[dict[str, str]]:
    with (HERE / "sources" / "protocol_terms.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def kind(rows: list[dict[str, str]], name: str) -> list[str]:
    return sorted(
        {fold(term) for row in rows if row["kind"] == name for term in spread(row["terms"])}
    )


def build() -> str:
    """The text of the data file: every word once, under the first source that has it."""
    rows = typed()
    seen = set(kind(rows, "not"))
    sources: dict[str, list[str]] = {}

    def take(source: str, found: set[str]) -> None:
        sources[source] = sorted({*sources.get(source, ()), *(found - seen)})
        seen.update(found)

    for source, cids in GROUPS.items():
        texts = [text for cid in cids for text in meanings(cid)]
        take(f"PS3.16 {source}", {fold(word) for text in texts for word in WORD.findall(text)})
    take("PS3.16 Annex L", {fold(word) for text in body_parts() for word in text.split()})
    for row in rows:
        if row["kind"] in ("word", "function"):
            take(row["reason"], {fold(term) for term in spread(row["terms"])})
    document = {
        "edition": EDITION,
        "generator": "pycore/generate/terms.py",
        "words": sources,
        "pairs": kind(rows, "pair"),
        "functions": kind(rows, "function"),
        "units": kind(rows, "unit"),
        "labels": kind(rows, "label"),
        "titles": kind(rows, "title"),
    }
    return json.dumps(document, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
