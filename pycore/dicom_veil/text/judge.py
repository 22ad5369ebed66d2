"""What a reading is: held against the instance's own values, then against lists of terms."""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from dicom_veil.descriptors import clean
from dicom_veil.text.alike import holds, tokens
from dicom_veil.text.boxes import Box
from dicom_veil.text.own import BIRTH, Own
from dicom_veil.text.read import Reading
from dicom_veil.text.scan import Found
from dicom_veil.words import fold

Kind = Literal["identifies", "date", "institution", "technical", "unknown"]
SURE = 0.8  # below it a reading is not clear enough to call anything technical
LONGEST_BARE = 4  # digits: a number beside a label of a scanner; longer ones may be an ID

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
NUMBER = re.compile(r"[-+<>=~]*\d+(?:[.,]\d+)?%?")
LABELLED = re.compile(r"(\d*[^\W\d_]+|\d[a-z])([-+<>=~.,:/]*\d*(?:[.,]\d+)?%?)")


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
    elif matches.places or any(token in _terms()["institution"] for token in tokens(text)):
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
    identifying = [keyword for keyword, value in (*own.names, *own.codes) if holds(text, value)]
    places = [keyword for keyword, value in own.places if holds(text, value)]
    birth = [keyword for keyword in days if keyword == BIRTH]
    return _Matches((*identifying, *birth), tuple(places), tuple(days))


def _labelled_identifying(text: str) -> bool:
    """Whether a word says that what follows is a name or an ID, or a person's title stands in it.

    A label by itself (`DR 60`, a dynamic range) is none: a title has letters after it.
    """
    words = tokens(text)
    titled = any(
        word in _terms()["titles"] and not after[:1].isdigit() for word, after in pairwise(words)
    )
    return titled or any(word in _terms()["identifying"] for word in words)


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


def is_technical(text: str, own: Own) -> bool:
    """Whether every word of a text is a scanner's label, a marker, a measurement or a known term.

    >>> [is_technical(text, Own()) for text in ("120 kV", "MI 0.8", "L", "W 400 L 40", "ANNA")]
    [True, True, True, True, False]
    """
    labels = _terms()["labels"] | _terms()["markers"]
    left: list[str] = []
    spoken = False
    words = fold(text).split()
    for place, word in enumerate(words):
        match = LABELLED.fullmatch(word)
        beside = {
            one.rstrip(":=")
            for one in (*words[max(0, place - 1) : place], *words[place + 1 : place + 2])
        }
        short = len(re.sub(r"\D", "", word)) <= LONGEST_BARE
        if match and match[1] in labels and short:
            spoken = True
        elif not (short and NUMBER.fullmatch(word) and beside & labels):
            left.append(word)
    if not left:
        return spoken
    rest = clean(" ".join(left), own.words())
    return bool(rest.kept) and not rest.dropped


@cache
def _terms() -> dict[str, frozenset[str]]:
    data = json.loads((files("dicom_veil") / "data" / "screen_terms.json").read_text("utf-8"))
    return {name: frozenset(words) for name, words in data.items() if isinstance(words, list)}


def removed_by_default(judged: Judged, *, strict: bool = False) -> bool:
    """Whether a line goes when nobody decides: all but the technical; `strict`: all."""
    return strict or judged.kind != "technical"
