"""The texts of a clip as far as it was looked at, and what one more frame adds to them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.ask import Asking, together
from dicom_veil.text.boxes import Box, same_line
from dicom_veil.text.change import differs, places, same_text
from dicom_veil.text.detect import Line, Picture
from dicom_veil.text.scan import Care, Found, find, read_again, read_lines

SMALL = 1 << 15  # pixels of a change that is small enough for full care in every frame
REST = 2  # pixels around a text that belong to it
INSIDE = 0.97  # of a line's area


@dataclass
class Version:
    """A text, what it looked like when it was read, and the frames that show it."""

    found: Found
    cut: Picture
    frames: list[int] = field(default_factory=list)


@dataclass
class Place:
    """A place and the texts that stood there, the latest last."""

    box: Box
    versions: list[Version]

    def like(self, picture: Picture) -> Version | None:
        """The text that a frame shows here, if it looks like one that was read."""
        shown = cut(picture, self.box)
        return next((one for one in self.versions[::-1] if same_text(shown, one.cut)), None)

    def saying(self, found: Found, shown: Picture) -> Version:
        """The text here that says the same, from now on looking like this, or a new one."""
        for one in self.versions:
            if one.found.reading.text == found.reading.text:
                one.cut = shown
                return one
        self.versions.append(Version(found, shown))
        return self.versions[-1]


@dataclass(frozen=True)
class Look:
    """What one frame shows, by what was known when it was looked at.

    `read`: by the numbers of the places that looked like nothing read before, what stands there;
    `shown`: the places that show a text; `new`: texts elsewhere.
    """

    picture: Picture
    places: int
    read: dict[int, Found | None]
    shown: list[Box]
    new: list[Found]


def cut(picture: Picture, box: Box) -> Picture:
    return np.ascontiguousarray(picture[box.top : box.bottom, box.left : box.right])


def look(
    picture: Picture, common: Picture, known: list[Place], characters: tuple[str, ...],
    *, full: bool,
) -> Asking[Look]:  # fmt: skip
    """Looks at a frame; what is known stays as it is, so that frames can be looked at together."""
    unread = [number for number, place in enumerate(known) if place.like(picture) is None]
    told = yield from together(
        read_again(picture, known[number].box, characters) for number in unread
    )
    read = dict(zip(unread, told, strict=True))
    shown = [place.box for number, place in enumerate(known) if number not in read or read[number]]
    moves = [] if picture is common else places(_changed(picture, common, shown))
    found = yield from together(
        _found(picture, place, shown, characters, full=full) for place in moves
    )
    new = [one for some in found for one in some]
    return Look(picture, len(known), read, shown, new)


def _changed(picture: Picture, common: Picture, shown: list[Box]) -> NDArray[np.bool_]:
    """Where a frame is other than usual, but for texts that are known."""
    changed = differs(picture, common)
    for box in shown:
        changed[max(0, box.top - REST) : box.bottom + REST,
                max(0, box.left - REST) : box.right + REST] = False  # fmt: skip
    return changed


def _found(
    picture: Picture, place: Box, shown: list[Box], characters: tuple[str, ...], *, full: bool
) -> Asking[list[Found]]:
    """Text at a place that changed, other than what is shown there."""
    care: Care = "full" if full or place.area <= SMALL else "quick"
    lines = yield from find(cut(picture, place), care)
    moved = [Line(one.box.moved(place.left, place.top), one.likely) for one in lines]
    new = [one for one in moved if not any(_of(box, one.box) for box in shown)]
    found = yield from read_lines(picture, new, characters)
    return [one for one in found if not any(_of(box, one.box) for box in shown)]


def keep(one: Look, index: int, known: list[Place]) -> bool:
    """Notes what a frame shows; or False: what was learnt since makes it need another look."""
    same = [place.like(one.picture) for place in known]
    unread = [number for number, version in enumerate(same) if version is None]
    if len(known) != one.places or not one.read.keys() >= set(unread):
        return False
    read = {number: one.read[number] for number in unread}
    if one.shown != [place.box for number, place in enumerate(known)
                     if number not in read or read[number]]:  # fmt: skip
        return False
    for number, (place, version) in enumerate(zip(known, same, strict=True)):
        said = read.get(number)
        if version is None and said is not None:
            version = place.saying(said, cut(one.picture, place.box))
        if version is not None:
            version.frames.append(index)
    for found in one.new:
        _note(found, index, cut(one.picture, found.box), known)
    return True


def _of(shown: Box, line: Box) -> bool:
    """Whether a line is part of a text that is known; one that has grown by a letter is not."""
    rest = min(shown.width, shown.height) // 3
    around = shown.grown(rest, rest, shown.right + rest, shown.bottom + rest)
    return around.common(line) >= INSIDE * line.area


def _note(found: Found, index: int, shown: Picture, known: list[Place]) -> None:
    """Keeps a text that was found at a new place or anew at a known one."""
    place = next((one for one in known if same_line(one.box, found.box)), None)
    if place is None:
        known.append(Place(found.box, [Version(found, shown, [index])]))
        return
    version = place.saying(found, shown)
    if index not in version.frames:
        version.frames.append(index)
