"""The elements of a data set one by one, raw: pydicom's, at a third of their cost.

A header is a few hundred short elements, and `pydicom.filereader.data_element_generator` reads
each with several calls to the file. Here they are cut out of blocks. Whatever is not plain (a
length that is undefined or goes beyond a block, a VR that nobody knows, an item's end) is left to
pydicom, so that there is one way only to understand it.
"""

from collections.abc import Container, Iterator
from functools import lru_cache
from struct import Struct
from typing import BinaryIO

from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataelem import DataElement, RawDataElement, empty_value_for_VR
from pydicom.filereader import data_element_generator
from pydicom.tag import BaseTag
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32, STANDARD_VR
from pydicom.values import convert_string

# Bytes: as little beyond the header is read as costs no time.
BLOCK = 1 << 10
UNDEFINED = 0xFFFFFFFF
CHARACTER_SET, ITEM_END = 0x00080005, 0xFFFEE00D
# VRs by their two letters; whether a length of four bytes follows two that are reserved.
VRS = {str(vr.value).encode("ascii"): (str(vr.value), vr in EXPLICIT_VR_LENGTH_32)
       for vr in STANDARD_VR}  # fmt: skip
HEADS = {
    (implicit, little): Struct(f"{'<' if little else '>'}{'HHL' if implicit else 'HH2sH'}")
    for implicit in (False, True)
    for little in (False, True)
}
LENGTHS = {True: Struct("<L"), False: Struct(">L")}


def _pydicoms(
    source: BinaryIO, implicit: bool, little: bool, stop: Container[int], encoding: str | list[str]
) -> Iterator[RawDataElement | DataElement]:
    return data_element_generator(
        source, implicit, little, lambda tag, _vr, _length: tag in stop, encoding=encoding
    )


def encoding_of(character_set: bytes, little: bool) -> str | list[str]:
    """What Specific Character Set says (PS3.3 C.12.1.1.2), as the items of sequences inherit it."""
    return convert_encodings(convert_string(character_set, little))


# One object for each tag: what is the same object needs no comparison, and pydicom's is slow.
tag_of = lru_cache(maxsize=1 << 14)(BaseTag)
empty_of = lru_cache(maxsize=64)(lambda vr: empty_value_for_VR(vr, raw=True))


def elements(
    source: BinaryIO, implicit: bool, little: bool, stop: Container[int] = ()
) -> Iterator[RawDataElement | DataElement]:
    """Elements from the current position up to, and without, the first whose tag is in `stop`.

    `source` is then at that element. While elements are given out it is anywhere, but after one of
    undefined length it is at that one's end. Sequences of defined length are raw.
    """
    unpack, length_of = HEADS[implicit, little].unpack_from, LENGTHS[little].unpack_from
    new = tuple.__new__
    encoding: str | list[str] = default_encoding
    start = source.tell()  # of the block
    block, at = b"", 0
    fresh = False  # whether the block begins with the element
    while True:
        if at + 12 > len(block) and not fresh:
            start += at
            source.seek(start)
            block, at, fresh = source.read(BLOCK), 0, True
        vr, value_at = None, at + 8
        plain = value_at <= len(block)
        if plain:
            if implicit:
                group, element, length = unpack(block, at)
            else:
                group, element, letters, length = unpack(block, at)
                vr, long = VRS.get(letters, (None, False))
                plain = vr is not None
                if long:
                    plain = value_at + 4 <= len(block)
                    if plain:
                        (length,) = length_of(block, value_at)
                    value_at += 4
        if plain:
            tag = group << 16 | element
            plain = length != UNDEFINED and tag != ITEM_END
        if plain and tag in stop:
            source.seek(start + at)
            return
        if plain and value_at + length > len(block):
            if not fresh:
                start += at
                source.seek(start)
                block, at, fresh = source.read(BLOCK), 0, True
                continue
            plain = False
        if not plain:
            source.seek(start + at)
            found = next(_pydicoms(source, implicit, little, stop, encoding), None)
            if found is None:
                return
            if found.tag == CHARACTER_SET and isinstance(found.value, bytes):
                encoding = encoding_of(found.value, little)
            yield found
            start, block, at, fresh = source.tell(), b"", 0, False
            continue
        at = value_at + length
        value = block[value_at:at] if length else empty_of(vr)
        if tag == CHARACTER_SET:
            encoding = encoding_of(block[value_at:at], little)
        yield new(
            RawDataElement,
            (tag_of(tag), vr, length, value, start + value_at, implicit, little, True, False),
        )
        fresh = False
