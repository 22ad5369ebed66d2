"""Cleaners for rules of one's own: a value is made coarser, or replaced by a text of one's own.

Each function here takes a method's argument and makes the cleaner; `methods` names them. A cleaner
takes one value and gives the new one, or None where the value is not of the form that it can make
coarser: then the rule's other action stands, and nothing is kept by mistake.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from dicom_veil.ages import age_between, day_of, years
from dicom_veil.context import Context
from dicom_veil.dates import generalised, shift
from dicom_veil.errors import Usage
from dicom_veil.forms import FORMS, fits

Cleaner = Callable[[str, str, Context], str | None]
DATE_PARTS = re.compile(r"(\d{4})(\d{2})?(\d{2})?(.*)", re.DOTALL | re.ASCII)
HASH_DIGITS = 10


def age_cap(argument: str) -> Cleaner:
    """Ages above the argument become one year more: with 89, everybody beyond is 090Y."""
    cap = _number(argument, 1, 998)

    def clean(value: str, _vr: str, _context: Context) -> str | None:
        age = years(value)
        if age is None:
            return None
        return f"{cap + 1:03d}Y" if age > cap else value.strip(" \0")

    return clean


def age_bracket(argument: str) -> Cleaner:
    """The age at the lower end of its bracket of so many years."""
    width = _number(argument, 1, 100)

    def clean(value: str, _vr: str, _context: Context) -> str | None:
        age = years(value)
        return None if age is None else f"{age // width * width:03d}Y"

    return clean


def age_at_study(argument: str) -> Cleaner:
    """The age on the day of the study by date of birth, else the age in the file."""
    _none(argument)

    def clean(value: str, _vr: str, context: Context) -> str | None:
        age = age_between(context.birth_date, context.study_date)
        return age or (value if years(value) is not None else None)

    return clean


def birth_year(argument: str) -> Cleaner:
    """The first day of the year of birth; nothing for who was older than the argument."""
    cap = _number(argument, 1, 998)

    def clean(value: str, _vr: str, context: Context) -> str | None:
        age = age_between(value, context.study_date)
        # A year of birth tells an age beyond the cap as well as the age would.
        if age is None or (years(age) or 0) > cap:
            return None
        return f"{value.strip()[:4]}0101"

    return clean


def shifted(argument: str) -> Cleaner:
    """The patient's own number of days earlier (PS3.15 E.3.6)."""
    _none(argument)
    return lambda value, vr, context: shift(value, vr, context.shift_days)


def year(argument: str) -> Cleaner:
    """The year of a date, as its first day."""
    _none(argument)
    return lambda value, vr, _context: generalised(value, vr, "year")


def month(argument: str) -> Cleaner:
    """The month of a date, as its first day."""
    _none(argument)
    return lambda value, vr, _context: generalised(value, vr, "month")


def ae_title(argument: str) -> Cleaner:
    """Another title for an AE title; the same one gets the same."""
    _none(argument)

    def clean(value: str, _vr: str, context: Context) -> str | None:
        title, identity = value.strip(), context.identity
        made = title.startswith("AE_") and identity.made_label("ae", title[3:])
        return title if made else f"AE_{identity.label('ae', title)}"

    return clean


def date_add(argument: str) -> Cleaner:
    """So many days later, or earlier when negative, for everybody."""
    days = _number(argument, -200_000, 200_000)
    return lambda value, vr, _context: shift(value, vr, days)


def date_parts(argument: str) -> Cleaner:
    """Year, month and day set to numbers, or left where the argument has `*`."""
    wanted = [part.strip() for part in argument.split("/")]
    if len(wanted) != 3 or not all(re.fullmatch(r"\d{1,4}|\*", part) for part in wanted):
        raise Usage("Its argument is year/month/day, each a number or * for what the file has.")

    def clean(value: str, vr: str, _context: Context) -> str | None:
        match = DATE_PARTS.fullmatch(value.strip(" \0"))
        if match is None or not match[3] or (vr == "DA" and match[4]):
            return None
        parts = [
            old if new == "*" else new.zfill(len(old))
            for new, old in zip(wanted, match.groups()[:3], strict=True)
        ]
        return None if day_of("".join(parts)) is None else "".join((*parts, match[4]))

    return clean


@cache
def _zip_data() -> tuple[re.Pattern[str], frozenset[str]]:
    """What a ZIP code looks like, and the areas that must not be named (45 CFR 164.514(b)).

    A ZIP code stands alone, or at the end of an address after the code of a state: five digits
    and perhaps four more. Other countries' codes are not meant.
    """
    data = json.loads((files("dicom_veil") / "data" / "zip3.json").read_text(encoding="utf-8"))
    states = "|".join(data["states"])
    pattern = re.compile(
        rf"(?:^|\b(?:{states})[\s,^]+)(\d{{5}})(?:-?\d{{4}})?(?:[\s,^]+USA?)?[\s,^]*$",
        re.IGNORECASE | re.ASCII,
    )
    return pattern, frozenset(data["restricted"])


def zip3(argument: str) -> Cleaner:
    """Of an address in the United States the first three digits of the ZIP code, or 000."""
    _none(argument)

    def clean(value: str, _vr: str, _context: Context) -> str | None:
        pattern, restricted = _zip_data()
        match = pattern.search(value.strip(" \0"))
        if match is None:
            return None
        return "000" if match[1][:3] in restricted else match[1][:3]

    return clean


def fixed(argument: str) -> Cleaner:
    """The argument, whatever the value was."""
    return lambda _value, _vr, _context: argument


def regex(argument: str) -> Cleaner:
    """Everything that the pattern matches replaced; None where the VR does not allow it."""
    find, replacement = regex_parts(argument)
    pattern = re.compile(find)

    def clean(value: str, vr: str, _context: Context) -> str | None:
        new = pattern.sub(replacement, value)
        return new if not new or vr not in FORMS or fits(new, vr) else None

    return clean


def truncate(argument: str) -> Cleaner:
    """The first characters, or the last ones for a negative number."""
    count = _number(argument, -1024, 1024)
    where = slice(None, count) if count >= 0 else slice(count, None)
    return lambda value, _vr, _context: value.strip()[where]


def keyed_hash(argument: str) -> Cleaner:
    """Digits that only the project key can compute; the same value, the same digits."""
    digits = _number(argument or str(HASH_DIGITS), 1, 16)

    def clean(value: str, _vr: str, context: Context) -> str | None:
        value = value.strip(" \0")
        if not value:
            return ""
        return str(context.identity.number("hash", value) % 10**digits).zfill(digits)

    return clean


def pseudonym(argument: str) -> Cleaner:
    """The patient's pseudonym."""
    _none(argument)
    return lambda _value, _vr, context: context.pseudonym


def lowercase(argument: str) -> Cleaner:
    """Small letters."""
    _none(argument)
    return lambda value, _vr, _context: value.lower()


def uppercase(argument: str) -> Cleaner:
    """Capital letters."""
    _none(argument)
    return lambda value, _vr, _context: value.upper()


def _number(argument: str, low: int, high: int) -> int:
    if not re.fullmatch(r"-?\d{1,6}", argument) or not low <= int(argument) <= high:
        raise Usage(f"Its argument is a whole number from {low} to {high}.")
    return int(argument)


def _none(argument: str) -> None:
    if argument:
        raise Usage("It takes no argument.")


def regex_parts(argument: str) -> tuple[str, str]:
    r"""Pattern and replacement out of `/pattern/replacement/`, where `\/` stands for a slash.

    Raises `Usage` where that is not its form or the pattern is none that Python knows.
    """
    match = re.fullmatch(r"/((?:[^/\\]|\\.)+)/((?:[^/\\]|\\.)*)/", argument, re.DOTALL)
    if match is None:
        raise Usage(r"Its argument is /pattern/replacement/, with \/ for a slash.")
    find, replacement = (part.replace(r"\/", "/") for part in match.groups())
    try:
        re.compile(find).sub(replacement, "")
        re.sub(f"(?:{find})|", replacement, "")
    except (re.error, IndexError):
        raise Usage("Its pattern or its replacement is not a regular expression.") from None
    return find, replacement


def regex_argument(find: str, replacement: str) -> str:
    r"""The argument that `regex_parts` takes apart.

    >>> regex_parts(regex_argument("a/b", r"\\1")) == ("a/b", r"\\1")
    True
    """
    return f"/{_slashed(find)}/{_slashed(replacement)}/"


def _slashed(text: str) -> str:
    return re.sub(r"(\\.)|/", lambda match: match[1] or r"\/", text, flags=re.DOTALL)
