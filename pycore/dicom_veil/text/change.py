"""What a frame of a clip shows that others do not, by cells of the picture."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.boxes import Box
from dicom_veil.text.components import regions
from dicom_veil.text.detect import Picture

CELL = 32  # pixels
STEP = 16  # grey levels by which a pixel must differ
PIXELS = 6  # that differ in a cell, or where a letter is, before it does: less is no letter
SAMPLES = 7  # frames that are looked at in full
ROOM = 128 << 20  # bytes of frames kept at once
SAME = 0.02  # of the pixels of a letter that may differ while it says the same


def sampled(count: int, size: int) -> list[int]:
    """Frames spread over a clip, the first and last among them; `size`: bytes of one."""
    number = max(1, min(count, SAMPLES, max(3, ROOM // max(1, size))))
    return sorted({round(one) for one in np.linspace(0, count - 1, number)})


def usual(frame: Callable[[int], Picture], indices: list[int]) -> Picture:
    """What the frames at `indices`, of one shape, show most of the time: each pixel's median."""
    stack = np.stack([frame(index) for index in indices])
    still: Picture = stack[0].copy()
    for row in range(len(still)):
        if (stack[1:, row] != stack[0, row]).any():
            still[row] = np.sort(stack[:, row], axis=0)[len(indices) // 2]
    return still


def differs(one: Picture, other: Picture) -> NDArray[np.bool_]:
    """Where two pictures differ by what is seen, (rows, columns)."""
    apart = np.maximum(one, other) - np.minimum(one, other) > STEP
    seen: NDArray[np.bool_] = np.any(apart, axis=2) if apart.ndim == 3 else apart
    return seen


def same_text(picture: Picture, other: Picture) -> bool:
    """Whether two cuts of one place show the same, in each stretch as long as the line is high."""
    if picture.shape != other.shape:
        return False
    apart = differs(picture, other)
    apart = apart if apart.shape[1] >= apart.shape[0] else apart.T
    height, length = apart.shape
    most = max(PIXELS, SAME * height * height)
    sums = np.concatenate(([0], np.cumsum(np.count_nonzero(apart, axis=0))))
    ahead = sums[min(height, length) :]
    return bool((ahead - sums[: len(ahead)] <= most).all())


def places(changed: NDArray[np.bool_]) -> list[Box]:
    """The parts of the picture around what changed, apart where a cell lies between them."""
    if not changed.any():
        return []
    rows, columns = changed.shape
    down, across = -(-rows // CELL), -(-columns // CELL)
    padded = np.zeros((down * CELL, across * CELL), np.bool_)
    padded[:rows, :columns] = changed
    cells = padded.reshape(down, CELL, across, CELL).sum(axis=(1, 3)) >= PIXELS
    return [
        Box(one.left * CELL, one.top * CELL, one.right * CELL, one.bottom * CELL).grown(
            CELL // 2, CELL // 2, columns, rows
        )
        for one in regions(cells)
    ]
