"""How fast the frames of an instance are to be shown (PS3.3 C.7.6.5, the Cine Module)."""

from dataclasses import dataclass
from itertools import accumulate

from pydicom.dataset import Dataset

from dicom_veil.attributes import number, numbers

# Frames per second that a person could have meant; other numbers stand where nobody filled in.
SLOWEST, FASTEST = 0.05, 1000.0


@dataclass(frozen=True)
class Cine:
    """`rate` in frames per second; `times` in ms from the first frame, one per frame, or None."""

    rate: float
    source: str
    times: tuple[float, ...] | None = None


def cine_of(dataset: Dataset, frames: int) -> Cine | None:
    """The rate that the file asks for: how to show it goes before how it was taken.

    Recommended Display Frame Rate (C.7.6.5), Cine Rate, Frame Time (C.7.6.5.1.1), Frame Time
    Vector (C.7.6.5.1.2). Numbers that are no rate are passed over.
    """
    if frames < 2:
        return None
    for keyword in ("RecommendedDisplayFrameRate", "CineRate"):
        rate = number(dataset, keyword)
        if rate is not None and SLOWEST <= rate <= FASTEST:
            return Cine(rate, keyword)
    milliseconds = number(dataset, "FrameTime")
    if milliseconds and SLOWEST <= 1000 / milliseconds <= FASTEST:
        return Cine(1000 / milliseconds, "FrameTime")
    return _by_vector(numbers(dataset, "FrameTimeVector"), frames)


def _by_vector(steps: tuple[float, ...], frames: int) -> Cine | None:
    """Each number is the time since the frame before; the first frame's says nothing."""
    if len(steps) != frames or min(steps[1:]) < 0:
        return None
    times = tuple(accumulate((0.0, *steps[1:])))
    if times[-1] <= 0:
        return None
    rate = (frames - 1) * 1000 / times[-1]
    return Cine(rate, "FrameTimeVector", times) if SLOWEST <= rate <= FASTEST else None
