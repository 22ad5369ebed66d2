"""Stored values as positions in a look-up table of 256 or 65536 entries."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode import Frame


@dataclass(frozen=True)
class Indexed:
    """`indices` (rows, columns), uint8 or uint16; stored value = index × `scale` + `offset`.

    `exact`: every stored value has an index of its own. Integers of up to 16 bits always do; wider
    ones and floats are spread over 65536 levels from the frame's lowest value to its highest.
    """

    indices: NDArray[np.uint8] | NDArray[np.uint16]
    levels: int
    scale: float
    offset: float
    exact: bool
    notes: tuple[str, ...] = ()

    def stored(self, indices: NDArray[Any]) -> NDArray[np.float64]:
        """The stored values that some indices stand for."""
        values: NDArray[np.float64] = np.multiply(indices, self.scale, dtype=np.float64)
        values += self.offset
        return values


def indexed(frame: Frame) -> Indexed:
    """Indices of a gray frame; its colours have none (a programming error)."""
    values = frame.values
    if values.ndim != 2:
        raise ValueError("a colour frame has no stored values to index")
    if values.dtype.kind == "u" and values.dtype.itemsize <= 2:
        return Indexed(values, 1 << (8 * values.dtype.itemsize), 1.0, 0.0, exact=True)
    if values.dtype.kind == "i" and values.dtype.itemsize <= 2:
        bits = 8 * values.dtype.itemsize
        unsigned = values.view(f"u{values.dtype.itemsize}")
        # Two's complement with the sign bit flipped counts up from the lowest value.
        indices = unsigned ^ unsigned.dtype.type(1 << (bits - 1))
        return Indexed(indices, 1 << bits, 1.0, float(-(1 << (bits - 1))), exact=True)
    return _spread(values)


def _spread(values: NDArray[Any]) -> Indexed:
    """Wide integers and floats; what is no number goes to the lowest level."""
    wide = values.astype(np.float64)
    finite = np.isfinite(wide)
    low, high = (wide[finite].min(), wide[finite].max()) if finite.any() else (0.0, 0.0)
    if values.dtype.kind in "iu" and high - low < 65536:
        indices = (wide - low).astype(np.uint16)
        return Indexed(indices, 65536, 1.0, float(low), exact=True)
    scale = (float(high) - float(low)) / 65535 or 1.0
    wide[~finite] = low
    # Halves avoid an overflow where the range itself is beyond the largest float.
    indices = np.floor((wide / 2 - low / 2) / (scale / 2) + 0.5).astype(np.uint16)
    note = "The values are shown in 65536 steps from the frame's lowest to its highest."
    return Indexed(indices, 65536, scale, float(low), exact=False, notes=(note,))
