"""Elements to bytes (PS3.5 7.1): raw ones as they stand, sequences by item, others by pydicom.

Most elements of an instance are written in the very encoding that they were read in; asking
pydicom to write each of them costs more than all the rest of a de-identification.
"""

import struct
from collections.abc import Iterator, Mapping

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.tag import BaseTag

from dicom_veil.dummy import padded
from dicom_veil.encoding import ITEM, LONG_VRS

Elements = Mapping[BaseTag, DataElement | RawDataElement]
CharacterSet = str | list[str]
SHORT_LENGTH = 0xFFFF
UNDEFINED = 0xFFFFFFFF
LONG = frozenset(vr.decode("ascii") for vr in LONG_VRS)


def encoded(elements: Elements, like: Dataset, *, implicit: bool, little: bool) -> bytes:
    """`elements` in the order of their tags; `like` is the data set that they are of."""
    return b"".join(_pieces(elements, like, implicit, little))


def _pieces(elements: Elements, like: Dataset, implicit: bool, little: bool) -> Iterator[bytes]:
    order = "<" if little else ">"
    plain = struct.Struct(f"{order}HHL").pack
    short, long = struct.Struct(f"{order}HH2sH").pack, struct.Struct(f"{order}HH2sHL").pack
    for tag in sorted(elements, key=int):  # pydicom's tags compare in Python
        element = elements[tag]
        if element.VR == "SQ" and isinstance(element, DataElement):
            value = b"".join(_items(element, implicit, little))
        elif _as_it_stands(element, implicit, little):
            value = element.value or b""
        elif element.VR == "CS" and isinstance(element.value, str) and element.value.isascii():
            # Specific Character Set, which pydicom converts when it is asked for.
            value = padded(element.value.encode("ascii"))
        else:
            yield _by_pydicom(element, like, implicit, little)
            continue
        if implicit:
            yield plain(tag >> 16, tag & 0xFFFF, len(value))
        elif element.VR in LONG:
            yield long(tag >> 16, tag & 0xFFFF, str(element.VR).encode("ascii"), 0, len(value))
        else:
            yield short(tag >> 16, tag & 0xFFFF, str(element.VR).encode("ascii"), len(value))
        yield value


def _items(element: DataElement, implicit: bool, little: bool) -> Iterator[bytes]:
    """The items of a sequence, each with its length (PS3.5 7.5)."""
    pack = struct.Struct(f"{'<' if little else '>'}HHL").pack
    for item in element.value or ():
        content = encoded(item._dict, item, implicit=implicit, little=little)
        yield pack(ITEM >> 16, ITEM & 0xFFFF, len(content))
        yield content


def _as_it_stands(element: DataElement | RawDataElement, implicit: bool, little: bool) -> bool:
    """Whether an element's bytes are already those that have to be written."""
    if not isinstance(element, RawDataElement) or element.length == UNDEFINED:
        return False
    if element.is_implicit_VR != implicit or element.is_little_endian != little:
        return False
    length = len(element.value or b"")
    if length % 2:
        return False
    return implicit or element.VR in LONG or (element.VR is not None and length <= SHORT_LENGTH)


def _by_pydicom(
    element: DataElement | RawDataElement, like: Dataset, implicit: bool, little: bool
) -> bytes:
    character_set: CharacterSet = like._character_set
    alone = Dataset({BaseTag(element.tag): element}, parent_encoding=character_set)
    was_implicit, was_little = like.original_encoding
    alone.set_original_encoding(was_implicit, was_little, alone._character_set)
    buffer = DicomBytesIO()
    buffer.is_implicit_VR = implicit
    buffer.is_little_endian = little
    write_dataset(buffer, alone, character_set)
    return bytes(buffer.getvalue())
