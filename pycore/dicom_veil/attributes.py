"""Reads attributes that describe pixels, without ever converting them inside the data set.

`Instance.dataset` keeps its elements as they were read, so a plain `dataset.Rows` (which decodes
the element in place) is not used. Values that break the rules of their VR are read as far as they
go, as the well-known viewers do: a Number of Frames of `1A` is 1. Headers are read without numpy.
"""

import math
import re
import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from dicom_veil.elements import tag_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEADING_NUMBER = re.compile(rb"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
# The VRs of numbers in binary, as the module `struct` names them (PS3.5 6.2).
BINARY = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "UV": "Q", "SV": "q", "FL": "f", "FD": "d",
          "OW": "H", "OB": "B"}  # fmt: skip


def element_of(dataset: Dataset, keyword: str | int) -> RawDataElement | DataElement | None:
    """The element as the data set holds it, raw or decoded, or None.

    Repeating groups have no keyword for each of their groups: they are asked for by tag.
    """
    return dataset._dict.get(tag_of(keyword if isinstance(keyword, int) else _tag(keyword)))


@lru_cache(maxsize=1024)
def _tag(keyword: str) -> int:
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise KeyError(keyword)
    return tag


def _vr(element: RawDataElement | DataElement, signed: bool) -> str:
    """The VR to read a value with: the dictionary's where the file says nothing or UN.

    `US or SS` is decided by `signed`: by Pixel Representation, mostly (PS3.3 C.7.6.3.1).
    """
    vr = str(element.VR or "UN")
    if vr == "UN":
        vr = dictionary_VR(element.tag)
    if " or " in vr:
        vr = "SS" if signed and "SS" in vr else "US"
    return vr


def numbers(dataset: Dataset, keyword: str | int, *, signed: bool = False) -> tuple[float, ...]:
    """The finite numbers of an attribute, of whatever numeric VR; () where there are none."""
    element = element_of(dataset, keyword)
    if element is None or not element.value:
        return (0.0,) if element is not None and element.value == 0 else ()
    value: object = element.value
    if isinstance(value, bytes):
        vr = _vr(element, signed)
        if vr in BINARY:
            order = "<" if getattr(element, "is_little_endian", True) else ">"
            cell = struct.Struct(order + BINARY[vr])
            whole_items = value[: len(value) // cell.size * cell.size]
            found: Iterable[float] = [part for (part,) in cell.iter_unpack(whole_items)]
        else:
            matches = (LEADING_NUMBER.match(part) for part in value.split(b"\\"))
            found = [float(match[1]) for match in matches if match]
    elif isinstance(value, int | float):
        found = [float(value)]
    elif isinstance(value, Iterable) and not isinstance(value, str):
        found = [float(part) for part in value if isinstance(part, int | float)]
    else:
        found = []
    return tuple(float(number) for number in found if math.isfinite(number))


def number(dataset: Dataset, keyword: str | int, *, signed: bool = False) -> float | None:
    """The first number of an attribute, or None."""
    found = numbers(dataset, keyword, signed=signed)
    return found[0] if found else None


def whole(dataset: Dataset, keyword: str | int, *, signed: bool = False) -> int | None:
    """The first number of an attribute as an integer, or None."""
    found = number(dataset, keyword, signed=signed)
    return None if found is None else int(found)


def texts(dataset: Dataset, keyword: str | int) -> tuple[str, ...]:
    """The values of an attribute as text, in ASCII: for code strings and explanations."""
    element = element_of(dataset, keyword)
    if element is None or element.value is None:
        return ()
    value: object = element.value
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if isinstance(value, str):
        value = value.split("\\")
    if not isinstance(value, Iterable):
        return (str(value),)
    return tuple(str(part).strip(" \0") for part in value)


def text(dataset: Dataset, keyword: str) -> str:
    """The first value of a code string in capitals, or an empty string."""
    found = texts(dataset, keyword)
    return found[0].upper() if found else ""


def items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """The items of a sequence; () where there is none."""
    element = element_of(dataset, keyword)
    if not isinstance(element, DataElement) or element.VR != "SQ":
        return ()
    return tuple(element.value)


def words(dataset: Dataset, keyword: str) -> "NDArray[np.uint16]":
    """The value of an attribute as unsigned 16-bit words, shape (n,); empty where there is none."""
    import numpy as np

    element = element_of(dataset, keyword)
    if element is None or element.value is None:
        return np.empty(0, np.uint16)
    value: object = element.value
    if isinstance(value, bytes):
        order = "<" if getattr(element, "is_little_endian", True) else ">"
        return np.frombuffer(value[: len(value) // 2 * 2], order + "u2").astype(np.uint16)
    parts = [value] if isinstance(value, int) else value
    if not isinstance(parts, Iterable):
        return np.empty(0, np.uint16)
    return (np.array([int(part) for part in parts], np.int64) & 0xFFFF).astype(np.uint16)


def frame_item(dataset: Dataset, frame_index: int, keyword: str) -> Dataset:
    """Where a functional group's attributes are (PS3.3 C.7.6.16.1).

    The group's item of the frame, else the shared one, else the data set itself: instances that
    are no enhanced multi-frame keep the same attributes at the top.
    """
    for sequence, index in (
        ("PerFrameFunctionalGroupsSequence", frame_index),
        ("SharedFunctionalGroupsSequence", 0),
    ):
        group = _item(dataset, sequence, index)
        found = None if group is None else _item(group, keyword, 0)
        if found is not None:
            return found
    return dataset


def _item(dataset: Dataset, keyword: str, index: int) -> Dataset | None:
    """One item of a sequence that may have thousands."""
    element = element_of(dataset, keyword)
    if not isinstance(element, DataElement) or element.VR != "SQ":
        return None
    found: Dataset | None = element.value[index] if index < len(element.value) else None
    return found
