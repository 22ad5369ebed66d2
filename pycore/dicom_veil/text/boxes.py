"""Rectangles in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Box:
    """Columns `left` to `right` and rows `top` to `bottom`, the ends not included; 0 is first."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def area(self) -> int:
        return max(0, self.width) * max(0, self.height)

    def grown(self, across: int, down: int, columns: int, rows: int) -> "Box":
        """With a margin on each side, inside a picture of that size."""
        return Box(
            max(0, self.left - across),
            max(0, self.top - down),
            min(columns, self.right + across),
            min(rows, self.bottom + down),
        )

    def common(self, other: "Box") -> int:
        """The area that two boxes share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, width) * max(0, height)

    def around(self, other: "Box") -> "Box":
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def moved(self, across: int, down: int) -> "Box":
        return replace(
            self,
            left=self.left + across,
            right=self.right + across,
            top=self.top + down,
            bottom=self.bottom + down,
        )


class Places:
    """Boxes by number, asked for those that meet another one; a page can hold thousands."""

    def __init__(self, boxes: Sequence[Box] = (), room: int = 0) -> None:
        self._sides: NDArray[np.int64] = np.zeros((max(room, len(boxes)), 4), np.int64)
        self._count = 0
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        self._count += 1
        self.put(self._count - 1, box)

    def put(self, number: int, box: Box) -> None:
        """Another box in place of one."""
        self._sides[number] = (box.left, box.top, box.right, box.bottom)

    def meeting(self, box: Box) -> list[int]:
        """The numbers of those that have a pixel in common with a box, or an edge."""
        left, top, right, bottom = self._sides[: self._count].T
        meets = (left <= box.right) & (right >= box.left)
        meets &= (top <= box.bottom) & (bottom >= box.top)
        return [int(number) for number in np.flatnonzero(meets)]


ALIKE = 1.8  # how many times one line may be higher than the other to be the same line
SHARED = 0.4  # of the smaller one's area that lies in the other
LONG = 1.6  # from here on a box has a direction


def same_line(one: Box, other: Box) -> bool:
    """Whether two boxes are of one line: alike in height, direction and level, mostly one another.

    Lines of text that only touch are two, so each is read by itself; a large region that anatomy
    made does not swallow the small line inside it.
    """
    if not one.area or not other.area:
        return False
    if _direction(one) * _direction(other) < 0:
        return False
    sides = sorted((min(one.width, one.height), min(other.width, other.height)))
    if sides[1] > ALIKE * sides[0] or not (_level(one, other) and _level(other, one)):
        return False
    return one.common(other) >= SHARED * min(one.area, other.area)


def _level(one: Box, other: Box) -> bool:
    """Whether the middle line of a box runs through the other."""
    if _direction(one) < 0 or _direction(other) < 0:
        return other.left <= (one.left + one.right) / 2 <= other.right
    return other.top <= (one.top + one.bottom) / 2 <= other.bottom


def _direction(box: Box) -> int:
    if box.width > LONG * box.height:
        return 1
    return -1 if box.height > LONG * box.width else 0
