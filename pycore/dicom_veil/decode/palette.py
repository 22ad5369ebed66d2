"""PALETTE COLOR to RGB (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6; segmented: C.7.9.2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from dicom_veil import errors
from dicom_veil.attributes import words
from dicom_veil.lut import Descriptor, LookUpTable, descriptor, unpack

COLORS = ("Red", "Green", "Blue")
DISCRETE, LINEAR, INDIRECT = 0, 1, 2


def apply_palette(values: NDArray[Any], dataset: Dataset, *, signed: bool) -> NDArray[np.uint8]:
    """Stored values (rows, columns) to RGB (rows, columns, 3), 8 bits a sample.

    Entries of 16 bits lose their low byte, as in dcmtk. Raises `OutOfRange` without a palette.
    """
    tables = [_table(dataset, color, signed=signed) for color in COLORS]
    # A whole palette of small numbers in 16-bit entries is one of 8 bits with a wrong descriptor.
    deep = any(table.bits > 8 for table in tables)
    shift = 8 if deep and max(int(table.entries.max()) for table in tables) > 0xFF else 0
    planes = [(table.apply(values) >> shift).astype(np.uint8) for table in tables]
    return np.stack(planes, axis=-1)


def _table(dataset: Dataset, color: str, *, signed: bool) -> LookUpTable:
    name = f"{color}PaletteColorLookupTable"
    described = descriptor(dataset, f"{name}Descriptor", negative=signed)
    plain = words(dataset, f"{name}Data")
    if len(plain):
        entries = unpack(plain, described)
    else:
        entries = expand(words(dataset, f"Segmented{name}Data"), described)
    return LookUpTable(described.first, described.bits, entries)


def expand(segmented: NDArray[np.uint16], described: Descriptor) -> NDArray[np.uint16]:
    """The entries of a segmented table (PS3.3 C.7.9.2). Raises `OutOfRange`."""
    if described.bits <= 8:
        segmented = segmented.astype("<u2").view(np.uint8).astype(np.uint16)
    numbers = segmented.tolist()
    entries: list[int] = []
    try:
        _expand(numbers, 0, len(numbers), entries, described)
    except IndexError:
        raise errors.OutOfRange("A segmented palette ends in the middle of a segment.") from None
    if len(entries) < described.count:
        raise errors.OutOfRange("A segmented palette has fewer entries than it says.")
    return np.array(entries[: described.count], np.uint16)


def _expand(
    data: list[int], position: int, end: int, entries: list[int], described: Descriptor
) -> None:
    """Appends the entries of the segments that lie in `data[position:end]`."""
    while position + 1 < end and len(entries) < described.count:
        kind, length = data[position], data[position + 1]
        if kind == DISCRETE:
            entries.extend(data[position + 2 : position + 2 + length])
            position += 2 + length
        elif kind == LINEAR:
            start, stop = entries[-1], data[position + 2]
            # C.7.9.2.2: from the last entry, which is not repeated, to the given one.
            steps = np.linspace(start, stop, length + 1)[1:]
            entries.extend(np.floor(steps + 0.5).astype(int).tolist())
            position += 3
        elif kind == INDIRECT:
            _repeat(data, position, entries, described)
            position += 4 if described.bits > 8 else 6
        else:
            raise errors.OutOfRange("A segmented palette has a segment of unknown kind.")


def _repeat(data: list[int], position: int, entries: list[int], described: Descriptor) -> None:
    """An indirect segment: `length` segments again, from an offset given low part first."""
    base = 16 if described.bits > 8 else 8
    parts = data[position + 2 : position + (4 if base == 16 else 6)]
    offset = sum(part << (base * place) for place, part in enumerate(parts))
    for _ in range(data[position + 1]):
        kind, length = data[offset], data[offset + 1]
        size = 2 + length if kind == DISCRETE else 3
        if kind not in (DISCRETE, LINEAR):
            raise errors.OutOfRange("A segmented palette refers to a segment that it cannot.")
        _expand(data, offset, offset + size, entries, described)
        offset += size
