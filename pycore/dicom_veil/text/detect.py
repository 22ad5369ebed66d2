"""Where text stands in a picture (the detection model of PP-OCR: differentiable binarisation).

The model gives each pixel the likelihood that it lies inside a line of text, shrunk from the
line's edge. Lines are the connected regions of likely pixels, grown back.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dicom_veil.text.ask import Ask, Asking, Tensor
from dicom_veil.text.boxes import Box
from dicom_veil.text.components import Region, regions
from dicom_veil.text.tiles import TILE

STRIDE = 32  # sides that the model takes are multiples of it
LIKELY = 0.2  # of a pixel
LIKELY_LINE = 0.3  # on average over the likely pixels of a region
SHRUNK = 1.6  # how much a region's area over its circumference is grown back
THINNEST = 3  # of a region, in the pixels that the model saw
THICKEST = 170  # of a line, in the same: what is larger is anatomy, and seen again smaller
# Print that touches the end of what the model sees is not seen, not even large and bright print.
AROUND = 8  # pixels of the usual level that are put around a picture
SAMPLE = 4  # every so many-th row and column says what level is usual

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Line:
    """What may be a line of text, and how likely, 0 to 1."""

    box: Box
    likely: float


def detect(picture: Picture, scale: float) -> Asking[list[Line]]:
    """The lines of text in a gray (rows, columns) or RGB picture.

    `scale`: how many times larger the model shall see it; print of 7 pixels needs 3. Lines that
    stand on end are found too, as boxes that are higher than wide.
    """
    channels = (picture,) if picture.ndim == 2 else tuple(np.moveaxis(picture, 2, 0))
    found = yield from detect_in(channels, scale)
    return found


def detect_in(channels: tuple[Picture, ...], scale: float) -> Asking[list[Line]]:
    """The lines of text in one or three gray pictures of one shape, which are seen as one."""
    rows, columns = channels[0].shape
    height, width = (_side(_length(side) * scale) for side in (rows, columns))
    output: Tensor = yield Ask("detect", _seen(channels, width, height))
    likelihood = output[0, 0]
    framed_rows, framed_columns = rows + 2 * AROUND, columns + 2 * AROUND
    across, down = framed_columns / width, framed_rows / height
    found: list[Line] = []
    for region in regions(likelihood > LIKELY):
        if min(region.right - region.left, region.bottom - region.top) < THINNEST:
            continue
        inside = likelihood[region.top : region.bottom, region.left : region.right]
        likely = float(inside[inside > LIKELY].mean())
        box = _grown(region, across, down, framed_columns, framed_rows)
        if likely >= LIKELY_LINE and min(box.width, box.height) * scale <= THICKEST:
            found.append(Line(_inside(box, rows, columns), likely))
    return [line for line in found if line.box.area]


def _seen(channels: tuple[Picture, ...], width: int, height: int) -> NDArray[np.uint8]:
    """What the model is given of them, (1, channels, height, width)."""
    seen = np.empty((1, len(channels), height, width), np.uint8)
    made: dict[int, Picture] = {}  # of a gray picture two of the three are one
    for number, channel in enumerate(channels):
        if id(channel) not in made:
            made[id(channel)] = resized(_framed(channel), width, height)
        seen[0, number] = made[id(channel)]
    return seen


def _framed(picture: Picture) -> Picture:
    """A gray picture with its usual level around it."""
    rows, columns = picture.shape
    framed: Picture = np.empty((rows + 2 * AROUND, columns + 2 * AROUND), np.uint8)
    framed[...] = np.median(picture[::SAMPLE, ::SAMPLE])
    framed[AROUND:-AROUND, AROUND:-AROUND] = picture
    return framed


def _inside(box: Box, rows: int, columns: int) -> Box:
    """A box of the framed picture in the picture itself; it has no area outside."""
    left, top = max(0, box.left - AROUND), max(0, box.top - AROUND)
    right, bottom = min(columns, box.right - AROUND), min(rows, box.bottom - AROUND)
    return Box(left, top, max(left, right), max(top, bottom))


def detect_turned(picture: Picture, scale: float) -> Asking[list[Line]]:
    """The lines that stand on end, found in the picture turned by a quarter."""
    turned = yield from detect(np.ascontiguousarray(np.rot90(picture)), scale)
    width = picture.shape[1]
    boxes = [
        (Box(width - one.box.bottom, one.box.left, width - one.box.top, one.box.right), one.likely)
        for one in turned
    ]
    return [Line(box, likely) for box, likely in boxes if box.height > box.width]


def _length(side: int) -> int:
    """A side with what is put around it; what was a whole tile stays as large."""
    return min(side + 2 * AROUND, max(side, TILE))


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
