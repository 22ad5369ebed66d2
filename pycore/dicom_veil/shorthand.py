"""What is so short that only its surroundings tell it from an accident: times of day, dates with

years of two digits, IDs of one or two characters. Needles and patterns, as `notation` has them for
all that is longer.
"""

import re
from functools import lru_cache

from dicom_veil.notation import Day

TIME = re.compile(r"([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d)(?:\.(\d{1,6}))?")
# Words after which six digits are a date or a time, and what may stand between.
BEFORE_DATE = (
    r"(?:birth|born|dob|geb|date|datum|datei?|naiss|nacim|nascim|exam|scan|study|from|since)"
    r"[a-z]{0,8}[\W_]{1,4}"
)
BEFORE_TIME = r"(?:time|clock|uhrzeit|zeit|heure|hora|at|um)[\W_]{1,4}"
FEWEST_DIGITS = 3


def time_of(text: str) -> str | None:
    """`HHMMSS` and, if there is one, `.` and the fraction of a time that is no common value.

    Times to the minute and times of fewer than three different digits are common, and so None.

    >>> time_of("134512"), time_of("13:45:12.50"), time_of("134500"), time_of("111213.0")
    ('134512', '134512.5', None, '111213')
    """
    match = TIME.fullmatch(text.strip("\0 "))
    if match is None:
        return None
    digits, fraction = "".join(match.groups()[:3]), (match[4] or "").rstrip("0")
    if (match[3] == "00" and not fraction) or digits == "123456":
        return None
    if len(set(digits)) < FEWEST_DIGITS:
        return None
    return f"{digits}.{fraction}" if fraction else digits


@lru_cache(maxsize=1024)
def time_pattern(time: str) -> re.Pattern[str]:
    """Finds a time in folded text: 13:45:12, 134512.5, behind a date, behind a word for it."""
    digits, _, fraction = time.partition(".")
    h, m, s = digits[:2], digits[2:4], digits[4:]
    forms = [
        rf"(?<![\d:.]){h}:{m}:{s}(?![\d:])",
        rf"(?<!\d)(?:19|20)\d{{6}}[-_ t]?{digits}(?!\d)",
        rf"(?<![a-z]){BEFORE_TIME}{digits}(?!\d)",
    ]
    if fraction:
        forms.append(rf"(?<!\d){digits}[.,]{fraction}0*(?!\d)")
    return re.compile("|".join(forms))


@lru_cache(maxsize=1024)
def short_day_needles(day: Day) -> tuple[bytes, ...]:
    """The squashed forms of a date with a year of two digits: YYMMDD, DDMMYY, MMDDYY."""
    return tuple(sorted({one.encode("ascii") for one in _orders(day, "")}))


@lru_cache(maxsize=1024)
def short_day_pattern(day: Day) -> re.Pattern[str]:
    """Finds a date with a year of two digits in folded text.

    With separators: 19-08-17, 17/08/19, 08/17/19, 17.08.19 (points only in that order: the others
    look like versions). Six digits alone only behind a word for a date, or with the three or four
    digits behind them that personal numbers have.
    """
    year, month, number = _parts(day)
    dotted = rf"(?<![\d.]){number}\.{month}\.{year}(?!\d|\.\d)"
    spaced = (rf"(?<![\d{gap}]){form}(?!\d|{gap}\d)" for gap in "-/" for form in _orders(day, gap))
    plain = "|".join(sorted(set(_orders(day, ""))))
    context = rf"(?<![a-z]){BEFORE_DATE}(?:{plain})(?!\d)"
    personal = rf"(?<!\d)(?:{year}{month}{number}|{number}{month}{year})[-+]\d{{3,4}}(?!\d)"
    return re.compile("|".join((dotted, *spaced, context, personal)))


@lru_cache(maxsize=1024)
def six_digits_pattern(day: Day) -> re.Pattern[str]:
    """Finds a date of two-digit year as a word of its own; nothing where its digits are too few."""
    forms = sorted(one for one in set(_orders(day, "")) if len(set(one)) >= FEWEST_DIGITS)
    plain = "|".join(forms) or "(?!)"
    return re.compile(rf"(?<![^\W_])(?<!\d[.,:/-])(?:{plain})(?![^\W_])(?![.,:/-]\d)")


def _parts(day: Day) -> tuple[str, str, str]:
    return f"{day[0] % 100:02d}", f"{day[1]:02d}", f"{day[2]:02d}"


def _orders(day: Day, gap: str) -> tuple[str, ...]:
    y, m, d = _parts(day)
    return (gap.join((y, m, d)), gap.join((d, m, y)), gap.join((m, d, y)))


def whole_value_needles(text: str) -> tuple[bytes, ...]:
    """How an element of one or two characters begins in a file: its length, then its value.

    For lengths of two and of four bytes in either byte order; the value is padded to two.
    """
    value = text.encode("latin-1", "replace").ljust(2)
    return (b"\2\0" + value, b"\2\0\0\0" + value, b"\0\2" + value)
