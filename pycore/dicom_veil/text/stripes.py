"""Print that is drawn in stripes: where it stands, and the same print made whole.

Screens that drew every second row only, once or doubled, give letters of stripes one or two rows
apart. To the models these are patterns: they see no line in them, or cannot read it. In such print
the level goes up and down from row to row as in nothing else, noise and anatomy included. So its
pictures are told by numbers, and only they are looked at once more.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.tiles import CELL

PERIOD = 4  # rows of the longer stripes; the shorter ones are half as long
# Share of the ups and downs that have turned round half a period later: 0.5 to 0.95 in striped
# letters, in others and in noise mostly below 0.5.
OPPOSED = 0.55
OPPOSED_OF_LINE = 0.5  # with what else lies in its box
OPPOSED_ACROSS = 0.6  # the uprights of any letters follow one another too
CELLS = 4  # of those that overlap, at least: one letter of 14 pixels has as many
STANDS = 12.0  # grey levels squared, on average: less is noise
STEEP = 2.0  # times the average, above which ups and downs count no more: edges beneath
GAIN = 4  # of swings, so that those of 20 grey levels are seen
EVEN = 128  # what is neither bright nor dark at local contrast
Kind = TypeVar("Kind", bound=np.generic)


def is_striped(picture: NDArray[np.uint8], *, across: bool = False) -> bool:
    """Whether a line, cut out of a gray or RGB picture, is of stripes.

    `across`: the line stands on end, and so do its stripes.
    """
    if not picture.size:
        return False
    rows = _upright(_gray(picture), across=across)
    once, twice, power = (every.sum() for every in _swings(rows, STEEP))
    return bool(max(once, twice) > OPPOSED_OF_LINE * power)


def anywhere(picture: NDArray[np.uint8], *, across: bool = False) -> bool:
    """Whether print of stripes may stand somewhere in a gray or RGB picture."""
    rows = _upright(_gray(picture), across=across)
    once, twice, power = (_four_cells(every) for every in _swings(rows))
    there = np.maximum(once, twice) > (OPPOSED_ACROSS if across else OPPOSED) * power
    there &= power > STANDS * (2 * CELL) ** 2
    return int(there.sum()) >= CELLS


def joined(stretched: NDArray[np.uint8], *, across: bool = False) -> NDArray[np.uint8]:
    """A picture at local contrast, print of stripes in it made whole, bright and dark.

    Bright stripes are joined by a closing of three rows (the highest of the rows around, then the
    lowest of those), dark ones the other way round.
    """
    rows = _upright(stretched, across=across)
    bright = _extreme(_extreme(np.maximum(rows, EVEN), np.maximum), np.minimum)
    dark = _extreme(_extreme(np.minimum(rows, EVEN), np.minimum), np.maximum)
    # What is both bright and dark within three rows is even again; the sum stays within a byte.
    return np.ascontiguousarray(_upright((bright - EVEN) + dark, across=across))


def swing(picture: NDArray[np.uint8], *, across: bool = False) -> NDArray[np.uint8]:
    """How much the level goes up and down where print of stripes is, whatever lies beneath it."""
    rows = _upright(_gray(picture), across=across)
    once, twice, _ = (_mean_of_period(every) for every in _swings(rows))
    strength = np.sqrt(np.maximum(np.maximum(once, twice), 0)) * np.float32(GAIN)
    return np.ascontiguousarray(_upright(np.minimum(strength, 255).astype(np.uint8), across=across))


def _extreme(rows: NDArray[np.uint8], every: np.ufunc) -> NDArray[np.uint8]:
    padded = np.pad(rows, ((1, 1), (0, 0)), mode="edge")
    found: NDArray[np.uint8] = every(every(padded[:-2], padded[1:-1]), padded[2:])
    return found


def _swings(gray: NDArray[np.float32], steep: float = np.inf) -> tuple[NDArray[np.float32], ...]:
    """How far each pixel is from the mean of a period, times that one and two rows on, and squared.

    The first two count up where the level has turned round: for stripes one and two rows apart.
    """
    level = np.pad(gray, ((0, 0), (1, 1)), mode="edge")
    level = (level[:, :-2] + level[:, 1:-1] + level[:, 2:]) / np.float32(3)
    count = len(level)
    away = level - _mean_of_period(level)
    if steep < np.inf:
        most = np.float32(steep) * np.abs(away).mean()
        np.clip(away, -most, most, out=away)
    on = np.pad(away, ((0, 2), (0, 0)))
    return -away * on[1 : count + 1], -away * on[2:], away * away


def _mean_of_period(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.pad(rows, ((1, PERIOD - 2), (0, 0)), mode="edge")
    mean = sum((padded[row : row + len(rows)] for row in range(1, PERIOD)), padded[: len(rows)])
    return mean / np.float32(PERIOD)


def _four_cells(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sums of each cell and its neighbours to the right, below and between."""
    rows, columns = values.shape
    sums = np.add.reduceat(values, np.arange(0, rows, CELL), axis=0)
    sums = np.pad(np.add.reduceat(sums, np.arange(0, columns, CELL), axis=1), ((0, 1), (0, 1)))
    four: NDArray[np.float32] = sums[:-1, :-1] + sums[1:, :-1] + sums[:-1, 1:] + sums[1:, 1:]
    return four


def _gray(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (picture.max(axis=2) if picture.ndim == 3 else picture).astype(np.float32)


def _upright(rows: NDArray[Kind], *, across: bool) -> NDArray[Kind]:
    return rows.T if across else rows
