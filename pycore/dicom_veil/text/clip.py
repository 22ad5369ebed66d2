"""Text of a clip: what stays is read once, what changes in every frame.

1. What most of some sampled frames show is scanned with full care: the text that stays.
2. Each frame is held against it. What is unchanged is not looked at again. What changed is scanned
   with full care where it is small (a counter, a name that flashes up beside the picture), and
   wherever it is in a few of the sampled frames; where most of a frame moves, each is looked at
   quickly.
3. Where text was found once, each frame is compared with it, and read again where it differs.

Some frames are looked at together, as if the others were not there; one that they teach something
about is looked at once more. So what is found is what one frame after the other finds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from dicom_veil.text.ask import Asking, Later, Together, together
from dicom_veil.text.change import ROOM, sampled, usual
from dicom_veil.text.detect import Picture
from dicom_veil.text.known import Look, Place, Version, cut, keep, look
from dicom_veil.text.scan import Found, scan

CAREFUL = 3  # of the sampled frames, the first one first, each so many looked at with full care
AHEAD = 8  # frames looked at together, at most
OTHERS = 3  # frames that move, after which it is no longer asked which stand still
FrameOf = Callable[[int], Picture]
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Lasting:
    """One text and the frames that show it, counted from 0, both ends included."""

    found: Found
    first_frame: int
    last_frame: int


def _both(one: Asking[T], other: Asking[U]) -> Asking[tuple[T, U]]:
    results: list[Any] = yield Together((one, other))
    return results[0], results[1]


def _standing(count: int, frame: FrameOf, common: Picture) -> Asking[set[int]]:
    """Frames that are `common` to the last pixel; not all are looked at where others are many."""
    same: set[int] = set()
    others = 0
    for index in range(count):
        yield Later()
        if np.array_equal(frame(index), common):
            same.add(index)
        elif (others := others + 1) > OTHERS:
            break
    return same


def scan_clip(
    count: int, frame: FrameOf, characters: tuple[str, ...],
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Asking[list[Lasting]]:  # fmt: skip
    """All text of `count` frames of one shape; `frame` decodes one when it is asked for.

    At most `change.SAMPLES` frames, or `AHEAD`, and some pictures of their size are kept at once.
    """
    size = frame(0).nbytes
    indices = sampled(count, size)
    careful = set(indices[::CAREFUL])
    common = usual(frame, indices)
    # What can wait comes first, so that it is known of while models run.
    standing, found = yield from _both(_standing(count, frame, common), scan(common, characters))
    known = [Place(one.box, [Version(one, cut(common, one.box))]) for one in found]

    def look_at(index: int) -> Asking[Look]:
        picture = common if index in standing else frame(index)
        seen = yield from look(picture, common, known, characters, full=index in careful)
        return seen

    # The sampled frames come first: what they show longer than a moment is then known.
    order = [*indices, *(one for one in range(count) if one not in set(indices))]
    most = max(1, min(AHEAD, ROOM // max(1, size)))
    ahead = 1
    while order:
        tell(count - len(order), count)
        now, order = order[:ahead], order[ahead:]
        ahead = min(2 * ahead, most)
        looks = yield from together(look_at(index) for index in now)
        for index, one in zip(now, looks, strict=True):
            if not keep(one, index, known):
                ahead = 1
                again = yield from look_at(index)
                keep(again, index, known)
    versions = (one for place in known for one in place.versions if one.frames)
    lasting = [Lasting(one.found, min(one.frames), max(one.frames)) for one in versions]
    return sorted(lasting, key=lambda one: (one.first_frame, one.found.box.top, one.found.box.left))
