"""Frames that go into one array or film are of one size and type."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil import errors


class Alike:
    """Counts frames; the first says what all have to be."""

    def __init__(self) -> None:
        self.count = 0
        self._shape: tuple[int, ...] = ()
        self._dtype: np.dtype[Any] = np.dtype(np.uint8)

    def check(self, pixels: NDArray[Any]) -> None:
        """Counts a frame. Raises `OutOfRange` where it is not like those before it."""
        if not self.count:
            self._shape, self._dtype = pixels.shape, pixels.dtype
        elif pixels.shape != self._shape:
            raise errors.OutOfRange("The frames are not all of one size.")
        elif pixels.dtype != self._dtype:
            raise errors.OutOfRange("The values of the frames are not all of one type.")
        self.count += 1

    def total(self) -> tuple[int, tuple[int, ...], "np.dtype[Any]"]:
        """Number, shape and type of the frames. Raises `OutOfRange` where there is none."""
        if not self.count:
            raise errors.OutOfRange("There is no picture to export.")
        return self.count, self._shape, self._dtype
