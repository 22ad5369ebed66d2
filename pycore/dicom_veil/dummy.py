"""The values that take the place of what is replaced (action D of PS3.15 Table E.1-1a).

Each fits its VR (PS3.5 6.2) and the least number of values that its attribute asks for, is not of
zero length, and cannot be taken for somebody's. Where PS3.3 enumerates values, or counts from 1,
`data/dummies.json` has one that is valid.
"""

import json
import re
import struct
from functools import cache
from importlib.resources import files

from pydicom.datadict import dictionary_VM

TEXT = {
    "AE": "DEIDENTIFIED",
    "AS": "000Y",
    "CS": "DEIDENTIFIED",
    "DA": "19000101",
    "DS": "0",
    "DT": "19000101000000",
    "IS": "0",
    "LO": "DEIDENTIFIED",
    "LT": "DEIDENTIFIED",
    "PN": "DEIDENTIFIED",
    "SH": "DEIDENTIFIED",
    "ST": "DEIDENTIFIED",
    "TM": "000000",
    "UC": "DEIDENTIFIED",
    "UR": "urn:deidentified",
    "UT": "DEIDENTIFIED",
}
# How `struct` writes one number of a VR.
NUMBER = {
    "FD": "d", "FL": "f", "OD": "d", "OF": "f", "OL": "L", "OV": "Q", "OW": "H", "SL": "l",
    "SS": "h", "SV": "q", "UL": "L", "US": "H", "UV": "Q",
}  # fmt: skip
# Bytes of one value that no number is written to; two of them for what is no VR at all.
BYTES = {"AT": 4, "OB": 2, "UN": 2}


@cache
def _of_attributes() -> dict[int, str]:
    text = (files("dicom_veil") / "data" / "dummies.json").read_text(encoding="utf-8")
    return {int(tag, 16): value for tag, _, _, value, _ in json.loads(text)["dummies"]}


@cache
def dummy(vr: str, tag: int = 0, *, little_endian: bool = True) -> bytes:
    """The encoded dummy of an attribute, of even length (PS3.5 6.2, 7.1.1).

    `vr` is the one that it is written with. Without a `tag` a dummy of the VR alone.
    """
    if vr not in TEXT and vr not in NUMBER:
        return bytes(BYTES.get(vr, 2))
    values = _of_attributes().get(tag, "").split("\\")
    if values == [""] or (vr in NUMBER and not all(re.fullmatch(r"-?\d+", one) for one in values)):
        values = [TEXT.get(vr, "0")] * _least_values(tag)
    if vr in TEXT:
        return padded("\\".join(values).encode("ascii"))
    form = ("<" if little_endian else ">") + NUMBER[vr] * len(values)
    kind = float if vr in ("FD", "FL", "OD", "OF") else int
    return struct.pack(form, *map(kind, values))


def _least_values(tag: int) -> int:
    """How many values an attribute must have (PS3.6, VM): 2 of `2`, `2-n` and `2-2n`."""
    try:
        return int(dictionary_VM(tag).split("-")[0])
    except (KeyError, ValueError):
        return 1


def padded(value: bytes, pad: bytes = b" ") -> bytes:
    """A value of even length (PS3.5 6.2: text is padded with a space, a UID with NUL)."""
    return value + pad if len(value) % 2 else value
