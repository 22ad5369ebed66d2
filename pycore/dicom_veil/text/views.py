"""The pictures of an instance that are scanned: as shown, what that hides, its overlays."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dicom_veil.overlays import draw, planes
from dicom_veil.picture import OVERLAY, rendered, table
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.text.contrast import box_mean, local_contrast, spread_of
from dicom_veil.text.detect import Picture
from dicom_veil.window import Window, file_windows

FINEST = 2.0  # stored values of spread below which a neighbourhood is not stretched further
LEVELS = 512  # of the values of a frame, into which so much is not more than one of them
STEP = 12.0  # grey levels for one standard deviation of a neighbourhood
SHADES = 256
LOST = 8  # of them, from which on a window of eight bits hides something
FAINT = 64  # grey levels between the darkest and the brightest, below which all is faint
CLEAR = 2.5  # grey levels of spread from which on what can be read is seen as it is shown
AT_ENDS = 0.2  # of a neighbourhood that is black or white, from which on something may be hidden
CELL = 32  # pixels: of cells of this size it is asked whether they are
MOSTLY = 0.8  # of the pixels of a cell that is
ROWS = 256  # that are looked at at a time
BESIDE = 32  # rows beside them that their contrast is made from
# How surely a text is read that the picture as shown hides: noise that is seen larger than life is
# read now and then, and a black box in a lung for nothing harms as well.
SURELY = 0.7
FrameOf = Callable[[int], Picture]


@dataclass(frozen=True)
class View:
    """One way to look at frames; `surely`: what is read less surely in it is no text."""

    frame: FrameOf
    surely: float = 0.0


def views(instance: Instance, frame_indices: list[int]) -> list[View]:
    """How frames become pictures to scan, the same ways for all frames of an instance.

    As its first window shows each, and, of gray ones, what that hides and another window could
    show: where its picture is nearly even, by how far stored values are from those around them.
    What is drawn in overlay planes (PS3.3 C.9.2) are pictures of their own: nobody need see it to
    read it. Raises what `Shown` raises.
    """
    middle = Shown(instance, frame_indices[len(frame_indices) // 2])
    found = [View(_as_shown(instance, middle))]
    if _hides(middle, frame_indices):
        found.append(View(_hidden(instance, middle), SURELY))
    size = middle.frame.values.shape[:2]
    groups = {one.group for index in frame_indices for one in planes(instance.dataset, index)}
    return [*found, *(View(_drawn(instance, group, size)) for group in sorted(groups))]


def _as_shown(instance: Instance, middle: Shown) -> FrameOf:
    return lambda index: _rendered(_shown(instance, index, middle), middle)


def _rendered(shown: Shown, middle: Shown) -> Picture:
    if shown.frame.color:
        return rendered(shown)
    return rendered(shown, _window(middle, shown.frame_index))


def _window(middle: Shown, index: int) -> Window:
    """The first window that the file gives a frame; without one, that of the middle frame."""
    own = file_windows(middle.dataset, index)
    return own[0] if own else middle.default


def _shown(instance: Instance, index: int, middle: Shown) -> Shown:
    return middle if index == middle.frame_index else Shown(instance, index)


def _hides(middle: Shown, frame_indices: list[int]) -> bool:
    """Whether windows may show less of gray frames than their values hold.

    Of more than eight bits any does; of eight, one that shows several values as one, or all of a
    frame faintly.
    """
    if middle.frame.color:
        return False
    levels = middle.levels
    if levels.levels > SHADES:
        return True
    windows = {_window(middle, index): index for index in frame_indices}
    tables = (table(middle.dataset, index, one, levels) for one, index in windows.items())
    if any(SHADES - len(np.unique(one)) >= LOST for one in tables):
        return True
    picture = _rendered(middle, middle)
    return int(picture.max()) - int(picture.min()) < FAINT


def _hidden(instance: Instance, middle: Shown) -> FrameOf:
    """Stored values by how far each is from its neighbourhood; 128 is the average.

    Where the picture as shown is clear, 128 too: there it is looked at already.
    """

    def hidden(index: int) -> Picture:
        shown = _shown(instance, index, middle)
        shades, values = _rendered(shown, middle), shown.frame.values
        picture, clear = np.empty(values.shape, np.uint8), np.empty(values.shape, np.bool_)
        finest = _finest(values)
        for top in range(0, len(picture), ROWS):
            first, last = max(0, top - BESIDE), min(len(picture), top + ROWS + BESIDE)
            here = slice(top - first, top - first + ROWS)
            stretched = local_contrast(_numbers(values[first:last]), STEP, finest)
            picture[top : top + ROWS] = stretched[here]
            clear[top : top + ROWS] = _clear(shades[first:last])[here]
        picture[_around(clear)] = 128
        return picture

    return hidden


def _clear(shades: Picture) -> NDArray[np.bool_]:
    """Where what can be read is seen as it is shown: not beside an edge of what is all white."""
    ends = box_mean(((shades == 0) | (shades == SHADES - 1)).astype(np.float32), BESIDE // 2)
    return (spread_of(shades.astype(np.float32)) >= CLEAR) & (ends < AT_ENDS)


def _around(clear: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells that are clear, and whose neighbours are."""
    rows, columns = clear.shape
    down, across = -(-rows // CELL), -(-columns // CELL)
    padded = np.ones((down * CELL, across * CELL), np.bool_)
    padded[:rows, :columns] = clear
    share = padded.reshape(down, CELL, across, CELL).mean(axis=(1, 3))
    even = np.pad(share < MOSTLY, 1)
    near = np.zeros((down, across), np.bool_)
    for row in range(3):
        for column in range(3):
            near |= even[row : row + down, column : column + across]
    cells = ~near
    return np.repeat(np.repeat(cells, CELL, axis=0), CELL, axis=1)[:rows, :columns]


def _finest(values: NDArray[np.generic]) -> float:
    """The least spread of values that is stretched no further: less is no more than rounding."""
    numbers = values if values.dtype.kind != "f" else _numbers(values)
    return min(FINEST, (float(numbers.max()) - float(numbers.min())) / LEVELS) or 1.0


def _numbers(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """Gray stored values as numbers; what is none counts as 0."""
    found = values.astype(np.float32)
    return np.nan_to_num(found, copy=False, posinf=0, neginf=0)


def _drawn(instance: Instance, group: int, size: tuple[int, ...]) -> FrameOf:
    def drawn(index: int) -> Picture:
        mask = np.zeros(size[:2], np.uint8)
        for plane in planes(instance.dataset, index):
            if plane.group == group:
                draw(mask, instance, plane, index)
        return mask * np.uint8(OVERLAY)

    return drawn
