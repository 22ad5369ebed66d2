"""Clean Structured Content (PS3.15 E.3.4): content trees, one content item after the other.

A content item (PS3.3 C.17.3, and 10.2 for the Acquisition Context, protocol and specimen items)
says with a code what it is about. Table E.3.4-1 decides by that concept and the value type; what
it does not list is kept coded, as numbers and as shapes, its text is cleaned word by word, and
names, dates, UIDs and references fall under Table E.1-1 like everywhere else.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from dicom_veil.codebook import current
from dicom_veil.codes import LONG_VALUE, SCHEME, VALUE, text_of
from dicom_veil.decoded import value_of
from dicom_veil.rules import Rule

VALUE_TYPE, CONCEPT, CONTENT = 0x0040A040, 0x0040A043, 0x0040A730
TEXT, UNFORMATTED = 0x0040A160, 0x00700006
REFERENCE_BY_PLACE = 0x0040DB73  # Referenced Content Item Identifier
REFERENCES = 0x00081199
# Which attribute holds the value of a value type (PS3.3 Table C.17.3-4, C.18).
VALUES = {
    "TEXT": (TEXT, UNFORMATTED),
    "PNAME": (0x0040A123,),
    "DATE": (0x0040A121,),
    "TIME": (0x0040A122,),
    "DATETIME": (0x0040A120,),
    "UIDREF": (0x0040A124,),
    "CODE": (0x0040A168,),
    "NUM": (0x0040A300, 0x0040A30A),
    "IMAGE": (REFERENCES,),
    "COMPOSITE": (REFERENCES,),
    "WAVEFORM": (REFERENCES,),
    "CONTAINER": (CONTENT,),
}
DATES = frozenset({"DATE", "TIME", "DATETIME"})
OBJECTS = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM"})


@dataclass(frozen=True)
class Concept:
    """A row of Table E.3.4-1: what it is called, its action, and those of the options."""

    meaning: str
    basic: str
    options: dict[str, str]


class Verdict(NamedTuple):
    """What becomes of one content item.

    `removed`: it goes with all that it contains. `rules`: what is decided for its own attributes,
    by tag; the others fall under the rules for any attribute. The rules of an item that is to be
    removed empty it instead: for trees whose references count items (`counts_places`).
    """

    removed: bool
    source: str
    rules: dict[int, Rule]


@cache
def concepts() -> dict[tuple[str, str, str], Concept]:
    """Table E.3.4-1 by coding scheme, code and value type."""
    text = (files("dicom_veil") / "data" / "structured.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return {
        (scheme, code, value_type): Concept(meaning, basic, options)
        for scheme, code, value_type, meaning, basic, options in data["concepts"]
    }


def counts_places(root: Dataset) -> bool:
    """Whether a tree refers to items by their places: then no item may go (PS3.3 C.17.3.2.5)."""
    return any(
        REFERENCE_BY_PLACE in item._dict or counts_places(item)
        for item in value_of(root, CONTENT) or ()  # type: ignore[attr-defined]
    )


def verdict(item: Dataset, options: tuple[str, ...]) -> Verdict:
    """What becomes of a content item under the chosen options (names as in `options.OPTIONS`)."""
    value_type = value_type_of(item)
    row = concepts().get((*concept_of(item), value_type))
    if row is None:
        return Verdict(False, "content", _cleaned(item, "content"))
    source, action = _decided(row, value_type, options)
    if action == "K":
        return Verdict(False, source, _kept(item, value_type, source))
    if action == "C":
        return Verdict(False, source, _cleaned(item, source))
    return Verdict(action == "X", source, _replaced(item, value_type, source))


def _decided(row: Concept, value_type: str, options: tuple[str, ...]) -> tuple[str, str]:
    """The rule's name and the action: the options' before the Basic Profile's (E.1.1).

    Of X/D the second is taken, as no template is known in which the item could be left out.
    """
    for name in options:
        action = row.options.get(name)
        if action is not None:
            # A date is kept or moved as the rule for its attribute says, whichever option it is.
            return f"E.3.4-1 {name}", "C" if value_type in DATES else action
    return "E.3.4-1", row.basic.rpartition("/")[2]


def value_type_of(item: Dataset) -> str:
    """The value type, or what follows from the value where the item does not say."""
    stated = text_of(item, VALUE_TYPE)
    if stated:
        return stated
    for value_type, tags in VALUES.items():
        if any(tag in item._dict for tag in tags):
            return value_type
    return ""


def concept_of(item: Dataset) -> tuple[str, str]:
    """Coding scheme and code of an item's concept, as the present edition writes them."""
    names = value_of(item, CONCEPT)
    if not isinstance(names, Sequence) or not names:
        return "", ""
    code = text_of(names[0], VALUE) or text_of(names[0], LONG_VALUE)
    return current(text_of(names[0], SCHEME), code)


def _present(item: Dataset, value_type: str) -> list[int]:
    return [tag for tag in VALUES.get(value_type, ()) if tag in item._dict]


def _cleaned(item: Dataset, source: str) -> dict[int, Rule]:
    """Texts by words; anything else as the rules for attributes have it.

    A text is cleaned wherever it stands: an item of another value type must not carry one past.
    """
    return {tag: Rule("C", source, "text", "D") for tag in (TEXT, UNFORMATTED) if tag in item._dict}


def _kept(item: Dataset, value_type: str, source: str) -> dict[int, Rule]:
    """The value stays; a reference to objects is kept or remapped by the rules for UIDs."""
    rules = _cleaned(item, source)
    if value_type not in OBJECTS:
        rules |= {tag: Rule("K", source) for tag in _present(item, value_type)}
    return rules


def _replaced(item: Dataset, value_type: str, source: str) -> dict[int, Rule]:
    """A dummy for the value: a new UID for a UID, no measurement, new references."""
    rules = {tag: Rule("D", source) for tag in (TEXT, UNFORMATTED) if tag in item._dict}
    if value_type in OBJECTS:
        return rules
    action = {"UIDREF": "U", "NUM": "Z", "CONTAINER": "X"}.get(value_type, "D")
    return rules | {tag: Rule(action, source) for tag in _present(item, value_type)}
