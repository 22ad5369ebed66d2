"""What a line of text says (the recognition model of PP-OCR, decoded greedily)."""

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dicom_veil.text.ask import Ask, Asking, Tensor, tensor_of
from dicom_veil.text.boxes import Box
from dicom_veil.text.detect import Picture, resized

HEIGHT = 48  # that the model reads
WIDEST = 2400  # widths above are squeezed: such a line is none of print
ON_END = 1.5  # a box this many times higher than wide is read sideways
ALMOST, NAME = 1.2, 3  # one so many times is too, where that gives so many letters: a short name


@dataclass(frozen=True)
class Reading:
    """The text of a line and how sure the model is on average, 0 to 1."""

    text: str = ""
    sure: float = 0.0


@cache
def characters() -> tuple[str, ...]:
    """What the outputs of the reading model stand for; the first for nothing, the last a space."""
    listed = (files("dicom_veil") / "data" / "read_characters.txt").read_text("utf-8")
    return ("", *listed.removesuffix("\n").split("\n"), " ")


def read_line(picture: Picture, box: Box, characters: tuple[str, ...]) -> Asking[Reading]:
    """Reads one line. `characters`: what the model's outputs stand for, the first for nothing."""
    line = picture[box.top : box.bottom, box.left : box.right]
    if not line.size:
        return Reading()
    best = Reading()
    on_end = box.height > ON_END * box.width
    turns = (1, 3) if on_end else (0, 1, 3) if box.height > ALMOST * box.width else (0,)
    for turn in turns:
        reading = yield from _read(np.ascontiguousarray(np.rot90(line, turn)), characters)
        believed = on_end or not turn or sum(map(str.isalnum, reading.text)) >= NAME
        if believed and reading.sure > best.sure:
            best = reading
    return best


def _read(line: Picture, characters: tuple[str, ...]) -> Asking[Reading]:
    width = min(WIDEST, max(16, math.ceil(HEIGHT * line.shape[1] / line.shape[0] / 8) * 8))
    output: Tensor = yield Ask("read", tensor_of(resized(line, width, HEIGHT)))
    return _decoded(output[0], characters)


def _decoded(likelihoods: NDArray[np.float32], characters: tuple[str, ...]) -> Reading:
    """Connectionist temporal classification: repeats count once, blanks not at all."""
    best = likelihoods.argmax(axis=1)
    counts = (best != 0) & np.concatenate(([True], best[1:] != best[:-1]))
    if not counts.any():
        return Reading()
    text = "".join(characters[index] for index in best[counts])
    return Reading(text, float(likelihoods.max(axis=1)[counts].mean()))
