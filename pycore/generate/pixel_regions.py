"""Makes `data/pixel_regions.json`: where devices burn text in, by two open lists and the standard.

`sources/pixel_regions.csv` holds the facts row by row, one rectangle each: the conditions and
rectangles of the default script of RSNA CTP's DicomPixelAnonymizer (snapshot 361e90f of
2025-05-13) and of the recipe `deid.dicom` of pydicom/deid (0.4.13, MIT), and what PS3.3 says is
nothing but a label, its condition written as in a script of CTP. A newer list takes the place of
its rows. Rules whose conditions no instance can fulfil (a modality that is none, an
attribute that is none) are named and left out.

    python pycore/generate/pixel_regions.py
"""

import csv
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from dicom_veil.devices import ctp, deid  # noqa: E402
from dicom_veil.devices.rules import from_json  # noqa: E402
from dicom_veil.errors import Usage  # noqa: E402

TARGET = HERE.parent / "dicom_veil" / "data" / "pixel_regions.json"
EDITION = "RSNA CTP 361e90f (2025-05-13); pydicom/deid 0.4.13; PS3.3 2026b"


def main() -> None:
    with (HERE / "sources" / "pixel_regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rules: dict[tuple[str, str], dict[str, object]] = {}
    for row in rows:
        key = (row["source"], row["rule_no"])
        rectangle = [int(row[name]) for name in ("x0", "y0", "width", "height")]
        if key in rules:
            rules[key]["rectangles"].append(rectangle)  # type: ignore[attr-defined]
            continue
        condition = row["full_condition"]
        try:
            if row["source"] in ("CTP", "PS3.3"):
                when = ctp.condition_of(condition)
            else:
                when = deid.condition_of(condition.partition(": ")[2])
        except Usage as error:
            print(f"left out: {row['source']} {row['rule_no']}: {error}")
            continue
        name = " ".join(row["label"].partition("#")[0].split())
        rules[key] = {"name": name, "source": " ".join(key), "when": when,
                      "rectangles": [rectangle]}  # fmt: skip
    data = {
        "edition": EDITION,
        "source": "sources/pixel_regions.csv",
        "generator": "pycore/generate/pixel_regions.py",
        "format": 1,
        "rules": list(rules.values()),
    }
    text = json.dumps(data, ensure_ascii=False, indent=0) + "\n"
    from_json(text)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(rules)} rules")


if __name__ == "__main__":
    main()
