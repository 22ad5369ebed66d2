"""What must not be found in an output: the identifying values of an original as tokens.

Every attribute that a plan removes, empties or replaces gives tokens, by what it is:

uid     a UID that the standard did not register. Found whole, with any separators.
day     a date (DA, DT). Found in the usual notations; with a year of two digits as `short day`.
time    a time of day (TM) with seconds, unless it is a common value (`shorthand`).
name    the components of a person's name (PN) together, in either order, joined or apart.
word    one component of a name, from three letters on: found as a whole word, in any case, with
        or without diacritics. From six letters on also backwards. Titles and suffixes give
        none.
code    an ID (also AE titles, serial and phone numbers). From six characters on it is found
        anywhere, with or without punctuation; from three on only as a whole value, and a number
        of less than four digits, or one that reads as a year, is not looked for. One of less
        than three characters is a `short code`. Of six digits behind letters (HOSP-123456)
        the digits alone are a code as well.
text    other text of eight letters or more, whole or by line, and a CS of six characters or
        more with a digit. Numbers of six digits in a text are looked for as codes.
blob    bytes that nobody reads (icons, overlays, documents, profiles): a sample of them.
hash    MD5, SHA-1, SHA-256, SHA-512 of an ID, a name or a UID, in hexadecimal, decimal or
        base 64: only where the output of another program is searched, since anybody can
        compute them again.

How a match is weighed, once one is found, is said in `weigh`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from dicom_veil.kinds import kinds_of
from dicom_veil.needles import Token
from dicom_veil.notation import Day
from dicom_veil.plan import Plan, is_sequence
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.standard import vr_of
from dicom_veil.value_tokens import REMEMBERED, value_tokens
from dicom_veil.values import Element, Level, encodings_of, items_of, raw_of, stepped

LONG_KINDS = frozenset({"time", "code", "label", "place", "text", "blob"})
# How a date ends that was cut down to its year or month by a method of that name.
FIRST_DAYS = {"year": (1, 1), "month": (1,)}


# From how many needles on only those are searched for whose first bytes are there.
MANY, HEAD = 2048, 4


class Tokens(NamedTuple):
    """The tokens of one original: `by_needle` for the search, days apart, by their year.

    `wide`: some are in letters that ASCII does not have. `short`: IDs of less than three
    characters, whose needles are not squashed (`shorthand.whole_value_needles`). `by_head`: the
    needles by their first bytes where there are many, shorter ones by none.
    """

    by_needle: dict[bytes, tuple[Token, ...]]
    days: dict[bytes, dict[Day, Token]]
    wide: bool = False
    short: tuple[Token, ...] = ()
    by_head: Mapping[bytes, Sequence[bytes]] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"Tokens({len(self.by_needle)} needles, {sum(map(len, self.days.values()))} days)"


def tokens_of(
    instance: Instance,
    steps: Plan,
    extra: Iterable[Token] = (),
    own: Callable[[Token], bool] = lambda _token: False,
) -> Tokens:
    """The tokens of every attribute that `steps` does not keep, and `extra` ones.

    `own` tells those that may stay: what the same key made before (`seal`).
    """
    by_needle: dict[bytes, tuple[Token, ...]] = {}
    days: dict[bytes, dict[Day, Token]] = {}
    wide = False
    short: dict[str, Token] = {}
    with quietly():
        found = [*step_tokens(instance.dataset, steps), *_doubled(instance, steps), *extra]
    for token in found:
        if own(token):
            continue
        if token.kind == "day" and token.day is not None:
            days.setdefault(token.needles[0], {}).setdefault(token.day, token)
            continue
        if token.kind == "short code":
            short.setdefault(token.text, token)
            continue
        wide = wide or not (token.plain or all(map(bytes.isascii, token.needles)))
        for needle in token.needles:
            # Kinds are weighed differently: a word that is also a code is looked for as both.
            same = by_needle.get(needle, ())
            if all(one.kind != token.kind or one.day != token.day for one in same):
                by_needle[needle] = (*same, token)
    by_head = _by_head(by_needle) if len(by_needle) > MANY else {}
    return Tokens(by_needle, days, wide, tuple(short.values()), by_head)


def _by_head(needles: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    by_head: dict[bytes, list[bytes]] = {}
    for needle in needles:
        by_head.setdefault(needle[:HEAD] if len(needle) >= HEAD else b"", []).append(needle)
    return by_head


def step_tokens(dataset: Dataset, steps: Plan) -> list[Token]:
    """The tokens of what each step removes or changes, nested attributes included."""
    tokens: list[Token] = []
    for element, here, step in stepped(dataset, steps):
        first = FIRST_DAYS.get(step.method)
        cleaned = step.action == "C" and first is None
        found = element_tokens(element, here, cleaned=cleaned)
        if first:
            # The first of January is what the year itself is written as.
            found = [one for one in found if one.day is None or one.day[-len(first) :] != first]
        tokens += found
    return tokens


def _doubled(instance: Instance, steps: Plan) -> Iterator[Token]:
    """The tokens of values that others of the same tag took the place of."""
    if not instance.doubled:
        return
    here = Level(instance.dataset, encodings_of(instance.dataset))
    touched = {step.tag for step in steps if not step.path}
    for element in instance.doubled:
        if element.tag in touched:
            yield from element_tokens(element, here)


def element_tokens(element: Element, here: Level, *, cleaned: bool = False) -> Sequence[Token]:
    """The tokens of one element, or of all that a sequence holds.

    `cleaned`: only part of the value has to go; dates, names and UIDs still go whole.
    """
    if is_sequence(element):
        levels = (Level(item, encodings_of(item)) for item in items_of(element))
        return [
            token
            for inner in levels
            for one in inner.dataset._dict.values()
            for token in element_tokens(one, inner, cleaned=cleaned)
        ]
    kinds = _kinds_of(element.tag, element.VR)
    raw = raw_of(element, here.encodings) if kinds else b""
    if not raw:
        return ()
    make = _tokens if len(raw) > REMEMBERED else _remembered
    return make(int(element.tag), kinds, raw, here.encodings, cleaned)


@lru_cache(maxsize=8192)
def _kinds_of(tag: BaseTag, vr: str | None) -> tuple[str, ...]:
    known = vr if vr not in (None, "UN") else vr_of(tag)
    return kinds_of(int(tag), str(known or "UN"))


def _tokens(
    tag: int, kinds: tuple[str, ...], raw: bytes, encodings: tuple[str, ...], cleaned: bool
) -> tuple[Token, ...]:
    return tuple(
        token
        for kind in kinds
        if not (cleaned and kind in LONG_KINDS)
        for token in value_tokens(kind, tag, raw, encodings)
    )


# A patient's instances repeat most values.
_remembered = lru_cache(maxsize=8192)(_tokens)
