"""Dates moved by one number of days per patient (PS3.15 E.3.6, Modified Dates).

Whole days only: times of day stay, so no date ever crosses midnight, and every interval, from a
contrast injection to a follow-up, stays what it was.
"""

import re
from datetime import date, timedelta

# The bounds of a shift: one to ten years back, never forward (a date in the future is no date).
SHORTEST, LONGEST = 366, 3650
# DA as the standard writes it, and as ACR-NEMA and careless writers do (PS3.5 6.2 Note).
DAY = re.compile(r"(\d{4})([-./]?)(\d{2})\2(\d{2})$")
DATE_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d*(?:\.\d+)?)([+-]\d{4})?$")


def shift(value: str, vr: str, days: int) -> str | None:
    """One value of VR DA, DT or TM moved by `days`; None where it is no date.

    >>> shift("20190301", "DA", -1)
    '20190228'
    >>> shift("20190301231500.5+0100", "DT", -365)
    '20180301231500.5+0100'
    """
    value = value.strip(" \0")
    if vr == "TM":
        return value if re.fullmatch(r"[0-9:.]{2,16}", value) else None
    if vr == "DA":
        return _shift_day(value, days)
    match = DATE_TIME.fullmatch(value)
    if match is None:
        return _shift_day(value, days)
    year, month, day, time, zone = match.groups()
    if not day:
        return _shift_rough(year, month, days)
    moved = _moved(int(year), int(month), int(day), days)
    return None if moved is None else f"{moved:%Y%m%d}".rjust(8, "0") + time + (zone or "")


def _shift_day(value: str, days: int) -> str | None:
    match = DAY.fullmatch(value)
    if match is None:
        return None
    moved = _moved(int(match[1]), int(match[3]), int(match[4]), days)
    return None if moved is None else f"{moved:%Y%m%d}".rjust(8, "0")


def _shift_rough(year: str, month: str | None, days: int) -> str | None:
    """A DT that is known to the month or the year: from its middle, to the same precision."""
    moved = _moved(int(year), int(month or 7), 15 if month else 1, days)
    if moved is None:
        return None
    return f"{moved:%Y%m}".rjust(6, "0") if month else f"{moved:%Y}".rjust(4, "0")


def _moved(year: int, month: int, day: int, days: int) -> date | None:
    try:
        return date(year, month, day) + timedelta(days=days)
    except (OverflowError, ValueError):
        return None


def generalised(value: str, vr: str, precision: str) -> str | None:
    """A DA or DT cut down to its `year` or `month`; None where it is no date.

    A DA needs a day: the first one. A TM tells nothing at that precision and is dropped. What is
    no day of the calendar is none: in `17081999` the year would be a day and a month.
    """
    found = None if vr == "TM" else shift(value, vr, 0)
    if found is None:
        return None
    month = found[4:6] if precision == "month" and found[4:6].isdigit() else "01"
    return f"{found[:4]}{month}01" + ("000000" if vr == "DT" else "")
