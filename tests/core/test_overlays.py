"""Overlay planes (PS3.3 C.9.2, C.9.3), drawn by dcmtk too."""

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, RLELossless

from dicom_veil.overlays import overlay_mask, planes
from dicom_veil.picture import OVERLAY, drawn, render
from dicom_veil.read import Instance, read
from dicom_veil.shown import Shown
from dicom_veil.window import Window
from tests.core.files import CORPUS, needs_corpus
from tests.core.judges import dcm2pnm, needs_dcmtk
from tests.core.make import header, instance
from tests.core.test_grayscale import content

ROWS, COLUMNS = 20, 30
SHAPE = np.zeros((7, 11), np.uint8)
SHAPE[0], SHAPE[:, 0], SHAPE[3, 5] = 1, 1, 1


def add_plane(
    dataset: Dataset, bits: NDArray[Any], origin: tuple[int, int], group: int = 0x6000, **more: Any
) -> None:
    """A plane with data of its own; `bits` (rows, columns) or (frames, rows, columns)."""
    rows, columns = bits.shape[-2:]
    at = group << 16
    dataset.add_new(at | 0x0010, "US", rows)
    dataset.add_new(at | 0x0011, "US", columns)
    if "frames" in more:
        dataset.add_new(at | 0x0015, "IS", more["frames"])
    dataset.add_new(at | 0x0040, "CS", "G")
    dataset.add_new(at | 0x0050, "SS", list(origin))
    if "first" in more:
        dataset.add_new(at | 0x0051, "US", more["first"])
    dataset.add_new(at | 0x0100, "US", 1)
    dataset.add_new(at | 0x0102, "US", 0)
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    dataset.add_new(at | 0x3000, "OW", packed + bytes(len(packed) % 2))


def gray(frames: int = 1) -> Dataset:
    return header(
        ROWS, COLUMNS, BitsStored=12, HighBit=11, NumberOfFrames=frames,
        WindowCenter="2048", WindowWidth="4096",
    )  # fmt: skip


def cells(frames: int = 1) -> bytes:
    return (np.arange(frames * ROWS * COLUMNS) % 3000).astype("<u2").tobytes()


def placed(bits: NDArray[Any], top: int, left: int) -> NDArray[np.uint8]:
    """Where the bits lie on the image, pixel by pixel."""
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    for (row, column), bit in np.ndenumerate(bits):
        if 0 <= row + top < ROWS and 0 <= column + left < COLUMNS:
            mask[row + top, column + left] |= bit
    return mask


def judged(made: Instance, frame_index: int, folder: Path) -> NDArray[np.uint8]:
    """What dcmtk draws, with all overlays."""
    (folder / "made.dcm").write_bytes(content(made))
    return dcm2pnm(
        folder / "made.dcm", str(made.transfer_syntax), frame_index, Window(2048, 4096),
        folder / "made.pnm", overlays=True,
    )  # fmt: skip


@needs_dcmtk
@pytest.mark.parametrize(
    "origin", [(1, 1), (5, 9), (0, 0), (-3, -4), (16, 25), (18, -6), (-30, 2), (200, 200)]
)
def test_planes_inside_and_outside_of_the_image(origin: tuple[int, int], tmp_path: Path) -> None:
    """Overlay Origin counts from 1 and may be anywhere; dcmtk draws the same in white."""
    dataset = gray()
    add_plane(dataset, SHAPE, origin)
    made = instance(dataset, cells())
    mask = overlay_mask(made, 0, ROWS, COLUMNS)
    np.testing.assert_array_equal(mask, placed(SHAPE, origin[0] - 1, origin[1] - 1))
    ours = drawn(Shown(made, 0), overlays=True)
    assert (ours[mask == 1] == OVERLAY).all()
    assert np.abs(ours.astype(int) - judged(made, 0, tmp_path)).max() <= 1


def test_overlays_are_left_out_unless_wanted() -> None:
    """By default a picture is the image alone."""
    dataset = gray()
    add_plane(dataset, SHAPE, (1, 1))
    made = instance(dataset, cells())
    np.testing.assert_array_equal(drawn(Shown(made, 0)), render(made, 0))
    assert (drawn(Shown(made, 0), overlays=True) != render(made, 0)).any()


def test_two_planes_are_or_ed() -> None:
    dataset = gray()
    add_plane(dataset, SHAPE, (1, 1))
    add_plane(dataset, SHAPE, (10, 10), 0x6002)
    made = instance(dataset, cells())
    assert [plane.group for plane in planes(made.dataset, 0)] == [0x6000, 0x6002]
    expected = placed(SHAPE, 0, 0) | placed(SHAPE, 9, 9)
    np.testing.assert_array_equal(overlay_mask(made, 0, ROWS, COLUMNS), expected)


@pytest.mark.parametrize(("first", "has"), [(None, [0, 1]), (2, [1, 2]), (4, [3])])
def test_frames_of_an_overlay(first: int | None, has: list[int]) -> None:
    """One to one with the image's frames from Image Frame Origin on (C.9.3.1.1).

    7 × 11 bits do not end on a byte: frames follow each other without a gap.
    """
    frames = np.stack([SHAPE, SHAPE[::-1]])
    dataset = gray(4)
    more: dict[str, object] = {"frames": 2} | ({} if first is None else {"first": first})
    add_plane(dataset, frames, (2, 3), **more)
    made = instance(dataset, cells(4))
    assert [index for index in range(4) if planes(made.dataset, index)] == has
    for index in has:
        expected = placed(frames[index - has[0]], 1, 2)
        np.testing.assert_array_equal(overlay_mask(made, index, ROWS, COLUMNS), expected)


def test_one_plane_for_all_frames() -> None:
    """Without Number of Frames in Overlay a plane is the image's, not one frame's."""
    dataset = gray(3)
    add_plane(dataset, SHAPE, (1, 1))
    made = instance(dataset, cells(3))
    assert all(planes(made.dataset, index) for index in range(3))


def test_big_endian_words() -> None:
    """Bits count from the low end of each word, in whatever order its bytes are."""
    dataset = gray()
    add_plane(dataset, SHAPE, (1, 1))
    element = dataset[0x60003000]
    element.value = np.frombuffer(element.value, "<u2").astype(">u2").tobytes()
    made = instance(dataset, cells(), transfer_syntax=ExplicitVRBigEndian)
    expected = placed(SHAPE, 0, 0)
    np.testing.assert_array_equal(overlay_mask(made, 0, ROWS, COLUMNS), expected)


def in_the_cells(bit: int) -> tuple[Dataset, NDArray[np.uint16], NDArray[np.uint8]]:
    """A header whose plane is a bit of the pixel cells, the cells, and the plane."""
    mask = placed(SHAPE, 2, 3)
    image = np.frombuffer(cells(), "<u2").reshape(ROWS, COLUMNS)
    dataset = gray()
    for element, value in ((0x10, ROWS), (0x11, COLUMNS), (0x100, 16), (0x102, bit)):
        dataset.add_new(0x60000000 | element, "US", value)
    dataset.add_new(0x60000040, "CS", "G")
    dataset.add_new(0x60000050, "SS", [1, 1])
    return dataset, image | (mask.astype(np.uint16) << bit), mask


@needs_dcmtk
@pytest.mark.parametrize("bit", [12, 15])
def test_planes_in_unused_bits(bit: int, tmp_path: Path) -> None:
    """Retired, still found (PS3.5-2004 8.1.2); the image beside it is as it was."""
    dataset, values, mask = in_the_cells(bit)
    made = instance(dataset, values.astype("<u2").tobytes())
    np.testing.assert_array_equal(overlay_mask(made, 0, ROWS, COLUMNS), mask)
    ours = drawn(Shown(made, 0), overlays=True)
    assert np.abs(ours.astype(int) - judged(made, 0, tmp_path)).max() <= 1


def test_planes_in_unused_bits_of_compressed_cells(tmp_path: Path) -> None:
    dataset, values, mask = in_the_cells(14)
    made = instance(dataset, values.astype("<u2").tobytes())
    (tmp_path / "a.dcm").write_bytes(content(made))
    packed = pydicom.dcmread(tmp_path / "a.dcm")
    packed.compress(RLELossless, generate_instance_uid=False)
    packed.save_as(tmp_path / "b.dcm")
    with (tmp_path / "b.dcm").open("rb") as file:
        np.testing.assert_array_equal(overlay_mask(read(file), 0, ROWS, COLUMNS), mask)


def test_a_plane_shorter_than_it_says() -> None:
    """Rows that are there are drawn; a plane of impossible size takes no memory."""
    dataset = gray()
    add_plane(dataset, SHAPE, (1, 1))
    dataset[0x60000010].value = 65535
    dataset[0x60003000].value = dataset[0x60003000].value[:4]
    made = instance(dataset, cells())
    expected = placed(SHAPE[:2], 0, 0)
    np.testing.assert_array_equal(overlay_mask(made, 0, ROWS, COLUMNS), expected)


@needs_corpus
@needs_dcmtk
def test_a_real_overlay(tmp_path: Path) -> None:
    """A file of the corpus with overlays, against dcmtk at the same window."""
    path = CORPUS / "dcm4che__ovly_p01.dcm"
    with path.open("rb") as file:
        shown = Shown(read(file), 0)
        ours = drawn(shown, overlays=True, square=False)
    assert planes(shown.dataset, 0)
    theirs = dcm2pnm(path, "", 0, shown.default, tmp_path / "j.pnm", overlays=True)
    assert np.abs(ours.astype(int) - theirs).max() <= 1
