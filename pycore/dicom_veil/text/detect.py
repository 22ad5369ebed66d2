"""Where text stands in a picture (the detection model of PP-OCR: differentiable binarisation).

The model gives each pixel the likelihood that it lies inside a line of text, shrunk from the
line's edge. Lines are the connected regions of likely pixels, grown back.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dicom_veil.text.ask import Ask, Asking, tensor_of
from dicom_veil.text.boxes import Box
from dicom_veil.text.components import Region, regions

STRIDE = 32  # sides that the model takes are multiples of it
LIKELY = 0.2  # of a pixel
LIKELY_LINE = 0.4  # on average over the likely pixels of a region
SHRUNK = 1.6  # how much a region's area over its circumference is grown back
THINNEST = 3  # of a region, in the pixels that the model saw

Picture = NDArray[np.uint8]


def detect(picture: Picture, scale: float) -> Asking[list[Box]]:
    """The boxes of the lines of text in a gray (rows, columns) or RGB picture.

    `scale`: how many times larger the model shall see it; print of 7 pixels needs 2. Lines that
    stand on end are found too, as boxes that are higher than wide.
    """
    rows, columns = picture.shape[:2]
    seen = resized(picture, _side(columns * scale), _side(rows * scale))
    output = yield Ask("detect", tensor_of(in_color(seen)))
    likelihood = output[0, 0]
    across, down = columns / seen.shape[1], rows / seen.shape[0]
    found: list[Box] = []
    for region in regions(likelihood > LIKELY):
        if min(region.right - region.left, region.bottom - region.top) < THINNEST:
            continue
        inside = likelihood[region.top : region.bottom, region.left : region.right]
        if float(inside[inside > LIKELY].mean()) >= LIKELY_LINE:
            found.append(_grown(region, across, down, columns, rows))
    return found


def _side(length: float) -> int:
    return max(STRIDE, round(length / STRIDE) * STRIDE)


def _grown(region: Region, across: float, down: float, columns: int, rows: int) -> Box:
    """The line around a region, in the picture's own pixels."""
    width, height = region.right - region.left, region.bottom - region.top
    margin = width * height * SHRUNK / (2 * (width + height))
    return Box(
        max(0, int((region.left - margin) * across)),
        max(0, int((region.top - margin) * down)),
        min(columns, int((region.right + margin) * across + 1)),
        min(rows, int((region.bottom + margin) * down + 1)),
    )


def resized(picture: Picture, width: int, height: int) -> Picture:
    """A gray or RGB picture at another size."""
    if picture.shape[:2] == (height, width):
        return picture
    grows = width > picture.shape[1]
    how = Image.Resampling.BICUBIC if grows else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize((width, height), how))


def in_color(picture: Picture) -> Picture:
    """RGB of a gray picture."""
    return picture if picture.ndim == 3 else np.repeat(picture[..., np.newaxis], 3, axis=2)
