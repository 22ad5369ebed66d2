"""Makes `dicom_veil/data/structured.json` from Table E.3.4-1 of PS3.15.

    python3 pycore/generate/structured.py

The source is the table as CSV beside this script (facts of PS3.15 2026c, © NEMA). A test runs
this and compares.
"""

import csv
import json
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE / "sources" / "table_e3_4_1.csv"
TARGET = HERE.parent / "dicom_veil" / "data" / "structured.json"
EDITION = "PS3.15 2026c"
OPTIONS = (
    "retain_uids",
    "retain_device",
    "retain_institution",
    "retain_patient_chars",
    "retain_long_full_dates",
    "retain_long_modified_dates",
    "clean_descriptors",
)


def build() -> str:
    """The data file: rows as [scheme, code, value type, meaning, action, {option: action}]."""
    with SOURCE.open(newline="", encoding="utf-8") as file:
        rows = [
            [
                # Some copies of the table name this scheme with its version.
                row["scheme"].partition(" [")[0],
                row["code_value"],
                row["value_type"],
                row["code_meaning"],
                row["basic_profile"],
                {option: row[option] for option in OPTIONS if row[option]},
            ]
            for row in csv.DictReader(file)
        ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in sorted(rows, key=str))
    head = json.dumps({"edition": EDITION, "generator": "pycore/generate/structured.py"})
    return f'{head[:-1]}, "concepts": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
