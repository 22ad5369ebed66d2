"""Text of a clip: what stays is read once, what changes in every frame.

1. What most of some sampled frames show is scanned with full care: the text that stays.
2. Each frame is held against it. What is unchanged is not looked at again. What changed is scanned
   with full care where it is small (a counter, a name that flashes up beside the picture), and
   wherever it is in a few of the sampled frames; where most of a frame moves, each is looked at
   quickly.
3. Where text was found once, each frame is compared with it, and read again where it differs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dicom_veil.text.ask import Asking
from dicom_veil.text.boxes import Box, same_line
from dicom_veil.text.change import differs, places, same_text, sampled, usual
from dicom_veil.text.detect import Line, Picture
from dicom_veil.text.scan import Care, Found, find, read_again, read_lines, scan

SMALL = 1 << 15  # pixels of a change that is small enough for full care in every frame
REST = 2  # pixels around a text that belong to it
INSIDE = 0.97  # of a line's area
CAREFUL = 3  # of the sampled frames, the first one first, each so many looked at with full care
FrameOf = Callable[[int], Picture]


@dataclass(frozen=True)
class Lasting:
    """One text and the frames that show it, counted from 0, both ends included."""

    found: Found
    first_frame: int
    last_frame: int


@dataclass
class _Version:
    """A text, what it looked like when it was read, and the frames that show it."""

    found: Found
    cut: Picture
    frames: list[int] = field(default_factory=list)


@dataclass
class _Place:
    """A place and the texts that stood there, the latest last."""

    box: Box
    versions: list[_Version]


def scan_clip(
    count: int, frame: FrameOf, characters: tuple[str, ...],
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Asking[list[Lasting]]:  # fmt: skip
    """All text of `count` frames of one shape; `frame` decodes one when it is asked for.

    At most `change.SAMPLES` frames and some pictures of their size are kept at once.
    """
    indices = sampled(count, frame(0).nbytes)
    common = usual(frame, indices)
    found = yield from scan(common, characters)
    known = [_Place(one.box, [_Version(one, _cut(common, one.box))]) for one in found]
    # The sampled frames come first: what they show longer than a moment is then known.
    order = [*indices, *(one for one in range(count) if one not in set(indices))]
    for done, index in enumerate(order):
        tell(done, count)
        picture = frame(index)
        shown = yield from _look_again(picture, index, known, characters)
        full = index in indices[::CAREFUL]
        yield from _look_for_new(picture, common, index, shown, known, characters, full=full)
    versions = (one for place in known for one in place.versions if one.frames)
    lasting = [Lasting(one.found, min(one.frames), max(one.frames)) for one in versions]
    return sorted(lasting, key=lambda one: (one.first_frame, one.found.box.top, one.found.box.left))


def _look_again(
    picture: Picture, index: int, known: list[_Place], characters: tuple[str, ...]
) -> Asking[list[Box]]:
    """The places known for text where this frame shows some, noted."""
    shown: list[Box] = []
    for place in known:
        cut = _cut(picture, place.box)
        same = next((one for one in place.versions[::-1] if same_text(cut, one.cut)), None)
        if same is None:
            read = yield from read_again(picture, place.box, characters)
            same = _version(place, read, cut) if read else None
        if same is not None:
            same.frames.append(index)
            shown.append(place.box)
    return shown


def _look_for_new(
    picture: Picture, common: Picture, index: int, shown: list[Box], known: list[_Place],
    characters: tuple[str, ...], *, full: bool,
) -> Asking[None]:  # fmt: skip
    """Text elsewhere than at the places known, in what changed."""
    changed = differs(picture, common)
    for box in shown:
        changed[max(0, box.top - REST) : box.bottom + REST,
                max(0, box.left - REST) : box.right + REST] = False  # fmt: skip
    for place in places(changed):
        care: Care = "full" if full or place.area <= SMALL else "quick"
        part = np.ascontiguousarray(picture[place.top : place.bottom, place.left : place.right])
        lines = yield from find(part, care)
        moved = [Line(one.box.moved(place.left, place.top), one.likely) for one in lines]
        new = [one for one in moved if not any(_of(box, one.box) for box in shown)]
        found = yield from read_lines(picture, new, characters)
        for one in found:
            if not any(_of(box, one.box) for box in shown):
                _note(one, index, _cut(picture, one.box), known)


def _of(shown: Box, line: Box) -> bool:
    """Whether a line is part of a text that is known; one that has grown by a letter is not."""
    rest = min(shown.width, shown.height) // 3
    around = shown.grown(rest, rest, shown.right + rest, shown.bottom + rest)
    return around.common(line) >= INSIDE * line.area


def _note(found: Found, index: int, cut: Picture, known: list[_Place]) -> None:
    """Keeps a text that was found at a new place or anew at a known one."""
    place = next((one for one in known if same_line(one.box, found.box)), None)
    if place is None:
        known.append(_Place(found.box, [_Version(found, cut, [index])]))
        return
    version = _version(place, found, cut)
    if index not in version.frames:
        version.frames.append(index)


def _version(place: _Place, found: Found, cut: Picture) -> _Version:
    """The one of a place that says the same, or a new one."""
    for one in place.versions:
        if one.found.reading.text == found.reading.text:
            one.cut = cut
            return one
    place.versions.append(_Version(found, cut))
    return place.versions[-1]


def _cut(picture: Picture, box: Box) -> Picture:
    return np.ascontiguousarray(picture[box.top : box.bottom, box.left : box.right])
