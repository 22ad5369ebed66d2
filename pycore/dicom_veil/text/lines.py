"""Lines found in several views of a picture, each once, and what of them is text."""

import math
from dataclasses import dataclass

from dicom_veil.text import stripes
from dicom_veil.text.alike import shapes
from dicom_veil.text.ask import Asking
from dicom_veil.text.boxes import ALIKE, Box, Places, same_line
from dicom_veil.text.detect import Line, Picture
from dicom_veil.text.read import ON_END, Reading, read_line

MARGIN, TRIM = 0.12, 0.08  # of the height, by which a line is also read larger and smaller
# Two readings at least so sure make text of a line: the longer, the less; large print is read
# surely. (letters, the surest reading, the second). Found by trying on other frames than the
# reported figures are from.
LOWEST = 5  # pixels of height
WORD, WORD_SHAPE, WORD_SHAPES = 4, 1.8, 3  # a word: letters, how long for its height, shapes
LARGE = 40  # pixels of height
SURE = {"word": (0.36, 0.28), "large word": (0.65, 0.55), "pair": (0.72, 0.55),
        "large pair": (0.93, 0.85), "letter": (0.98, 0.95), "sign": (0.99, 0.97),
        "apart": (0.85, 0.78)}  # fmt: skip
APART = 1.1  # heights of a line for each of its letters: print stands closer
GAP = 1.5  # of its height, within which what stands beside a text in its line belongs to it
TRIES, HOPELESS = 3, 0.35  # readings after which one must have been so sure
ENOUGH = 0.9  # no more is read of a line that two readings were so sure of
ALONE = 0.97  # nor of a word that the first was so sure of: anatomy is not read so surely
# How likely lines of at most so many pixels in height are where they are text whatever they are
# read as: in a script that the model does not read, upside down, or tilted.
UNREAD = ((36, 0.988), (48, 0.994))


@dataclass(frozen=True)
class Readings:
    """What a line was read as, surest first, and whether its letters are of stripes."""

    readings: tuple[Reading, ...] = ()
    striped: bool = False

    @property
    def best(self) -> Reading:
        return self.readings[0] if self.readings else Reading()

    @property
    def second(self) -> float:
        """How sure the second reading was."""
        return self.readings[1].sure if len(self.readings) > 1 else 0.0


def united(lines: list[Line]) -> list[Line]:
    """Lines that are the same become one; the others stay as they are."""
    before = -1
    while len(lines) != before:
        before = len(lines)
        lines = _once(lines)
    return lines


def _once(lines: list[Line]) -> list[Line]:
    merged: list[Line] = []
    places = Places(room=len(lines))
    for line in sorted(lines, key=lambda one: -one.likely):
        for position in places.meeting(line.box):
            other = merged[position]
            if same_line(line.box, other.box):
                merged[position] = Line(other.box.around(line.box), other.likely)
                places.put(position, merged[position].box)
                break
        else:
            merged.append(line)
            places.add(line.box)
    return merged


def readings(
    picture: Picture, stretched: Picture, box: Box, characters: tuple[str, ...]
) -> Asking[Readings]:
    """Reads a line as it is, at local contrast, with a margin, trimmed, and its stripes joined.

    One that is of stripes is read mostly with these joined, and as the swing between them.
    """
    height = min(box.width, box.height)
    margin, trim = max(1, round(height * MARGIN)), max(1, round(height * TRIM))
    across = box.height > ON_END * box.width
    striped = stripes.is_striped(picture[box.top : box.bottom, box.left : box.right], across=across)
    plain, clear, other = picture, stretched, stripes.joined(stretched, across=across)
    if striped:
        plain, clear, other = other, stripes.swing(picture, across=across), stretched
    found: list[Reading] = []
    for number, (seen, change) in enumerate((
        (plain, 0), (clear, 0), (plain, margin), (clear, margin), (plain, -trim), (other, margin),
    ), 1):  # fmt: skip
        size = seen.shape
        reading = yield from read_line(
            seen, box.grown(change, change, size[1], size[0]), characters
        )
        if reading.text.strip():
            found.append(reading)
        found.sort(key=lambda one: -one.sure)
        if len(found) > 1 and found[1].sure >= ENOUGH:
            break
        if found and _alone(_kind(box, found[0].text, striped=striped), found[0]):
            break
        if number == TRIES and not any(one.sure >= HOPELESS for one in found):
            break
    return Readings(tuple(found), striped)


def is_text(line: Line, read: Readings) -> bool:
    """Whether a line was read surely enough to be text, or is too likely to be anything else.

    The model reads anatomy too, but differently each time, unsurely, and as few or alike letters.
    """
    return _looks_written(line) or is_read(line.box, read)


def _looks_written(line: Line) -> bool:
    height = min(line.box.width, line.box.height)
    return any(height <= most and line.likely >= least for most, least in UNREAD)


def is_read(box: Box, read: Readings) -> bool:
    """Whether what stands in a box was read surely enough to be text."""
    kind = _kind(box, read.best.text, striped=read.striped)
    if kind is None:
        return False
    sure, again = SURE[kind]
    return _alone(kind, read.best) or (read.best.sure >= sure and read.second >= again)


def _alone(kind: str | None, once: Reading) -> bool:
    """Whether one reading is enough."""
    return kind == "word" and once.sure >= ALONE


def _kind(box: Box, said: str, *, striped: bool) -> str | None:
    """By which measure of `SURE` a line is text if it says this; None: by none."""
    text = [letter for letter in said.casefold() if letter.isalnum()]
    height, length = sorted((box.width, box.height))
    if not text or height < LOWEST:
        return None
    kind = "letter" if len(text) == 1 else "pair"
    if len(text) >= WORD and length >= WORD_SHAPE * height and shapes("".join(text)) >= WORD_SHAPES:
        kind = "word"
    if kind != "letter" and height > LARGE and not striped:  # no anatomy is of stripes
        kind = f"large {kind}"
    if kind == "letter" and not text[0].isascii():
        kind = "sign"  # crosses and frames are read as ideographs
    if kind not in ("letter", "sign") and length > APART * height * len(text):
        kind = "apart"  # slices in a row, marks on a scale
    return kind


def reach(box: Box) -> Box:
    """The box around all texts of which `box` may be the end."""
    far = math.ceil(GAP * ALIKE * max(box.width, box.height))
    return Box(box.left - far, box.top - far, box.right + far, box.bottom + far)


def in_line(text: Box, other: Box) -> bool:
    """Whether a box goes on where a text ends: beside it, as high, at the same level."""
    if text.height > text.width:
        text, other = _flipped(text), _flipped(other)
    if not text.height / ALIKE <= other.height <= text.height * ALIKE:
        return False
    level = min(text.bottom, other.bottom) - max(text.top, other.top)
    gap = max(text.left, other.left) - min(text.right, other.right)
    return level >= text.height / 2 and gap <= GAP * text.height


def _flipped(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)
