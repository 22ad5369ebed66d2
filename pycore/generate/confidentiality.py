"""Makes `dicom_veil/data/confidentiality.json` from Table E.1-1 of PS3.15, Annex E.

    python3 pycore/generate/confidentiality.py

`supplement.csv` lists attributes that Table E.1-1 leaves out and that can identify all the same;
each with its reason, from what other publications on the subject protect.

The source is the table as CSV beside this script (facts of PS3.15 2026d, © NEMA); the UI
attributes that name a class, a syntax or a coding scheme, and so identify nobody, are taken from
pydicom's data dictionary by their keyword. A test runs this and compares.
"""

import csv
import json
import re
from pathlib import Path

from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import tag_for_keyword

HERE = Path(__file__).parent
SOURCE = HERE / "sources" / "table_e1_1.csv"
SUPPLEMENT = HERE / "sources" / "supplement.csv"
TARGET = HERE.parent / "dicom_veil" / "data" / "confidentiality.json"
EDITION = "PS3.15 2026d"
OPTIONS = (
    "retain_safe_private",
    "retain_uids",
    "retain_device",
    "retain_institution",
    "retain_patient_chars",
    "retain_long_full_dates",
    "retain_long_modified_dates",
    "clean_descriptors",
    "clean_structured_content",
    "clean_graphics",
)
# PS3.15 E.3.9 Note 4: UIDs of the standard's own structures are never replaced.
STRUCTURAL = re.compile(r"(ClassUID|SOPClasses|TransferSyntaxUID|CodingSchemeUID|^ContextUID"
                        r"|MappingResourceUID)")  # fmt: skip


def attribute(row: dict[str, str]) -> list[object]:
    """One row as [tag, keyword, name, VR, Basic Profile action, {option: action}]."""
    tag = row["tag"].strip("()").replace(",", "").upper().replace("X", "x")
    options = {option: row[option] for option in OPTIONS if row[option]}
    return [tag, row["keyword"], row["name"], row["vr"], row["basic_profile"], options]


def build() -> str:
    with SOURCE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    plain = [row for row in rows if re.fullmatch(r"\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\)", row["tag"])]
    listed = {int(str(attribute(row)[0]), 16) for row in plain}
    structural = [
        f"{tag:08X}"
        for tag, (vr, _vm, _name, _retired, keyword) in sorted(DicomDictionary.items())
        if vr == "UI" and tag not in listed and STRUCTURAL.search(keyword)
    ]
    with SUPPLEMENT.open(newline="", encoding="utf-8") as file:
        supplement = [
            [f"{tag_for_keyword(row['keyword']):08X}", row["action"], row["reason"]]
            for row in csv.DictReader(file)
        ]
    if already := listed & {int(tag, 16) for tag, _, _ in supplement}:
        raise ValueError(f"Table E.1-1 has these by now: {[f'{tag:08X}' for tag in already]}")
    repeating = [attribute(row) for row in rows if row not in plain and "xx" in row["tag"]]
    head = {
        "edition": EDITION,
        "table": "E.1-1",
        "generator": "pycore/generate/confidentiality.py",
        "source": f"sources/{SOURCE.name}",
        "copyright": "DICOM PS3.15 © NEMA",
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append(f'"structural": {json.dumps(structural)}')
    attributes = [attribute(row) for row in plain]
    groups = {"supplement": supplement, "repeating": repeating, "attributes": attributes}
    for name, group in groups.items():
        body = ",\n".join(json.dumps(item, ensure_ascii=False) for item in group)
        lines.append(f'"{name}": [\n{body}\n]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
