"""Stage *write*: a new data set and the instance's pixels → the parts of a new file.

Preamble and file meta information are written from nothing. Pixel data that is not changed is
not copied either: it stays a range of the input, which a tab hands to the browser and the
command line streams.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from dicom_veil import __version__
from dicom_veil.decoded import value_of
from dicom_veil.dummy import padded
from dicom_veil.encode import Elements, encoded
from dicom_veil.encoding import PRIVATE_GE, SEQUENCE_END, UNDEFINED
from dicom_veil.errors import FileGone, Refused
from dicom_veil.frame_bytes import padding
from dicom_veil.pixel_element import PixelElement
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance

# Names this program as the writer (PS3.10 7.1); made once from a UUID (PS3.5 B.2).
IMPLEMENTATION_CLASS_UID = UID("2.25.206133279417294651838231870964170453529")
IMPLEMENTATION_VERSION_NAME = f"VEIL_{__version__}"
PREAMBLE = bytes(128) + b"DICM"
CHUNK = 1 << 20
END_OF_ITEMS = struct.pack("<HHL", SEQUENCE_END >> 16, SEQUENCE_END & 0xFFFF, 0)
NO_DATASET = Dataset()  # the file meta information is of none


@dataclass(frozen=True)
class Range:
    """Bytes `start` to `end` of the input file, unchanged."""

    start: int
    end: int


Part = bytes | Range


def file_meta(instance: Instance, dataset: Dataset) -> bytes:
    """New file meta information (PS3.10 7.1), with nothing of the original's."""
    sop_instance_uid = str(value_of(dataset, "SOPInstanceUID") or "").strip("\0 ")
    if not instance.sop_class_uid or not sop_instance_uid:
        raise Refused(
            "The file does not say which kind of instance it is and which one "
            "(SOPClassUID, SOPInstanceUID), so no valid DICOM file can be made of it."
        )
    values = {
        0x00020001: ("OB", b"\0\1"),
        0x00020002: ("UI", _uid(instance.sop_class_uid)),
        0x00020003: ("UI", _uid(sop_instance_uid)),
        0x00020010: ("UI", _uid(instance.transfer_syntax)),
        0x00020012: ("UI", _uid(IMPLEMENTATION_CLASS_UID)),
        0x00020013: ("SH", padded(IMPLEMENTATION_VERSION_NAME.encode("ascii"))),
    }
    group = _explicit(values)
    return _explicit({0x00020000: ("UL", struct.pack("<L", len(group)))}) + group


def _uid(uid: str) -> bytes:
    return padded(uid.encode("ascii"), b"\0")


def _explicit(values: Mapping[int, tuple[str, bytes]]) -> bytes:
    """Elements in explicit VR little endian, as file meta information always is."""
    elements: Elements = {
        BaseTag(tag): RawDataElement(BaseTag(tag), vr, len(value), value, 0, False, True)
        for tag, (vr, value) in values.items()
    }
    return encoded(elements, NO_DATASET, implicit=False, little=True)


def write(
    instance: Instance, dataset: Dataset, pixel_parts: Sequence[Part] | None = None
) -> tuple[Part, ...]:
    """The parts of the file that holds `dataset` and the pixels of `instance`, in order.

    `pixel_parts` take the place of the encapsulated pixels with their delimiter. Same transfer
    syntax, same byte order. Raises `Refused` where no valid file can be made.
    """
    # A data set in implicit VR under another transfer syntax is put right (PS3.5 A).
    implicit = instance.implicit_vr and instance.transfer_syntax in (
        ImplicitVRLittleEndian,
        PRIVATE_GE,
    )
    pixels = instance.pixels
    boundary = 0x7FE00010 if pixels is None else pixels.tag
    with quietly():
        head = PREAMBLE + file_meta(instance, dataset)
        before: dict[BaseTag, DataElement | RawDataElement] = {}
        after: dict[BaseTag, DataElement | RawDataElement] = {}
        for tag, element in dataset._dict.items():
            (before if int(tag) < boundary else after)[tag] = element
        little = instance.little_endian
        start = encoded(before, dataset, implicit=implicit, little=little)
        end = encoded(after, dataset, implicit=implicit, little=little)
    rest: tuple[Part, ...] = (end,)
    if pixels is not None:
        start += _pixel_head(instance, pixels, implicit)
        rest = (*(pixel_parts or _as_they_are(instance, pixels)), end)
    if instance.transfer_syntax == DeflatedExplicitVRLittleEndian:
        start, rest = _deflated(chunks((start, *rest), instance.body)), ()
    return tuple(part for part in (head + start, *rest) if part)


def _as_they_are(instance: Instance, pixels: PixelElement) -> tuple[Part, ...]:
    """The pixels of the input; what stands behind the last native frame is no picture.

    The delimiter of fragments is written anew: its length, which is 0, could be anything.
    """
    if pixels.encapsulated:
        return Range(pixels.offset, pixels.element_end - len(END_OF_ITEMS)), END_OF_ITEMS
    behind = padding(instance)
    parts = (Range(pixels.offset, pixels.element_end - behind), bytes(behind))
    return tuple(part for part in parts if part)


def _pixel_head(instance: Instance, pixels: PixelElement, implicit: bool) -> bytes:
    """Tag, VR and length of the pixel element (PS3.5 7.1.2, 7.1.3, A.4)."""
    order = "<" if instance.little_endian else ">"
    length = UNDEFINED if pixels.encapsulated else pixels.length
    tag = (pixels.tag >> 16, pixels.tag & 0xFFFF)
    if implicit:
        return struct.pack(f"{order}HHL", *tag, length)
    vr = "OB" if pixels.encapsulated else pixels.vr
    return struct.pack(f"{order}HH2sHL", *tag, vr.encode("ascii"), 0, length)


def _deflated(pieces: Iterable[bytes]) -> bytes:
    """A deflated data set (PS3.5 A.5), padded to even length."""
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    data = b"".join([*(stream.compress(piece) for piece in pieces), stream.flush()])
    return data + b"\0" * (len(data) % 2)


def chunks(parts: Iterable[Part], source: BinaryIO) -> Iterator[bytes]:
    """The bytes of `parts`, ranges read from `source` piece by piece."""
    for part in parts:
        if isinstance(part, bytes):
            yield part
            continue
        source.seek(part.start)
        left = part.end - part.start
        while left:
            chunk = source.read(min(CHUNK, left))
            if not chunk:
                raise FileGone("The file became shorter while it was read.")
            left -= len(chunk)
            yield chunk
