"""Where the pixels of an instance lie: of the pixel data only heads are read (PS3.5 8, A.4)."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from dicom_veil import errors
from dicom_veil.encoding import ITEM, LONG_VRS, PIXEL_TAGS, SEQUENCE_END, UNDEFINED

SUBSAMPLED = ("YBR_FULL_422", "YBR_PARTIAL_422")


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

    def holds(self, frame_bits: int) -> int:
        """The most frames that there can be: a header can say any number."""
        if self.encapsulated:
            return len(self.items) - 1
        return self.length * 8 // frame_bits if frame_bits > 0 else 0


def bits_of_frame(
    rows: int, columns: int, samples: int, bits_allocated: int, photometric: str
) -> int:
    """Bits of one uncompressed frame; frames of 1-bit pixels need not end on a byte."""
    count = rows * columns * samples
    if photometric in SUBSAMPLED:
        count = count // 3 * 2  # PS3.3 C.7.6.3.1.2: one CB and CR for two pixels
    return count * bits_allocated


def find_pixels(body: BinaryIO, size: int, implicit: bool, little: bool) -> PixelElement | None:
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
