"""The rate that a file asks for (PS3.3 C.7.6.5)."""

from typing import Any

import pytest

from dicom_veil.cine import Cine, cine_of
from tests.core.make import header, instance, ramp


def found(frames: int = 4, **attributes: Any) -> Cine | None:
    """The cine of a header as it is read back from a file."""
    dataset = header(2, 2, NumberOfFrames=frames, **attributes)
    return cine_of(instance(dataset, ramp(2 * frames, 2).tobytes()).dataset, frames)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (
            {"RecommendedDisplayFrameRate": 12, "CineRate": 30, "FrameTime": "50"},
            Cine(12, "RecommendedDisplayFrameRate"),
        ),
        ({"CineRate": 30, "FrameTime": "50"}, Cine(30, "CineRate")),
        ({"FrameTime": "50", "FrameTimeVector": ["0", "9", "9", "9"]}, Cine(20, "FrameTime")),
        (
            {"FrameTimeVector": ["0", "100", "200", "100"]},
            Cine(7.5, "FrameTimeVector", (0, 100, 300, 400)),
        ),
        # What nobody filled in, or meant otherwise, is passed over.
        ({"RecommendedDisplayFrameRate": 0, "CineRate": 25}, Cine(25, "CineRate")),
        ({"CineRate": -5, "FrameTime": "40"}, Cine(25, "FrameTime")),
        ({"CineRate": 1000000, "FrameTime": "40"}, Cine(25, "FrameTime")),
        ({"FrameTime": "0", "FrameTimeVector": ["0", "40", "40", "40"]},
         Cine(25, "FrameTimeVector", (0, 40, 80, 120))),
        ({"FrameTime": "1e9"}, None),
        ({"FrameTime": "-40"}, None),
        ({"FrameTimeVector": ["0", "40"]}, None),
        ({"FrameTimeVector": ["0", "-40", "40", "40"]}, None),
        ({"FrameTimeVector": ["0", "0", "0", "0"]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_the_rate_and_its_source(attributes: dict[str, Any], expected: Cine | None) -> None:
    assert found(**attributes) == expected


def test_the_first_step_says_nothing() -> None:
    """A vector whose first number is not 0 still begins at 0 (C.7.6.5.1.2)."""
    cine = found(FrameTimeVector=["33", "100", "100", "100"])
    assert cine is not None
    assert cine.times == (0, 100, 200, 300)
    assert cine.rate == 10


def test_one_frame_is_no_cine() -> None:
    assert found(1, CineRate=30) is None
