"""The words that identify in one instance: what no cleaned text may hold (`Context.identifying`).

Names, IDs, places, dates: single words of them, so that text is cleaned word by word. Other free
text gives none: its words are judged by the allow-list alone.
"""

from collections.abc import Callable
from functools import lru_cache

from dicom_veil.kinds import kinds_of
from dicom_veil.needles import Token
from dicom_veil.notation import MONTHS, day_of, fold, spelled, words
from dicom_veil.plan import Plan, is_sequence, vr_of_element
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.value_tokens import value_tokens
from dicom_veil.values import Element, Level, decode, encodings_of, items_of, raw_of, stepped

KINDS = frozenset({"name", "code", "place", "day", "uid"})


def identifying_words(
    instance: Instance, steps: Plan, own: Callable[[Token], bool] | None = None
) -> frozenset[str]:
    """Words (casefolded; and folded, without diacritics) of what `steps` does not keep.

    `own` tells the tokens of values that the same key made before: they identify nobody (`seal`).
    """
    found: set[str] = set()
    with quietly():
        for element, here, _step in stepped(instance.dataset, steps):
            _collect(element, here, found, own)
    return frozenset(found)


def _collect(
    element: Element, here: Level, found: set[str], own: Callable[[Token], bool] | None
) -> None:
    if is_sequence(element):
        for item in items_of(element):
            inner = Level(item, encodings_of(item))
            for one in item._dict.values():
                _collect(one, inner, found, own)
        return
    tag = int(element.tag)
    for kind in KINDS.intersection(kinds_of(tag, vr_of_element(element))):
        raw = raw_of(element, here.encodings)
        tokens = value_tokens(kind, tag, raw, here.encodings) if own else ()
        if own is None or not tokens or not all(map(own, tokens)):
            found |= value_words(kind, raw, here.encodings)


@lru_cache(maxsize=8192)
def value_words(kind: str, raw: bytes, encodings: tuple[str, ...]) -> frozenset[str]:
    """The words of one value; single letters and numbers below three digits are none."""
    text = decode(raw, encodings)
    found: set[str] = set()
    for one in text.split("\\"):
        if kind == "day":
            found |= _day_words(one)
            continue
        for folded in (one.casefold().strip("\0 "), *spelled(one)):
            whole = words(folded)
            found.update(word for word in whole if _counts(word))
            if kind == "code" and len(whole) > 1:
                found.add("".join(whole))
            if kind in ("code", "uid"):
                found.add(folded.strip("\0 "))
    return frozenset(word for word in found if word)


def _counts(word: str) -> bool:
    return len(word) >= (3 if word.isdigit() else 2) or not word.isascii()


def _day_words(text: str) -> set[str]:
    """A date as one word: with and without separators, in three orders."""
    day = day_of(text)
    if day is None:
        return set()
    y, m, d = f"{day[0]:04d}", f"{day[1]:02d}", f"{day[2]:02d}"
    orders = ((y, m, d), (d, m, y), (m, d, y))
    found = {gap.join(order) for order in orders for gap in ("", "-", ".", "/")}
    month = MONTHS[day[1] - 1]
    return found | {fold(f"{d}{month[:3]}{y}"), f"{y[2:]}{m}{d}"}
