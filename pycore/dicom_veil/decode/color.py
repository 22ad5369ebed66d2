"""Colour as decoded to RGB of 8 bits a sample (PS3.3 C.7.6.3.1.2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import convert_color_space

from dicom_veil import errors
from dicom_veil.decode.palette import apply_palette

YBR = ("YBR_FULL", "YBR_FULL_422")
PARTIAL = ("YBR_PARTIAL", "YBR_PARTIAL_422")
# C.7.6.3.1.2 (retired), turned round: R, G, B from Y - 16, CB - 128, CR - 128.
FROM_PARTIAL = np.array([[1.1644, 0, 1.5960], [1.1644, -0.3917, -0.8130], [1.1644, 2.0173, 0]])
AT_ONCE = 1 << 18  # pixels
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
    if photometric in CONVERTED and values.shape[2] == (4 if photometric == "CMYK" else 3):
        result = np.empty((*eight.shape[:2], 3), np.uint8)
        rows = max(1, AT_ONCE // eight.shape[1])
        for start in range(0, len(eight), rows):
            part = CONVERTED[photometric](eight[start : start + rows].astype(np.float64))
            result[start : start + rows] = np.clip(np.floor(part + 0.5), 0, 255)
        return result
    raise errors.Unsupported(UNKNOWN_COLORS)


def _from_partial(ybr: NDArray[np.float64]) -> NDArray[np.float64]:
    rgb: NDArray[np.float64] = (ybr - (16, 128, 128)) @ FROM_PARTIAL.T
    return rgb


def _from_hsv(hsv: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hue as 256 parts of a turn, from red over green and blue back to red, as in dcmtk."""
    hue, saturation, value = hsv[..., 0] * (6 / 256), hsv[..., 1] / 255, hsv[..., 2]
    away = [np.clip(np.abs((hue + turn) % 6 - 3) - 1, 0, 1) for turn in (0, 4, 2)]
    return np.stack([value * (1 - saturation * (1 - one)) for one in away], axis=-1)


def _from_cmyk(cmyk: NDArray[np.float64]) -> NDArray[np.float64]:
    return 255 - cmyk[..., :3] - cmyk[..., 3:]


CONVERTED = {
    **dict.fromkeys(PARTIAL, _from_partial),
    "HSV": _from_hsv,
    "CMYK": _from_cmyk,
}


def overridden(values: NDArray[Any], bits: int, dataset: Dataset) -> NDArray[np.uint8]:
    """ARGB samples (rows, columns, 4) to RGB: where alpha is above 0, it indexes the palette.

    (PS3.3 C.7.6.3.1.2 of the editions that had it.) Without a palette nothing is overridden.
    """
    if values.ndim != 3 or values.shape[2] != 4:
        raise errors.Unsupported(UNKNOWN_COLORS)
    alpha, rgb = values[..., 0], to_rgb(values[..., 1:], "RGB", bits)
    if "RedPaletteColorLookupTableDescriptor" not in dataset:
        return rgb
    over = apply_palette(alpha, dataset, signed=False)
    return np.where((alpha > 0)[..., np.newaxis], over, rgb)
