"""Attributes about pictures with any bytes in them: a value, or none; never a failure."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from dicom_veil.cine import cine_of
from dicom_veil.directions import letters
from dicom_veil.geometry import frame_order, place_of
from dicom_veil.indexed import indexed
from dicom_veil.overlays import overlay_mask, planes
from dicom_veil.padding import padding_of
from dicom_veil.picture import rendered
from dicom_veil.shown import Shown
from dicom_veil.spacing import aspect_of, spacing_of, square_size
from dicom_veil.units import units_of
from dicom_veil.window import file_windows
from tests.core.make import header, instance, ramp

KEYWORDS = (
    "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio",
    "PixelSpacingCalibrationType", "ImageOrientationPatient", "ImagePositionPatient",
    "PatientOrientation", "AnatomicalOrientationType", "TriggerTime", "InstanceNumber",
    "TemporalPositionIdentifier", "RecommendedDisplayFrameRate", "CineRate", "FrameTime",
    "FrameTimeVector", "PixelPaddingValue", "PixelPaddingRangeLimit", "FloatPixelPaddingValue",
    "Units", "DecayCorrection", "CorrectedImage", "PatientWeight", "SeriesDate", "SeriesTime",
    "AcquisitionDate", "AcquisitionTime", "RescaleSlope", "RescaleIntercept", "WindowCenter",
    "WindowWidth", "VOILUTFunction", "PresentationLUTShape",
)  # fmt: skip
DRUG = ("RadionuclideTotalDose", "RadionuclideHalfLife", "RadiopharmaceuticalStartTime",
        "RadiopharmaceuticalStartDateTime")  # fmt: skip
OVERLAY = (0x60000010, 0x60000011, 0x60000015, 0x60000050, 0x60000051, 0x60000100, 0x60000102,
           0x60003000)  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([
        b"0", b"-1", b"1e308", b"-1e308", b"1e-320", b"NaN", b"1\\2", b"1\\0\\0\\0\\1\\0",
        b"BQML", b"START", b"ATTN\\DECY", b"20240307", b"99991231", b"00010101", b"235959.999999",
        b"99", b"0000", b"SIGMOID", b"\xff\xff", b"\x01\x80", b"1\\1e300",
    ]),
    st.floats().map(lambda number: repr(number).encode()),
)  # fmt: skip
VRS = st.sampled_from([None, "UN", "US", "SS", "DS", "IS", "FD", "FL", "CS", "LO", "OW"])


def raw(tag: int, vr: str | None, value: bytes) -> RawDataElement:
    return RawDataElement(Tag(tag), vr, len(value), value, 0, vr is None, True)


def element(tags: tuple[int, ...]) -> st.SearchStrategy[RawDataElement]:
    return st.builds(raw, st.sampled_from(tags), VRS, VALUES)


def tags(keywords: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(tag_for_keyword(keyword) or 0) for keyword in keywords)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(element(tags(KEYWORDS)), max_size=20),
    st.lists(element(tags(DRUG)), max_size=4),
    st.lists(element(OVERLAY), max_size=8),
    st.booleans(),
)
def test_nothing_fails(
    told: list[RawDataElement], drug: list[RawDataElement], overlay: list[RawDataElement], pet: bool
) -> None:
    """Every reader of the header, and the picture that comes of it."""
    dataset = header(4, 4, Modality="PT" if pet else "MR")
    dataset.RadiopharmaceuticalInformationSequence = [Dataset()]
    made = instance(dataset, ramp(4, 4).tobytes())
    for one in (*told, *overlay):
        made.dataset._dict[one.tag] = one
    inner = made.dataset._dict[Tag(0x00540016)].value[0]
    for one in drug:
        inner._dict[one.tag] = one
    spacing = spacing_of(made.dataset, 0)
    assert spacing is None or min(spacing.vertical, spacing.horizontal) > 0
    assert min(square_size(4, 4, aspect_of(made.dataset, 0))) >= 4
    letters(made.dataset, 0)
    place_of(made.dataset)
    frame_order(made.dataset, 3)
    cine = cine_of(made.dataset, 3)
    assert cine is None or cine.rate > 0
    assert all(
        np.isfinite([unit.slope, unit.intercept]).all() for unit in units_of(made.dataset, 0)[0]
    )
    file_windows(made.dataset, 0)
    planes(made.dataset, 0)
    assert overlay_mask(made, 0, 4, 4).max() <= 1
    for floats in (False, True):
        padding = padding_of(made.dataset, floats=floats)
        assert padding is None or padding[0] <= padding[1]
    shown = Shown(made, 0)
    assert rendered(shown).shape == (4, 4)
    np.testing.assert_array_equal(indexed(shown.frame).indices, shown.levels.indices)
    assert isinstance(made.body, BytesIO)
