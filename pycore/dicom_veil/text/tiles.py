"""The parts of a picture that a model looks at: where something is, and never too much at once."""

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.boxes import Box
from dicom_veil.text.components import regions

TILE = 608  # pixels of the picture that the model sees at once
OVERLAP = 96  # of neighbouring tiles: a letter of 40 pixels is whole in one of them
FLAT = 8  # grey levels: what does not stand out by so much cannot be told from noise
CELL = 16  # pixels: whether something stands out is asked of cells of this size
SIDE = 2 * CELL  # sides of parts are multiples of it, so that the model sees them undistorted
MANY = 48  # places; from more on they are one
WORTH = 1.0  # times their own area, up to which two places are looked at as one


def parts(picture: NDArray[np.uint8]) -> list[Box]:
    """Overlapping parts, together all of a picture that is not of one level."""
    return _parts(uneven(picture), picture.shape[0], picture.shape[1])


def uneven(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The cells in or beside which a gray or RGB picture is not of one level."""
    cells = [
        every.reduceat(
            every.reduceat(picture, np.arange(0, picture.shape[0], CELL), axis=0),
            np.arange(0, picture.shape[1], CELL),
            axis=1,
        )
        for every in (np.maximum, np.minimum)
    ]
    high, low = (_near(one, every) for one, every in zip(cells, (np.maximum, np.minimum),
                                                         strict=True))  # fmt: skip
    apart = high - low >= FLAT
    stands: NDArray[np.bool_] = np.any(apart, axis=2) if apart.ndim == 3 else apart
    return stands


def _near(cells: NDArray[np.uint8], every: np.ufunc) -> NDArray[np.uint8]:
    """The extreme of each cell and its eight neighbours."""
    for axis in (0, 1):
        padded = np.pad(cells, [(1, 1) if one == axis else (0, 0) for one in range(cells.ndim)],
                        mode="edge")  # fmt: skip
        length = cells.shape[axis]
        first, second, third = (
            padded[tuple(slice(at, at + length) if one == axis else slice(None)
                         for one in range(cells.ndim))]
            for at in range(3)
        )  # fmt: skip
        cells = every(every(first, second), third)
    return cells


def _parts(stands: NDArray[np.bool_], rows: int, columns: int) -> list[Box]:
    found: list[Box] = []
    for place in _places(stands):
        for tile in tiles(place.height, place.width):
            moved = tile.moved(place.left, place.top)
            inside = stands[moved.top : moved.bottom, moved.left : moved.right]
            if content := _content(inside):
                found.append(_sized(content.moved(moved.left, moved.top), rows, columns))
    return found


def _places(stands: NDArray[np.bool_]) -> list[Box]:
    """What belongs together, in cells."""
    boxes = [Box(one.left, one.top, one.right, one.bottom) for one in regions(stands)]
    if len(boxes) > MANY:
        around = boxes[0]
        for box in boxes[1:]:
            around = around.around(box)
        return [around]
    before = -1
    while len(boxes) != before:
        before = len(boxes)
        boxes = _joined(boxes)
    return boxes


def _joined(boxes: list[Box]) -> list[Box]:
    """Boxes of which two became one where that is no more to look at."""
    joined: list[Box] = []
    for box in boxes:
        for position, other in enumerate(joined):
            around = box.around(other)
            if around.area <= WORTH * (box.area + other.area):
                joined[position] = around
                break
        else:
            joined.append(box)
    return joined


def _content(stands: NDArray[np.bool_]) -> Box | None:
    """The cells between the first and last that stand out, of those of one tile."""
    down, across = np.flatnonzero(stands.any(axis=1)), np.flatnonzero(stands.any(axis=0))
    if not down.size:
        return None
    return Box(int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1)


def _sized(cells: Box, rows: int, columns: int) -> Box:
    """Pixels of a box of cells, its sides multiples of `SIDE` where the picture has the room."""
    left, right = _side(cells.left, cells.right, columns)
    top, bottom = _side(cells.top, cells.bottom, rows)
    return Box(left, top, right, bottom)


def _side(first: int, last: int, length: int) -> tuple[int, int]:
    start, end = first * CELL, min(last * CELL, length)
    wanted = min(length, -(-(end - start) // SIDE) * SIDE)
    start = max(0, min(start, length - wanted))
    return start, start + wanted


def tiles(rows: int, columns: int) -> list[Box]:
    """Overlapping tiles of so many rows and columns of cells."""
    return [
        Box(left, top, right, bottom)
        for top, bottom in _spans(rows)
        for left, right in _spans(columns)
    ]


def _spans(length: int) -> list[tuple[int, int]]:
    tile, overlap = TILE // CELL, OVERLAP // CELL
    count = max(1, -(-(length - overlap) // (tile - overlap)))
    size = -(-(length + (count - 1) * overlap) // count)
    starts = [min(number * (size - overlap), max(0, length - size)) for number in range(count)]
    return [(start, min(start + size, length)) for start in starts]
