"""Makes `dicom_veil/data/dummies.json`: dummies of attributes that take not every value of a VR.

    python3 pycore/generate/dummies.py

The source is the CSV beside this script: values that PS3.3 enumerates for the attribute, or
numbers that count from 1, each with its clause (facts of PS3.3, © NEMA). It has the attributes
that stand inside the sequences that Table E.1-1 replaces (D), and those that it replaces itself.
"""

import csv
import json
from pathlib import Path

from pydicom.datadict import dictionary_VR, tag_for_keyword

HERE = Path(__file__).parent
SOURCE = HERE / "sources" / "dummies.csv"
TARGET = HERE.parent / "dicom_veil" / "data" / "dummies.json"
EDITION = "PS3.3 2026b"


def row(keyword: str, value: str, reason: str) -> list[str]:
    """One dummy as [tag, keyword, VR, value, reason]; several values are set off by a backslash."""
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise ValueError(f"No dictionary knows {keyword}.")
    return [f"{tag:08X}", keyword, dictionary_VR(tag), value, reason]


def build() -> str:
    with SOURCE.open(newline="", encoding="utf-8") as file:
        rows = sorted(row(**columns) for columns in csv.DictReader(file))
    head = {
        "edition": EDITION,
        "generator": "pycore/generate/dummies.py",
        "source": f"sources/{SOURCE.name}",
        "copyright": "DICOM PS3.3 © NEMA",
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
             for key, value in head.items()]  # fmt: skip
    body = ",\n".join(json.dumps(item, ensure_ascii=False) for item in rows)
    return "{\n" + ",\n".join(lines) + f',\n"dummies": [\n{body}\n]\n' + "}\n"


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
