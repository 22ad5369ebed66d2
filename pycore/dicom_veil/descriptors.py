"""Clean Descriptors (PS3.15 E.3.5): a text is kept word by word, against a list of terms.

A word stays only when `terms` has it and the instance's own identifying values do not: the name
`HAND` is dropped from `HAND pa` where the patient is called so. What is no word of the list is
dropped, whatever it is. Numbers stay when they measure something:

- with a unit (`5mm`, `120 kV`), or as a size (`512x512`), of up to four digits;
- bare (`2 views`), of up to three digits, when the words on both sides stay: a number beside a
  dropped word is a room, an age or a day. Pairs that can be a date or a time, rows of three and
  more numbers, and what follows `No` or `#` are dropped.

What this cannot see: a stranger's surname that is also a term (`Hand`), standing in the text of
an instance none of whose identifying attributes holds it and without a form of address before it.
The commonest of them are not in the list, or only beside a partner (`long axis`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dicom_veil.measures import (
    TOKEN,
    Kind,
    Token,
    drop_numbers,
    measures,
    short,
    tokens_of,
    unit_follows,
)
from dicom_veil.terms import Terms, terms
from dicom_veil.words import spellings

# Longer texts are reports, not descriptors: they are dropped as a whole.
LONGEST = 65536
REMEMBERED = 256
# Joining words that say something at the head of what is left.
ALONE = frozenset(
    {"with", "without", "no", "not", "non", "mit", "ohne", "sans", "sin", "sem", "senza"}
)
# A part of a word is looked for when an identifying word is at least this long.
PART = 4
# A term with a running number: `Plan1`, `1HEAD`.
COUNTED = re.compile(r"\d{0,2}([^\W\d_]{3,}?)\d{0,2}")
# What may stand between words that stay; everything else becomes a space.
SEPARATORS = re.compile(r"[^ \-_/.,+&*:;^%=~°]+")
SPACES = re.compile(r" {2,}")


@dataclass(frozen=True)
class Cleaned:
    """`kept` is the text that remains, or empty; `dropped` what is not in it, in its order."""

    kept: str
    dropped: tuple[str, ...]


def clean(text: str, identifying: frozenset[str]) -> Cleaned:
    """`text` without all that is no known term or that `identifying` holds.

    `identifying`: words of this instance's identifying values, in any case.

    >>> clean("XR CHEST AP PORTABLE for Douglas Davidson", frozenset()).kept
    'XR CHEST AP PORTABLE'
    >>> clean("HAND pa, 2 views", frozenset({"hand"})).kept
    'pa, 2 views'
    """
    if len(text) > LONGEST:
        return Cleaned("", ("…",))
    if len(text) <= REMEMBERED:
        return _remembered(text, identifying)
    return _settled(text, identifying)


@lru_cache(maxsize=4096)
def _remembered(text: str, identifying: frozenset[str]) -> Cleaned:
    return _settled(text, identifying)


def _settled(text: str, identifying: frozenset[str]) -> Cleaned:
    """Cleaned until nothing more goes: words that came together can look different side by side."""
    found = _clean(text, identifying)
    while found.kept:
        again = _clean(found.kept, identifying)
        if again.kept == found.kept or len(again.kept) > len(found.kept):
            break
        found = Cleaned(again.kept, (*found.dropped, *again.dropped))
    return found


def _clean(text: str, identifying: frozenset[str]) -> Cleaned:
    text = unicodedata.normalize("NFC", text)
    found = tokens_of(text)
    known = terms()
    forbidden = _forbidden(identifying)
    stays = [_may_stay(token, index, found, text, known) for index, token in enumerate(found)]
    for index in _named(found, text, known) | _identifying(found, forbidden):
        stays[index] = False
    before: list[bool] = []
    while stays != before:
        before = stays.copy()
        drop_numbers(found, stays, text, known)
        _drop_functions(found, stays, known)
    _drop_hidden(found, stays, forbidden)
    kept = _trimmed([index for index, stay in enumerate(stays) if stay], found, known)
    # Numbers without a word or a unit say nothing, and could say too much.
    if not any(found[index].kind is not Kind.BARE for index in kept):
        kept = []
    inside = set(kept)
    dropped = tuple(token.text for index, token in enumerate(found) if index not in inside)
    return Cleaned(_joined(kept, found, text), dropped)


def identifies(text: str, identifying: frozenset[str]) -> bool:
    """Whether a text holds one of the identifying words, whole, spelled apart or inside another."""
    return bool(
        _identifying(tokens_of(unicodedata.normalize("NFC", text)), _forbidden(identifying))
    )


def _may_stay(token: Token, index: int, found: list[Token], text: str, known: Terms) -> bool:
    if token.folded in known.words or token.folded == "w/o":
        return True
    counted = COUNTED.fullmatch(token.folded)
    if counted is not None and counted[1] in known.words:
        return True
    if token.kind is Kind.MEASURE:
        return measures(token, known)
    partners = known.pairs.get(token.folded)
    if partners is not None:
        near = (index - 1, index + 1)
        return any(found[one].folded in partners for one in near if 0 <= one < len(found))
    if token.kind is Kind.BARE:
        return short(token.text, 3) or (short(token.text, 4) and unit_follows(index, found, text))
    if token.folded in known.units and index and found[index - 1].kind is not Kind.WORD:
        return unit_follows(index - 1, found, text)
    return False


def _named(found: list[Token], text: str, known: Terms) -> set[int]:
    """A form of address and the two words after it. `DR CHEST` and `MR` are modalities."""
    named: set[int] = set()
    for index, token in enumerate(found):
        if token.folded in known.titles and (
            text[token.end : token.end + 1] == "."
            or (token.text[0].isupper() and token.text[1:].islower())
            or token.folded not in known.words
        ):
            named.update(range(index, min(index + 3, len(found))))
    return named


class _Forbidden(NamedTuple):
    words: frozenset[str]
    parts: tuple[str, ...]
    longest: int


@lru_cache(maxsize=256)
def _forbidden(identifying: frozenset[str]) -> _Forbidden:
    """The identifying words folded, whole and in their parts; a single letter says too little."""
    words: set[str] = set()
    for word in identifying:
        pieces = [match[0] for match in TOKEN.finditer(unicodedata.normalize("NFC", word))]
        for piece in (*pieces, "".join(pieces)):
            words.update(form for form in spellings(piece) if len(form) > 1)
    return _Forbidden(
        frozenset(words),
        tuple(sorted(word for word in words if len(word) >= PART)),
        max(map(len, words), default=0),
    )


def _identifying(found: list[Token], forbidden: _Forbidden) -> set[int]:
    """Tokens that are an identifying word, hold a longer one, or spell one together.

    `HEAD-LEY`, `Head ley` and `headley` are one word.
    """
    hits: set[int] = set()
    if not forbidden.words:
        return hits
    for start, token in enumerate(found):
        if token.folded in forbidden.words or any(part in token.folded for part in forbidden.parts):
            hits.add(start)
        together = token.folded
        for end in range(start + 1, len(found)):
            together += found[end].folded
            if len(together) > forbidden.longest:
                break
            if together in forbidden.words:
                hits.update(range(start, end + 1))
    return hits


def _drop_functions(found: list[Token], stays: list[bool], known: Terms) -> None:
    """Drops joining words (`of`, `from`) that have nothing left to join."""
    for index, token in enumerate(found):
        if stays[index] and token.folded in known.functions - ALONE:
            stays[index] = 0 < index < len(found) - 1 and stays[index - 1] and stays[index + 1]


def _drop_hidden(found: list[Token], stays: list[bool], forbidden: _Forbidden) -> None:
    """Drops words that, once those between them are gone, spell an identifying word."""
    while True:
        kept = [index for index, stay in enumerate(stays) if stay]
        hits = _identifying([found[index] for index in kept], forbidden)
        if not hits:
            return
        for hit in hits:
            stays[kept[hit]] = False


def _trimmed(kept: list[int], found: list[Token], known: Terms) -> list[int]:
    """Without joining words (`for`, `with`) at the ends."""
    start, end = 0, len(kept)
    while start < end and found[kept[start]].folded in known.functions - ALONE:
        start += 1
    while end > start and found[kept[end - 1]].folded in known.functions:
        end -= 1
    return kept[start:end]


def _joined(kept: list[int], found: list[Token], text: str) -> str:
    """The words that stay, with what stood between neighbours, or a space."""
    pieces: list[str] = []
    for place, index in enumerate(kept):
        if place:
            before = kept[place - 1]
            pieces.append(
                _separator(text[found[before].end : found[index].start])
                if index == before + 1
                else " "
            )
        pieces.append(found[index].text)
    return "".join(pieces)


def _separator(between: str) -> str:
    if between in (" ", "_", "-", "/", ", ", ""):
        return between
    if "\n" in between or "\r" in between:
        return "\r\n"
    plain = SPACES.sub(" ", SEPARATORS.sub(" ", between))
    return plain if len(plain) <= 3 else plain.strip()[:1] + " "
