"""Parallel slices as one volume: their order in space and time, and where each voxel lies.

DICOM's axes point to the patient's left, back and head (PS3.3 C.7.6.2.1.1); those of NIfTI and of
most research tools to the right, front and head.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from dicom_veil import errors
from dicom_veil.attributes import frame_item, number, numbers
from dicom_veil.geometry import SAME_DIRECTION, SAME_PLACE, Place, order, place_of
from dicom_veil.spacing import spacing_of

# Share of the distance between slices that their positions may be off by rounding.
UNEVEN = 0.05
TO_RIGHT_AND_FRONT = np.diag([-1.0, -1.0, 1.0, 1.0])
ALIKE = 1e-4


@dataclass(frozen=True)
class Plane:
    """A slice: its place among others, the center of its first pixel in mm, the size of a pixel
    (vertical, horizontal), and its thickness, where the file says them."""

    place: Place
    position: tuple[float, ...]
    spacing: tuple[float, float]
    thickness: float


@dataclass(frozen=True)
class Stack:
    """`order`: the given slices, each time's from first to last; `slices`: of one time.

    `affine`: 4 × 4, from (column, row, slice) to mm to the right, front and head; None where the
    slices do not say where they lie. `size` of a voxel in mm.
    """

    order: tuple[int, ...]
    slices: int
    size: tuple[float, float, float]
    affine: NDArray[np.float64] | None


def plane_of(dataset: Dataset, frame_index: int) -> Plane:
    """The slice that a frame is."""
    holder = frame_item(dataset, frame_index, "PlanePositionSequence")
    measures = frame_item(dataset, frame_index, "PixelMeasuresSequence")
    spacing = spacing_of(dataset, frame_index)
    thickness = number(measures, "SpacingBetweenSlices") or number(measures, "SliceThickness")
    return Plane(
        place=place_of(dataset, frame_index),
        position=numbers(holder, "ImagePositionPatient"),
        spacing=(spacing.vertical, spacing.horizontal) if spacing else (1.0, 1.0),
        thickness=abs(thickness or 1.0),
    )


def same_direction(one: Plane, other: Plane) -> bool:
    """Whether two slices can be of one volume: parallel, not turned, pixels of one size."""
    here, there = one.place.orientation, other.place.orientation
    if (here is None) != (there is None) or not np.allclose(one.spacing, other.spacing, ALIKE):
        return False
    return here is None or there is None or np.abs(np.subtract(here, there)).max() <= SAME_DIRECTION


def stacked(planes: Sequence[Plane]) -> Stack:
    """Slices that pass `same_direction`, at least one, as a volume.

    Raises `OutOfRange` where they are not evenly spaced, or not each as often as the others.
    """
    first = planes[0]
    if any(plane.place.along is None for plane in planes):
        size = (first.spacing[1], first.spacing[0], first.thickness)
        return Stack(tuple(range(len(planes))), len(planes), size, None)
    leafed = order([plane.place for plane in planes])
    places = _by_position(leafed, planes)
    times = len(places[0])
    if any(len(place) != times for place in places):
        raise errors.OutOfRange("Some slices of the series are there more often than others.")
    affine = _affine([planes[place[0]] for place in places])
    size = np.linalg.norm(affine[:3, :3], axis=0)
    arranged = tuple(place[time] for time in range(times) for place in places)
    turned = TO_RIGHT_AND_FRONT @ affine
    return Stack(arranged, len(places), (float(size[0]), float(size[1]), float(size[2])), turned)


def _by_position(leafed: Sequence[int], planes: Sequence[Plane]) -> list[list[int]]:
    """The slices of each position, in the order given, which is that of time within one."""
    places: list[list[int]] = []
    for index in leafed:
        along = planes[index].place.along or 0.0
        before = planes[places[-1][0]].place.along or 0.0 if places else -np.inf
        if along - before > SAME_PLACE:
            places.append([])
        places[-1].append(index)
    return places


def _affine(planes: Sequence[Plane]) -> NDArray[np.float64]:
    """From (column, row, slice) to the patient (C.7.6.2.1.1), 4 × 4."""
    first = planes[0]
    along_row, along_column = np.reshape(first.place.orientation or (1, 0, 0, 0, 1, 0), (2, 3))
    positions = np.array([plane.position for plane in planes])
    step = np.cross(along_row, along_column) * first.thickness
    if len(planes) > 1:
        step = (positions[-1] - positions[0]) / (len(planes) - 1)
        expected = positions[0] + np.arange(len(planes))[:, None] * step
        off = np.linalg.norm(positions - expected, axis=1).max()
        if off > UNEVEN * np.linalg.norm(step):
            raise errors.OutOfRange("The slices of the series are not evenly spaced.")
    affine = np.eye(4)
    affine[:3, 0] = along_row * first.spacing[1]
    affine[:3, 1] = along_column * first.spacing[0]
    affine[:3, 2] = step
    affine[:3, 3] = positions[0]
    return affine
