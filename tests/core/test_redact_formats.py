"""Removal in formats that the real files do not have, and in damaged JPEG."""

import io
import zlib
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from dicom_veil.decode import decode_stored
from dicom_veil.errors import VeilError
from dicom_veil.read import Instance
from dicom_veil.redact import lossless
from dicom_veil.redact.blocks import touched_units
from dicom_veil.redact.jpeg_blocks import blank
from dicom_veil.redact.jpeg_tables import NotEditable
from dicom_veil.redact.lossless import Coded
from dicom_veil.redact.redact import redact
from dicom_veil.redact.region import Region
from tests.core.make import encapsulated, header
from tests.core.make import instance as native

ROWS, COLUMNS = 37, 43
UID = "1.2.840.10008.1.2."
BOX = Region(11, 9, 23, 17)
MASK = np.zeros((ROWS, COLUMNS), bool)
MASK[9:17, 11:23] = True


def noise(bits: int, samples: int = 1, signed: bool = False) -> NDArray[Any]:
    rng = np.random.default_rng(bits * 10 + samples)
    shape = (ROWS, COLUMNS) if samples == 1 else (ROWS, COLUMNS, samples)
    low = -(1 << (bits - 1)) if signed else 0
    kind = f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}"
    return rng.integers(low, low + (1 << bits), shape).astype(kind)


def described(values: NDArray[Any], bits: int, photometric: str = "", **more: Any) -> Any:
    color = values.ndim == 3
    allocated = 8 * values.dtype.itemsize
    return header(
        ROWS, COLUMNS, SamplesPerPixel=3 if color else 1, BitsAllocated=allocated, BitsStored=bits,
        HighBit=bits - 1, PixelRepresentation=int(values.dtype.kind == "i"),
        PhotometricInterpretation=photometric or ("RGB" if color else "MONOCHROME2"),
        PlanarConfiguration=0 if color else None, WindowCenter="100", WindowWidth="200", **more,
    )  # fmt: skip


def assert_blanked(before: Instance, after: Instance, frame_index: int = 0) -> None:
    was, now = (decode_stored(one, frame_index).values for one in (before, after))
    np.testing.assert_array_equal(now[~MASK], was[~MASK])
    assert (now[MASK] == now[MASK][0]).all()
    assert (now[MASK] != was[MASK]).any()


ENCODERS = {
    "4.57": lossless.encode_jpeg, "4.70": lossless.encode_jpeg, "4.80": lossless.encode_jpegls,
    "4.90": lossless.encode_jpeg2000, "4.201": lossless.encode_htj2k,
    "4.202": lossless.encode_htj2k, "4.110": lossless.encode_jpegxl, "5": lossless.encode_rle,
}  # fmt: skip


@pytest.mark.parametrize("suffix", ENCODERS)
@pytest.mark.parametrize(("bits", "samples"), [(8, 1), (10, 1), (12, 1), (16, 1), (8, 3), (16, 3)])
def test_lossless_syntaxes_stay(suffix: str, bits: int, samples: int) -> None:
    values = noise(bits, samples)
    frames = [ENCODERS[suffix](one, Coded(bits, "RGB")) for one in (values, values[::-1].copy())]
    dataset = described(values, bits, NumberOfFrames=2)
    before = encapsulated(dataset, frames, UID + suffix)
    np.testing.assert_array_equal(decode_stored(before, 0).values, values)
    made = redact(before, [Region(*_edges(BOX), 1, 1)], margin=0).instance
    assert made.transfer_syntax == UID + suffix
    np.testing.assert_array_equal(decode_stored(made, 0).values, values)
    assert_blanked(before, made, 1)


def _edges(region: Region) -> tuple[int, int, int, int]:
    return region.left, region.top, region.right, region.bottom


@pytest.mark.parametrize("suffix", ["4.70", "4.80", "4.90", "5"])
def test_signed(suffix: str) -> None:
    values = noise(12, signed=True)
    coded = values if suffix in ("4.90", "5") else values.view(np.uint16) & np.uint16(0xFFF)
    dataset = described(values, 12)
    before = encapsulated(dataset, [ENCODERS[suffix](coded, Coded(12, ""))], UID + suffix)
    if suffix != "4.80":  # written here with the precision of cells, which carries no sign
        np.testing.assert_array_equal(decode_stored(before, 0).values, values)
    made = redact(before, [BOX], margin=0).instance
    assert_blanked(before, made)
    assert (decode_stored(made, 0).values[MASK] == -2048).all()


def test_other_libraries_read_what_was_encoded() -> None:
    """Two decoders of lossless JPEG that share no code."""
    values = noise(12)
    made = lossless.encode_jpeg(values, Coded(12, ""))
    np.testing.assert_array_equal(imagecodecs.ljpeg_decode(made), values)
    np.testing.assert_array_equal(imagecodecs.jpeg8_decode(made), values)


@pytest.mark.parametrize("deflated", [True, False])
def test_cells_in_frames(deflated: bool) -> None:
    values = noise(16)
    cells = values.tobytes()
    if deflated:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        cells = packer.compress(cells) + packer.flush()
    syntax = f"{UID}8.1" if deflated else f"{UID}1.98"
    before = encapsulated(described(values, 16), [cells + b"\0" * (len(cells) % 2)], syntax)
    made = redact(before, [BOX], margin=0).instance
    assert made.transfer_syntax == syntax
    assert_blanked(before, made)


@pytest.mark.parametrize("first", [0, 1])
def test_bits_that_share_a_byte(first: int) -> None:
    """37 × 43 bits: the second frame begins within a byte."""
    bits = np.random.default_rng(1).integers(0, 2, (3, ROWS, COLUMNS), np.uint8)
    cells = np.packbits(bits, bitorder="little").tobytes()
    dataset = header(ROWS, COLUMNS, BitsAllocated=1, BitsStored=1, HighBit=0, NumberOfFrames=3)
    before = native(dataset, cells + b"\0" * (len(cells) % 2))
    made = redact(before, [Region(*_edges(BOX), first)], margin=0).instance
    for index in range(3):
        if index >= first:
            assert_blanked(before, made, index)
        else:
            np.testing.assert_array_equal(decode_stored(made, index).values, bits[index])


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
@pytest.mark.parametrize("planar", [0, 1])
def test_planes(photometric: str, planar: int) -> None:
    values = noise(8, 3)
    stored = values.transpose(2, 0, 1) if planar else values
    dataset = described(values, 8, photometric)
    dataset.PlanarConfiguration = planar
    cells = stored.tobytes()
    before = native(dataset, cells + b"\0" * (len(cells) % 2))
    made = redact(before, [BOX], margin=0).instance
    assert_blanked(before, made)
    black = [0, 0, 0] if photometric == "RGB" else [0, 128, 128]
    assert decode_stored(made, 0).values[MASK][0].tolist() == black


@pytest.mark.parametrize("keyword", ["FloatPixelData", "DoubleFloatPixelData"])
def test_floats_get_the_lowest_value_that_there_is(keyword: str) -> None:
    kind = np.float32 if keyword == "FloatPixelData" else np.float64
    values = np.random.default_rng(3).normal(0, 5, (ROWS, COLUMNS)).astype(kind)
    values[0, 0] = np.nan
    dataset = header(ROWS, COLUMNS, BitsAllocated=8 * values.itemsize, BitsStored=None,
                     HighBit=None, PixelRepresentation=None)  # fmt: skip
    before = native(dataset, values.tobytes(), keyword=keyword)
    made = redact(before, [BOX], margin=0).instance
    after = decode_stored(made, 0).values
    np.testing.assert_array_equal(after[~MASK], values[~MASK])
    assert (after[MASK] == np.nanmin(values)).all()


boxes = st.builds(
    lambda left, top, width, height: Region(left, top, left + width, top + height),
    st.integers(-5, 50), st.integers(-5, 45), st.integers(0, 60), st.integers(0, 60),
)  # fmt: skip


@given(st.lists(boxes, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_boxes_blank_themselves_and_nothing_else(regions: list[Region]) -> None:
    values = noise(12)
    before = native(described(values, 12), values.tobytes())
    after = decode_stored(redact(before, regions, margin=0).instance, 0).values
    mask = np.zeros((ROWS, COLUMNS), bool)
    for one in regions:
        if one.right > one.left and one.bottom > one.top:
            mask[max(0, one.top) : max(0, one.bottom), max(0, one.left) : max(0, one.right)] = True
    np.testing.assert_array_equal(after[~mask], values[~mask])
    assert not after[mask].any()


def photo(samples: int) -> NDArray[np.uint8]:
    y, x = np.mgrid[:90, :121]
    base = np.sin(x / 9) * 60 + np.cos(y / 13) * 50 + 128
    rng = np.random.default_rng(2)
    color = base[..., None] + rng.normal(0, 12, (90, 121, samples)) + np.arange(samples) * 10
    return np.clip(color, 0, 255).astype(np.uint8).squeeze()


def jpeg(samples: int, **options: Any) -> bytes:
    target = io.BytesIO()
    Image.fromarray(photo(samples)).save(target, "JPEG", quality=85, **options)
    return target.getvalue()


def in_jpeg(left: int, top: int, right: int, bottom: int) -> bool:
    return left < 70 and right > 31 and top < 40 and bottom > 17


@pytest.mark.parametrize("restarts", [0, 3])
@pytest.mark.parametrize(("samples", "subsampling"), [(1, 0), (3, 0), (3, 1), (3, 2)])
def test_blocks_that_are_not_touched_keep_every_coefficient(
    samples: int, subsampling: int, restarts: int
) -> None:
    """Seen where nothing interpolates: the chroma of untouched units, one pixel inside."""
    options = {"restart_marker_blocks": restarts} if restarts else {}
    content = jpeg(samples, subsampling=subsampling, **options)
    made = blank(content, in_jpeg, (0,) if samples == 1 else (0, 128, 128))
    was, now = (np.asarray(Image.open(io.BytesIO(one))).astype(int) for one in (content, made))
    width, height = {0: (8, 8), 1: (16, 8), 2: (16, 16)}[subsampling]
    mask = np.zeros((90, 121), bool)
    for top in range(0, 90, height):
        for left in range(0, 121, width):
            if in_jpeg(left, top, left + width, top + height):
                mask[top : top + height, left : left + width] = True
    changed = was != now if samples == 1 else (was != now).any(axis=2)
    beside = 1 if subsampling else 0
    assert not (changed & ~touched_units(mask, width, height, beside=beside)).any()
    interior = mask & ~touched_units(~mask, 1, 1, beside=beside)
    assert now[interior].max() <= 2


def test_progressive_goes_to_lossless() -> None:
    values = photo(1)
    dataset = header(90, 121, BitsAllocated=8, BitsStored=8, HighBit=7)
    before = encapsulated(dataset, [jpeg(1, progressive=True)], f"{UID}4.55")
    made = redact(before, [Region(31, 17, 70, 40)], margin=0)
    assert made.instance.transfer_syntax == f"{UID}4.70"
    was, now = (decode_stored(one, 0).values for one in (before, made.instance))
    mask = np.zeros(values.shape, bool)
    mask[17:40, 31:70] = True
    np.testing.assert_array_equal(now[~mask], was[~mask])
    assert not now[mask].any()


@given(st.data())
@settings(max_examples=150, deadline=60_000)  # ms: a hang, on any machine
def test_damaged_jpeg_is_said_or_edited_and_never_hangs(data: st.DataObject) -> None:
    content = bytearray(jpeg(3, subsampling=2))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(2, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(content)))
    try:
        made = blank(bytes(content[:cut]), in_jpeg, (0, 128, 128))
    except NotEditable:
        return
    assert made[:2] == bytes(content[:2])


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=60_000)  # ms: a hang, on any machine
def test_nonsense_as_pixels_is_refused_in_a_sentence(content: bytes) -> None:
    dataset = header(16, 16, BitsAllocated=8, BitsStored=8, HighBit=7)
    for suffix in ("4.50", "4.70", "4.80", "4.90", "5", "8.1"):
        made = encapsulated(
            dataset, [content + b"\0" * (len(content) % 2) or b"\0\0"], UID + suffix
        )
        with pytest.raises(VeilError):
            redact(made, [Region(1, 1, 9, 9)])
