"""The pictures of an instance that are scanned: as shown, what its window hides, its overlays."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.overlays import overlay_mask, planes
from dicom_veil.picture import OVERLAY, rendered
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.text.detect import Picture

TRIMMED = 0.0001  # share of the pixels at each end that do not decide on the range
HIDDEN = 0.002  # share of the pixels that are white or black and not all of one value
MANY = 1 << 22  # pixels that decide on a range at most
ROWS = 256  # that are spread at a time
FrameOf = Callable[[int], Picture]


def views(instance: Instance, frame_indices: list[int]) -> list[FrameOf]:
    """How frames become pictures to scan, one to three ways, the same for all of an instance.

    `frame_indices` are those to be scanned; the one in their middle decides on the window. What
    is drawn in overlay planes (PS3.3 C.9.2) is a picture of its own: nobody need see it to read it.
    Raises what `Shown` raises.
    """
    middle = Shown(instance, frame_indices[len(frame_indices) // 2])
    if not any(planes(instance.dataset, index) for index in frame_indices):
        return _of_pixels(instance, middle)
    rows, columns = middle.frame.values.shape[:2]

    def drawn(index: int) -> Picture:
        return overlay_mask(instance, index, rows, columns) * np.uint8(OVERLAY)

    return [*_of_pixels(instance, middle), drawn]


def _of_pixels(instance: Instance, middle: Shown) -> list[FrameOf]:
    if middle.frame.color:
        return [lambda index: rendered(_shown(instance, index, middle))]
    window = middle.default

    def as_shown(index: int) -> Picture:
        return rendered(_shown(instance, index, middle), window)

    if not _hides(middle, rendered(middle, window)):
        return [as_shown]
    low, high = _range(middle)

    def in_full(index: int) -> Picture:
        return _spread(_shown(instance, index, middle), low, high)

    return [as_shown, in_full]


def _shown(instance: Instance, index: int, middle: Shown) -> Shown:
    return middle if index == middle.frame_index else Shown(instance, index)


def _hides(shown: Shown, picture: Picture) -> bool:
    """Whether the window makes different values equally white or black."""
    step = _step(shown)
    values, seen = _stored(shown.frame.values[::step, ::step]), picture[::step, ::step]
    for end in (0, 255):
        there = values[seen == end]
        if there.size >= HIDDEN * values.size and there.max() - there.min() > 1:
            return True
    return False


def _range(shown: Shown) -> tuple[float, float]:
    step = _step(shown)
    values = _stored(shown.frame.values[::step, ::step])
    low, high = np.quantile(values, [TRIMMED, 1 - TRIMMED])
    return float(low), float(high)


def _step(shown: Shown) -> int:
    """How many rows and columns are left out so that a large frame needs little memory."""
    return max(1, int((shown.frame.values.size / MANY) ** 0.5))


def _stored(values: NDArray[Any]) -> NDArray[np.float32]:
    """Gray stored values as numbers; what is none counts as 0."""
    return np.nan_to_num(values.astype(np.float32), posinf=0, neginf=0)


def _spread(shown: Shown, low: float, high: float) -> Picture:
    """Stored values from `low` to `high` over 0 to 255."""
    picture = np.empty(shown.frame.values.shape, np.uint8)
    for top in range(0, len(picture), ROWS):
        values = _stored(shown.frame.values[top : top + ROWS])
        values -= low
        values *= 255 / ((high - low) or 1)
        picture[top : top + ROWS] = np.clip(values, 0, 255)
    return picture
