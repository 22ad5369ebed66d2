"""Writes data/common_words.json: words that stand in headers whoever the patient is.

From the names of attributes and UIDs in PS3.6, the anatomic regions of PS3.16 CID 4 and the
concepts that DICOM defines itself (scheme DCM), as pydicom's dictionaries carry them, and from
sources/placeholder_words.csv.
Run: python pycore/generate/common_words.py
"""

import csv
import json
import re
from pathlib import Path

import pydicom
from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import DicomDictionary
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts

HERE = Path(__file__).parent
TARGET = HERE.parent / "dicom_veil" / "data" / "common_words.json"
ANATOMIC_REGION = 4


def words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z]{2,}", text)}


def meanings(concept_dictionary: dict[str, dict[str, dict[str, tuple[str, list[int]]]]],
             cid: int) -> set[str]:  # fmt: skip
    """The words of the code meanings of one context group."""
    found: set[str] = set()
    for scheme, keywords in cid_concepts[cid].items():
        for keyword in keywords:
            for meaning, _groups in concept_dictionary[scheme][keyword].values():
                found |= words(meaning)
    return found


def main() -> None:
    attributes: set[str] = set()
    for _vr, _vm, name, _retired, _keyword in DicomDictionary.values():
        attributes |= words(name)
    own = {meaning for codes in concepts["DCM"].values() for meaning, _groups in codes.values()}
    attributes |= {word for meaning in own for word in words(meaning)}
    for name, _kind, _info, _retired, _keyword in UID_dictionary.values():
        attributes |= words(name)
    with (HERE / "sources" / "placeholder_words.csv").open(encoding="utf-8", newline="") as file:
        placeholders = {row["word"] for row in csv.DictReader(file)}
    regions = meanings(concepts, ANATOMIC_REGION)
    data = {
        "generator": "pycore/generate/common_words.py",
        "source": f"pydicom {pydicom.__version__}: names of PS3.6 attributes and UIDs, "
        "PS3.16 CID 4 and scheme DCM; sources/placeholder_words.csv",
        "placeholders": sorted(placeholders),
        "words": sorted(attributes | regions | placeholders),
    }
    TARGET.write_text(json.dumps(data, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(data['words'])} words")


if __name__ == "__main__":
    main()
