"""Rectangles in a picture."""

from dataclasses import dataclass, replace


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


def united(boxes: list[Box], share: float = 0.5) -> list[Box]:
    """Boxes that mostly lie in one another become one; the others stay as they are.

    Two are the same when they share at least `share` of the smaller one's area. Lines of text that
    only touch stay apart, so each is read by itself.
    """
    merged: list[Box] = []
    for box in sorted(boxes, key=lambda one: -one.area):
        for position, other in enumerate(merged):
            if box.common(other) >= share * box.area:
                merged[position] = other.around(box)
                break
        else:
            merged.append(box)
    return merged
