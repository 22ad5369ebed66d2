"""All text of one picture: found at two contrasts and two directions, merged, read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.ask import Asking
from dicom_veil.text.boxes import Box, united
from dicom_veil.text.contrast import local_contrast
from dicom_veil.text.detect import Picture, detect
from dicom_veil.text.read import Reading, read_line

TILE = 640  # pixels of the picture that the model sees at once, so that memory stays bounded
OVERLAP = 96  # of neighbouring tiles: a letter of 40 pixels is whole in one of them
SCALE = 2.0


@dataclass(frozen=True)
class Found:
    """One line of text: where, and what it says."""

    box: Box
    reading: Reading


def find(picture: Picture) -> Asking[list[Box]]:
    """The boxes of all text in a gray or RGB picture, any size."""
    boxes: list[Box] = []
    for tile in tiles(picture.shape[0], picture.shape[1]):
        part = picture[tile.top : tile.bottom, tile.left : tile.right]
        if part.max() - part.min() < 8:
            continue  # nothing stands out of it by what could be told from noise
        gray = part.max(axis=2) if part.ndim == 3 else part
        stretched = local_contrast(gray.astype(np.float32))
        for view in (np.ascontiguousarray(part), stretched):
            found = yield from detect(view, SCALE)
            boxes += [box.moved(tile.left, tile.top) for box in found]
        turned = np.ascontiguousarray(np.rot90(stretched))
        found = yield from detect(turned, SCALE)
        width = part.shape[1]
        upright = [Box(width - box.bottom, box.left, width - box.top, box.right) for box in found]
        boxes += [box.moved(tile.left, tile.top) for box in upright if box.height > box.width]
    return united(boxes)


def scan(picture: Picture, characters: tuple[str, ...]) -> Asking[list[Found]]:
    """Finds and reads all text of a picture."""
    boxes = yield from find(picture)
    found: list[Found] = []
    for box in boxes:
        reading = yield from read_line(picture, box, characters)
        found.append(Found(box, reading))
    return found


def tiles(rows: int, columns: int) -> list[Box]:
    """Overlapping parts that cover a picture."""
    return [
        Box(left, top, right, bottom)
        for top, bottom in _spans(rows)
        for left, right in _spans(columns)
    ]


def _spans(length: int) -> list[tuple[int, int]]:
    count = max(1, -(-(length - OVERLAP) // (TILE - OVERLAP)))
    size = -(-(length + (count - 1) * OVERLAP) // count)
    starts = [min(number * (size - OVERLAP), max(0, length - size)) for number in range(count)]
    return [(start, min(start + size, length)) for start in starts]


def gray_of(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Any numbers over 0 to 255, from the lowest to the highest."""
    low, high = float(values.min()), float(values.max())
    return ((values - low) * (255 / ((high - low) or 1))).astype(np.float32)
