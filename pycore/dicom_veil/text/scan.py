"""All text of one picture: found in several views of it, read, kept where the reading is sure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dicom_veil.text import stripes
from dicom_veil.text.ask import Asking, together
from dicom_veil.text.boxes import Box, Places
from dicom_veil.text.contrast import contrast_of, layers
from dicom_veil.text.detect import Line, Picture, detect, detect_in, detect_turned, resized
from dicom_veil.text.ink import followed
from dicom_veil.text.lines import (
    ENOUGH,
    LOWEST,
    Readings,
    in_line,
    is_read,
    is_text,
    reach,
    readings,
    united,
)
from dicom_veil.text.read import Reading, read_line
from dicom_veil.text.tiles import parts

AROUND = 32  # pixels beside a line that its contrast is made from
SURE_OF_ENDS = 0.8  # of a text, before what cannot be read beside it counts as its end
STRIP = 5  # heights of a line, looked at on both sides of it for more of the line
STRIPS = 4  # times that it is followed so, at most
STRIPED = 1.4  # times as large are letters seen whose stripes were joined
SEEN_BEST = 48  # pixels of a line's height
GROWN = 1.2  # times the area: the line is then read again
COVERED = 0.9  # of a line that lies in another: it is part of that
THICKER = 1.6  # times as thick as a line is what holds two of them
FINE, LARGE = 2.9, 1.0  # times as large: so the smallest and the largest print is seen best
QUICK = 1.4  # and where it is seen once: what stands out is found as well as at 1.45
MIDDLE = 1.45  # times as large: with what is put around it a part takes as long as 1.5 without
# Pixels of the longer side, at which a larger picture is seen as a whole, and those of the picture
# below which a line is seen better, and by itself, in its tiles.
COARSE = ((960, 0), (288, 96))
Care = Literal["full", "quick"]


@dataclass(frozen=True)
class Found:
    """One line of text: where, and what it says."""

    box: Box
    reading: Reading


def find(picture: Picture, care: Care = "full") -> Asking[list[Line]]:
    """What may be text in a gray or RGB picture of any size; much of it is anatomy.

    `quick` looks once, at a size at which print of 10 pixels is found: for frames of a clip.
    """
    looks = [_in_part(picture, place, care) for place in _in_turn(parts(picture))]
    if care == "full":
        longer = max(picture.shape[:2])
        looks += [_coarsely(picture, side, least) for side, least in COARSE if longer > side]
    found = yield from together(looks)
    return united([line for lines in found for line in lines])


def _in_turn(places: list[Box]) -> list[Box]:
    """The least first, so that the model has begun while the largest is made ready for it."""
    falling = sorted(places, key=lambda one: -one.area)
    return [*falling[-1:], *falling[:-1]]


def _in_part(picture: Picture, place: Box, care: Care) -> Asking[list[Line]]:
    part = np.ascontiguousarray(picture[place.top : place.bottom, place.left : place.right])
    found = yield from (_quickly(part) if care == "quick" else _carefully(part))
    return [Line(one.box.moved(place.left, place.top), one.likely) for one in found]


def _carefully(part: Picture) -> Asking[list[Line]]:
    found = yield from together([_in_layers(part), _at_contrast(part)])
    return [line for lines in found for line in lines]


def _in_layers(part: Picture) -> Asking[list[Line]]:
    """The finest look, for which most is to be done: the model begins with it."""
    found = yield from detect_in(layers(part), FINE)
    return found


def _at_contrast(part: Picture) -> Asking[list[Line]]:
    """What is seen at local contrast, which is made while the model is at work already."""
    stretched = contrast_of(part)
    views = [
        detect(stretched, MIDDLE),
        detect(stretched, LARGE),
        detect_turned(stretched, MIDDLE),
        *_striped(part, stretched),
    ]
    found = yield from together(views)
    return [line for lines in found for line in lines]


def _striped(part: Picture, stretched: Picture) -> Iterator[Asking[list[Line]]]:
    """Looks for print of stripes where there may be some, lines on end too."""
    for across in (False, True):
        if stripes.anywhere(part, across=across):
            yield _of_stripes(part, stripes.joined(stretched, across=across), across=across)
            yield _of_stripes(part, stripes.swing(part, across=across), across=across)


def _of_stripes(part: Picture, view: Picture, *, across: bool) -> Asking[list[Line]]:
    """The lines in a view in which stripes are letters; what has none is seen better elsewhere."""
    lines = yield from (detect_turned if across else detect)(view, 2)
    return [
        line
        for line in lines
        if stripes.is_striped(
            part[line.box.top : line.box.bottom, line.box.left : line.box.right], across=across
        )
    ]


def _quickly(part: Picture) -> Asking[list[Line]]:
    found = yield from detect_in(layers(part), QUICK)
    return found


def _coarsely(picture: Picture, side: int, least: int) -> Asking[list[Line]]:
    """Print that is larger than a tile lets the model see, up to more than half the picture."""
    rows, columns = picture.shape[:2]
    share = side / max(rows, columns)
    width, height = max(1, round(columns * share)), max(1, round(rows * share))
    found = yield from detect(resized(picture, width, height), 1)
    across, down = columns / width, rows / height
    boxes = [
        Box(int(one.box.left * across), int(one.box.top * down),
            min(columns, int(one.box.right * across + 1)),
            min(rows, int(one.box.bottom * down + 1)))
        for one in found
    ]  # fmt: skip
    return [
        Line(box, one.likely)
        for box, one in zip(boxes, found, strict=True)
        if min(box.width, box.height) >= least
    ]


def scan(picture: Picture, characters: tuple[str, ...], care: Care = "full") -> Asking[list[Found]]:
    """Finds and reads all text of a picture."""
    lines = yield from find(picture, care)
    found = yield from read_lines(picture, lines, characters)
    return found


def read_lines(
    picture: Picture, lines: list[Line], characters: tuple[str, ...]
) -> Asking[list[Found]]:
    """Reads each line; what is none goes."""
    found: list[Found] = []
    doubtful: list[Found] = []
    read = yield from together(_readings(picture, line.box, characters) for line in lines)
    for line, said in zip(lines, read, strict=True):
        one = Found(line.box, said.best)
        (found if is_text(line, said) else doubtful).append(one)
    texts = _with_ends(found, doubtful)
    whole = yield from together(_continued(picture, one, characters) for one in texts)
    return list(outermost(whole))


def _readings(picture: Picture, box: Box, characters: tuple[str, ...]) -> Asking[Readings]:
    if min(box.width, box.height) < LOWEST:
        return Readings()  # whatever it says, it is no text
    beside, inside = _around(picture, box)
    read = yield from readings(beside, contrast_of(beside), inside, characters)
    return read


def read_again(picture: Picture, box: Box, characters: tuple[str, ...]) -> Asking[Found | None]:
    """Reads a place where text is known to stand, or None: one sure reading is enough."""
    once = yield from read_line(picture, box, characters)
    if once.sure >= ENOUGH and once.text.strip():
        return Found(box, once)
    read = yield from _readings(picture, box, characters)
    return Found(box, read.best) if is_read(box, read) else None


def _with_ends(found: list[Found], doubtful: list[Found]) -> list[Found]:
    """Texts, and what could not be read but goes on where a surely read one of them ends."""
    sure = [one.box for one in found if one.reading.sure >= SURE_OF_ENDS]
    places = Places(sure)
    ends = [
        other
        for other in doubtful
        if any(in_line(sure[number], other.box) for number in places.meeting(reach(other.box)))
    ]
    return [*found, *ends]


def _continued(picture: Picture, found: Found, characters: tuple[str, ...]) -> Asking[Found]:
    """A text with what goes on in its line, where only part of it was found."""
    box = found.box
    upright = box.height <= 1.5 * box.width
    whole = box
    for _ in range(STRIPS):
        before = whole
        whole = yield from _longer(picture, before, upright=upright)
        if whole.area <= before.area * GROWN:
            break
    if upright:
        whole = followed(picture, whole)
    if whole.area <= box.area * GROWN:
        return Found(whole, found.reading)
    read = yield from _readings(picture, whole, characters)
    return Found(whole, read.best if read.best.sure > found.reading.sure / 2 else found.reading)


def _longer(picture: Picture, box: Box, *, upright: bool) -> Asking[Box]:
    """A line's box with what goes on beside it.

    The strip along the line is looked at by itself, as large as the model sees best.
    """
    height = min(box.width, box.height)
    along, beside = STRIP * height, height
    strip = box.grown(
        along if upright else beside, beside if upright else along,
        picture.shape[1], picture.shape[0],
    )  # fmt: skip
    part = np.ascontiguousarray(picture[strip.top : strip.bottom, strip.left : strip.right])
    scale = min(4.0, SEEN_BEST / height)
    stretched = contrast_of(part)
    views = [(part, 1.0), (stretched, 1.0)]
    if stripes.is_striped(picture[box.top : box.bottom, box.left : box.right], across=not upright):
        views += [(stripes.joined(stretched, across=not upright), STRIPED),
                  (stripes.swing(part, across=not upright), 1.0)]  # fmt: skip
    look = detect if upright else detect_turned
    found = yield from together(look(view, scale * larger) for view, larger in views)
    whole = box
    for lines in found:
        for line in lines:
            other = line.box.moved(strip.left, strip.top)
            if in_line(whole, other):
                whole = whole.around(other)
    return whole


def _around(picture: Picture, box: Box) -> tuple[Picture, Box]:
    """The part of the picture that a line's contrast depends on, and the line in it."""
    part = box.grown(AROUND, AROUND, picture.shape[1], picture.shape[0])
    cut = np.ascontiguousarray(picture[part.top : part.bottom, part.left : part.right])
    return cut, box.moved(-part.left, -part.top)


def outermost(found: list[Found]) -> Iterator[Found]:
    """Without those that lie inside a larger one, unless it is a line that was read more surely

    than the lines together: what it says is told beside the box around all.
    """
    places = Places([one.box for one in found])
    for number, one in enumerate(found):
        inside = (
            found[place].box.common(one.box) >= COVERED * one.box.area
            and (found[place].box.area, -place) > (one.box.area, -number)
            and not _is_line_of(one, found[place])
            for place in places.meeting(one.box)
            if place != number
        )
        if not any(inside):
            yield one


def _is_line_of(line: Found, block: Found) -> bool:
    thick, thicker = (min(one.box.width, one.box.height) for one in (line, block))
    return thicker >= THICKER * thick and line.reading.sure > block.reading.sure
