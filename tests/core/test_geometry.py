"""Where images lie and how large their pixels are, from headers of every kind."""

import math
import random
from typing import Any

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_veil import errors
from dicom_veil.directions import letters
from dicom_veil.geometry import Place, frame_order, order, place_of
from dicom_veil.picture import drawn
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.spacing import Spacing, aspect_of, spacing_of, square_size
from dicom_veil.squared import evened, squared
from tests.core.files import bundled
from tests.core.make import header, instance, ramp
from tests.core.test_decode import opened
from tests.core.test_window import item

AXIAL = [1, 0, 0, 0, 1, 0]
SAGITTAL = [0, 1, 0, 0, 0, -1]
CORONAL = [1, 0, 0, 0, 0, -1]


def headed(**attributes: Any) -> Instance:
    """A header as it is read back from a file."""
    return instance(header(2, 2, **attributes), ramp(2, 2).tobytes())


def region(x: float, y: float, **more: Any) -> pydicom.Dataset:
    """An ultrasound region in cm by cm (C.8.5.5)."""
    told = {"RegionSpatialFormat": 1, "PhysicalUnitsXDirection": 3, "PhysicalUnitsYDirection": 3}
    return item(**{**told, "PhysicalDeltaX": x, "PhysicalDeltaY": y, **more})


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"PixelSpacing": ["0.5", "0.75"]}, Spacing(0.5, 0.75, "PixelSpacing")),
        ({"ImagerPixelSpacing": ["0.1", "0.1"]}, Spacing(0.1, 0.1, "ImagerPixelSpacing")),
        (
            {"NominalScannedPixelSpacing": ["0.2", "0.2"]},
            Spacing(0.2, 0.2, "NominalScannedPixelSpacing"),
        ),
        # 10.7.1.3: the same numbers without a calibration are those at the detector.
        (
            {"PixelSpacing": ["0.1", "0.1"], "ImagerPixelSpacing": ["0.1", "0.1"]},
            Spacing(0.1, 0.1, "ImagerPixelSpacing"),
        ),
        (
            {
                "PixelSpacing": ["0.1", "0.1"],
                "ImagerPixelSpacing": ["0.1", "0.1"],
                "PixelSpacingCalibrationType": "GEOMETRY",
            },
            Spacing(0.1, 0.1, "PixelSpacing"),
        ),
        ({"PixelSpacing": ["0", "0"], "ImagerPixelSpacing": ["1", "2"]},
         Spacing(1, 2, "ImagerPixelSpacing")),
        ({"PixelSpacing": ["0.5"]}, None),
        ({"PixelSpacing": ["-1", "1"]}, None),
        ({"PixelSpacing": ["1000", "0.001"]}, None),
        (
            {"SequenceOfUltrasoundRegions": [region(0.05, 0.04), region(0.05, -0.04)]},
            Spacing(0.4, 0.5, "SequenceOfUltrasoundRegions"),
        ),
        ({"SequenceOfUltrasoundRegions": [region(0.05, 0.05), region(0.03, 0.03)]}, None),
        (
            {"SequenceOfUltrasoundRegions": [region(0.05, 0.05, PhysicalUnitsXDirection=4)]},
            None,
        ),
        ({}, None),
    ],
)  # fmt: skip
def test_spacing(attributes: dict[str, Any], expected: Spacing | None) -> None:
    """What says the size of a pixel, and which of several; what cannot be is passed over."""
    assert spacing_of(headed(**attributes).dataset, 0) == expected


def test_spacing_in_functional_groups() -> None:
    """A frame's own before the shared one, before the instance's (C.7.6.16.2.1)."""
    dataset = header(2, 2, NumberOfFrames=2, PixelSpacing=["9", "9"])
    dataset.SharedFunctionalGroupsSequence = [
        item(PixelMeasuresSequence=[item(PixelSpacing=["0.5", "0.6"])])
    ]
    dataset.PerFrameFunctionalGroupsSequence = [
        item(),
        item(PixelMeasuresSequence=[item(PixelSpacing=["0.7", "0.8"])]),
    ]
    made = instance(dataset, ramp(4, 2).tobytes())
    assert spacing_of(made.dataset, 0) == Spacing(0.5, 0.6, "PixelSpacing")
    assert spacing_of(made.dataset, 1) == Spacing(0.7, 0.8, "PixelSpacing")


def test_aspect() -> None:
    """A spacing, else the ratio, else square."""
    assert aspect_of(headed(PixelAspectRatio=["4", "3"]).dataset, 0) == (4, 3)
    both = headed(PixelAspectRatio=["4", "3"], PixelSpacing=["1", "2"])
    assert aspect_of(both.dataset, 0) == (1, 2)
    assert aspect_of(headed().dataset, 0) == (1, 1)


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        ((1, 1), (100, 60)),
        ((2, 1), (200, 60)),
        ((1, 1.5), (100, 90)),
        ((0.48828, 0.488281), (100, 60)),
    ],
)
def test_square_pictures(aspect: tuple[float, float], size: tuple[int, int]) -> None:
    """The coarser direction gets more pixels; rounding errors of a spacing make none."""
    assert square_size(100, 60, aspect) == size
    gray = np.full((100, 60), 77, np.uint8)
    assert squared(gray, aspect).shape == size
    assert set(squared(gray, aspect).ravel()) == {77}
    assert squared(np.stack([gray] * 3, -1), aspect).shape == (*size, 3)


def test_a_disc_stays_one() -> None:
    """A disc that was squeezed by half is round again: the same width in both directions."""
    rows, columns = np.mgrid[:100, :200]
    disc = (((rows - 49.5) * 2) ** 2 + (columns - 99.5) ** 2 < 60**2).astype(np.uint8) * 255
    made = instance(
        header(100, 200, BitsAllocated=8, BitsStored=8, HighBit=7, PixelSpacing=["2", "1"]),
        disc.tobytes(),
    )
    picture = drawn(Shown(made, 0))
    assert picture.shape == (200, 200)
    inside = picture > 127
    height, width = (int(inside.any(axis=axis).sum()) for axis in (1, 0))
    assert abs(height - width) <= 1
    assert drawn(Shown(made, 0), square=False).shape == (100, 200)


def test_even_sides() -> None:
    """Video wants them: the last row and column stand twice, nothing else changes."""
    picture = ramp(3, 5, np.uint8)
    made = evened(picture)
    assert made.shape == (4, 6)
    np.testing.assert_array_equal(made[:3, :5], picture)
    np.testing.assert_array_equal(made[3, :5], picture[2])
    assert evened(made) is made
    assert evened(np.zeros((3, 4, 3), np.uint8)).shape == (4, 4, 3)


def test_a_picture_too_large_to_square() -> None:
    with pytest.raises(errors.OutOfRange):
        squared(np.broadcast_to(np.uint8(0), (20000, 20000)), (1, 40))


@pytest.mark.parametrize(
    ("cosines", "expected"),
    [
        (AXIAL, "R L A P"),
        (SAGITTAL, "A P H F"),
        (CORONAL, "R L H F"),
        ([-1, 0, 0, 0, -1, 0], "L R P A"),
        ([0.8, 0.6, 0, -0.6, 0.8, 0], "RA LP AL PR"),
        # A leaning of some 3 degrees is not worth a letter.
        ([0.9986, 0.05, 0, -0.05, 0.9986, 0], "R L A P"),
    ],
)
def test_letters_from_cosines(cosines: list[float], expected: str) -> None:
    """Left, right, top, bottom; x goes to the left, y to the back, z to the head (C.7.6.2.1.1)."""
    found = letters(headed(ImageOrientationPatient=[str(one) for one in cosines]).dataset, 0)
    assert found is not None
    assert " ".join(found.values()) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"PatientOrientation": ["A", "F"]}, "P A H F"),
        ({"PatientOrientation": ["L", "FP"]}, "R L HA FP"),
        ({"PatientOrientation": ["PR", "CD"]}, None),
        ({"PatientOrientation": ["SMITH", "F"]}, None),
        ({"PatientOrientation": "A"}, None),
        ({"ImageOrientationPatient": ["1", "0", "0", "1", "0", "0"]}, None),
        ({"ImageOrientationPatient": ["0"] * 6}, None),
        ({"ImageOrientationPatient": AXIAL, "AnatomicalOrientationType": "QUADRUPED"}, None),
        ({}, None),
    ],
)
def test_letters_from_words(attributes: dict[str, Any], expected: str | None) -> None:
    """Patient Orientation names what right and bottom are; nothing else is ever passed on."""
    found = letters(headed(**attributes).dataset, 0)
    assert (None if found is None else " ".join(found.values())) == expected


def stack(cosines: list[float], origin: list[float], step: list[float], count: int) -> list[Place]:
    """Slices `step` mm apart, as their files say it."""
    return [
        place_of(
            headed(
                ImageOrientationPatient=[f"{one:.6g}" for one in cosines],
                ImagePositionPatient=[
                    f"{start + index * way:.6g}" for start, way in zip(origin, step, strict=True)
                ],
                InstanceNumber=count - index,
            ).dataset
        )
        for index in range(count)
    ]


@pytest.mark.parametrize(
    ("cosines", "step"),
    [
        (AXIAL, [0, 0, 1.25]),
        (SAGITTAL, [-3, 0, 0]),
        ([1, 0, 0, 0, math.cos(0.3), -math.sin(0.3)], [0, 0, 5]),  # gantry tilt: slices shear
        ([0.8, 0.6, 0, -0.6, 0.8, 0], [0.1, -0.2, 0.7]),
    ],
)
def test_slices_by_position(cosines: list[float], step: list[float]) -> None:
    """Whatever order the files come in and whatever their numbers say."""
    places = stack(cosines, [-120.5, 33.25, -700], step, 12)
    mixed = random.Random(4).sample(range(12), 12)
    assert [mixed[index] for index in order([places[index] for index in mixed])] == list(range(12))


def test_times_within_a_position() -> None:
    """Position first, then time, then Instance Number; rounding of positions is no position."""
    places = [
        Place((1, 0, 0, 0, 1, 0), along=z * 2 + noise, temporal=time, number=number)
        for z in range(3)
        for time, noise in ((1.0, 0.004), (2.0, 0.0), (3.0, 0.002))
        for number in (1, 2)
    ]
    mixed = random.Random(1).sample(range(18), 18)
    assert [mixed[index] for index in order([places[index] for index in mixed])] == list(range(18))


def test_a_localizer_by_its_directions() -> None:
    """Three directions in one series: each in one run, the one with the lowest number first."""
    runs = [
        [Place((*cosines,), along, None, number) for along, number in pairs]  # type: ignore[arg-type]
        for cosines, pairs in (
            (SAGITTAL, ((-10.0, 3), (0.0, 2), (10.0, 1))),
            (AXIAL, ((5.0, 4), (15.0, 5))),
            (CORONAL, ((0.0, 7), (9.0, 6))),
        )
    ]
    places = [place for run in runs for place in run]
    mixed = random.Random(2).sample(range(7), 7)
    assert [mixed[index] for index in order([places[index] for index in mixed])] == list(range(7))


def test_what_has_no_position() -> None:
    """By number, then as given; behind what has one. Nothing is lost."""
    places = [
        Place(number=None), Place(number=3), Place(number=1), Place(number=None),
        Place((1, 0, 0, 0, 1, 0), 4.0, None, 9),
    ]  # fmt: skip
    assert order(places) == [4, 2, 1, 0, 3]
    assert order([]) == []


@given(
    st.lists(
        st.builds(
            Place,
            st.sampled_from([None, (1, 0, 0, 0, 1, 0), (0, 1, 0, 0, 0, -1)]),
            st.none() | st.floats(-500, 500),
            st.none() | st.floats(0, 10),
            st.none() | st.integers(0, 20),
        ),
        max_size=30,
    )
)
def test_every_order_is_one(places: list[Place]) -> None:
    """Each place exactly once, and ordering what is ordered changes nothing."""
    found = order(places)
    assert sorted(found) == list(range(len(places)))
    again = [places[index] for index in found]
    assert [again[index] for index in order(again)] == again


def at_heights(heights: list[float]) -> Instance:
    """An enhanced multi-frame whose frames lie so high."""
    dataset = header(2, 2, NumberOfFrames=len(heights))
    dataset.SharedFunctionalGroupsSequence = [
        item(PlaneOrientationSequence=[item(ImageOrientationPatient=AXIAL)])
    ]
    dataset.PerFrameFunctionalGroupsSequence = [
        item(
            PlanePositionSequence=[item(ImagePositionPatient=[0, 0, height])],
            FrameContentSequence=[item(TemporalPositionIndex=index + 1)],
        )
        for index, height in enumerate(heights)
    ]
    return instance(dataset, ramp(2 * len(heights), 2).tobytes())


def test_frames_by_position() -> None:
    """Frames of an enhanced multi-frame; None where they are stored in order."""
    assert frame_order(at_heights([3, 1, 2]).dataset, 3) == [1, 2, 0]
    assert frame_order(at_heights([1, 2, 1, 2]).dataset, 4) == [0, 2, 1, 3]
    assert frame_order(at_heights([1, 2, 3]).dataset, 3) is None
    assert frame_order(headed(NumberOfFrames=1).dataset, 1) is None


def test_a_real_series() -> None:
    """The slices of pydicom's dicomdirtests, series by series, against numpy's own geometry."""
    folder = bundled("DICOMDIR").parent
    series: dict[str, list[tuple[float, Place]]] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith("DICOMDIR"):
            continue
        dataset = pydicom.dcmread(path, force=True)
        if "ImageOrientationPatient" not in dataset:
            continue
        normal = np.cross(dataset.ImageOrientationPatient[:3], dataset.ImageOrientationPatient[3:])
        along = float(normal @ np.array(dataset.ImagePositionPatient, float))
        series.setdefault(dataset.SeriesInstanceUID, []).append(
            (along, place_of(opened(path).dataset))
        )
    assert sum(len(members) > 2 for members in series.values()) >= 3
    for members in series.values():
        if len({place.orientation for _, place in members}) == 1:
            found = [members[index][0] for index in order([place for _, place in members])]
            assert found == sorted(found)
