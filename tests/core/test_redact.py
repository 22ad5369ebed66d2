"""Regions removed from stored values: dark inside, equal to the bit outside, every frame there."""

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dicom_veil.codestream.frames import hides_frames
from dicom_veil.decode import decode_stored
from dicom_veil.decode.color import to_rgb
from dicom_veil.decode.image_pixel import ImagePixel, image_pixel
from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify_instance
from dicom_veil.errors import NoPixels, Quarantined, Refused, VeilError
from dicom_veil.export.shot import Shown
from dicom_veil.identity import Identity
from dicom_veil.joined import Joined
from dicom_veil.overlays import overlay_mask
from dicom_veil.picture import drawn
from dicom_veil.profile import load
from dicom_veil.read import Instance, read
from dicom_veil.redact.blocks import touched_units
from dicom_veil.redact.frames import RECOMPRESSED, SEQUENTIAL
from dicom_veil.redact.masks import Masks
from dicom_veil.redact.redact import redact
from dicom_veil.redact.region import Cleaning, Region, Stays
from dicom_veil.write import Range, chunks, write
from tests.core.dciodvfy import needs_dciodvfy, verdict
from tests.core.files import distinct_files
from tests.core.make import encapsulated, header
from tests.core.make import instance as native

BASIC, IDENTITY = load("basic"), Identity(bytes(range(32)))
LARGEST_UNIT = 32  # pixels: no subsampling of the real files has larger units
MOST_FRAMES = 3


def opened(path: Path) -> tuple[Instance, ImagePixel] | None:
    """An instance with a picture that can be decoded, or None."""
    try:
        instance = read(BytesIO(path.read_bytes()))
        if instance.pixels is None:
            return None
        decode_stored(instance, 0)
        return instance, image_pixel(instance.dataset, instance.pixels.tag)
    except VeilError:
        return None


PICTURES = [path for path in distinct_files() if opened(path)]


def picture(name: str) -> tuple[Instance, ImagePixel]:
    """One of the real files; those of pydicom-data need not be there."""
    found = next((opened(path) for path in PICTURES if path.name == name), None)
    if found is None:
        pytest.skip(f"{name} is not here")
    return found


def a_box(image: ImagePixel, **frames: int) -> Region:
    """Somewhere in the picture, at odd places."""
    left, top = image.columns // 5, image.rows // 6
    right, bottom = max(left + 1, image.columns // 2), max(top + 1, image.rows // 3)
    return Region(left, top, right, bottom, **frames)


def differing(one: Instance, other: Instance, frame_index: int) -> NDArray[np.bool_]:
    """Pixels whose stored values differ; where a lossy picture became RGB, those of its RGB."""
    before, after = (decode_stored(instance, frame_index) for instance in (one, other))
    values = [before.values, after.values]
    if before.values.ndim == 3 and before.photometric != after.photometric:
        values = [to_rgb(each.values, each.photometric, each.bits) for each in (before, after)]
    changed = values[0] != values[1]
    return changed.any(axis=2) if changed.ndim == 3 else changed


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_outside_the_boxes_nothing_changes(path: Path) -> None:
    found = opened(path)
    assert found is not None
    instance, image = found
    region = a_box(image, last_frame=MOST_FRAMES - 1)
    made = redact(instance, [region]).instance
    mask = Masks([region], image.rows, image.columns).of(0)
    assert mask is not None
    by_blocks = made.transfer_syntax in SEQUENTIAL | {RECOMPRESSED}
    for index in range(min(image.frames, MOST_FRAMES)):
        changed = differing(instance, made, index)
        allowed = touched_units(mask, 16, 16, beside=1) if by_blocks else mask
        assert not (changed & ~allowed).any()
        inside = decode_stored(made, index).values[mask]
        if not by_blocks:
            assert (inside == inside[0]).all()
        elif inside.ndim == 1:
            assert inside.min() == inside.max()
    if image.frames > MOST_FRAMES:
        assert not differing(instance, made, image.frames - 1).any()
    lossless = instance.transfer_syntax not in LOSSY
    if lossless:
        assert made.transfer_syntax == instance.transfer_syntax


LOSSY = {f"1.2.840.10008.1.2.4.{n}" for n in (53, 55, 81, 91, 93, 203, 112)}


@pytest.mark.parametrize(
    "path", [path for path in PICTURES if path.stat().st_size < 700_000][::9],
    ids=lambda path: path.name,
)  # fmt: skip
def test_written_and_read_again(path: Path) -> None:
    """The file that leaves has the blanked pixels, and as many frames as before."""
    found = opened(path)
    assert found is not None
    instance, image = found
    cleaning = Cleaning((a_box(image),), {"drawn": 1})
    try:
        done = deidentify_instance(instance, BASIC, IDENTITY, 1, cleaning)
    except VeilError as error:
        pytest.skip(f"the file is not written at all: {error}")
    again = read(BytesIO(b"".join(done.stream(instance))))
    blanked = redact(instance, cleaning.regions).instance
    for index in {0, image.frames - 1}:
        there, wanted = decode_stored(again, index), decode_stored(blanked, index)
        np.testing.assert_array_equal(there.values, wanted.values)
    assert done.row["pixels"] == {"searched": False, "regions": 1, "by_source": {"drawn": 1}}
    assert value_of(again.dataset, "IconImageSequence") in (None, [])


def test_only_frames_concerned() -> None:
    instance, image = picture("SC_rgb_rle_2frame.dcm")
    made = redact(instance, [a_box(image, first_frame=1)])
    assert not differing(instance, made.instance, 0).any()
    assert differing(instance, made.instance, 1).any()
    assert any(isinstance(part, Range) for part in made.parts)


def test_native_rows_that_stay_are_not_copied() -> None:
    instance, image = picture("CT_small.dcm")
    made = redact(instance, [Region(10, 40, 60, 44)], margin=0)
    copied = sum(len(part) for part in made.parts if isinstance(part, bytes))
    assert copied == 4 * image.columns * 2


def test_the_value_is_dark_on_the_screen() -> None:
    """In MONOCHROME1, in a palette, signed, without a window, in RGB and YBR."""
    names = {"RG3_UNCR.dcm", "OT-PAL-8-face.dcm", "CT_small.dcm", "MR_small.dcm",
             "SC_ybr_full_422_uncompressed.dcm", "SC_rgb_32bit.dcm", "rtdose.dcm",
             "SC_rgb_small_odd_big_endian.dcm", "liver_1frame.dcm"}  # fmt: skip
    seen = set()
    for path in PICTURES:
        if path.name in names:
            instance, image = picture(path.name)
            region = a_box(image)
            made = redact(instance, [region]).instance
            shown = drawn(Shown(made, 0), square=False)
            mask = Masks([region], image.rows, image.columns).of(0)
            assert shown[mask].max() <= 16, path.name
            seen.add(path.name)
    assert len(seen) >= 6


def test_overlays_go_with_the_pixels_below() -> None:
    instance, image = picture("MR-SIEMENS-DICOM-WithOverlays.dcm")
    drawn_before = overlay_mask(instance, 0, image.rows, image.columns)
    rows, columns = np.nonzero(drawn_before)
    region = Region(int(columns.min()), int(rows.min()), int(columns.max()) + 1,
                    int(np.median(rows)))  # fmt: skip
    made = redact(instance, [region], margin=0).instance
    after = overlay_mask(made, 0, image.rows, image.columns)
    box = (slice(region.top, region.bottom), slice(region.left, region.right))
    assert drawn_before[box].any()
    assert not after[box].any()
    after[box] = drawn_before[box]
    np.testing.assert_array_equal(after, drawn_before)


def test_what_is_still_legible_is_kept_back() -> None:
    instance, image = picture("CT_small.dcm")
    asked: list[Instance] = []

    def prove(made: Instance) -> list[tuple[str, str, str]]:
        asked.append(made)
        return [("frame 1, pixels 1,2 to 3,4", "identifies", "pixels")]

    cleaning = Cleaning((a_box(image),), {}, checked=True, prove=prove)
    with pytest.raises(Quarantined, match="frame 1, pixels 1,2 to 3,4"):
        deidentify_instance(instance, BASIC, IDENTITY, 1, cleaning)
    assert differing(instance, asked[0], 0).any()


@pytest.mark.parametrize("checked", [True, False])
def test_clean_is_said_only_of_what_was_searched(checked: bool) -> None:
    instance, image = picture("CT_small.dcm")
    done = deidentify_instance(instance, BASIC, IDENTITY, 1, Cleaning((a_box(image),), {}, checked))
    dataset = read(BytesIO(b"".join(done.stream(instance)))).dataset
    codes = [str(item.CodeValue) for item in dataset.DeidentificationMethodCodeSequence]
    assert ("113101" in codes) == checked
    assert "113102" not in codes
    assert (value_of(dataset, "BurnedInAnnotation") == "NO") == checked


@pytest.mark.parametrize(("stays", "burned_in"), [("identifies", "YES"), ("unclear", None)])
def test_what_a_person_left_is_not_called_clean(stays: Stays, burned_in: str | None) -> None:
    instance, image = picture("CT_small.dcm")
    before = value_of(instance.dataset, "BurnedInAnnotation")
    cleaning = Cleaning((a_box(image),), {}, checked=True, stays=stays)
    done = deidentify_instance(instance, BASIC, IDENTITY, 1, cleaning)
    dataset = read(BytesIO(b"".join(done.stream(instance)))).dataset
    codes = [str(item.CodeValue) for item in dataset.DeidentificationMethodCodeSequence]
    assert "113101" not in codes
    assert value_of(dataset, "BurnedInAnnotation") == (burned_in or before)
    assert done.row["pixels"]["stays"] == stays


def test_lossy_stays_said_after_it_became_lossless() -> None:
    instance, image = picture("JPEGLSNearLossless_16.dcm")
    made = redact(instance, [a_box(image)])
    assert made.instance.transfer_syntax == "1.2.840.10008.1.2.4.80"
    assert made.notes
    dataset = made.instance.dataset
    assert value_of(dataset, "LossyImageCompression") == "01"
    assert value_of(dataset, "LossyImageCompressionMethod")
    assert float(str(value_of(dataset, "LossyImageCompressionRatio"))) >= 1


def test_no_pixels() -> None:
    path = next(path for path in distinct_files() if path.name == "rtplan.dcm")
    with pytest.raises(NoPixels):
        redact(read(BytesIO(path.read_bytes())), [Region(0, 0, 9, 9)])


@needs_dciodvfy
@pytest.mark.parametrize(
    "name",
    ["examples_ybr_color.dcm", "JPEG2000.dcm", "SC_rgb_jpeg_gdcm.dcm", "CT_small.dcm",
     "OBXXXX1A_rle.dcm", "JPEGLSNearLossless_16.dcm", "US1_J2KI.dcm"],
)  # fmt: skip
def test_an_outside_judge_finds_nothing_new(name: str) -> None:
    instance, image = picture(name)
    made = redact(instance, [a_box(image, last_frame=0)])
    body = Joined(write(made.instance, made.instance.dataset), made.instance.body)
    before = verdict(b"".join(chunks(write(instance, instance.dataset), instance.body)))
    after = verdict(body.read())
    assert before is not None
    assert after is not None
    assert not after - before


@pytest.mark.parametrize("compressed", [False, True])
def test_frames_that_the_header_does_not_count_are_not_called_clean(compressed: bool) -> None:
    """No search and no box reaches them, so that their text would stay."""
    dataset = header(16, 16, BitsAllocated=8, BitsStored=8, HighBit=7)
    cells = bytes(range(256))
    run = struct.pack("<16L", 1, 64, *[0] * 14) + b"\x7f" + cells[:128] + b"\x7f" + cells[128:]
    given = (
        encapsulated(dataset, [run, run], "1.2.840.10008.1.2.5")
        if compressed
        else native(dataset, cells * 2)
    )
    box = Region(2, 2, 8, 8)
    for cleaning in (Cleaning((box,)), Cleaning((), checked=True)):
        with pytest.raises(Refused, match="more frames"):
            deidentify_instance(given, BASIC, IDENTITY, 1, cleaning)
    assert deidentify_instance(given, BASIC, IDENTITY, 1)


@pytest.mark.parametrize(
    ("rows", "columns", "bits", "frames"),
    [(1, 1, 8, 1), (1, 1, 8, 3), (3, 3, 8, 1), (3, 3, 8, 3), (1, 3, 8, 1), (1, 3, 8, 5),
     (1, 1, 1, 1), (1, 1, 1, 20), (3, 3, 1, 3), (5, 5, 1, 1), (1, 1, 16, 1)],
)  # fmt: skip
def test_what_makes_a_length_even_is_no_frame(
    rows: int, columns: int, bits: int, frames: int
) -> None:
    dataset = header(rows, columns, BitsAllocated=bits, BitsStored=bits, HighBit=bits - 1,
                     NumberOfFrames=frames)  # fmt: skip
    size = (rows * columns * frames * bits + 7) // 8
    given = native(dataset, bytes(size + size % 2))
    assert not hides_frames(given)
    assert deidentify_instance(given, BASIC, IDENTITY, 1, Cleaning((), checked=True))
    more = native(dataset, bytes(size + max(2, 2 * rows * columns * bits // 8)))
    assert hides_frames(more)
