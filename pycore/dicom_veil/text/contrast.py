"""Pictures in which faint text stands out as much as bright text."""

import numpy as np
from numpy.typing import NDArray

RADIUS = 12  # of the neighbourhood that a pixel is compared with, in pixels
NOISE = 7.0  # grey levels of spread below which a neighbourhood is not stretched further
STEP = 45.0  # grey levels for one standard deviation
GENTLE = 30.0  # the same where the picture itself is seen beside it
CLEARER = 20  # grey levels by which a color must stand out more than the brightest of the three


def local_contrast(
    gray: NDArray[np.float32], step: float = STEP, noise: float = NOISE
) -> NDArray[np.uint8]:
    """Each pixel by how far it is from its neighbourhood, in that neighbourhood's own spread.

    `gray` is (rows, columns) over 0 to 255, or another range that `noise` belongs to. 128 is the
    average.
    """
    away, spread = _away_and_spread(gray)
    np.sqrt(np.maximum(spread, 0) + noise * noise, out=spread)
    away *= np.float32(step)
    away /= spread
    away += 128
    stretched: NDArray[np.uint8] = np.clip(away, 0, 255).astype(np.uint8)
    return stretched


def spread_of(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much each pixel's neighbourhood varies: one standard deviation."""
    _away, spread = _away_and_spread(gray)
    return np.sqrt(np.maximum(spread, 0))


def _away_and_spread(
    gray: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How far each pixel is from the mean around it, and the mean square of that around it."""
    away = gray - box_mean(gray, RADIUS)
    return away, box_mean(away * away, RADIUS + 4)


def contrast_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The local contrast of a gray or RGB picture, (rows, columns).

    Of a color, each pixel is taken from the channel in which it stands out most: blue print on
    white is dark in red, yellow on white is dark in blue.
    """
    if picture.ndim == 2:
        return local_contrast(picture.astype(np.float32))
    stretched = local_contrast(picture.max(axis=2).astype(np.float32))
    if (picture[..., 0] == picture[..., 1]).all() and (picture[..., 1] == picture[..., 2]).all():
        return stretched
    for channel in range(3):
        other = local_contrast(picture[..., channel].astype(np.float32))
        clearer = _from_average(other) > _from_average(stretched) + CLEARER
        stretched[clearer] = other[clearer]
    return stretched


def layers(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """A gray or RGB picture as the model sees most of it: three gray ones in place of the colors.

    What is brightest of the colors, how far that is from its neighbourhood, and what is darkest of
    the colors, where white print stays and colors go. Faint print is in all three, the grain of the
    picture and its edges more in one than in the others: together they show what none shows alone.
    """
    bright, dark = (
        (picture, picture) if picture.ndim == 2 else (picture.max(axis=2), picture.min(axis=2))
    )
    away = local_contrast(bright.astype(np.float32), GENTLE)
    return bright, away, dark


def _from_average(stretched: NDArray[np.uint8]) -> NDArray[np.int16]:
    return np.abs(stretched.astype(np.int16) - 128)


def box_mean(values: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """The mean of the square around each pixel, edges repeated."""
    size = 2 * radius + 1
    for axis in (0, 1):
        padding = [(radius + 1, radius) if this == axis else (0, 0) for this in (0, 1)]
        sums = np.cumsum(np.pad(values, padding, mode="edge"), axis=axis, dtype=np.float64)
        ahead = [slice(size, None) if this == axis else slice(None) for this in (0, 1)]
        behind = [slice(None, -size) if this == axis else slice(None) for this in (0, 1)]
        values = ((sums[tuple(ahead)] - sums[tuple(behind)]) / size).astype(np.float32)
    return values
