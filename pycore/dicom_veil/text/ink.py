"""Where a line of text goes on, by the level that its letters have in common.

The detection model loses letters where what lies beneath them changes; their ink does not change.
"""

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.boxes import Box
from dicom_veil.text.detect import Picture

NEAR = 10  # grey levels within which pixels are of one ink
LEAST = 0.04  # share of a stretch of line that is ink where letters are
MOST = 0.6
OUTSIDE = 0.34  # times as much ink above and below the line, at most: else it is the background's
STRETCH = 1.4  # heights that are looked at in one step: wider than a dot with its gaps
REACH = 12  # heights that a line is followed on each side
LINE_SHARE = 0.12  # of the line itself that must be of its ink


def followed(picture: Picture, box: Box) -> Box:
    """A horizontal line's box with what is of the same ink beside it, letter by letter."""
    height = box.height
    reach = round(STRETCH * height)
    strip = box.grown(REACH * height, height, picture.shape[1], picture.shape[0])
    part = picture[strip.top : strip.bottom, strip.left : strip.right]
    line = picture[box.top : box.bottom, box.left : box.right]
    ink = _ink(line)
    if ink is None:
        return box
    mask = _near(part, ink)
    rows = slice(box.top - strip.top, box.bottom - strip.top)
    inside = mask[rows].mean(axis=0)
    outside = np.delete(mask, np.s_[rows], axis=0)
    around = outside.mean(axis=0) if len(outside) else np.zeros_like(inside)
    left, right = box.left - strip.left, box.right - strip.left
    while (next_left := _step(inside, around, left - reach, left)) < left:
        left = next_left
    while (next_right := _step_right(inside, around, right, right + reach)) > right:
        right = next_right
    return Box(strip.left + left, box.top, strip.left + right, box.bottom)


def _ink(line: Picture) -> NDArray[np.int16] | None:
    """The color that stands out of a line's edge most often, or None where there is no such one."""
    flat = line.reshape(-1, line.shape[2]) if line.ndim == 3 else line.reshape(-1, 1)
    border = np.concatenate(
        [line[0].reshape(-1, flat.shape[1]), line[-1].reshape(-1, flat.shape[1])]
    )
    background = np.median(border, axis=0)
    away = np.abs(flat.astype(np.int16) - background.astype(np.int16)).max(axis=1)
    far = flat[away > 2 * NEAR]
    if len(far) < LINE_SHARE * len(flat):
        return None
    levels, counts = np.unique(far // 4, axis=0, return_counts=True)
    ink: NDArray[np.int16] = levels[counts.argmax()].astype(np.int16) * 4 + 2
    return ink if _near(line, ink).mean() >= LINE_SHARE / 2 else None


def _near(part: Picture, ink: NDArray[np.int16]) -> NDArray[np.bool_]:
    values = part if part.ndim == 3 else part[..., np.newaxis]
    near: NDArray[np.bool_] = np.all(np.abs(values.astype(np.int16) - ink) <= NEAR, axis=2)
    return near


def _step(inside: NDArray[np.float64], around: NDArray[np.float64], start: int, end: int) -> int:
    """The leftmost column with ink of the stretch, or its end where no letter stands in it."""
    start = max(0, start)
    if not _letters(inside[start:end], around[start:end]):
        return end
    return start + int(np.flatnonzero(inside[start:end])[0])


def _step_right(
    inside: NDArray[np.float64], around: NDArray[np.float64], start: int, end: int
) -> int:
    end = min(len(inside), end)
    if not _letters(inside[start:end], around[start:end]):
        return start
    return start + int(np.flatnonzero(inside[start:end])[-1]) + 1


def _letters(inside: NDArray[np.float64], around: NDArray[np.float64]) -> bool:
    if not inside.size:
        return False
    share = float(inside.mean())
    return LEAST <= share <= MOST and float(around.mean()) <= OUTSIDE * share
