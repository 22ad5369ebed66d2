"""Pictures in which faint text stands out as much as bright text."""

import numpy as np
from numpy.typing import NDArray

RADIUS = 12  # of the neighbourhood that a pixel is compared with, in pixels
NOISE = 7.0  # grey levels of spread below which a neighbourhood is not stretched further
STEP = 45.0  # grey levels for one standard deviation


def local_contrast(gray: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Each pixel by how far it is from its neighbourhood, in that neighbourhood's own spread.

    `gray` is (rows, columns) over 0 to 255 or any other range of that width. 128 is the average.
    """
    mean = _box_mean(gray, RADIUS)
    away = gray - mean
    spread = _box_mean(away * away, RADIUS + 4)
    np.sqrt(np.maximum(spread, 0) + NOISE * NOISE, out=spread)
    away *= STEP
    away /= spread
    away += 128
    return np.clip(away, 0, 255).astype(np.uint8)


def _box_mean(values: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """The mean of the square around each pixel, edges repeated."""
    size = 2 * radius + 1
    for axis in (0, 1):
        padding = [(radius + 1, radius) if this == axis else (0, 0) for this in (0, 1)]
        sums = np.cumsum(np.pad(values, padding, mode="edge"), axis=axis, dtype=np.float64)
        ahead = [slice(size, None) if this == axis else slice(None) for this in (0, 1)]
        behind = [slice(None, -size) if this == axis else slice(None) for this in (0, 1)]
        values = ((sums[tuple(ahead)] - sums[tuple(behind)]) / size).astype(np.float32)
    return values
