"""Texts taken apart into words, numbers and measures, and which numbers may stay.

What `descriptors` says of numbers is decided here.
"""

import re
from enum import Enum
from typing import NamedTuple

from dicom_veil.terms import Terms, terms
from dicom_veil.words import fold

TOKEN = re.compile(
    r"(?P<size>\d+(?:\.\d+)?(?:\s?[xX×*]\s?\d+(?:\.\d+)?){1,2})(?P<size_unit>[^\W\d_]{1,3})?(?![^\W_])"
    r"|(?P<number>\d+(?:[.,]\d+)?)(?P<unit>[^\W\d_]{1,7}\d?|%|°)?(?![^\W_])"
    r"|[wW]/[oO](?![^\W_])"
    r"|(?:[^\W_]|[\u0300-\u036f])+"
)


class Kind(Enum):
    WORD = 1
    BARE = 2  # a number without a unit
    MEASURE = 3  # a number with a unit, or a size


class Token(NamedTuple):
    start: int
    end: int
    text: str
    folded: str
    kind: Kind


def tokens_of(text: str) -> list[Token]:
    found = []
    for match in TOKEN.finditer(text):
        unit = match["unit"] or match["size_unit"]
        if match["size"] or (match["number"] and unit):
            kind = Kind.MEASURE
        else:
            kind = Kind.BARE if match["number"] else Kind.WORD
        found.append(Token(match.start(), match.end(), match[0], fold(match[0]), kind))
    return found


def measures(token: Token, known: Terms) -> bool:
    """Whether a number with its unit, or a size, is one: `5mm`, `3.0T`, `256x256`, `2x2x3mm`."""
    unit = token.folded.lstrip("0123456789.,x×* ")
    numbers = re.findall(r"\d+(?:[.,]\d+)?", token.text[: len(token.text) - len(unit)])
    if unit and unit not in known.units:
        return False
    if len(unit) == 1 and re.fullmatch(r"(?:19|20)\d\d", numbers[0]):
        return False
    return all(short(one, 4 if unit else 3) or one in known.words for one in numbers)


def short(number: str, digits: int) -> bool:
    """At most so many digits before a point and four behind it, and only those of ASCII."""
    return (
        number.isascii() and re.fullmatch(rf"\d{{1,{digits}}}([.,]\d{{1,4}})?", number) is not None
    )


def unit_follows(index: int, found: list[Token], text: str) -> bool:
    """Whether the word after a bare number is its unit: nothing but one space between them."""
    if index + 1 >= len(found):
        return False
    number, after = found[index], found[index + 1]
    return (
        after.kind is Kind.WORD
        and number.text[-1].isdigit()
        and after.folded in terms().units
        and text[number.end : after.start] in ("", " ")
    )


def drop_numbers(found: list[Token], stays: list[bool], text: str, known: Terms) -> None:
    """Drops bare numbers, a row of them as a whole, that their surroundings do not vouch for."""
    index = 0
    while index < len(found):
        if found[index].kind is not Kind.BARE or (
            stays[index] and not short(found[index].text, 3)  # a term, or with its unit
        ):
            index += 1
            continue
        end = index + 1
        while end < len(found) and found[end].kind is Kind.BARE:
            end += 1
        row = range(index, end)
        measured = end - index == 1 and unit_follows(index, found, text) and stays[index]
        if not measured and not _vouched(row, found, stays, text, known):
            for one in row:
                stays[one] = False
            if end < len(found) and found[end].folded not in known.words:
                stays[end] = stays[end] and found[end].kind is Kind.MEASURE  # its unit goes too
        index = end


def _vouched(row: range, found: list[Token], stays: list[bool], text: str, known: Terms) -> bool:
    near = [one for one in (row.start - 1, row.stop) if 0 <= one < len(found)]
    if not near or not all(stays[one] for one in (*near, *row)):
        return False
    before = found[row.start - 1] if row.start else None
    lead = text[before.end if before else 0 : found[row.start].start]
    if "#" in lead or (before is not None and before.folded in known.labels):
        return False
    numbers = re.findall(r"\d+", text[found[row.start].start : found[row.stop - 1].end])
    if len(row) == 1:
        return not (len(numbers) == 2 and len(numbers[1]) == 2 and _day(numbers))
    between = text[found[row.start].end : found[row.stop - 1].start]
    if len(numbers) != 2 or (":" in between and len(numbers[1]) == 2):
        return False
    return ":" in between or not _day(numbers)


def _day(numbers: list[str]) -> bool:
    """Whether two numbers can be a day and a month."""
    first, second = int(numbers[0]), int(numbers[1])
    return 1 <= min(first, second) <= 12 and 1 <= max(first, second) <= 31
