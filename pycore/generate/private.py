"""Makes `dicom_veil/data/safe_private.json` from Table E.3.10-1 of PS3.15, Annex E.

    python3 pycore/generate/private.py

The source is the table as CSV beside this script (facts of PS3.15 2026d, © NEMA).
"""

import csv
import json
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE / "sources" / "safe_private.csv"
TARGET = HERE.parent / "dicom_veil" / "data" / "safe_private.json"


def build() -> str:
    """Creator → {"ggggxxee": VR}, in the order of the table."""
    creators: dict[str, dict[str, str]] = {}
    with SOURCE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tag = row["data_element"].strip("()").replace(",", "").upper().replace("XX", "xx")
            # The table gives some elements as OW/OB and some without a VR.
            vr = row["vr"].split("/")[0].strip()
            creators.setdefault(row["private_creator"], {})[tag] = vr
    head = {
        "edition": "PS3.15 2026d",
        "table": "E.3.10-1",
        "generator": "pycore/generate/private.py",
        "source": f"sources/{SOURCE.name}",
        "copyright": "DICOM PS3.15 © NEMA",
    }
    return json.dumps({**head, "creators": creators}, indent=0, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
