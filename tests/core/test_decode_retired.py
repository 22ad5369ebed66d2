"""Pixels as editions of the standard before this century allowed them, beside dcmtk's pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from dicom_veil import errors
from dicom_veil.decode import decode_frame, decode_stored
from dicom_veil.picture import render
from dicom_veil.read import Instance
from dicom_veil.redact.redact import redact
from dicom_veil.redact.region import Region
from dicom_veil.window import Window
from tests.core.judges import dcm2pnm, needs_dcmtk
from tests.core.make import header, instance
from tests.core.test_grayscale import content

ROWS, COLUMNS = 24, 34
COLORS = {"CMYK": 4, "ARGB": 4, "HSV": 3, "YBR_PARTIAL_422": 3}


def packed(values: NDArray[np.int64], width: int) -> bytes:
    """Cells without a gap, the low bits first, in an even number of bytes."""
    total = 0
    for position, value in enumerate(values.ravel().tolist()):
        total |= (value & ((1 << width) - 1)) << (position * width)
    size = -(-values.size * width // 16) * 2
    return total.to_bytes(size, "little")


def gray(width: int, frames: int = 1, *, signed: bool = False) -> NDArray[np.int64]:
    low = -(1 << (width - 1)) if signed else 0
    return np.random.default_rng(width).integers(low, low + (1 << width), (frames, ROWS, COLUMNS))


def of_width(width: int, values: NDArray[np.int64], **attributes: Any) -> Instance:
    dataset = header(
        ROWS, COLUMNS, NumberOfFrames=len(values), BitsAllocated=width, BitsStored=width,
        HighBit=width - 1, PixelRepresentation=int(values.min() < 0), ContentDate="20000101",
        **attributes,
    )  # fmt: skip
    return instance(dataset, packed(values, width))


def colored(photometric: str, planar: int = 0) -> Instance:
    samples = COLORS[photometric]
    values = np.random.default_rng(3).integers(0, 256, (ROWS, COLUMNS, samples), np.uint8)
    if photometric == "CMYK":
        values //= 2  # of more ink than paper can hold, dcmtk makes light: there it wraps around
    if photometric == "YBR_PARTIAL_422":
        values = values[..., :2]  # Y Y CB CR of two pixels
    dataset = header(
        ROWS, COLUMNS, SamplesPerPixel=samples, BitsAllocated=8, BitsStored=8, HighBit=7,
        PhotometricInterpretation=photometric, PlanarConfiguration=planar,
        ContentDate="20000101",
    )  # fmt: skip
    if photometric == "ARGB":
        values[::2, :, 0] = 0
        for number, name in enumerate(("Red", "Green", "Blue")):
            setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 8])
            table = ((np.arange(256) * (number + 3)) % 256).astype(np.uint8).tobytes()
            setattr(dataset, f"{name}PaletteColorLookupTableData", table)
    if planar:
        values = np.ascontiguousarray(values.transpose(2, 0, 1))
    return instance(dataset, values.tobytes())


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("width", [2, 4, 7, 10, 12, 13, 24, 31])
def test_cells_without_a_gap(width: int, signed: bool) -> None:
    """Each value, also where a frame begins within a byte."""
    values = gray(width, 3, signed=signed)
    made = of_width(width, values)
    for index in range(3):
        np.testing.assert_array_equal(decode_stored(made, index).values, values[index])


def test_cells_without_a_gap_in_big_endian() -> None:
    """Words of 16 bits, the other way round."""
    values = gray(12)
    words = np.frombuffer(packed(values, 12), "<u2").astype(">u2").tobytes()
    dataset = header(ROWS, COLUMNS, BitsAllocated=12, BitsStored=12, HighBit=11)
    made = instance(dataset, words, transfer_syntax=ExplicitVRBigEndian)
    np.testing.assert_array_equal(decode_stored(made, 0).values, values[0])


def test_some_bits_of_a_cell_without_a_gap() -> None:
    """What lies beside the stored bits is no part of the value."""
    values = gray(12)
    dataset = header(ROWS, COLUMNS, BitsAllocated=12, BitsStored=8, HighBit=9)
    made = instance(dataset, packed(values, 12), transfer_syntax=ExplicitVRLittleEndian)
    np.testing.assert_array_equal(decode_stored(made, 0).values, values[0] >> 2 & 0xFF)


@needs_dcmtk
@pytest.mark.parametrize("width", [4, 10, 12])
def test_dcmtk_shows_cells_without_a_gap_so(width: int, tmp_path: Path) -> None:
    window = Window(float(1 << (width - 1)), float(1 << width))
    made = of_width(width, gray(width), WindowCenter=window.center, WindowWidth=window.width)
    (tmp_path / "made.dcm").write_bytes(content(made))
    theirs = dcm2pnm(tmp_path / "made.dcm", "", 0, window, tmp_path / "made.pnm")
    assert np.abs(render(made, 0).astype(int) - theirs).max() <= 1


@needs_dcmtk
@pytest.mark.parametrize("photometric", COLORS)
def test_dcmtk_shows_these_colours_so(photometric: str, tmp_path: Path) -> None:
    made = colored(photometric)
    (tmp_path / "made.dcm").write_bytes(content(made))
    theirs = dcm2pnm(tmp_path / "made.dcm", "", 0, None, tmp_path / "made.pnm")
    ours = decode_frame(made, 0).values
    assert np.abs(ours.astype(int) - theirs).max() <= 2


def test_four_planes() -> None:
    """The same samples, plane after plane."""
    woven, planes = (decode_stored(colored("CMYK", n), 0) for n in (0, 1))
    np.testing.assert_array_equal(woven.values, planes.values)


@pytest.mark.parametrize("made", [of_width(12, gray(12)), colored("CMYK"), colored("HSV")])
def test_no_region_is_removed_of_them(made: Instance) -> None:
    """Refused by name, before anything is written."""
    with pytest.raises(errors.Unsupported):
        redact(made, (Region(2, 2, 9, 9, 0, 0),))
