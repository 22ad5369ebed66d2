"""Text of a clip: what stays is read once, what changes in every frame.

1. What most of some sampled frames show is scanned with full care: the text that stays.
2. Each frame is held against it. What is unchanged is not looked at again. A part that shows what
   none of the sampled frames did (a name that flashes up) is scanned with full care, and so is
   each change of a sampled frame; whatever else moves is looked at quickly.
3. Where text was found once, each frame is compared with it, and read again where it differs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.ask import Asking
from dicom_veil.text.boxes import Box, same_line
from dicom_veil.text.change import Usual, differs, exceeds, places, same_text, sampled, usual
from dicom_veil.text.detect import Line, Picture
from dicom_veil.text.scan import Care, Found, read_lines, scan

SMALL = 1 << 15  # pixels of a change that is small enough for full care in every frame
REST = 2  # pixels around a text that belong to it
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
    found = yield from scan(common.still, characters)
    known = [_Place(one.box, [_Version(one, _cut(common.still, one.box))]) for one in found]
    # The sampled frames come first: what they show longer than a moment is then known.
    order = [*indices, *(one for one in range(count) if one not in set(indices))]
    for done, index in enumerate(order):
        tell(done, count)
        picture = frame(index)
        shown = yield from _look_again(picture, index, known, characters)
        yield from _look_for_new(picture, index, index in indices, common, shown, known, characters)
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
            read = yield from read_lines(picture, [Line(place.box, 1.0)], characters)
            same = _version(place, read[0], cut) if read else None
        if same is not None:
            same.frames.append(index)
            shown.append(place.box)
    return shown


def _look_for_new(
    picture: Picture, index: int, is_sample: bool, common: Usual, shown: list[Box],
    known: list[_Place], characters: tuple[str, ...],
) -> Asking[None]:  # fmt: skip
    """Text elsewhere than at the places known, in what changed."""
    changed = differs(picture, common.still)
    for box in shown:
        changed[max(0, box.top - REST) : box.bottom + REST,
                max(0, box.left - REST) : box.right + REST] = False  # fmt: skip
    for place, care in _looks(changed, exceeds(picture, common) & changed, full=is_sample):
        part = np.ascontiguousarray(picture[place.top : place.bottom, place.left : place.right])
        found = yield from scan(part, characters, care)
        for one in found:
            moved = Found(one.box.moved(place.left, place.top), one.reading)
            if not any(moved.box.common(box) >= moved.box.area / 2 for box in shown):
                _note(moved, index, _cut(picture, moved.box), known)


def _looks(
    changed: NDArray[np.bool_], novel: NDArray[np.bool_], *, full: bool
) -> list[tuple[Box, Care]]:
    """The parts to look at, and how."""
    parts = places(changed)
    if full:
        return [(part, "full") for part in parts]
    careful = [*places(novel), *(part for part in parts if part.area <= SMALL)]
    careful = [
        one
        for number, one in enumerate(careful)
        if not any(other.common(one) >= 0.9 * one.area for other in careful[:number])
    ]
    quick = [
        part
        for part in parts
        if part.area > SMALL and sum(part.common(one) for one in careful) < 0.9 * part.area
    ]
    return [*((part, "full") for part in careful), *((part, "quick") for part in quick)]


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
