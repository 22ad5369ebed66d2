"""Windows and look-up tables against PS3.3 C.11 and pydicom's own functions."""

import math
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

from dicom_veil import errors
from dicom_veil.decode import decode_frame
from dicom_veil.indexed import indexed
from dicom_veil.modality import modality_of
from dicom_veil.picture import apply_window, render, rendered, table
from dicom_veil.presets import PRESETS
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.window import Window, auto_window, file_windows
from tests.core.files import real_files
from tests.core.make import header, instance, ramp
from tests.core.test_decode import decodable, opened, reference


def gray(values: np.ndarray, **attributes: object) -> Instance:
    """A 16-bit instance of these values."""
    signed = values.dtype.kind == "i"
    dataset = header(*values.shape, PixelRepresentation=int(signed), **attributes)
    return instance(dataset, values.astype("<i2" if signed else "<u2").tobytes())


def item(**attributes: object) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def lut_item(first: int, bits: int, entries: np.ndarray, **attributes: object) -> Dataset:
    """An item of a LUT sequence."""
    made = item(**attributes)
    made.add_new(0x00283002, "US", [len(entries) % 65536, first & 0xFFFF, bits])
    made.add_new(0x00283006, "OW", entries.astype("<u2").tobytes())
    return made


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        # C.11.2.1.2.1, the standard's own examples: c=2048, w=4096 and c=2048, w=1.
        (Window(2048, 4096), {0: 0.0, 4095: 1.0, 2047: 2047 / 4095}),
        (Window(2048, 1), {2047: 0.0, 2048: 1.0}),
        (Window(0, 100), {-50: 0.0, -49: 1 / 99, 49: 1.0, 0: 50 / 99}),
        (Window(0, 100, "LINEAR_EXACT"), {-50: 0.0, 0: 0.5, 50: 1.0, 25: 0.75}),
        (Window(0, 0.5, "LINEAR_EXACT"), {-1: 0.0, 0: 0.5, 1: 1.0}),
        (Window(0, 100, "SIGMOID"), {0: 0.5, 25: 1 / (1 + math.exp(-1)), -1e6: 0.0, 1e6: 1.0}),
    ],
)
def test_functions_of_the_standard(window: Window, expected: dict[float, float]) -> None:
    """LINEAR, LINEAR_EXACT and SIGMOID at values worked out by hand (C.11.2.1.2, C.11.2.1.3)."""
    shares = apply_window(np.array(list(expected), np.float64), window)
    np.testing.assert_allclose(shares, list(expected.values()), atol=1e-12)


@given(
    center=st.floats(-5000, 5000),
    width=st.floats(0.001, 20000),
    function=st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
    inverse=st.booleans(),
)
def test_every_window_is_monotonic(
    center: float, width: float, function: str, inverse: bool
) -> None:
    """More signal never looks darker (or lighter, inverted), whatever the window."""
    made = gray(ramp(2, 2, np.int16), RescaleSlope="2", RescaleIntercept="-7")
    levels = indexed(decode_frame(made, 0))
    window = Window(center, width, function)  # type: ignore[arg-type]
    steps = np.diff(table(made.dataset, 0, window, levels, invert=inverse).astype(int))
    assert (steps <= 0).all() if inverse else (steps >= 0).all()


@pytest.mark.parametrize("width", [0, -1, math.nan, math.inf])
def test_windows_that_cannot_be(width: float) -> None:
    """No window without a positive finite width."""
    with pytest.raises(errors.OutOfRange):
        Window(40, width)


def by_pydicom(dataset: pydicom.FileDataset, values: np.ndarray) -> np.ndarray | None:
    """8 bits by pydicom's own path; None where it cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            shown = apply_voi_lut(apply_modality_lut(values, dataset), dataset).astype(np.float64)
        except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError):
            return None
    bottom, top = output_range(dataset)
    return np.floor((shown - bottom) / (top - bottom) * 255 + 0.5)


def output_range(dataset: pydicom.FileDataset) -> tuple[float, float]:
    """The range that pydicom spreads a window over, or that of its look-up table."""
    if "VOILUTSequence" in dataset:
        return 0, 2 ** dataset.VOILUTSequence[0].LUTDescriptor[2] - 1
    if "ModalityLUTSequence" in dataset:
        return 0, 2 ** dataset.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    bits, signed = dataset.BitsStored, dataset.PixelRepresentation
    ends = np.array([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] if signed else [0, 2**bits - 1])
    ends = ends * float(dataset.get("RescaleSlope", 1)) + float(dataset.get("RescaleIntercept", 0))
    return float(ends[0]), float(ends[1])


def windowed() -> list[Path]:
    """Gray files with a window or a VOI LUT at the top of the data set."""
    found = []
    for path in dict.fromkeys([*decodable(), *real_files()]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
            raw = dataset.get_item("PhotometricInterpretation")
        gray_image = raw is not None and b"MONOCHROME" in bytes(raw.value or b"")
        if gray_image and ("WindowCenter" in dataset or "VOILUTSequence" in dataset):
            found.append(path)
    return found


@pytest.mark.parametrize("path", windowed(), ids=lambda path: path.name)
def test_pictures_are_those_of_pydicom(path: Path) -> None:
    """The file's first view equals apply_modality_lut and apply_voi_lut, rounded, to the bit."""
    expected = reference(path)
    if expected is None:
        pytest.skip("pydicom alone cannot decode this file")
    dataset, values = expected
    instance_read = opened(path)
    first = values[0] if values.ndim == 3 else values
    by_theirs = by_pydicom(dataset, first)
    if by_theirs is None:
        pytest.skip("pydicom alone cannot apply this window")
    ours = render(instance_read, 0).astype(int)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        # Inverted before rounding: a share of exactly one half rounds up either way.
        assert np.abs(ours - (255 - by_theirs)).max() <= 1
    else:
        np.testing.assert_array_equal(ours, by_theirs)


def test_several_windows_with_explanations() -> None:
    """All pairs of the file, in its order, with what the file calls them."""
    made = gray(
        ramp(4, 4), WindowCenter=["40", "-600", "7"], WindowWidth=["400", "1500", "0"],
        WindowCenterWidthExplanation=["Soft", "Lung"],
    )  # fmt: skip
    windows = file_windows(made.dataset, 0)
    assert [(w.center, w.width, w.explanation, w.source) for w in windows] == [
        (40, 400, "Soft", "file"),
        (-600, 1500, "Lung", "file"),
    ]


def test_functions_are_read_from_the_file() -> None:
    """VOI LUT Function; an unknown one is LINEAR; LINEAR below 1 is exact."""
    for declared, width, function in (
        ("SIGMOID", "3", "SIGMOID"),
        ("LINEAR_EXACT", "3", "LINEAR_EXACT"),
        ("CUBIC", "3", "LINEAR"),
        ("LINEAR", "0.5", "LINEAR_EXACT"),
    ):
        made = gray(ramp(2, 2), WindowCenter="1", WindowWidth=width, VOILUTFunction=declared)
        assert file_windows(made.dataset, 0)[0].function == function


def test_functional_groups() -> None:
    """Rescale and window per frame, shared where the frame has none (C.7.6.16.2.9, .10)."""
    own = item(
        PixelValueTransformationSequence=[
            item(RescaleSlope="3", RescaleIntercept="10", RescaleType="HU")
        ],
        FrameVOILUTSequence=[item(WindowCenter="100", WindowWidth="50")],
    )
    shared = item(
        PixelValueTransformationSequence=[
            item(RescaleSlope="1", RescaleIntercept="-5", RescaleType="US")
        ],
        FrameVOILUTSequence=[item(WindowCenter="7", WindowWidth="9", VOILUTFunction="SIGMOID")],
    )
    dataset = header(2, 2, NumberOfFrames=2, RescaleSlope="99", RescaleIntercept="99")
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = [item(), own]
    made = instance(dataset, ramp(4, 2).tobytes())
    first, second = (modality_of(made.dataset, index) for index in (0, 1))
    assert (first.slope, first.intercept, first.unit) == (1, -5, "")
    assert (second.slope, second.intercept, second.unit) == (3, 10, "HU")
    assert file_windows(made.dataset, 0)[0] == Window(7, 9, "SIGMOID")
    assert file_windows(made.dataset, 1)[0] == Window(100, 50)


def test_modality_lut_sequence() -> None:
    """Stored values through the table, its ends for what lies outside (C.11.1.1)."""
    entries = np.array([0, 1000, 4000, 4095])
    made = gray(ramp(4, 4), ModalityLUTSequence=[lut_item(5, 12, entries, ModalityLUTType="HU")])
    modality = modality_of(made.dataset, 0)
    assert modality.unit == "HU"
    assert modality.apply(np.array([0, 5, 6, 8, 90])).tolist() == [0, 0, 1000, 4095, 4095]


def test_empty_modality_lut_says_nothing() -> None:
    """A sequence with an empty item, as some writers leave it, is no refusal."""
    made = gray(ramp(4, 4), ModalityLUTSequence=[item(ModalityLUTType="")], RescaleSlope="2")
    assert modality_of(made.dataset, 0).slope == 2


def test_voi_lut_sequence() -> None:
    """A table whose first input is negative, since the rescaled values are (C.11.2.1.1)."""
    entries = np.linspace(255, 0, 1000).astype(np.uint16)
    made = gray(
        ramp(30, 40), RescaleSlope="1", RescaleIntercept="-1024",
        VOILUTSequence=[lut_item(-1024, 8, entries, LUTExplanation="FALLING")],
        WindowCenter="0", WindowWidth="100",
    )  # fmt: skip
    by_table, plain = file_windows(made.dataset, 0)
    assert (by_table.voi_lut, by_table.explanation) == (0, "FALLING")
    assert plain.voi_lut is None
    picture = render(made, 0).ravel()
    np.testing.assert_array_equal(picture[:1000], entries)
    assert set(picture[1000:]) == {0}
    with pytest.raises(errors.OutOfRange):
        render(made, 0, Window(0, 1, voi_lut=1))


@pytest.mark.parametrize(
    ("photometric", "shape", "inverse"),
    [
        ("MONOCHROME2", None, False),
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME1", None, True),
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME2", "INVERSE", True),
    ],
)
def test_presentation(photometric: str, shape: str | None, inverse: bool) -> None:
    """MONOCHROME1 and INVERSE say the same thing, once (C.7.6.3.1.2, C.8.11.3.1.2)."""
    made = gray(ramp(16, 16), PhotometricInterpretation=photometric, PresentationLUTShape=shape)
    picture = render(made, 0, Window(128, 256)).ravel()
    np.testing.assert_array_equal(picture, np.arange(256)[:: -1 if inverse else 1])
    np.testing.assert_array_equal(render(made, 0, Window(128, 256), invert=True).ravel(),
                                  255 - picture)  # fmt: skip


def test_padding_is_left_out_of_the_automatic_window() -> None:
    """Half the picture is padding far below; the window is that of the rest (C.7.5.1.1.2)."""
    values = np.full((40, 40), -2000, np.int16)
    values[20:] = np.linspace(100, 900, 800).reshape(20, 40)
    values[0] = -1990
    plain, padded, ranged = (
        auto_window(made.dataset, decode_frame(made, 0), 0)
        for made in (
            gray(values),
            gray(values, PixelPaddingValue=-2000),
            gray(values, PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1980),
        )
    )
    assert plain.width > 2800
    assert padded.center - padded.width / 2 < -1900
    assert ranged.source == "auto"
    assert 100 <= ranged.center - ranged.width / 2 <= 115
    assert 885 <= ranged.center + ranged.width / 2 <= 901


def test_automatic_windows_ignore_extremes() -> None:
    """One per cent of metal does not darken the rest."""
    values = np.full((100, 100), 500, np.uint16)
    values[:, :50] = 400
    values[0, :60] = 60000
    made = gray(values)
    window = auto_window(made.dataset, decode_frame(made, 0), 0)
    assert (window.center, window.width) == (450.5, 101)
    assert set(render(made, 0).ravel()) == {0, 255}


def test_constant_frames_have_a_window() -> None:
    """All pixels alike, or all padding: a picture all the same."""
    for attributes in ({}, {"PixelPaddingValue": 7}):
        made = gray(np.full((4, 4), 7, np.uint16), **attributes)
        assert auto_window(made.dataset, decode_frame(made, 0), 0).width >= 1
        assert render(made, 0).shape == (4, 4)


def test_captures_of_eight_bits_are_shown_as_they_are() -> None:
    """No window and no modality: stored values are what was on a screen."""
    values = ramp(16, 16, np.uint8)
    dataset = header(16, 16, BitsAllocated=8, BitsStored=8, HighBit=7)
    np.testing.assert_array_equal(render(instance(dataset, values.tobytes()), 0), values)


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2"])
def test_indices_are_exact(dtype: str) -> None:
    """Integers of up to 16 bits come back from their indices."""
    info = np.iinfo(dtype)
    values = np.linspace(info.min, info.max, 64).astype(dtype).reshape(8, 8)
    bits = info.bits
    dataset = header(
        8, 8, BitsAllocated=bits, BitsStored=bits, HighBit=bits - 1,
        PixelRepresentation=int(dtype[0] == "i"),
    )  # fmt: skip
    levels = indexed(decode_frame(instance(dataset, values.tobytes()), 0))
    assert levels.levels == 1 << bits
    assert levels.exact
    np.testing.assert_array_equal(levels.stored(levels.indices), values)


def test_wide_values_are_spread() -> None:
    """32-bit values over 65536 levels: off by half a level at most, and the frame says so."""
    values = (np.arange(400, dtype=np.uint32) * 10_000_000).reshape(20, 20)
    dataset = header(20, 20, BitsAllocated=32, BitsStored=32, HighBit=31)
    levels = indexed(decode_frame(instance(dataset, values.tobytes()), 0))
    assert not levels.exact
    assert "65536" in levels.notes[0]
    assert np.abs(levels.stored(levels.indices) - values).max() <= levels.scale / 2


def test_floats_without_numbers_in_them() -> None:
    """NaN and infinity go to the lowest level; nothing warns, nothing fails."""
    values = np.array([[np.nan, -1.5, 0.0], [2.5, np.inf, -np.inf]], np.float32)
    dataset = header(
        2, 3, BitsAllocated=32, BitsStored=None, HighBit=None, PixelRepresentation=None
    )
    made = instance(dataset, values.tobytes(), keyword="FloatPixelData")
    picture = render(made, 0)
    assert picture[1, 0] == 255
    assert picture[0, 0] == picture[1, 1] == 0


def test_screen_is_export() -> None:
    """`render` is `table` indexed, and nothing else."""
    made = gray(ramp(20, 20, np.int16, 150), RescaleSlope="2", RescaleIntercept="3")
    frame, window = decode_frame(made, 0), Window(2000, 3333, "SIGMOID")
    levels = indexed(frame)
    lut = table(made.dataset, 0, window, levels)
    np.testing.assert_array_equal(render(made, 0, window), lut[levels.indices])
    np.testing.assert_array_equal(rendered(Shown(made, 0), window), lut[levels.indices])


def test_presets_are_those_of_the_design() -> None:
    """Names are stable, and windows are windows."""
    assert {preset.name: (preset.width, preset.center) for preset in PRESETS} == {
        "soft-tissue": (400, 40),
        "lung": (1500, -600),
        "mediastinum": (400, 40),
        "bone": (1800, 400),
        "bone-wide": (2500, 480),
        "brain": (80, 40),
        "liver": (150, 90),
    }
    for preset in PRESETS:
        Window(preset.center, preset.width, source="preset")
