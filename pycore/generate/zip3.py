"""Makes `data/zip3.json`: the three-digit ZIP areas too small to be named (45 CFR 164.514(b)).

`sources/zip3.csv` holds the 17 areas with 20,000 inhabitants or fewer by the 2000 Census that the
guidance of the US Department of Health and Human Services (Office for Civil Rights, 26 November
2012) names; a newer list takes the place of that file. `sources/us_states.csv` holds the Postal
Service's codes of states and territories, by which a ZIP code is told from other numbers.

    python pycore/generate/zip3.py
"""

import csv
import json
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "dicom_veil" / "data" / "zip3.json"
EDITION = "2000 Census, as in the HHS guidance on 45 CFR 164.514 of 2012-11-26"


def column(name: str, key: str) -> list[str]:
    """One column of a source, sorted."""
    with (HERE / "sources" / name).open(encoding="utf-8", newline="") as file:
        return sorted(row[key] for row in csv.DictReader(file))


def main() -> None:
    prefixes, states = column("zip3.csv", "prefix"), column("us_states.csv", "code")
    data = {
        "edition": EDITION,
        "source": "sources/zip3.csv, sources/us_states.csv",
        "generator": "pycore/generate/zip3.py",
        "restricted": prefixes,
        "states": states,
    }
    TARGET.write_text(json.dumps(data, indent=0) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(prefixes)} areas")


if __name__ == "__main__":
    main()
