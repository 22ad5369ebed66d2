"""Pixel formats and encapsulations, each by an instance made for it."""

import zlib
from dataclasses import replace
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate_extended

from dicom_veil import errors
from dicom_veil.decode import decode_frame, decode_stored
from tests.core.make import encapsulated, header, instance, ramp, with_items

BIG, LITTLE, RLE = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5"
JPEG_LS, JPEG_2000, LOSSLESS, BASELINE = (f"1.2.840.10008.1.2.4.{n}" for n in (80, 90, 70, 50))


@pytest.mark.parametrize("big", [False, True], ids=["little", "big"])
@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4"])
def test_native_integers(dtype: str, big: bool) -> None:
    """Every width and sign, in both byte orders, the last of three odd-sized frames."""
    bits = int(dtype[1]) * 8
    values = (np.arange(3 * 5 * 7) * 977 - 40).astype(dtype).reshape(3, 5, 7)
    dataset = header(
        5, 7, BitsAllocated=bits, BitsStored=bits, HighBit=bits - 1, NumberOfFrames=3,
        PixelRepresentation=int(dtype[0] == "i"),
    )  # fmt: skip
    cells = values.astype((">" if big else "<") + dtype).tobytes()
    cells += bytes(len(cells) % 2)
    if big and bits == 8:  # PS3.5 8.1.2: bytes in OW words are swapped; here they are OB
        pass
    made = instance(dataset, cells, transfer_syntax=BIG if big else LITTLE)
    frame = decode_frame(made, 2)
    assert frame.values.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(frame.values, values[2])


@pytest.mark.parametrize(
    ("keyword", "dtype"), [("FloatPixelData", "f4"), ("DoubleFloatPixelData", "f8")]
)
def test_native_floats(keyword: str, dtype: str) -> None:
    """Float Pixel Data and Double Float Pixel Data keep their precision."""
    values = np.linspace(-1e-3, 7.5e5, 12).astype(dtype).reshape(3, 4)
    bits = int(dtype[1]) * 8
    dataset = header(
        3, 4, BitsAllocated=bits, BitsStored=None, HighBit=None, PixelRepresentation=None
    )
    frame = decode_frame(instance(dataset, values.tobytes(), keyword=keyword), 0)
    np.testing.assert_array_equal(frame.values, values)


@settings(max_examples=60, deadline=None)
@given(rows=st.integers(1, 9), columns=st.integers(1, 9), frames=st.integers(1, 9), data=st.data())
def test_bits_at_any_offset(rows: int, columns: int, frames: int, data: st.DataObject) -> None:
    """1-bit frames that begin anywhere within a byte (PS3.5 8.1.1), each by itself."""
    size = rows * columns * frames
    drawn = data.draw(st.binary(min_size=size, max_size=size))
    bits = (np.frombuffer(drawn, np.uint8) & 1).reshape(frames, rows, columns)
    cells = np.packbits(bits.ravel(), bitorder="little").tobytes()
    dataset = header(rows, columns, BitsAllocated=1, BitsStored=1, HighBit=0, NumberOfFrames=frames)
    made = instance(dataset, cells + bytes(len(cells) % 2))
    for index in range(frames):
        np.testing.assert_array_equal(decode_frame(made, index).values, bits[index])


def test_overlay_in_high_bits_is_left_out() -> None:
    """12 bits stored; the four above them hold something else."""
    values = ramp(4, 4, step=250)
    cells = (values | 0xA000).astype("<u2").tobytes()
    dataset = header(4, 4, BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(decode_frame(instance(dataset, cells), 0).values, values)


def test_signed_values_are_extended() -> None:
    """12 signed bits in 16, the upper ones not set."""
    values = (ramp(4, 4, np.int16, 250) - 2000).astype(np.int16)
    cells = (values & 0x0FFF).astype("<u2").tobytes()
    dataset = header(4, 4, BitsStored=12, HighBit=11, PixelRepresentation=1)
    np.testing.assert_array_equal(decode_frame(instance(dataset, cells), 0).values, values)


def test_high_bit_at_the_top() -> None:
    """Old files store 12 bits at the high end of the cell; High Bit says so."""
    values = ramp(4, 4, step=250)
    cells = (values << 4 | 5).astype("<u2").tobytes()
    dataset = header(4, 4, BitsStored=12, HighBit=15)
    np.testing.assert_array_equal(decode_frame(instance(dataset, cells), 0).values, values)


@pytest.mark.parametrize("planar", [0, 1])
def test_colour_planes(planar: int) -> None:
    """Planar Configuration 0 and 1, 8 bits."""
    rgb = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
    cells = (rgb if planar == 0 else rgb.transpose(2, 0, 1)).tobytes()
    frame = decode_frame(instance(color_header(5, 4, planar), cells), 0)
    assert frame.color
    np.testing.assert_array_equal(frame.values, rgb)


def color_header(rows: int, columns: int, planar: int = 0, **attributes: object) -> Dataset:
    defaults: dict[str, object] = {
        "SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": planar,
        "BitsAllocated": 8, "BitsStored": 8, "HighBit": 7,
    }  # fmt: skip
    return header(rows, columns, **{**defaults, **attributes})


def test_deep_colour_loses_its_low_bits() -> None:
    """16-bit RGB to 8 bits by the high byte; 12 bits stored by their upper eight."""
    rgb = (np.arange(2 * 2 * 3) * 5000).astype("<u2").reshape(2, 2, 3)
    deep = color_header(2, 2, BitsAllocated=16, BitsStored=16, HighBit=15)
    np.testing.assert_array_equal(
        decode_frame(instance(deep, rgb.tobytes()), 0).values, (rgb >> 8).astype(np.uint8)
    )
    stored = color_header(2, 2, BitsAllocated=16, BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(
        decode_frame(instance(stored, (rgb >> 4).tobytes()), 0).values, (rgb >> 8).astype(np.uint8)
    )


def test_subsampled_header_over_full_pixels() -> None:
    """YBR_FULL_422 that is as long as YBR_FULL is YBR_FULL, and the frame says so."""
    ybr = np.full((2, 4, 3), 128, np.uint8)
    dataset = color_header(2, 4, PhotometricInterpretation="YBR_FULL_422")
    frame = decode_frame(instance(dataset, ybr.tobytes()), 0)
    assert frame.values.tolist() == [[[128] * 3] * 4] * 2
    assert "YBR_FULL" in frame.notes[0]


def rle_segment(plane: bytes) -> bytes:
    coded = bytes(imagecodecs.packbits_encode(plane))
    return coded + bytes(len(coded) % 2)


def rle(planes: list[bytes]) -> bytes:
    """One frame of RLE Lossless (PS3.5 G)."""
    segments = [rle_segment(plane) for plane in planes]
    offsets = [64 + sum(map(len, segments[:n])) for n in range(len(segments))]
    numbers = [len(segments), *offsets, *[0] * (15 - len(segments))]
    return b"".join(n.to_bytes(4, "little") for n in numbers) + b"".join(segments)


@pytest.mark.parametrize("dtype", ["u1", "i2", "u4"])
def test_rle(dtype: str) -> None:
    """Byte planes, the most significant first."""
    values = (np.arange(6 * 9) * 4801).astype(dtype).reshape(6, 9)
    width = int(dtype[1])
    big = values.astype(f">{dtype}").tobytes()
    dataset = header(
        6, 9, BitsAllocated=8 * width, BitsStored=8 * width, HighBit=8 * width - 1,
        PixelRepresentation=int(dtype[0] == "i"),
    )  # fmt: skip
    made = encapsulated(dataset, [rle([big[n::width] for n in range(width)])], RLE)
    np.testing.assert_array_equal(decode_frame(made, 0).values, values)


def test_rle_of_bits() -> None:
    """1-bit RLE: packed bits in one segment, the frame padded to a whole byte."""
    bits = (np.arange(5 * 7) % 3 == 0).astype(np.uint8).reshape(5, 7)
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    dataset = header(5, 7, BitsAllocated=1, BitsStored=1, HighBit=0)
    made = encapsulated(dataset, [rle([packed])], RLE)
    np.testing.assert_array_equal(decode_frame(made, 0).values, bits)


def test_short_rle_segment_is_refused() -> None:
    """Less data than the header declares is not padded."""
    made = encapsulated(header(6, 9, BitsAllocated=8, BitsStored=8), [rle([bytes(50)])], RLE)
    with pytest.raises(errors.DamagedPixels, match=r"Frame 1 .* 50 of 54 bytes"):
        decode_frame(made, 0)


def encode(kind: str, values: np.ndarray) -> bytes:
    """Lossless codestreams by imagecodecs' encoders; HTJ2K and lossless JPEG by their names."""
    encoders = {
        JPEG_LS: imagecodecs.jpegls_encode,
        JPEG_2000: lambda v: imagecodecs.jpeg2k_encode(v, codecformat="j2k", level=0),
        LOSSLESS: lambda v: imagecodecs.ljpeg_encode(v, bitspersample=8 * v.dtype.itemsize),
        "1.2.840.10008.1.2.4.201": imagecodecs.htj2k_encode,
        "1.2.840.10008.1.2.4.110": lambda v: imagecodecs.jpegxl_encode(v, lossless=True),
        "1.2.840.10008.1.2.8.1": lambda v: deflate(v.tobytes()),
        "1.2.840.10008.1.2.1.98": lambda v: v.tobytes(),
    }
    coded = bytes(encoders[kind](values))
    return coded + bytes(len(coded) % 2)


def deflate(cells: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(cells) + packer.flush()


CODECS = (JPEG_LS, JPEG_2000, LOSSLESS, "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.110",
          "1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.1.98")  # fmt: skip


@pytest.mark.parametrize("table", [True, False], ids=["offset-table", "no-table"])
@pytest.mark.parametrize("kind", CODECS)
def test_lossless_codecs(kind: str, table: bool) -> None:
    """Three frames of each, the last read by itself, with and without an offset table."""
    frames = [ramp(32, 24, step=n) for n in (5, 13, 40)]
    dataset = header(32, 24, NumberOfFrames=3)
    made = encapsulated(dataset, [encode(kind, frame) for frame in frames], kind, table=table)
    np.testing.assert_array_equal(decode_frame(made, 2).values, frames[2])
    np.testing.assert_array_equal(decode_frame(made, 0).values, frames[0])


@pytest.mark.parametrize("kind", CODECS)
def test_half_a_lossless_codestream_is_refused(kind: str) -> None:
    """What decodes to less than declared is no picture; the message names the frame."""
    noise = np.random.default_rng(5).integers(0, 65535, (64, 64), np.uint16)
    whole = encode(kind, noise)
    half = whole[: len(whole) // 4 * 2]
    dataset = header(64, 64, NumberOfFrames=2)
    made = encapsulated(dataset, [whole, half], kind)
    np.testing.assert_array_equal(decode_frame(made, 0).values, noise)
    with pytest.raises(errors.DamagedPixels, match="Frame 2 cannot be decoded") as caught:
        decode_frame(made, 1)
    assert caught.value.params == {"frame": 2}


@pytest.mark.parametrize("kind", CODECS)
def test_damage_is_a_picture_or_a_refusal(kind: str) -> None:
    """Bytes changed anywhere: never another kind of exception, never another size."""
    values = ramp(40, 40, step=31)
    whole = encode(kind, values)
    generator = np.random.default_rng(11)
    for _ in range(25):
        bad = bytearray(whole)
        for place in generator.integers(0, len(bad), 4):
            bad[place] = int(generator.integers(0, 256))
        made = encapsulated(header(40, 40), [bytes(bad)], kind)
        try:
            assert decode_frame(made, 0).values.shape == (40, 40)
        except errors.VeilError as refusal:
            assert refusal.code in ("damaged-pixels", "unsupported")  # noqa: PT017


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize("restarts", [False, True], ids=["plain", "restart-interval"])
def test_lossless_jpeg(predictor: int, bits: int, samples: int, restarts: bool) -> None:
    """Every predictor of process 14, and streams that only the larger decoder knows."""
    noise = np.random.default_rng(7).integers(0, 1 << bits, (40, 50), np.uint16)
    values = (noise // 3).astype(f"u{bits // 8}")
    if samples == 3:
        values = np.stack([values, values[::-1], values[:, ::-1]], axis=-1)
    options = {"colorspace": "RGB", "outcolorspace": "RGB"} if samples == 3 else {}
    coded = imagecodecs.jpeg8_encode(
        values, lossless=True, predictor=predictor, bitspersample=bits, **options
    )
    if restarts:  # an interval longer than the picture, so that no marker is due
        start = coded.index(b"\xff\xda")
        interval = b"\xff\xdd\x00\x04" + (50 * 1000).to_bytes(2, "big")
        coded = coded[:start] + interval + coded[start:]
    depth = {"BitsAllocated": bits, "BitsStored": bits, "HighBit": bits - 1}
    dataset = color_header(40, 50, **depth) if samples == 3 else header(40, 50, **depth)
    made = encapsulated(dataset, [coded + bytes(len(coded) % 2)], LOSSLESS)
    expected = values if samples == 1 else (values >> (bits - 8)).astype(np.uint8)
    np.testing.assert_array_equal(decode_frame(made, 0).values, expected)
    cut = coded[: len(coded) * 9 // 10] + b"\xff\xd9"
    short = encapsulated(dataset, [cut + bytes(len(cut) % 2)], LOSSLESS)
    with pytest.raises(errors.DamagedPixels, match="Frame 1"):
        decode_frame(short, 0)


def test_twelve_bit_jpeg() -> None:
    """Extended JPEG of 12 bits; without its end marker it is cut short, and refused."""
    values = (ramp(64, 64) // 2).astype(np.uint16)
    coded = imagecodecs.jpeg8_encode(values, level=99, bitspersample=12)
    dataset = header(64, 64, BitsStored=12, HighBit=11)
    extended = "1.2.840.10008.1.2.4.51"
    made = encapsulated(dataset, [coded + bytes(len(coded) % 2)], extended)
    assert np.abs(decode_frame(made, 0).values.astype(int) - values).max() <= 8
    cut = coded[: len(coded) // 4 * 2]
    with pytest.raises(errors.DamagedPixels, match="ends too early"):
        decode_frame(encapsulated(dataset, [cut], extended), 0)


@pytest.mark.parametrize(
    ("marker", "offset", "value", "reason"),
    [
        (0xC4, 3, 255, "Huffman table"),  # three hundred codes of one bit
        (0xC4, 2, 0x77, "Huffman table"),  # a table of no class
        (0xC3, 9, 0, "components"),  # a component without sampling
        (0xDA, 3, 9, "components that it does not have"),
        (0xDA, 5, 0, "no predictor"),
        (0xDA, 4, 0x30, "Huffman table is missing"),
    ],
)
def test_unsound_jpeg_never_reaches_the_codec(
    marker: int, offset: int, value: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What libjpeg would stop at ends the interpreter in a tab, so it is refused before."""
    coded = bytearray(encode(LOSSLESS, ramp(16, 16, step=50)))
    place = coded.index(bytes((0xFF, marker))) + 2
    coded[place + offset] = value

    def never(*_args: object, **_options: object) -> None:
        raise AssertionError("the codec was called")

    monkeypatch.setattr(imagecodecs, "jpeg8_decode", never)
    made = encapsulated(header(16, 16), [bytes(coded)], LOSSLESS)
    with pytest.raises(errors.DamagedPixels, match=reason):
        decode_frame(made, 0)


def test_extended_offset_table() -> None:
    """Frames found by the Extended Offset Table (PS3.3 C.7.6.3.1.8)."""
    frames = [ramp(16, 16, step=n) for n in (3, 7)]
    coded = [encode(JPEG_LS, frame) for frame in frames]
    cells, offsets, lengths = encapsulate_extended(coded)
    dataset = header(16, 16, NumberOfFrames=2)
    dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = offsets, lengths
    made = encapsulated(dataset, coded, JPEG_LS, table=False)
    assert made.pixels is not None
    made.body.seek(made.pixels.offset)
    assert made.body.read(made.pixels.length) == cells
    np.testing.assert_array_equal(decode_frame(made, 1).values, frames[1])


@pytest.mark.parametrize("table", [True, False], ids=["table", "no-table"])
def test_frames_over_several_fragments(table: bool) -> None:
    """Two frames of three fragments each: told apart by the table, else by how they begin."""
    frames = [ramp(64, 64, step=n) for n in (3, 7)]
    coded = [encode(JPEG_LS, frame).rstrip(b"\0") for frame in frames]
    coded = [frame + bytes(len(frame) % 2) for frame in coded]
    dataset = header(64, 64, NumberOfFrames=2)
    made = encapsulated(dataset, coded, JPEG_LS, table=table, fragments=3)
    for index, frame in enumerate(frames):
        decoded = decode_frame(made, index)
        np.testing.assert_array_equal(decoded.values, frame)
        assert decoded.notes == ()


@pytest.mark.parametrize("progressive", [False, True], ids=["sequential", "progressive"])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:1:1"])
def test_eight_bit_jpeg_is_that_of_pillow(subsampling: str, progressive: bool) -> None:
    """The same libjpeg-turbo natively: every sampling, odd sizes, components unconverted."""
    y, x = np.mgrid[:67, :93]
    rgb = np.stack([x * 2, y * 3, x * y], axis=-1).astype(np.uint8)
    target = BytesIO()
    Image.fromarray(rgb).save(
        target, "JPEG", quality=90, subsampling=subsampling, progressive=progressive
    )
    picture = Image.open(BytesIO(target.getvalue()))
    picture.draft("YCbCr", picture.size)
    picture.tile = [tile._replace(args=("YCbCr", "YCbCr")) for tile in picture.tile]  # type: ignore[attr-defined]
    coded = target.getvalue() + bytes(len(target.getvalue()) % 2)
    stored = decode_stored(encapsulated(color_header(67, 93), [coded], BASELINE), 0)
    np.testing.assert_array_equal(stored.values, np.asarray(picture))
    assert stored.photometric == "YBR_FULL"


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:0"])
def test_jpeg_colour_is_what_its_codestream_says(subsampling: str) -> None:
    """A JFIF codestream is YCbCr although the header says RGB; the frame notes it."""
    rgb = np.zeros((32, 32, 3), np.uint8)
    rgb[..., 0] = 200
    target = BytesIO()
    Image.fromarray(rgb).save(target, "JPEG", quality=95, subsampling=subsampling)
    coded = target.getvalue() + bytes(len(target.getvalue()) % 2)
    frame = decode_frame(encapsulated(color_header(32, 32), [coded], "1.2.840.10008.1.2.4.50"), 0)
    assert np.abs(frame.values.astype(int) - rgb).max() <= 4
    assert any("YBR" in note for note in frame.notes)


def test_reads_one_frame_only() -> None:
    """Of many native frames, only the bytes of the one asked for are read."""

    class Counting(BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            content = super().read(size)
            self.taken += len(content)
            return content

    values = np.zeros((50, 64, 64), np.uint16)
    made = instance(header(64, 64, NumberOfFrames=50), values.tobytes())
    body = Counting(made.body.read() if not made.body.seek(0) else b"")
    decode_frame(replace(made, body=body), 30)
    assert body.taken == 64 * 64 * 2


def test_impossible_sizes_are_refused_before_memory_is_taken() -> None:
    """65535 × 65535 × 1000 in a file of some bytes."""
    dataset = header(65535, 65535, NumberOfFrames=1000)
    with pytest.raises(errors.OutOfRange, match="65535 × 65535"):
        decode_frame(instance(dataset, bytes(64)), 999)
    with pytest.raises(errors.OutOfRange, match="Rows is missing or 0"):
        decode_frame(instance(header(0, 4), bytes(64)), 0)


def test_codestream_of_another_size_is_refused_before_it_is_decoded() -> None:
    """The codestream claims 20000 × 20000, the header 16 × 16."""
    coded = bytearray(encode(JPEG_LS, ramp(16, 16)))
    start = coded.index(b"\xff\xf7")
    coded[start + 5 : start + 9] = (20000).to_bytes(2, "big") * 2
    made = encapsulated(header(16, 16), [bytes(coded)], JPEG_LS)
    with pytest.raises(errors.DamagedPixels, match="20000 × 20000"):
        decode_frame(made, 0)


def test_missing_frames_and_pixels_are_said() -> None:
    """Fewer bytes than frames; no pixel data; a frame that the instance does not have."""
    short = instance(header(4, 4, NumberOfFrames=3), bytes(80))
    decode_frame(short, 1)
    with pytest.raises(errors.DamagedPixels, match="Frame 3 cannot be decoded"):
        decode_frame(short, 2)
    with pytest.raises(errors.OutOfRange, match="Frame 4 was asked for"):
        decode_frame(short, 3)
    with pytest.raises(errors.OutOfRange):
        decode_frame(short, -1)
    with pytest.raises(errors.NoPixels):
        decode_frame(instance(header(4, 4), None), 0)
    with pytest.raises(errors.NoPixels):
        decode_frame(instance(header(4, 4), b""), 0)


@pytest.mark.parametrize(
    ("uid", "name"),
    [
        ("1.2.840.10008.1.2.4.100", "MPEG2"),
        ("1.2.840.10008.1.2.4.102", "MPEG-4"),
        ("1.2.840.10008.1.2.4.107", "HEVC"),
    ],
)
def test_video_and_unknown_syntaxes_are_refused_by_name(uid: str, name: str) -> None:
    """No guess at a codestream that nothing here decodes."""
    made = encapsulated(header(4, 4), [bytes(64)], uid)
    with pytest.raises(errors.Unsupported, match=name) as caught:
        decode_frame(made, 0)
    assert caught.value.params == {"transfer_syntax": uid}


def test_a_transfer_syntax_that_nobody_registered_is_not_quoted() -> None:
    """Any text can stand there."""
    made = encapsulated(header(4, 4), [bytes(64)], "1.2.3.4.5")
    with pytest.raises(errors.Unsupported, match="not one of the standard") as caught:
        decode_frame(made, 0)
    assert "1.2.3.4.5" not in f"{caught.value} {caught.value.params}"


def palette_header(bits: int, **data: object) -> Dataset:
    colors = {
        f"{color}PaletteColorLookupTableDescriptor": [256, 0, bits]
        for color in ("Red", "Green", "Blue")
    }
    return header(
        2, 2, PhotometricInterpretation="PALETTE COLOR", BitsAllocated=8, BitsStored=8, HighBit=7,
        **colors, **data,
    )  # fmt: skip


@pytest.mark.parametrize("bits", [8, 16])
def test_palettes(bits: int) -> None:
    """8-bit entries two in a word, 16-bit entries by their high byte (PS3.3 C.7.6.3.1.6)."""
    entries = [np.roll(np.arange(256), n) for n in (0, 50, 100)]
    coded = [
        e.astype("u1").tobytes() if bits == 8 else (e * 257).astype("<u2").tobytes()
        for e in entries
    ]
    names = [f"{color}PaletteColorLookupTableData" for color in ("Red", "Green", "Blue")]
    dataset = palette_header(bits, **dict(zip(names, coded, strict=True)))
    values = np.array([[0, 1], [128, 255]], np.uint8)
    frame = decode_frame(instance(dataset, values.tobytes()), 0)
    assert frame.color
    np.testing.assert_array_equal(frame.values, np.stack([e[values] for e in entries], axis=-1))


def test_segmented_palette() -> None:
    """Discrete, linear and indirect segments (PS3.3 C.7.9.2), as pydicom expands them."""
    segments = [0, 2, 0, 500, 1, 100, 50500, 2, 2, 0, 0, 1, 52, 60000]
    coded = np.array(segments, "<u2").tobytes()
    names = [f"Segmented{color}PaletteColorLookupTableData" for color in ("Red", "Green", "Blue")]
    dataset = palette_header(16, **dict.fromkeys(names, coded))
    for color in ("Red", "Green", "Blue"):
        setattr(dataset, f"{color}PaletteColorLookupTableDescriptor", [256, 0, 16])
    from pydicom.pixels.processing import _expand_segmented_lut

    expected = np.array(_expand_segmented_lut(tuple(segments), "<14H")) >> 8
    assert len(expected) == 256
    values = np.array([[0, 1], [128, 255]], np.uint8)
    frame = decode_frame(instance(dataset, values.tobytes()), 0)
    np.testing.assert_array_equal(frame.values[..., 1], expected[values])


def test_palette_without_a_table_is_refused() -> None:
    """PALETTE COLOR and no palette."""
    dataset = header(
        2, 2, PhotometricInterpretation="PALETTE COLOR", BitsAllocated=8, BitsStored=8, HighBit=7
    )
    with pytest.raises(errors.OutOfRange):
        decode_frame(instance(dataset, bytes(4)), 0)


def jpeg_ls_frames(count: int) -> tuple[list[np.ndarray], list[bytes]]:
    frames = [ramp(16, 16, step=n + 3) for n in range(count)]
    return frames, [encode(JPEG_LS, frame) for frame in frames]


@pytest.mark.parametrize("table", [True, False], ids=["table", "no-table"])
def test_more_frames_than_the_header_says(table: bool) -> None:
    """Three frames, Number of Frames 2: those two are shown, and it is said."""
    frames, coded = jpeg_ls_frames(3)
    made = encapsulated(header(16, 16, NumberOfFrames=2), coded, JPEG_LS, table=table)
    frame = decode_frame(made, 1)
    np.testing.assert_array_equal(frame.values, frames[1])
    assert frame.notes == ("The pixel data holds 3 frames, the header says 2.",)


@pytest.mark.parametrize("table", [True, False], ids=["table", "no-table"])
def test_fewer_frames_than_the_header_says(table: bool) -> None:
    """Two frames, Number of Frames 3: two are shown, the third is refused by its number."""
    frames, coded = jpeg_ls_frames(2)
    made = encapsulated(header(16, 16, NumberOfFrames=3), coded, JPEG_LS, table=table)
    frame = decode_frame(made, 0)
    np.testing.assert_array_equal(frame.values, frames[0])
    assert "holds 2 frames" in frame.notes[0]
    with pytest.raises(errors.DamagedPixels, match=r"Frame 3 .* holds 2 frames only"):
        decode_frame(made, 2)


def test_more_native_pixels_than_the_header_says() -> None:
    """Three frames of bytes, one in the header; and a byte too many is only padding."""
    made = instance(header(4, 4), bytes(96))
    assert decode_frame(made, 0).notes == ("The pixel data holds 3 frames, the header says 1.",)
    odd = header(3, 3, BitsAllocated=8, BitsStored=8, HighBit=7)
    assert decode_frame(instance(odd, bytes(10)), 0).notes == ()


@pytest.mark.parametrize(
    "offsets", [(4, 9), (0, 1 << 31), (0, 0), (8, 16), (0,), (0, 8, 9)], ids=str
)
def test_a_wrong_offset_table_is_not_followed(offsets: tuple[int, ...]) -> None:
    """Frames are found by their number where the table points at no fragments."""
    frames, coded = jpeg_ls_frames(2)
    items = b"".join(
        b"\xfe\xff\x00\xe0" + len(content).to_bytes(4, "little") + content
        for content in (b"".join(one.to_bytes(4, "little") for one in offsets), *coded)
    )
    made = with_items(header(16, 16, NumberOfFrames=2), items, JPEG_LS)
    for index, frame in enumerate(frames):
        np.testing.assert_array_equal(decode_frame(made, index).values, frame)


def test_a_wrong_extended_offset_table_is_not_followed() -> None:
    """Lengths and offsets beyond the file: nothing is read there."""
    frames, coded = jpeg_ls_frames(2)
    dataset = header(16, 16, NumberOfFrames=2)
    dataset.ExtendedOffsetTable = (1 << 62).to_bytes(8, "little") * 2
    dataset.ExtendedOffsetTableLengths = (1 << 63).to_bytes(8, "little") * 2
    made = encapsulated(dataset, coded, JPEG_LS, table=False)
    np.testing.assert_array_equal(decode_frame(made, 1).values, frames[1])


@pytest.mark.parametrize("kind", [JPEG_LS, JPEG_2000, LOSSLESS])
def test_bits_in_the_codestream_against_the_header(kind: str) -> None:
    """16 bits coded, 12 said: the codestream's values that fit 12 stay, and it is said."""
    values = ramp(16, 16, step=16)
    dataset = header(16, 16, BitsStored=12, HighBit=11)
    frame = decode_frame(encapsulated(dataset, [encode(kind, values)], kind), 0)
    np.testing.assert_array_equal(frame.values, values)
    assert frame.notes == ("The codestream has 16 bits, the header says 12.",)


@pytest.mark.parametrize("photometric", ["YBR_ICT", "YBR_RCT", "RGB", "YBR_FULL"])
def test_jpeg_2000_colour_transform(photometric: str) -> None:
    """The decoder undoes the transform that the codestream names, whatever the header calls it."""
    rgb = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
    coded = bytes(imagecodecs.jpeg2k_encode(rgb, codecformat="j2k", level=0, mct=True))
    dataset = color_header(16, 16, PhotometricInterpretation=photometric)
    frame = decode_frame(encapsulated(dataset, [coded + bytes(len(coded) % 2)], JPEG_2000), 0)
    np.testing.assert_array_equal(frame.values, rgb)
    assert bool(frame.notes) == (photometric == "YBR_FULL")


def test_stored_colours_keep_their_bits() -> None:
    """As decoded: 16 bits a sample, the header's colours; the picture to look at has 8."""
    deep = (np.arange(4 * 4 * 3) * 1300).astype("<u2").reshape(4, 4, 3)
    dataset = color_header(4, 4, BitsAllocated=16, BitsStored=16, HighBit=15)
    made = instance(dataset, deep.tobytes())
    stored = decode_stored(made, 0)
    np.testing.assert_array_equal(stored.values, deep)
    assert (stored.photometric, stored.bits, stored.values.dtype) == ("RGB", 16, np.uint16)
    ybr = color_header(2, 4, PhotometricInterpretation="YBR_FULL_422")
    plain = decode_stored(instance(ybr, bytes(range(16))), 0)
    assert (plain.photometric, plain.values.shape) == ("YBR_FULL_422", (2, 4, 3))


def test_no_fragments_at_all() -> None:
    made = with_items(header(4, 4), b"\xfe\xff\x00\xe0\0\0\0\0", JPEG_LS)
    with pytest.raises(errors.DamagedPixels, match="holds 0 frames"):
        decode_frame(made, 0)
    empty = with_items(header(4, 4), b"\xfe\xff\x00\xe0\0\0\0\0" * 2, JPEG_LS)
    with pytest.raises(errors.DamagedPixels, match="fragments are empty"):
        decode_frame(empty, 0)
