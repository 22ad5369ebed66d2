"""Pictures with square pixels and with even sides, for what can show no others.

By bicubic interpolation of the 8-bit picture, after windowing: the stored values are not touched,
and a value between two pixels is one between their grays. Planes of one bit by the nearest pixel.
"""

import numpy as np
from numpy.typing import NDArray

from dicom_veil import errors
from dicom_veil.spacing import square_size

MOST_PIXELS = 1 << 28


def squared(
    picture: NDArray[np.uint8], aspect: tuple[float, float], *, nearest: bool = False
) -> NDArray[np.uint8]:
    """`picture` (rows, columns[, 3]) with square pixels; unchanged where they are.

    `aspect`: how high and how wide a pixel is (PS3.3 C.7.6.3.1.7). Raises `OutOfRange` for a
    picture that would be too large.
    """
    rows, columns = square_size(picture.shape[0], picture.shape[1], aspect)
    if (rows, columns) == picture.shape[:2]:
        return picture
    if rows * columns > MOST_PIXELS:
        raise errors.OutOfRange("With square pixels the picture would be too large.")
    from PIL import Image

    method = Image.Resampling.NEAREST if nearest else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(picture).resize((columns, rows), method))


def evened(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An even number of rows and columns, which video asks for: the last one is repeated."""
    rows, columns = (length % 2 for length in picture.shape[:2])
    if not rows and not columns:
        return picture
    return np.pad(picture, ((0, rows), (0, columns), (0, 0))[: picture.ndim], mode="edge")
