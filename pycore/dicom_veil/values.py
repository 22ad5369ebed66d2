"""The elements that a plan is about, and their values as bytes and as text."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydicom.charset import decode_bytes
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

from dicom_veil.elements import tag_of
from dicom_veil.plan import Path, Plan, Step, is_sequence

DELIMITERS = set(map(ord, "\\^=\r\n\f\t"))
Element = DataElement | RawDataElement


class Level(NamedTuple):
    """A data set with Python's names of its character sets, which are costly to ask for."""

    dataset: Dataset
    encodings: tuple[str, ...]


def stepped(dataset: Dataset, steps: Plan) -> Iterator[tuple[Element, Level, Step]]:
    """Every element that a step is about, with the data set that it stands in."""
    path: Path | None = None
    for step in steps:
        if step.path != path:
            path = step.path
            inner = at(dataset, path)
            here = Level(inner, encodings_of(inner))
        element = inner._dict.get(tag_of(step.tag))
        if element is not None:
            yield element, here, step


def at(dataset: Dataset, path: Path) -> Dataset:
    """The data set that a path leads to."""
    for sequence, index in path:
        items: Any = dataset._dict[BaseTag(sequence)].value
        dataset = items[index]
    return dataset


def items_of(element: Element) -> tuple[Dataset, ...]:
    """The items of a sequence; none of what is not one."""
    value: Any = element.value
    return tuple(value or ()) if is_sequence(element) else ()


def raw_of(element: Element, encodings: tuple[str, ...]) -> bytes:
    """The value of an element as bytes, as the file has or would have them."""
    value: Any = element.value
    if isinstance(value, bytes) or value is None:
        return value or b""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    text = "\\".join(str(part) for part in parts)
    return text.encode() if text.isascii() else text.encode(encodings[0], "replace")


def encodings_of(dataset: Dataset) -> tuple[str, ...]:
    """Python's names of the character sets of a data set (0008,0005)."""
    encodings = dataset._character_set
    return (encodings,) if isinstance(encodings, str) else tuple(encodings)


def decode(raw: bytes, encodings: tuple[str, ...]) -> str:
    """Text of an original in its character sets; what cannot be decoded becomes U+FFFD."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    try:
        return decode_bytes(raw, encodings, DELIMITERS)
    except (LookupError, UnicodeError):
        return raw.decode("latin-1")
