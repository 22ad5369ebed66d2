"""Every rule of PS3.3 C.11 on a file made for it, drawn by dcmtk too where dcmtk knows the rule."""

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from dicom_veil.decode import Frame
from dicom_veil.indexed import indexed
from dicom_veil.picture import render, shown_inverse
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.window import Window, file_windows
from tests.core.judges import dcm2pnm, needs_dcmtk
from tests.core.make import header, instance
from tests.core.test_window import by_pydicom, item, lut_item

SIDE = 64
UNSIGNED = (np.arange(SIDE * SIDE) % 4096).astype("<u2").reshape(SIDE, SIDE)
SIGNED = (UNSIGNED.astype(int) - 2048).astype("<i2")
CURVE = (np.sqrt(np.arange(4096) / 4095) * 1023).round().astype(np.uint16)
BENT = (4095 * (np.arange(4096) / 4095) ** 2).round().astype(np.uint16)


@dataclass(frozen=True)
class Case:
    """A file, and which view of it is drawn: the file's first."""

    attributes: dict[str, Any]
    signed: bool = False

    def made(self, **more: Any) -> Instance:
        cells = SIGNED if self.signed else UNSIGNED
        told = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": int(self.signed)}
        return instance(header(SIDE, SIDE, **told, **self.attributes, **more), cells.tobytes())


WINDOW = {"WindowCenter": "600.5", "WindowWidth": "900"}
HOUNSFIELD = {"RescaleSlope": "1", "RescaleIntercept": "-1024"}
CASES = {
    "linear": Case(WINDOW),
    "linear of width 1": Case({"WindowCenter": "600", "WindowWidth": "1"}),
    "linear, signed": Case(WINDOW, signed=True),
    "linear after a rescale": Case({**WINDOW, **HOUNSFIELD}),
    "linear, falling rescale": Case(
        {**WINDOW, "RescaleSlope": "-2", "RescaleIntercept": "3000"}, signed=True
    ),
    "linear exact": Case({**WINDOW, "VOILUTFunction": "LINEAR_EXACT"}),
    "sigmoid": Case({**WINDOW, "VOILUTFunction": "SIGMOID"}),
    "sigmoid, MONOCHROME1": Case(
        {**WINDOW, "VOILUTFunction": "SIGMOID", "PhotometricInterpretation": "MONOCHROME1"}
    ),
    "MONOCHROME1": Case({**WINDOW, "PhotometricInterpretation": "MONOCHROME1"}),
    "presentation inverse": Case({**WINDOW, "PresentationLUTShape": "INVERSE"}),
    "VOI LUT of 10 bits": Case({"VOILUTSequence": [lut_item(0, 10, CURVE)]}),
    "VOI LUT of 8 bits": Case({"VOILUTSequence": [lut_item(0, 8, CURVE >> 2)]}),
    "VOI LUT that begins later and is shorter": Case(
        {"VOILUTSequence": [lut_item(700, 10, CURVE[:512] * 2)]}
    ),
    "VOI LUT below 0": Case({"VOILUTSequence": [lut_item(-2048, 10, CURVE)]}, signed=True),
    "VOI LUT after a rescale": Case({**HOUNSFIELD, "VOILUTSequence": [lut_item(-1024, 10, CURVE)]}),
    "VOI LUT, MONOCHROME1": Case(
        {"PhotometricInterpretation": "MONOCHROME1", "VOILUTSequence": [lut_item(0, 10, CURVE)]}
    ),
    "VOI LUT shallower than it says": Case({"VOILUTSequence": [lut_item(0, 16, CURVE)]}),
    "modality LUT": Case({**WINDOW, "ModalityLUTSequence": [
        lut_item(0, 12, BENT, ModalityLUTType="US")]}),
    "modality LUT of 16 bits": Case({"WindowCenter": "30000", "WindowWidth": "50000",
        "ModalityLUTSequence": [lut_item(0, 16, BENT * 16, ModalityLUTType="US")]}),
    "modality LUT, then VOI LUT": Case({
        "ModalityLUTSequence": [lut_item(0, 12, BENT, ModalityLUTType="US")],
        "VOILUTSequence": [lut_item(0, 10, CURVE)]}),
}  # fmt: skip
# Where pydicom 3.0 does something else than C.11 says; dcmtk draws all of these as they are here.
PYDICOM_OTHERWISE = {
    "VOI LUT of 8 bits": "positions in the table are counted in 8 bits",
    "VOI LUT below 0": "a first input below 0 is read as unsigned",
    "VOI LUT after a rescale": "a first input below 0 is read as unsigned",
    "modality LUT": "entries of 12 bits are not known",
    "modality LUT, then VOI LUT": "entries of 12 bits are not known",
}


@needs_dcmtk
@pytest.mark.parametrize("name", CASES)
def test_dcmtk_draws_the_same(name: str, tmp_path: Path) -> None:
    """The file's first view: a difference of 1 at most, since dcmtk cuts off, not all of it 0."""
    case = CASES[name]
    made = case.made(ContentDate="20000101")
    (tmp_path / "made.dcm").write_bytes(content(made))
    window = file_windows(made.dataset, 0)[0]
    theirs = dcm2pnm(tmp_path / "made.dcm", "", 0, window, tmp_path / "made.pnm")
    ours = render(made, 0)
    assert np.abs(ours.astype(int) - theirs).max() <= 1
    assert len(set(ours.ravel().tolist())) > 1


@pytest.mark.parametrize("name", sorted(CASES.keys() - PYDICOM_OTHERWISE.keys()))
def test_pydicom_gives_the_same(name: str) -> None:
    """The file's first view, rounded, to the bit; inverted ones by one half at most."""
    made = CASES[name].made()
    dataset = pydicom.dcmread(BytesIO(content(made)))
    theirs = by_pydicom(dataset, dataset.pixel_array)
    assert theirs is not None
    ours = render(made, 0).astype(int)
    if shown_inverse(made.dataset):
        assert np.abs(ours - (255 - theirs)).max() <= 1
    else:
        np.testing.assert_array_equal(ours, theirs)


def test_a_table_deeper_than_it_says() -> None:
    """Entries of 10 bits under a descriptor of 8: the depth that they need, not what is left of

    them in 8 bits (as dcmtk draws it).
    """
    made = Case({"VOILUTSequence": [lut_item(0, 8, CURVE)]}).made()
    expected = np.floor(CURVE[UNSIGNED] / 1023 * 255 + 0.5)
    np.testing.assert_array_equal(render(made, 0), expected)


def content(made: Instance) -> bytes:
    """The bytes that a made instance was read from."""
    made.body.seek(0)
    return made.body.read()


def groups(**attributes: object) -> Dataset:
    """An item of functional groups with a rescale and a window (C.7.6.16.2.9, .10)."""
    return item(
        PixelValueTransformationSequence=[
            item(
                RescaleSlope=attributes["slope"], RescaleIntercept=attributes["intercept"],
                RescaleType="HU",
            )
        ],
        FrameVOILUTSequence=[
            item(WindowCenter=attributes["center"], WindowWidth=attributes["width"])
        ],
    )  # fmt: skip


@needs_dcmtk
def test_each_frame_by_its_own_groups(tmp_path: Path) -> None:
    """Frames of an enhanced multi-frame look like single-frame files with the same attributes."""
    wanted = (("1", "-1024", "40", "400"), ("2", "-500", "800.5", "1500"))
    dataset = header(SIDE, SIDE, BitsStored=12, HighBit=11, NumberOfFrames=2)
    names = ("slope", "intercept", "center", "width")
    dataset.PerFrameFunctionalGroupsSequence = [
        groups(**dict(zip(names, values, strict=True))) for values in wanted
    ]
    made = instance(dataset, UNSIGNED.tobytes() * 2)
    for frame_index, (slope, intercept, center, width) in enumerate(wanted):
        alone = Case(
            {"RescaleSlope": slope, "RescaleIntercept": intercept, "WindowCenter": center,
             "WindowWidth": width}
        ).made()  # fmt: skip
        (tmp_path / "alone.dcm").write_bytes(content(alone))
        window = Window(float(center), float(width))
        theirs = dcm2pnm(tmp_path / "alone.dcm", "", 0, window, tmp_path / "alone.pnm")
        ours = render(made, frame_index)
        np.testing.assert_array_equal(ours, render(alone, 0))
        assert np.abs(ours.astype(int) - theirs).max() <= 1


def test_shared_groups_with_a_table_of_interest() -> None:
    """A VOI LUT Sequence inside the shared group of all frames (C.7.6.16.2.10)."""
    dataset = header(SIDE, SIDE, BitsStored=12, HighBit=11, NumberOfFrames=2)
    dataset.SharedFunctionalGroupsSequence = [
        item(FrameVOILUTSequence=[item(VOILUTSequence=[lut_item(0, 10, CURVE)])])
    ]
    made = instance(dataset, UNSIGNED.tobytes() * 2)
    expected = np.floor(CURVE[UNSIGNED] / 1023 * 255 + 0.5)
    np.testing.assert_array_equal(render(made, 1), expected)


def pixels_of(values: NDArray[Any], **attributes: object) -> Instance:
    """16-bit pixels with whatever padding."""
    signed = values.dtype.kind == "i"
    dataset = header(*values.shape, PixelRepresentation=int(signed), **attributes)
    return instance(dataset, values.tobytes())


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    ("value", "limit", "dark"),
    [
        (-2000, None, [-2000]),
        (-2000, -1000, [-2000, -1500, -1000]),
        (-1000, -2000, [-2000, -1500, -1000]),
        (500, None, [500]),
    ],
)
def test_padding_is_dark(
    value: int, limit: int | None, dark: list[int], photometric: str, *, invert: bool
) -> None:
    """A value or a range, on the low or the high side: black whatever else is inverted."""
    values = np.array([[-2001, -2000, -1500, -1000, -999, 0, 500]], "<i2")
    made = pixels_of(
        values, PixelPaddingValue=value, PixelPaddingRangeLimit=limit,
        PhotometricInterpretation=photometric,
    )  # fmt: skip
    # Without padding no pixel is black: the window is wide, and every value inside of it.
    picture = render(made, 0, Window(-500, 9000), invert=invert)
    assert [int(one) for one in values[picture == 0]] == dark
    levels = Shown(made, 0).levels
    assert levels.padding is not None
    ends = levels.stored(np.array(levels.padding)).tolist()
    assert ends == [min(dark), max(dark)]


def test_padding_with_another_sign_than_its_pixels() -> None:
    """63536 under VR US is -2000 where the pixels are signed (C.7.5.1.1.2)."""
    values = np.array([[-2000, 0, 900]], "<i2")
    dataset = header(1, 3, PixelRepresentation=1)
    dataset.add_new(0x00280120, "US", 63536)
    made = instance(dataset, values.tobytes())
    assert made.dataset._dict[0x00280120].VR == "US"  # type: ignore[index]
    assert render(made, 0, Window(0, 9000)).ravel().tolist()[0] == 0
    assert render(made, 0, Window(0, 9000)).ravel()[1:].min() > 0


def test_padding_that_no_pixel_can_have() -> None:
    """A value outside of 8-bit cells darkens nothing."""
    dataset = header(1, 3, BitsAllocated=8, BitsStored=8, HighBit=7, PixelPaddingValue=4096)
    made = instance(dataset, bytes([1, 2, 3, 0]))
    assert Shown(made, 0).levels.padding is None


@pytest.mark.parametrize("keyword", ["FloatPixelData", "DoubleFloatPixelData"])
@pytest.mark.parametrize("limit", [None, -3e38])
def test_float_padding(keyword: str, limit: float | None) -> None:
    """Float padding takes no levels from the image, is dark, and out of the automatic window."""
    dtype = "<f4" if keyword == "FloatPixelData" else "<f8"
    values = np.linspace(-1, 1, 400).astype(dtype).reshape(20, 20)
    values[0] = -3.4e38 if limit is None else -3.2e38
    values[1, 0] = np.nan
    attributes: dict[str, object] = {
        keyword[: -len("Data")] + "PaddingValue": float(np.dtype(dtype).type(-3.4e38)),
        keyword[: -len("Data")] + "PaddingRangeLimit": limit,
    }
    dataset = header(
        20, 20, BitsAllocated=8 * values.dtype.itemsize, BitsStored=None, HighBit=None,
        PixelRepresentation=None, PhotometricInterpretation="MONOCHROME1", **attributes,
    )  # fmt: skip
    shown = Shown(instance(dataset, values.tobytes(), keyword=keyword), 0)
    assert shown.levels.padding == (0, 0)
    image = values[2:]
    stored = shown.levels.stored(shown.levels.indices)[2:]
    assert np.abs(stored - image).max() <= 2 / 65000
    window = shown.default
    assert -1 <= window.center - window.width / 2 < window.center + window.width / 2 <= 1
    picture = render(shown.instance, 0)
    assert not picture[0].any()
    assert picture[1, 0] == 0
    assert picture[1, 1] == 255  # MONOCHROME1: the lowest value of the image is white


def test_wide_integers_with_padding_far_away() -> None:
    """32-bit values keep a level each although their padding is far from them."""
    values = np.arange(400, dtype="<i4").reshape(20, 20) + 1_000_000
    values[0] = -32768
    dataset = header(
        20, 20, BitsAllocated=32, BitsStored=32, HighBit=31, PixelRepresentation=1,
        PixelPaddingValue=-32768,
    )  # fmt: skip
    shown = Shown(instance(dataset, values.tobytes()), 0)
    assert shown.levels.exact
    np.testing.assert_array_equal(shown.levels.stored(shown.levels.indices)[1:], values[1:])
    assert shown.levels.padding == (0, 0)


@pytest.mark.parametrize("dtype", ["<u2", "<u1"])
def test_cells_are_not_copied(dtype: str) -> None:
    """The indices of unsigned cells are the cells: a mammogram is in memory once."""
    bits = 8 * np.dtype(dtype).itemsize
    dataset = header(8, 8, BitsAllocated=bits, BitsStored=bits, HighBit=bits - 1)
    shown = Shown(instance(dataset, np.arange(64, dtype=dtype).tobytes()), 0)
    assert np.shares_memory(shown.levels.indices, shown.frame.values)


@pytest.mark.parametrize("dtype", ["f4", "f8", "i4"])
def test_large_frames_are_spread_in_parts(dtype: str) -> None:
    """Rows of several blocks have the levels that the whole has, worked out at once."""
    values = np.random.default_rng(3).normal(0, 1e6, (1500, 700)).astype(dtype)
    found = indexed(Frame(values, color=False))
    low, high = float(values.min()), float(values.max())
    expected = np.floor((values.astype("f8") - low) / ((high - low) / 65535) + 0.5)
    assert np.abs(found.indices - expected).max() <= (0 if dtype == "i4" else 1)
    assert (found.indices.min(), found.indices.max()) == (0, 65535)
    peak = _peak(lambda: indexed(Frame(values, color=False)))
    assert peak < 4 * values.size + (32 << 20)


def _peak(work: Callable[[], object]) -> int:
    """Bytes that were taken at most while `work` ran."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
