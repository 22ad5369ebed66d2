"""Stored values as positions in a look-up table of 256 or 65536 entries."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode import Frame
from dicom_veil.padding import Range

LEVELS = 65536
AT_ONCE = 1 << 18  # pixels
SPREAD = "The values are shown in 65536 steps from the frame's lowest to its highest."


@dataclass(frozen=True)
class Indexed:
    """`indices` (rows, columns), uint8 or uint16; stored value = index × `scale` + `offset`.

    `exact`: every stored value has an index of its own. Integers of up to 16 bits always do; wider
    ones and floats are spread over 65536 levels from the frame's lowest value to its highest.
    `padding`: the first and last index of pixels that are no image (C.7.5.1.1.2, or no number at
    all), None where no index is.
    """

    indices: NDArray[np.uint8] | NDArray[np.uint16]
    levels: int
    scale: float
    offset: float
    exact: bool
    notes: tuple[str, ...] = ()
    padding: tuple[int, int] | None = None

    def stored(self, indices: NDArray[Any]) -> NDArray[np.float64]:
        """The stored values that some indices stand for."""
        values: NDArray[np.float64] = np.multiply(indices, self.scale, dtype=np.float64)
        values += self.offset
        return values


def indexed(frame: Frame, padding: Range | None = None) -> Indexed:
    """Indices of a gray frame; its colours have none (a programming error).

    `padding`: the lowest and highest stored value that is no image. Cells of up to 16 bits are
    not copied (signed ones once).
    """
    values = frame.values
    if values.ndim != 2:
        raise ValueError("a colour frame has no stored values to index")
    if values.dtype.kind not in "iu" or values.dtype.itemsize > 2:
        return _spread(values, padding)
    bits = 8 * values.dtype.itemsize
    levels, offset, indices = 1 << bits, 0, values
    if values.dtype.kind == "i":
        # Two's complement with the sign bit flipped counts up from the lowest value.
        indices = values.view(f"u{values.dtype.itemsize}")
        indices = indices ^ indices.dtype.type(1 << (bits - 1))
        offset = -(1 << (bits - 1))
    dark = _within(padding, levels, offset)
    return Indexed(indices, levels, 1.0, float(offset), exact=True, padding=dark)


def _within(padding: Range | None, levels: int, offset: int) -> tuple[int, int] | None:
    if padding is None:
        return None
    low, high = max(math.ceil(padding[0]) - offset, 0), min(math.floor(padding[1]) - offset,
                                                            levels - 1)  # fmt: skip
    return (low, high) if low <= high else None


def _spread(values: NDArray[Any], padding: Range | None) -> Indexed:
    """Wide integers and floats. Index 0 is padding and what is no number, where there is any.

    Some rows at a time: in float64 the whole would be four times what it is.
    """
    ends = None if padding is None else _in_cells(padding, values.dtype)
    low, high, whole = _extent(values, ends)
    first = 0 if whole else 1
    steps = LEVELS - 1 - first
    exact = values.dtype.kind in "iu" and high - low <= steps
    scale = 1.0 if exact else (high / steps - low / steps) or 1.0
    indices = np.zeros(values.shape, np.uint16)
    for rows in _blocks(values):
        wide, image = _wide(values[rows], ends)
        wide[~image] = low
        # Halves avoid an overflow where the range itself is beyond the largest float.
        level = np.floor((wide / 2 - low / 2) / (scale / 2) + 0.5) + first
        level[~image] = 0
        indices[rows] = level
    notes = () if exact else (SPREAD,)
    dark = None if whole else (0, 0)
    return Indexed(indices, LEVELS, scale, low - first * scale, exact, notes, dark)


def _blocks(values: NDArray[Any]) -> Iterator[slice]:
    rows = max(1, AT_ONCE // max(1, values.shape[1]))
    return (slice(start, start + rows) for start in range(0, len(values), rows))


def _in_cells(padding: Range, dtype: np.dtype[Any]) -> Range:
    """Padding in the precision of the cells, in which it was meant."""
    if dtype.kind != "f":
        return padding
    with np.errstate(over="ignore"):
        low, high = np.array(padding).astype(dtype).tolist()
    return low, high


def _wide(values: NDArray[Any], padding: Range | None) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Values as float64, and which of them are image."""
    wide = values.astype(np.float64)
    image: NDArray[np.bool_] = np.isfinite(wide)
    if padding is not None:
        image &= (wide < padding[0]) | (wide > padding[1])
    return wide, image


def _extent(values: NDArray[Any], padding: Range | None) -> tuple[float, float, bool]:
    """Lowest and highest value of the image, and whether all of the frame is image."""
    low, high, whole = math.inf, -math.inf, True
    for rows in _blocks(values):
        wide, image = _wide(values[rows], padding)
        whole = whole and bool(image.all())
        seen = wide[image]
        low, high = float(seen.min(initial=low)), float(seen.max(initial=high))
    return (low, high, whole) if low <= high else (0.0, 0.0, whole)
