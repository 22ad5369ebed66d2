"""Stage *read*: from a seekable source of bytes to an `Instance`, without loading its pixels.

Tolerant of what scanners write (no preamble, no file meta information, a data set in another
encoding than the one declared); precise about what it can't take. Every sequence is parsed, at
every depth and whatever its attribute, so that no later stage can walk past one.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import SEEK_END, BytesIO
from typing import BinaryIO

from pydicom.charset import default_encoding
from pydicom.dataelem import DataElement, RawDataElement, convert_raw_data_element
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import STANDARD_VR

from dicom_veil import errors
from dicom_veil.elements import elements, tag_of
from dicom_veil.quiet import quietly
from dicom_veil.standard import vr_of

PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
ITEM_BYTES = b"\xfe\xff\x00\xe0"
MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"
# GE wrote this data set as implicit VR little endian, with big-endian pixel data.
PRIVATE_GE = UID("1.2.840.113619.5.2")
MAX_DEPTH = 64
# Also the largest length that Python in 32-bit WebAssembly can name.
MAX_INFLATED = (1 << 31) - 1
MAYBE_SEQUENCE = frozenset({"SQ", "UN", None})
# VRs whose values of ASCII letters are what they are, without padding.
SPECIAL = re.compile(rb"[\\\x1b]")
PLAIN_VRS = frozenset({"AE", "AS", "CS", "DA", "DT", "LO", "SH", "TM", "UI"})
# VRs that Specific Character Set says nothing of (PS3.5 6.1.2.2).
ASCII_VRS = frozenset({"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "SL", "SS", "SV",
                       "TM", "UI", "UL", "UR", "US", "UV"})  # fmt: skip
LONG_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR",
                      b"UT", b"UV"})  # fmt: skip

KNOWN_VRS = frozenset({None, *(str(vr.value) for vr in STANDARD_VR)})
NO_SEQUENCE = KNOWN_VRS - MAYBE_SEQUENCE


class _NotMeta:
    """The tags of all groups but that of the file meta information (PS3.10 7.1)."""

    def __contains__(self, tag: object) -> bool:
        return isinstance(tag, int) and tag >> 16 != 2


NOT_META = _NotMeta()


@dataclass(frozen=True)
class PixelElement:
    """Where Pixel Data, Float Pixel Data or Double Float Pixel Data lies in `Instance.body`.

    `offset` and `length` (bytes) are of the value; encapsulated, the value is the items without
    the sequence delimiter (PS3.5 A.4). `element_start` and `element_end` include tag, VR, length
    and delimiter. `items`: offset and length of each item's value, the Basic Offset Table first.
    """

    tag: int
    vr: str
    offset: int
    length: int
    encapsulated: bool
    element_start: int
    element_end: int
    items: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Instance:
    """One SOP Instance as read: everything but the pixels in `dataset`, the pixels by position.

    `dataset` is shared by all stages and never changed by any. `body` is what positions refer to:
    the source itself, or the inflated data set where the transfer syntax is deflated. `doubled` are
    elements that another of the same tag follows, which alone is in `dataset`.
    """

    dataset: Dataset
    body: BinaryIO
    pixels: PixelElement | None
    transfer_syntax: UID
    implicit_vr: bool
    little_endian: bool
    sop_class_uid: str
    sop_instance_uid: str
    notes: tuple[str, ...] = ()
    doubled: tuple[RawDataElement, ...] = ()


def read(source: BinaryIO) -> Instance:
    """Reads one instance (PS3.10 7, PS3.5 7).

    Raises `Empty`, `NotDicom`, `Truncated`, `Damaged`, `Directory` or `OutOfRange`.
    """
    try:
        with quietly():
            return _read(source)
    except errors.VeilError:
        raise
    except OSError as error:
        # pydicom's own OSErrors have no errno; those of a medium that went away have one.
        if error.errno is not None:
            raise errors.FileGone("The file can no longer be read from where it was.") from error
        raise errors.Damaged("The data set is damaged: a sequence does not hold items.") from None
    except (EOFError, struct.error):
        raise errors.Truncated("The file ends in the middle of an attribute.") from None
    except RecursionError:
        raise errors.Damaged("The data set is damaged: sequences are nested too deeply.") from None
    except (
        ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError,
        NotImplementedError, TypeError, ValueError,
    ) as error:  # fmt: skip
        # The parser's message may quote a value, so only its kind is passed on.
        raise errors.Damaged(
            f"The data set is damaged and cannot be followed ({type(error).__name__})."
        ) from None


def _read(source: BinaryIO) -> Instance:
    size = source.seek(0, SEEK_END)
    if size == 0:
        raise errors.Empty("The file is empty.")
    notes: list[str] = []
    start = _find_start(source, size, notes)
    meta, start = _read_meta(source, start, notes)
    if str(meta.get("MediaStorageSOPClassUID", "")) == MEDIA_STORAGE_DIRECTORY:
        raise errors.Directory(
            "This is a DICOMDIR, a list of other files with their patients' names: "
            "it is not an image and is never copied."
        )
    transfer_syntax = UID(str(meta.get("TransferSyntaxUID", "")).strip("\0 "))
    body, origin = source, start
    if transfer_syntax == DeflatedExplicitVRLittleEndian:
        body, origin = _inflate(source, start), 0
        size = body.seek(0, SEEK_END)
    if origin >= size:
        raise errors.Truncated("The file ends after its file meta information: no data set.")
    transfer_syntax, implicit, little = _encoding(body, origin, transfer_syntax, notes)
    dataset, pixels, doubled = _read_body(body, origin, size, implicit, little, notes)
    if 0x00041220 in dataset:
        raise errors.Directory("This is a DICOMDIR: it lists other files and is never copied.")
    if len(dataset) == 0:
        raise errors.NotDicom("No DICOM attribute was found in the file.")
    if pixels is None and 0x00280010 in dataset and 0x00280011 in dataset:
        notes.append("Rows and Columns are given, but there is no pixel data.")
    return Instance(
        dataset=dataset,
        body=body,
        pixels=pixels,
        transfer_syntax=transfer_syntax,
        implicit_vr=implicit,
        little_endian=little,
        sop_class_uid=_uid(dataset, "SOPClassUID") or _uid(meta, "MediaStorageSOPClassUID"),
        sop_instance_uid=_uid(dataset, "SOPInstanceUID")
        or _uid(meta, "MediaStorageSOPInstanceUID"),
        notes=tuple(notes),
        doubled=doubled,
    )


def _uid(dataset: Dataset, keyword: str) -> str:
    value = value_of(dataset, keyword)
    return str(value).strip("\0 ") if isinstance(value, str) else ""


def value_of(dataset: Dataset, keyword_or_tag: str | int) -> object:
    """The value of an attribute, or None; `dataset` keeps its raw elements as they were read."""
    element = dataset._dict.get(_tag(keyword_or_tag))
    if not isinstance(element, RawDataElement):
        return None if element is None else element.value
    value = element.value
    # One value in plain ASCII (no escape to another character set) is what it is.
    if value and element.VR in PLAIN_VRS and value.isascii() and not SPECIAL.search(value):
        return value.decode("ascii").strip("\0 ")
    return converted(element, dataset).value


@lru_cache(maxsize=4096)
def _tag(keyword_or_tag: str | int) -> BaseTag:
    return tag_of(int(Tag(keyword_or_tag)))


def converted(element: RawDataElement, dataset: Dataset) -> DataElement:
    """A raw element with its value decoded, outside the data set that it came from."""
    with quietly():
        # To ask for the character set costs more than to decode.
        encoding = default_encoding if element.VR in ASCII_VRS else dataset._character_set
        return convert_raw_data_element(element, encoding=encoding)


def _find_start(source: BinaryIO, size: int, notes: list[str]) -> int:
    """The position of the first attribute: after the preamble if there is one (PS3.10 7.1)."""
    source.seek(0)
    head = source.read(140)
    # Without a preamble those four letters can stand in a value (a StationName beginning with
    # DICM): what follows them decides.
    if head[128:132] == b"DICM" and (head[132:134] == b"\2\0" or not _plausible(head[:12], size)):
        return 132
    if head[:4] == b"DICM":
        notes.append("The preamble is missing.")
        return 4
    if _plausible(head[:12], size):
        notes.append("The preamble is missing.")
        return 0
    raise errors.NotDicom("This is not a DICOM file.")


def _plausible(head: bytes, size: int) -> bool:
    """Whether bytes look like the first attribute of a data set, in any encoding of PS3.5 7.1."""
    if len(head) < 8:
        return False
    for order in ("<", ">"):
        group, element = struct.unpack(f"{order}HH", head[:4])
        if group not in (0x0002, 0x0004, 0x0008) or element > 0x1FFF:
            continue
        if head[4:6] in LONG_VRS or vr_of(group << 16 | element) == head[4:6].decode("latin-1"):
            return True
        (length,) = struct.unpack(f"{order}L", head[4:8])
        if length <= size - 8 and (length % 2 == 0):
            return True
    return False


def _read_meta(source: BinaryIO, start: int, notes: list[str]) -> tuple[Dataset, int]:
    """The file meta information (PS3.10 7.1: explicit VR little endian) and where it ends."""
    source.seek(start)
    head = source.read(6)
    if head[:2] != b"\x02\x00":
        notes.append("The file meta information is missing.")
        return Dataset(), start
    implicit = not head[4:6].isalpha()
    source.seek(start)
    found = elements(source, implicit, True, NOT_META)
    meta = Dataset({element.tag: element for element in found})
    for element in meta._dict.values():
        _check_whole(element)
    return meta, source.tell()


def _inflate(source: BinaryIO, start: int) -> BytesIO:
    """The data set of a deflated file (PS3.5 A.5: a raw deflate stream)."""
    source.seek(start)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = stream.decompress(source.read(), MAX_INFLATED)
    except zlib.error:
        raise errors.Damaged("The deflated data set is damaged and cannot be inflated.") from None
    if stream.unconsumed_tail:
        raise errors.OutOfRange("The deflated data set inflates to more than 2 GB.")
    if not stream.eof:
        raise errors.Truncated("The deflated data set ends too early.")
    return BytesIO(data)


def _encoding(
    body: BinaryIO, start: int, declared: UID, notes: list[str]
) -> tuple[UID, bool, bool]:
    """The transfer syntax as it really is: (UID, implicit VR, little endian).

    What the file meta information declares is held against the first attribute, since files
    exist that declare one encoding and use another.
    """
    body.seek(start)
    head = body.read(8)
    explicit = len(head) >= 6 and head[4:6].isalpha() and head[4:6].isupper()
    big = declared == ExplicitVRBigEndian
    if not declared:
        notes.append("The transfer syntax is not declared; it was recognised from the data set.")
        # Groups at the start of a data set are below 0x0400, read in the right byte order.
        big = explicit and len(head) >= 2 and int.from_bytes(head[:2], "little") >= 0x0400
        if big:
            return ExplicitVRBigEndian, False, False
        return (ExplicitVRLittleEndian if explicit else ImplicitVRLittleEndian), not explicit, True
    expects_implicit = declared in (ImplicitVRLittleEndian, PRIVATE_GE)
    if expects_implicit == explicit:
        used = "explicit" if explicit else "implicit"
        notes.append(f"The data set is in {used} VR, other than its transfer syntax says.")
        if declared == ImplicitVRLittleEndian:
            return ExplicitVRLittleEndian, False, True
        if declared == ExplicitVRLittleEndian:
            return ImplicitVRLittleEndian, True, True
    return declared, not explicit, not big


def _truncated(element: RawDataElement) -> errors.Truncated:
    missing = element.length - len(element.value or b"")
    return errors.Truncated(
        f"The file ends inside attribute {element.tag}: {missing} bytes are missing.",
        tag=str(element.tag),
        missing=missing,
    )


def _check_whole(element: RawDataElement | DataElement) -> None:
    if (
        isinstance(element, RawDataElement)
        and element.length != UNDEFINED
        and len(element.value or b"") < element.length
    ):
        raise _truncated(element)


def _read_body(
    body: BinaryIO, start: int, size: int, implicit: bool, little: bool, notes: list[str]
) -> tuple[Dataset, PixelElement | None, tuple[RawDataElement, ...]]:
    """The data set without its pixels, where they are (PS3.5 7.1), and what stands there twice."""
    body.seek(start)
    found: dict[BaseTag, RawDataElement | DataElement] = {}
    end = start
    doubled: list[RawDataElement] = []
    element: RawDataElement | DataElement | None = None
    for element in elements(body, implicit, little, PIXEL_TAGS):
        tag = element.tag
        if tag in found and isinstance(earlier := found[tag], RawDataElement):
            doubled.append(earlier)
        found[tag] = element
        if isinstance(element, DataElement) or element.length == UNDEFINED:
            end = body.tell()
        elif len(element.value or b"") < element.length:
            raise _truncated(element)
    if isinstance(element, RawDataElement) and element.length != UNDEFINED:
        end = element.value_tell + element.length
    body.seek(end)
    pixels = _find_pixels(body, size, implicit, little)
    if pixels is None:
        body.seek(end)
        if body.read(8).strip(b"\0"):
            raise errors.Truncated("The file ends in the middle of an attribute.")
    if pixels is not None:
        body.seek(pixels.element_end)
        trailing: dict[BaseTag, RawDataElement | DataElement] = {}
        try:
            for element in elements(body, implicit, little):
                _check_whole(element)
                if element.tag <= pixels.tag:
                    raise errors.Damaged("Attributes are out of order.")
                trailing[element.tag] = element
        except (errors.VeilError, EOFError, OSError, ValueError, struct.error):
            notes.append("What follows the pixel data is no attribute; it is left out.")
        found.update(trailing)
    dataset = Dataset(found)
    dataset.set_original_encoding(implicit, little, dataset._character_set)
    parse_sequences(dataset, implicit, little)
    return dataset, pixels, tuple(doubled)


def _find_pixels(body: BinaryIO, size: int, implicit: bool, little: bool) -> PixelElement | None:
    """The pixel element at the current position, if one is there."""
    start = body.tell()
    head = body.read(12)
    if len(head) < 8:
        return None
    order = "<" if little else ">"
    group, element = struct.unpack(f"{order}HH", head[:4])
    tag = group << 16 | element
    if tag not in PIXEL_TAGS:
        return None
    if implicit or not head[4:6].isalpha():
        vr, offset = "OW", start + 8
        (length,) = struct.unpack(f"{order}L", head[4:8])
    elif head[4:6] in LONG_VRS:
        vr, offset = head[4:6].decode("ascii"), start + 12
        (length,) = struct.unpack(f"{order}L", head[8:12])
    else:
        raise errors.Damaged("The pixel data has a value representation that it cannot have.")
    if length != UNDEFINED:
        if offset + length > size:
            missing = offset + length - size
            raise errors.Truncated(
                f"The file ends inside its pixel data: {missing} bytes are missing.",
                missing=missing,
            )
        return PixelElement(tag, vr, offset, length, False, start, offset + length)
    items, end = _pixel_items(body, offset, size, order)
    return PixelElement(tag, vr, offset, end - offset, True, start, end + 8, items)


def _pixel_items(
    body: BinaryIO, offset: int, size: int, order: str
) -> tuple[tuple[tuple[int, int], ...], int]:
    """Offset and length of each item's value, and where their delimiter begins (PS3.5 A.4)."""
    position = offset
    items: list[tuple[int, int]] = []
    while True:
        body.seek(position)
        head = body.read(8)
        if len(head) < 8:
            raise errors.Truncated(
                "The file ends inside its pixel data: the end of the fragments is missing."
            )
        group, element, length = struct.unpack(f"{order}HHL", head)
        tag = group << 16 | element
        if tag == SEQUENCE_END:
            return tuple(items), position
        if tag != ITEM or length == UNDEFINED:
            raise errors.Damaged("The fragments of the pixel data cannot be followed.")
        items.append((position + 8, length))
        position += 8 + length
        if position > size:
            missing = position - size
            raise errors.Truncated(
                f"The file ends inside its pixel data: {missing} bytes are missing.",
                missing=missing,
            )


def parse_sequences(dataset: Dataset, implicit: bool, little: bool, depth: int = 0) -> None:
    """Replaces every raw sequence of a data set that was just read by its parsed items.

    A sequence is one by its VR, by the dictionary, or, where neither knows (VR UN: PS3.5 6.2.2),
    because its value begins with an item.
    """
    if depth > MAX_DEPTH:
        raise errors.Damaged(
            f"The data set is damaged: sequences are nested more than {MAX_DEPTH} deep."
        )
    elements = dataset._dict
    for tag, element in list(elements.items()):
        if isinstance(element, RawDataElement):
            if depth:
                _check_whole(element)
            if element.VR in NO_SEQUENCE:
                continue
            if element.VR not in KNOWN_VRS:
                # Of a VR that there is not; its attribute may still be known (PS3.5 6.2.2).
                element = elements[tag] = element._replace(VR="UN")
            if element.VR in MAYBE_SEQUENCE and _is_sequence(element):
                items = _parse_items(element, dataset)
                elements[tag] = DataElement(tag, "SQ", items, already_converted=True)
            elif element.VR in (None, "UN") and (found := _private_items(element, dataset)):
                elements[tag] = DataElement(tag, "SQ", found, already_converted=True)
            elif element.VR is None and not implicit:
                # Implicit VR inside an explicit data set: give the element its VR for writing.
                elements[tag] = converted(element, dataset)
                continue
        nested = elements[tag]
        if isinstance(nested, DataElement) and nested.VR == "SQ":
            for item in nested.value:
                parse_sequences(item, implicit, little, depth + 1)


def _is_sequence(element: RawDataElement) -> bool:
    if element.VR == "SQ":
        return True
    if element.tag.is_private:
        return False
    return vr_of(element.tag) == "SQ" or (
        vr_of(element.tag) is None and (element.value or b"")[:4] == ITEM_BYTES
    )


def _private_items(element: RawDataElement, dataset: Dataset) -> Sequence | None:
    """The items of a private element whose VR nobody states, if all of its value is items.

    Its bytes may begin like an item and be something else: then it is no sequence.
    """
    if not element.tag.is_private or (element.value or b"")[:4] != ITEM_BYTES:
        return None
    try:
        items = _parse_items(element, dataset)
        return items if all(map(_sound, items)) else None
    except (
        ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError,
        NotImplementedError, TypeError, ValueError, struct.error,
    ):  # fmt: skip
        return None


def _sound(item: Dataset) -> bool:
    """Whether an item holds whole elements in the order of their tags (PS3.5 7.1)."""
    tags = [int(tag) for tag in item._dict]
    return tags == sorted(tags) and all(
        not isinstance(one, RawDataElement) or one.length in (UNDEFINED, len(one.value or b""))
        for one in item._dict.values()
    )


def _parse_items(element: RawDataElement, dataset: Dataset) -> Sequence:
    value = element.value or b""
    # PS3.5 6.2.2: the items of an UN sequence are in implicit VR little endian.
    implicit = element.is_implicit_VR or element.VR == "UN"
    little = element.is_little_endian or element.VR == "UN"
    return read_sequence(
        BytesIO(value), implicit, little, len(value), dataset._character_set, element.value_tell
    )
