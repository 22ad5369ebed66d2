"""Lines found in several views of a picture, each once, and what of them is text."""

from dataclasses import dataclass

from dicom_veil.text.ask import Asking
from dicom_veil.text.boxes import Box, same_line
from dicom_veil.text.detect import Line, Picture
from dicom_veil.text.read import Reading, read_line

MARGIN, TRIM = 0.12, 0.08  # of the height, by which a line is also read larger and smaller
# Two readings at least so sure make text of a line: the longer, the less. Found by trying on
# frames that no reported figure is from.
LOWEST = 5  # pixels of height
WORD, WORD_SHAPE, WORD_LETTERS, WORD_SURE, WORD_AGAIN = 4, 1.8, 3, 0.55, 0.4
PAIR, PAIR_SURE, PAIR_AGAIN = 2, 0.75, 0.55
LETTER_SURE, LETTER_AGAIN = 0.95, 0.9
ENOUGH = 0.9  # no more is read of a line that two readings were so sure of


@dataclass(frozen=True)
class Readings:
    """What a line was read as, surest first."""

    readings: tuple[Reading, ...]

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
    for line in sorted(lines, key=lambda one: -one.likely):
        for position, other in enumerate(merged):
            if same_line(line.box, other.box):
                merged[position] = Line(other.box.around(line.box), other.likely)
                break
        else:
            merged.append(line)
    return merged


def readings(
    picture: Picture, stretched: Picture, box: Box, characters: tuple[str, ...]
) -> Asking[Readings]:
    """Reads a line as it is and at local contrast, with a margin, and trimmed."""
    height = min(box.width, box.height)
    margin, trim = max(1, round(height * MARGIN)), max(1, round(height * TRIM))
    found: list[Reading] = []
    for view, change in (
        (picture, 0), (stretched, 0), (picture, margin), (stretched, margin), (picture, -trim)
    ):  # fmt: skip
        size = view.shape
        reading = yield from read_line(
            view, box.grown(change, change, size[1], size[0]), characters
        )
        if reading.text.strip():
            found.append(reading)
        found.sort(key=lambda one: -one.sure)
        if len(found) > 1 and found[1].sure >= ENOUGH:
            break
    return Readings(tuple(found))


def is_text(box: Box, read: Readings) -> bool:
    """Whether a line was read surely enough to be text.

    The model reads anatomy too, but differently each time, unsurely, and as few or equal letters.
    """
    text = [letter for letter in read.best.text.casefold() if letter.isalnum()]
    if not text or min(box.width, box.height) < LOWEST:
        return False
    long = max(box.width, box.height) >= WORD_SHAPE * min(box.width, box.height)
    if len(text) >= WORD and long and len(set(text)) >= WORD_LETTERS:
        return read.best.sure >= WORD_SURE and read.second >= WORD_AGAIN
    if len(text) >= PAIR:
        return read.best.sure >= PAIR_SURE and read.second >= PAIR_AGAIN
    return read.best.sure >= LETTER_SURE and read.second >= LETTER_AGAIN
