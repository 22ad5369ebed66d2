"""Specific Character Set (0008,0005): as PS3.3 C.12.1.1.2 defines it, or put right.

A misspelled term becomes the one that is meant. One that nobody knows becomes ISO_IR 100, in which
every byte is a letter or nothing: that is how such a text was read.
"""

import re
from functools import lru_cache

from pydicom.charset import STAND_ALONE_ENCODINGS, python_encoding
from pydicom.dataset import Dataset

from dicom_veil.decoded import value_of

CHARACTER_SET = 0x00080005
UNKNOWN = "ISO_IR 100"
MISSPELLED = re.compile(r"ISO[ _-]*(2022)?[ _-]*IR[ _-]*(\d{1,3})", re.IGNORECASE | re.ASCII)


def declared(dataset: Dataset) -> str | None:
    """The attribute as text, values separated by a backslash; None where there is none."""
    found = value_of(dataset, CHARACTER_SET)
    if found is None:
        return None
    if isinstance(found, bytes):
        return found.decode("latin-1")
    return found if isinstance(found, str) else "\\".join(map(str, found))  # type: ignore[call-overload]


@lru_cache(maxsize=1024)
def corrected(text: str) -> str:
    """`text` if it is valid, else what it should be.

    >>> corrected("ISO_IR_100"), corrected("ISO_IR 192\\\\ISO 2022 IR 87"), corrected("Latin")
    ('ISO_IR 100', 'ISO_IR 192', 'ISO_IR 100')
    """
    first, *rest = (_term(one.strip("\0 ")) for one in text.split("\\"))
    if first is None:
        first = UNKNOWN
    if first in STAND_ALONE_ENCODINGS:
        return first
    # A code extension is none of those that allow no other (PS3.3 C.12.1.1.2).
    return "\\".join((first, *(one for one in rest if one and one not in STAND_ALONE_ENCODINGS)))


def _term(one: str) -> str | None:
    if one in python_encoding:
        return one
    match = MISSPELLED.fullmatch(one)
    if match is None:
        return None
    meant = f"ISO 2022 IR {match[2]}" if match[1] else f"ISO_IR {match[2]}"
    return meant if meant in python_encoding else None
