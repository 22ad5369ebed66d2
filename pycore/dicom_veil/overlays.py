"""Overlay planes (60xx; PS3.3 C.9.2, C.9.3): drawings of one bit, shown only when wanted.

A plane has bits of its own (Overlay Data) or, in old files, is one bit of the pixel cells
(PS3.5-2004 8.1.2).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from dicom_veil.attributes import element_of, numbers, whole
from dicom_veil.decode import decode_frame
from dicom_veil.graphics import BITS, COLUMNS, DATA, FIRST, FRAMES, ORIGIN, POSITION, ROWS
from dicom_veil.read import Instance

GROUPS = range(0x6000, 0x6100, 2)
LONGEST = 0xFFFF  # Overlay Rows and Columns are US


@dataclass(frozen=True)
class Plane:
    """One overlay group. `top` and `left` count from 0 at the image's first pixel, and can be

    outside of it. `frames`: how many frames of its own, from image frame `first` (from 0) on;
    None: one plane for every frame of the image. `bit`: its position in the pixel cells, None
    where it has Overlay Data.
    """

    group: int
    rows: int
    columns: int
    top: int
    left: int
    frames: int | None
    first: int
    bit: int | None


def planes(dataset: Dataset, frame_index: int) -> tuple[Plane, ...]:
    """The planes that belong to one frame of the image, in the order of their groups."""
    present = sorted({int(tag) >> 16 for tag in dataset._dict if int(tag) >> 16 in GROUPS})
    found = (_plane(dataset, group) for group in present)
    return tuple(plane for plane in found if plane is not None and _belongs(plane, frame_index))


def _belongs(plane: Plane, frame_index: int) -> bool:
    """Frames of an overlay go with those of the image one to one (C.9.3.1.1)."""
    return plane.frames is None or 0 <= frame_index - plane.first < plane.frames


def _plane(dataset: Dataset, group: int) -> Plane | None:
    """A plane by its attributes, or None where it has no size or no bits."""
    at = group << 16
    rows, columns = whole(dataset, at | ROWS) or 0, whole(dataset, at | COLUMNS) or 0
    bit = None
    if not isinstance(packed_bits(dataset, group), bytes):
        bit = whole(dataset, at | POSITION) or 0
        if not bit or (whole(dataset, at | BITS) or 0) < 2:
            return None
    if not (0 < rows <= LONGEST and 0 < columns <= LONGEST):
        return None
    origin = numbers(dataset, at | ORIGIN, signed=True)
    # Row and column of the first point; the image's own is 1\\1 (C.9.2).
    top, left = (_signed(int(one)) - 1 for one in (origin if len(origin) == 2 else (1, 1)))
    frames = whole(dataset, at | FRAMES)
    first = (whole(dataset, at | FIRST) or 1) - 1
    return Plane(group, rows, columns, top, left, frames or None, first, bit)


def _signed(word: int) -> int:
    """Overlay Origin is SS; some write its negative numbers as US."""
    return word - 0x10000 if word >= 0x8000 else word


def packed_bits(dataset: Dataset, group: int) -> bytes | None:
    """Overlay Data with bits from the low end of each byte, in order; None where there is none."""
    element = element_of(dataset, group << 16 | DATA)
    if element is None or not isinstance(element.value, bytes) or not element.value:
        return None
    value = element.value
    little = getattr(element, "is_little_endian", True)
    if not little and element.VR == "OW":  # bits count from the low end of each word (PS3.5 8.1.2)
        return np.frombuffer(value[: len(value) // 2 * 2], ">u2").astype("<u2").tobytes()
    return value


def overlay_mask(
    instance: Instance, frame_index: int, rows: int, columns: int
) -> NDArray[np.uint8]:
    """All planes of one frame or-ed, (rows, columns) of 0 and 1.

    Raises what `decode_frame` raises, where a plane lies in the pixel cells.
    """
    mask = np.zeros((rows, columns), np.uint8)
    for plane in planes(instance.dataset, frame_index):
        draw(mask, instance, plane, frame_index)
    return mask


def draw(mask: NDArray[np.uint8], instance: Instance, plane: Plane, frame_index: int) -> None:
    """Or-s one plane of a frame onto `mask`, (rows, columns) of the image.

    Raises what `decode_frame` raises, where the plane lies in the pixel cells.
    """
    if plane.bit is None:
        _draw(mask, _bits(instance.dataset, plane, frame_index), plane.top, plane.left)
    else:
        # Such a plane is as large as the image, and lies on it.
        cells = _cells(instance, frame_index)
        _draw(mask, (cells >> plane.bit & 1).astype(np.uint8), 0, 0)


def _bits(dataset: Dataset, plane: Plane, frame_index: int) -> NDArray[np.uint8]:
    """The bits of one overlay frame; rows that the data do not hold are left out.

    Frames follow each other without a gap, also within a byte (C.9.3).
    """
    data = np.frombuffer(packed_bits(dataset, plane.group) or b"", np.uint8)
    each = plane.rows * plane.columns
    start = 0 if plane.frames is None else (frame_index - plane.first) * each
    rows = max(0, min(plane.rows, (len(data) * 8 - start) // plane.columns))
    end = start + rows * plane.columns
    bits = np.unpackbits(data[start // 8 : -(-end // 8)], bitorder="little")[start % 8 :]
    return bits[: end - start].reshape(rows, plane.columns)


def _draw(mask: NDArray[np.uint8], bits: NDArray[np.uint8], top: int, left: int) -> None:
    """Or-s `bits` onto `mask` at a place that may lie outside of it in part."""
    end, right = max(top + bits.shape[0], 0), max(left + bits.shape[1], 0)
    there = mask[max(top, 0) : end, max(left, 0) : right]
    from_top, from_left = max(-top, 0), max(-left, 0)
    there |= bits[from_top : from_top + there.shape[0], from_left : from_left + there.shape[1]]


def _cells(instance: Instance, frame_index: int) -> NDArray[np.uint16]:
    """The whole pixel cells of a frame, with the bits that are no image."""
    dataset = instance.dataset
    allocated = whole(dataset, "BitsAllocated") or 16
    told: dict[int, tuple[str, object]] = {
        0x00280004: ("CS", "MONOCHROME2"), 0x00280101: ("US", allocated),
        0x00280102: ("US", allocated - 1), 0x00280103: ("US", 0),
    }  # fmt: skip
    elements = {tag: DataElement(tag, vr, value) for tag, (vr, value) in told.items()}
    bare = replace(instance, dataset=Dataset({**dataset._dict, **elements}))  # type: ignore[dict-item]
    return decode_frame(bare, frame_index).values.astype(np.uint16)
