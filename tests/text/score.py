"""How a finder of text does: what it leaves legible, and what it finds where nothing is.

Words that identify count by what is removed by default, all words by what is found, which is what
`strict` removes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dicom_veil.text.boxes import Box
from dicom_veil.text.judge import judge, removed_by_default
from dicom_veil.text.own import Own
from dicom_veil.text.scan import Found
from tests.text.backgrounds import Picture
from tests.text.frames import Frame, Word, clean, with_text

MARGIN = 2  # pixels by which a box is removed larger than it was found
REMOVED = 0.5  # of a word's area that is covered
CLEAR_BAR, ALL_BAR, FALSE_BAR = 0.995, 0.97, 0.05


@dataclass(frozen=True)
class Answer:
    """What a finder gives for one frame: all that it found, and of that what goes by default."""

    boxes: Sequence[Box]
    gone: Sequence[Box]


Finder = Callable[[Picture], Answer]


def all_goes(boxes: Sequence[Box]) -> Answer:
    """The answer of a program that removes whatever it finds."""
    return Answer(boxes, boxes)


def by_default(found: Iterable[Found]) -> Answer:
    """What goes when nobody decides, by the words alone: the header holds no name."""
    judged = [judge(one, Own()) for one in found]
    return Answer(
        [one.box for one in judged], [one.box for one in judged if removed_by_default(one)]
    )


@dataclass
class Score:
    """Counts over frames. `clear`: identifying words from 10 pixels and 40 grey levels on.

    `clear_removed` counts what goes by default; the others all that is found.
    """

    clear: int = 0
    clear_removed: int = 0
    words: int = 0
    words_removed: int = 0
    clean_frames: int = 0
    false_boxes: int = 0
    lost: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        mine, others = vars(self), vars(other)
        return Score(**{name: value + others[name] for name, value in mine.items()})

    @property
    def rates(self) -> dict[str, float]:
        """Shares of words removed, and false boxes for one frame without text."""
        return {
            "clear": self.clear_removed / max(1, self.clear),
            "words": self.words_removed / max(1, self.words),
            "false": self.false_boxes / max(1, self.clean_frames),
        }


def scored(frame: Frame, answer: Answer) -> Score:
    """What an answer for one frame is worth."""
    if not frame.words:
        return Score(clean_frames=1, false_boxes=len(answer.boxes))
    score = Score()
    for word in frame.words:
        shape = frame.picture.shape
        found = covered(word.box, answer.boxes, shape) >= REMOVED
        removed = found and covered(word.box, answer.gone, shape) >= REMOVED
        identifying = word.clear and word.identifies
        score.words += 1
        score.words_removed += found
        score.clear += identifying
        score.clear_removed += identifying and removed
        if not (removed if identifying else found):
            score.lost.append(_told(frame, word))
    return score


def covered(word: Box, boxes: Iterable[Box], shape: tuple[int, ...]) -> float:
    """The share of a word's area that lies in boxes, each with its margin."""
    inside = np.zeros((word.height, word.width), bool)
    for box in boxes:
        grown = box.grown(MARGIN, MARGIN, shape[1], shape[0]).moved(-word.left, -word.top)
        inside[max(0, grown.top) : max(0, grown.bottom),
               max(0, grown.left) : max(0, grown.right)] = True  # fmt: skip
    return float(inside.mean())


def _told(frame: Frame, word: Word) -> str:
    return (f"{word.text} ({word.font}, {word.height} px, contrast {word.contrast}) "
            f"on {frame.background}")  # fmt: skip


def measure(find: Finder, seeds: Iterable[int]) -> Score:
    """One frame with text and one without for each seed."""
    total = Score()
    for seed in seeds:
        for frame in (with_text(seed), clean(seed)):
            total += scored(frame, find(frame.picture))
    return total


def as_row(score: Score) -> dict[str, Any]:
    return {**{name: round(rate, 4) for name, rate in score.rates.items()},
            "clear words": score.clear, "all words": score.words,
            "clean frames": score.clean_frames}  # fmt: skip
