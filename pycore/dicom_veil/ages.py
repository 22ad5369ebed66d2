"""Ages as the standard writes them (AS, PS3.5 6.2): their years, and the one on a given day."""

import re
from datetime import date

AGE = re.compile(r"([0-9]{1,3})([DWMY])")
YEARS_PER = {"D": 365.25, "W": 365.25 / 7, "M": 12.0, "Y": 1.0}


def years(age: str) -> int | None:
    """The full years of an age (AS, PS3.5 6.2), or None.

    >>> years("018M"), years("047Y"), years("47")
    (1, 47, None)
    """
    match = AGE.fullmatch(age.strip(" \0"))
    return None if match is None else int(int(match[1]) / YEARS_PER[match[2]])


def age_between(birth: str, day: str) -> str | None:
    """The age (AS) on a day of somebody born on another; both are DA. None where that is none.

    Years from the second birthday on, months before, days in the first month.

    >>> age_between("19720229", "20190228"), age_between("20180930", "20191001")
    ('046Y', '012M')
    """
    born, then = day_of(birth), day_of(day)
    if born is None or then is None or then < born:
        return None
    months = (then.year - born.year) * 12 + then.month - born.month - (then.day < born.day)
    if months >= 24:
        return f"{months // 12:03d}Y" if months < 12000 else None
    return f"{months:03d}M" if months else f"{(then - born).days:03d}D"


def day_of(text: str) -> date | None:
    match = re.fullmatch(r"(\d{4})[-./]?(\d{2})[-./]?(\d{2})", text.strip(" \0"))
    try:
        return None if match is None else date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
