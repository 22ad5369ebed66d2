"""What the scan leaves legible on frames made of real pictures, and what it finds where nothing is.

`build.py test --full` takes all frames; otherwise the first few of them. Seeds below 50000 were
tuned on.
"""

import os

import pytest

from dicom_veil.text import native
from dicom_veil.text.ask import answered
from dicom_veil.text.scan import scan
from tests.core.files import needs_corpus
from tests.text import fonts
from tests.text.backgrounds import Picture
from tests.text.frames import with_text
from tests.text.score import ALL_BAR, CLEAR_BAR, FALSE_BAR, Answer, by_default, measure

FULL = bool(os.environ.get("VEIL_FULL"))
FIRST, FRAMES, FEW = 50000, 600, 16

pytestmark = [
    needs_corpus,
    pytest.mark.skipif(bool(fonts.missing()), reason=f"fonts are absent: {fonts.missing()}"),
]


def test_what_identifies_goes_and_what_is_clean_stays() -> None:
    run, characters = native.runner()

    def find(picture: Picture) -> Answer:
        return by_default(answered(scan(picture, characters), run))

    score = measure(find, range(FIRST, FIRST + (FRAMES if FULL else FEW)))
    rates = score.rates
    assert rates["clear"] >= CLEAR_BAR, score.lost
    assert rates["words"] >= ALL_BAR, score.lost
    assert rates["false"] < FALSE_BAR


def test_frames_follow_from_their_seeds() -> None:
    one, other = with_text(1), with_text(1)
    assert one.words == other.words
    assert (one.picture == other.picture).all()
    assert one.words != with_text(2).words
