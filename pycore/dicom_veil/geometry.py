"""Where an image lies in the patient: its orientation, its place, and the order that follows.

Without numpy: a series is ordered from its headers.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydicom.dataset import Dataset

from dicom_veil.attributes import frame_item, items, number, numbers, whole

# Cosines of one stack as its writers round them; planes further apart are another stack.
SAME_DIRECTION = 0.01
# mm: positions of one slice at several times differ by rounding, those of two slices by more.
SAME_PLACE = 0.01
FARTHEST = 1e7  # mm; a position further away is none

Cosines = tuple[float, float, float, float, float, float]
Point = tuple[float, float, float]


@dataclass(frozen=True)
class Place:
    """What orders an instance or a frame among others; None is what the file does not say.

    `orientation`: cosines of the rows, then of the columns (C.7.6.2.1.1). `along`: mm along their
    normal, to 0.001. `temporal`: temporal position index or identifier, or a time in ms.
    """

    orientation: Cosines | None = None
    along: float | None = None
    temporal: float | None = None
    number: int | None = None


def orientation_of(dataset: Dataset, frame_index: int) -> Cosines | None:
    """Image Orientation (Patient) of a frame as unit vectors, or None where it cannot be one."""
    holder = frame_item(dataset, frame_index, "PlaneOrientationSequence")
    found = numbers(holder, "ImageOrientationPatient")
    if len(found) != 6:
        return None
    row, column = _unit(found[:3]), _unit(found[3:])
    if row is None or column is None or abs(_dot(row, column)) > 0.1:
        return None
    return (*row, *column)


def place_of(dataset: Dataset, frame_index: int = 0) -> Place:
    """The place of an instance (by its first frame) or of one of its frames."""
    cosines = orientation_of(dataset, frame_index)
    holder = frame_item(dataset, frame_index, "PlanePositionSequence")
    position = numbers(holder, "ImagePositionPatient")
    along = None
    if cosines is not None and len(position) == 3 and max(map(abs, position)) < FARTHEST:
        along = round(_dot(_normal(cosines), position), 3)
    return Place(
        orientation=cosines,
        along=along,
        temporal=_temporal(dataset, frame_index),
        number=whole(dataset, "InstanceNumber"),
    )


def _temporal(dataset: Dataset, frame_index: int) -> float | None:
    """The position in time: of the frame (C.7.6.16.2.2, .2.3), else of the instance (C.7.6.2)."""
    content = frame_item(dataset, frame_index, "FrameContentSequence")
    position = frame_item(dataset, frame_index, "TemporalPositionSequence")
    for holder, keyword in (
        (content, "TemporalPositionIndex"),
        (position, "TemporalPositionTimeOffset"),
        (dataset, "TemporalPositionIdentifier"),
        (dataset, "TriggerTime"),
    ):
        found = number(holder, keyword)
        if found is not None:
            return found
    return None


def frame_order(dataset: Dataset, frames: int) -> list[int] | None:
    """Frames of a multi-frame instance by place, or None where that is as they are stored."""
    if frames < 2 or not items(dataset, "PerFrameFunctionalGroupsSequence"):
        return None
    places = [replace(place_of(dataset, index), number=index) for index in range(frames)]
    found = order(places)
    return None if found == list(range(frames)) else found


def order(places: Sequence[Place]) -> list[int]:
    """Indices of `places` as a person wants to leaf through them.

    Directions apart (the planes of a localizer), each in one run, the run with the lowest
    Instance Number first; in a run by position along the normal, then by temporal position, then
    by Instance Number, then as given. What has no position comes after all that has one.
    """
    runs: list[list[int]] = []
    nowhere: list[int] = []
    for index, place in enumerate(places):
        if place.orientation is None or place.along is None:
            nowhere.append(index)
            continue
        for run in runs:
            first = places[run[0]].orientation
            if first is not None and _alike(first, place.orientation):
                run.append(index)
                break
        else:
            runs.append([index])
    runs.sort(key=lambda run: (min(_last(places[index].number) for index in run), run[0]))
    placed = [index for run in runs for index in _by_position(run, places)]
    return placed + sorted(nowhere, key=lambda index: _in_time(places[index], index))


def _by_position(run: Iterable[int], places: Sequence[Place]) -> list[int]:
    """One direction. Positions closer than `SAME_PLACE` to their neighbour are one position."""
    ordered = sorted(run, key=lambda index: _last(places[index].along))
    result: list[int] = []
    together: list[int] = []
    for index in ordered:
        if together and _last(places[index].along) - _last(places[together[-1]].along) > SAME_PLACE:
            result += sorted(together, key=lambda one: _in_time(places[one], one))
            together = []
        together.append(index)
    return result + sorted(together, key=lambda one: _in_time(places[one], one))


def _in_time(place: Place, index: int) -> tuple[float, float, int]:
    return _last(place.temporal), _last(place.number), index


def _last(value: float | None) -> float:
    return math.inf if value is None else value


def _alike(one: Cosines, other: Cosines) -> bool:
    """Whether two stacks face the same way: their normals, whatever the turn in the plane."""
    return math.dist(_normal(one), _normal(other)) <= SAME_DIRECTION


def _normal(cosines: Cosines) -> Point:
    a, b, c, d, e, f = cosines
    return b * f - c * e, c * d - a * f, a * e - b * d


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def _unit(vector: Sequence[float]) -> Point | None:
    length = math.hypot(*vector)
    if not 0.5 < length < 2:  # cosines are of length 1; what is far from it is something else
        return None
    x, y, z = (part / length for part in vector)
    return x, y, z
