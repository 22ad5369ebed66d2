"""Makes `dicom_veil/data/codes.json.gz`: which codes the standard knows, and what they mean.

    python3 pycore/generate/codes.py

The source is pydicom's dictionaries of PS3.16 (code, coding scheme, meaning, and the SNOMED RT
codes that old files use, by their SNOMED CT code). `schemes.csv` holds how the codes of public
coding schemes look (PS3.16 Annex 8), so that a code that no dictionary has can still be told from
free text. Compressed because it is large; the time in it is 0, so that it is always the same.
"""

import csv
import gzip
import json
import re
from pathlib import Path

from pydicom._version import __concepts_version__, __version__
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

HERE = Path(__file__).parent
TARGET = HERE.parent / "dicom_veil" / "data" / "codes.json.gz"
# What kind of thing a SNOMED CT name is of: `(body structure)`; a Code Meaning goes without.
TAG = re.compile(r" \([a-z /]+\)$")


def build() -> bytes:
    """The content of the data file before compression."""
    meanings = {
        scheme: {
            code: TAG.sub("", meaning)
            for codes in known.values()
            for code, (meaning, _) in codes.items()
        }
        for scheme, known in concepts.items()
    }
    retired = {old: new for old, new in mapping["SRT"].items() if new in meanings["SCT"]}
    with (HERE / "sources" / "schemes.csv").open(newline="", encoding="utf-8") as file:
        schemes = {row["designator"]: row["pattern"] for row in csv.DictReader(file)}
    document = {
        "edition": f"PS3.16 {__concepts_version__} (pydicom {__version__})",
        "generator": "pycore/generate/codes.py",
        "meanings": meanings,
        "srt": retired,
        "schemes": schemes,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    TARGET.write_bytes(gzip.compress(build(), 9, mtime=0))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
