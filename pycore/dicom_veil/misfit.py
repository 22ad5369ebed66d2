"""Values that cannot be values of their VR (PS3.5 Table 6.2-1): text in a number's place.

Nobody has judged such a text, and what stays because it is a number, a choice or a UID must be
one. What devices write a little wrong is still one: a number of too many digits, with a comma or a
fraction, or that is none (`nan`); an age without zeros; NULs at the end. None of that has room for
a word. A value is judged by the VR of the file and by that of the dictionary, so that no other VR
makes text of a number.
"""

import re
import struct
from collections.abc import Callable
from functools import lru_cache

from dicom_veil.dummy import NUMBER
from dicom_veil.standard import vr_of

_NUMBER = (
    rb"[-+]?(?:\d{1,64}(?:[.,]\d{0,64})?|[.,]\d{1,64})(?:[eEdD][-+]?\d{1,4})?"
    rb"|[-+]?(?:(?i:nan|inf|infinity)|1[.,]#(?:IND|QNAN|SNAN|INF|J)0{0,4})|\*{1,16}"
)
_MOMENT = rb"[-+\d.:/ ]{1,32}"
# One value of a VR. Of a CS any capital letters are one: which choices there are is not asked.
WRITTEN = {
    "AS": rb"\d{1,4}[DWMYdwmy]?",
    "CS": rb"[-A-Z0-9 _.,:;/+*%&<>()]{1,16}|[A-Za-z]{1,3}",
    "DA": _MOMENT,
    "DS": _NUMBER,
    "DT": _MOMENT,
    "IS": _NUMBER,
    "TM": _MOMENT,
    "UI": rb"[\d.]{1,64}",
}
SIZES = {"AT": 4, "FD": 8, "FL": 4, "SL": 4, "SS": 2, "SV": 8, "UL": 4, "US": 2, "UV": 8}
BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW"})
PRINTABLE, WORD = re.compile(rb"[\t\n\r -~]+[\0 ]*"), re.compile(rb"[A-Za-z]{5}")
# A tag of a group that exists has a byte that no text has.
LETTERS = re.compile(rb"(?=[^A-Za-z]*[A-Za-z])[ -~]+")
# Measures are larger than the one and smaller than the other; letters read as a number are not.
LEAST, MOST = 1e-9, {"FL": 2.0**24, "FD": 2.0**19}
REMEMBERED = 64  # bytes of a value of which it is remembered whether it fits
# Contours are thousands of numbers in one value: a look at their characters has to do.
OF_NUMBERS = b"0123456789.,-+eE\\ \0"


@lru_cache(maxsize=32)
def _pattern(vr: str) -> re.Pattern[bytes]:
    """Values of a VR with blanks around, any of them empty."""
    one = rb"[ \0]*(?:(?:%b)[ \0]*)?" % WRITTEN[vr]
    return re.compile(rb"%b(?:\\%b)*" % (one, one))


def fits(tag: int, vr: str | None, value: bytes) -> bool:
    """Whether bytes can be the values of an attribute that the file gives a VR (None: gives none).

    What is text for the file and for the dictionary always fits, and what neither has a VR for:
    a private attribute is judged with the one that its creator gave it (`rules`).
    """
    return (_remembered if len(value) <= REMEMBERED else _fits)(tag, vr, value)


def _fits(tag: int, vr: str | None, value: bytes) -> bool:
    known = vr_of(tag) or "UN"
    told = known if vr in (None, "UN") else str(vr)
    if told not in SIZES and (told not in BYTES or known in WRITTEN):
        # Letters and digits, that may say what the dictionary has in letters and digits or bytes.
        told = "DS" if known in SIZES else known if known in WRITTEN else told
    return is_value(value, told)


# A patient's instances repeat most values.
_remembered: Callable[[int, str | None, bytes], bool] = lru_cache(maxsize=8192)(_fits)


def is_value(value: bytes, vr: str) -> bool:
    """Whether bytes can be values of a VR; of one for text, always."""
    if vr in SIZES:
        return _is_number(value, vr)
    if vr in BYTES:
        return not _is_text(value)
    if vr in ("DS", "IS") and len(value) > REMEMBERED and not value.translate(None, OF_NUMBERS):
        return True
    return vr not in WRITTEN or _pattern(vr).fullmatch(value) is not None


def _is_number(value: bytes, vr: str) -> bool:
    if len(value) % SIZES[vr]:
        return False
    if vr == "AT":
        return LETTERS.fullmatch(value) is None
    if not _is_text(value):
        return True
    if vr not in MOST:
        return False
    forms = (f"{order}{len(value) // SIZES[vr]}{NUMBER[vr]}" for order in "<>")
    return any(
        all(LEAST < abs(one) < MOST[vr] for one in struct.unpack(form, value)) for form in forms
    )


def _is_text(value: bytes) -> bool:
    return PRINTABLE.fullmatch(value) is not None and WORD.search(value) is not None
