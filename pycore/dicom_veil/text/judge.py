"""What a reading is: held against the instance's own values, then against lists of terms."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dicom_veil.text.alike import holds, runs, tokens
from dicom_veil.text.boxes import Box
from dicom_veil.text.own import BIRTH, Own
from dicom_veil.text.read import Reading
from dicom_veil.text.scan import Found
from dicom_veil.text.technical import is_measured, is_technical, screen_terms
from dicom_veil.words import fold

Kind = Literal["identifies", "date", "institution", "technical", "unknown"]
SURE = 0.8  # below it a reading is not clear enough to call anything technical

# What errs in a number: letters that are read for digits.
AS_DIGITS = str.maketrans({"o": "0", "i": "1", "l": "1", "s": "5", "b": "8", "z": "2", "|": "1"})
DAY = re.compile(
    r"(?<!\d)(?:(\d{1,2})\s?[-./ ]\s?(\d{1,2})\s?[-./ ]\s?(\d{4}|\d{2})"
    r"|(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})|(\d{4})(\d{2})(\d{2}))(?!\d)"
)
CLOCK = re.compile(
    r"(?<![\d.:])[0-2]?\d(?:[:h][0-5]\d(?:[:.][0-5]\d)?|\.[0-5]\d\.[0-5]\d)(?:\s?[ap]m)?(?![\d.:])"
)
MONTH = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|maer|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*"
    r"(?![a-z])"
)
LEGIBLE = re.compile(r"[^\W\d_]{2}|\d{4}")  # the least that a name or an ID is


@dataclass(frozen=True)
class Judged:
    """A line of text, its class, and the keywords of the attributes that it matches."""

    box: Box
    reading: Reading
    kind: Kind
    matches: tuple[str, ...] = ()


def judge(found: Found, own: Own) -> Judged:
    """The class of one line. What identifies goes before all, what is technical comes last."""
    text = found.reading.text
    matches = _matches(text, own)
    kind: Kind
    if matches.identifying or _labelled_identifying(text):
        kind = "identifies"
    elif matches.places or any(token in screen_terms()["institution"] for token in tokens(text)):
        kind = "institution"
    elif matches.days or is_day_or_time(text):
        kind = "date"
    elif found.reading.sure >= SURE and is_technical(text, own):
        kind = "technical"
    else:
        kind = "unknown"
    return Judged(found.box, found.reading, kind, matches.all)


@dataclass(frozen=True)
class _Matches:
    identifying: tuple[str, ...]
    places: tuple[str, ...]
    days: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.identifying, *self.places, *self.days)))


def _matches(text: str, own: Own) -> _Matches:
    read = _days(text)
    days = [keyword for keyword, day in own.days if day in read]
    identifying = [keyword for keyword, value in own.names if holds(text, value)]
    identifying += [keyword for keyword, value in own.codes if _holds_code(text, value)]
    identifying += [keyword for keyword, letters in own.initials if _is_apart(text, letters)]
    places = [keyword for keyword, value in own.places if holds(text, value, short=False)]
    born = [keyword for keyword, day in own.days if keyword == BIRTH and _holds_year(text, day[0])]
    birth = [keyword for keyword in days if keyword == BIRTH]
    return _Matches((*identifying, *birth, *born), tuple(places), tuple(days))


def _holds_code(text: str, code: str) -> bool:
    """Whether a reading holds an ID; one of two digits wherever no scanner put such a number."""
    if len(code) > 2 or not code.isdecimal():
        return holds(text, code)
    return any(not is_measured(before, after) for before, after in runs(text, code))


def _holds_year(text: str, year: int) -> bool:
    return any(runs(form, str(year)) for form in (text, _digits(fold(text))))


def _is_apart(text: str, letters: str) -> bool:
    """Whether a text is these letters and nothing else, each by itself: `A. P.`, not `AP`."""
    return tokens(text) == tuple(letters)


def _labelled_identifying(text: str) -> bool:
    """Whether a word says that what follows is a name or an ID, or a person's title stands in it.

    A label by itself (`DR 60`, a dynamic range) is none: a title has letters after it.
    """
    words = tokens(text)
    titled = any(
        word in screen_terms()["titles"] and not after[:1].isdigit()
        for word, after in pairwise(words)
    )
    return titled or any(word in screen_terms()["identifying"] for word in words)


def is_day_or_time(text: str) -> bool:
    """Whether a text holds a day or a time of day, numbers read with errors included."""
    folded = fold(text)
    return bool(
        _days(text) or CLOCK.search(folded) or (MONTH.search(folded) and re.search(r"\d", folded))
    )


def _days(text: str) -> set[tuple[int, int, int]]:
    """All days that a text may mean, in each order of its numbers."""
    found: set[tuple[int, int, int]] = set()
    folded = fold(text)
    for form in {folded, _digits(folded)}:
        for match in DAY.finditer(form):
            one, two, three, *iso = match.groups()
            if one:
                years = [int(three)] if len(three) == 4 else [1900 + int(three), 2000 + int(three)]
                pairs = ((int(one), int(two)), (int(two), int(one)))
                found |= {(year, month, day) for year in years for day, month in pairs}
            else:
                year, month, day = (int(part) for part in (iso[:3] if iso[0] else iso[3:]))
                found.add((year, month, day))
    return {
        one for one in found if 1 <= one[1] <= 12 and 1 <= one[2] <= 31 and 1880 <= one[0] <= 2100
    }


def _digits(folded: str) -> str:
    """Words that are mostly digits, with their letters as the digits that they look like."""
    words = re.split(r"(\s+)", folded)
    return "".join(
        word.translate(AS_DIGITS)
        if 2 * sum(letter.isdigit() for letter in word) > len(word)
        else word
        for word in words
    )


def removed_by_default(judged: Judged, *, strict: bool = False) -> bool:
    """Whether a line goes when nobody decides: all but the technical; `strict`: all."""
    return strict or judged.kind != "technical"


def may_identify(judged: Judged) -> bool:
    """Whether a line tells of somebody, or may when nobody knows what it is.

    The one rule for `--clean-pixels` and, told with each box of a scan, for the page.
    Of unknown lines those that are read surely and are long enough: edges and scales are read too.
    """
    if judged.kind != "unknown":
        return judged.kind != "technical"
    return judged.reading.sure >= SURE and bool(LEGIBLE.search(judged.reading.text))
