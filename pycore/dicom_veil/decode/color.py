"""Colour as decoded to RGB of 8 bits a sample (PS3.3 C.7.6.3.1.2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.processing import convert_color_space

from dicom_veil import errors

YBR = ("YBR_FULL", "YBR_FULL_422")
# Never quotes the value: any text can stand there, a person's name too.
UNKNOWN_COLORS = "The picture's photometric interpretation is none that can be shown."


def to_rgb(values: NDArray[Any], photometric: str, bits: int) -> NDArray[np.uint8]:
    """Samples (rows, columns, 3) of `bits` bits to RGB uint8.

    Deeper samples lose their low bits first, as in dcmtk. Raises `Unsupported`.
    """
    eight = values if bits <= 8 else np.right_shift(values, bits - 8)
    eight = np.ascontiguousarray(eight, np.uint8)
    if photometric == "RGB":
        return eight
    if photometric in YBR:
        rgb: NDArray[np.uint8] = convert_color_space(eight, "YBR_FULL", "RGB")
        return rgb
    raise errors.Unsupported(UNKNOWN_COLORS)
