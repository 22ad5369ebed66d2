"""Comments and metadata leave compressed pixels; the image does not change by a bit."""

import struct
import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import pydicom
import pytest
from PIL import Image, ImageCms
from pydicom.encaps import encapsulate_extended, generate_frames

from dicom_veil import errors
from dicom_veil.codestream import (
    CleanedPixels,
    boxes,
    clean_pixels,
    jpeg,
    jpeg2000,
    rle,
    segments,
)
from dicom_veil.codestream.frames import all_frames
from dicom_veil.decode import decode_frame, frame_count
from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify_instance
from dicom_veil.fragments import content_of
from dicom_veil.identity import Identity
from dicom_veil.profile import load
from dicom_veil.read import Instance, read
from dicom_veil.write import Range, chunks
from tests.core.files import CORPUS, needs_corpus, real_files
from tests.core.make import encapsulated, header, with_items
from tests.core.make import instance as plain_instance

SECRET = b"KANARI007X of John Doe"
JPEG_BASELINE, JPEG_LS, JPEG_2000, HTJ2K, JPEG_XL = (
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.110",
)  # fmt: skip
CELLS = (np.arange(32 * 48).reshape(32, 48) * 7 % 251).astype(np.uint8)
COLOR = np.stack([CELLS, CELLS[::-1], CELLS.T.reshape(32, 48)], axis=-1)


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def baseline(cells: np.ndarray = CELLS, **options: object) -> bytes:
    buffer = BytesIO()
    Image.fromarray(cells).save(buffer, "JPEG", quality=90, **options)
    return buffer.getvalue()


def after_soi(stream: bytes, *inserted: bytes) -> bytes:
    return stream[:2] + b"".join(inserted) + stream[2:]


def gray(count: int = 1) -> object:
    return header(32, 48, BitsAllocated=8, BitsStored=8, HighBit=7, NumberOfFrames=count)


def rewritten(instance: Instance, cleaned: CleanedPixels) -> Instance:
    """The instance with the cleaned pixels in its file."""
    assert instance.pixels is not None
    instance.body.seek(0)
    content = instance.body.read()
    new = b"".join(chunks(cleaned.parts, instance.body))
    head = content[: instance.pixels.offset]
    for tag, value in cleaned.elements.items():
        old = value_of(instance.dataset, tag)
        assert isinstance(old, bytes)
        head = head.replace(old, value)
    return read(BytesIO(head + new + content[instance.pixels.element_end :]))


def check(instance: Instance) -> Instance:
    """Cleans and looks: nothing secret left, same pixels, offset tables right."""
    before = b" ".join(content for _where, content in segments(instance))
    assert b"KANARI" in before
    cleaned = clean_pixels(instance)
    assert cleaned is not None
    after = rewritten(instance, cleaned)
    after.body.seek(0)
    assert b"KANARI" not in after.body.read()
    assert clean_pixels(after) is None
    assert list(segments(after)) == []
    for index in range(frame_count(instance.dataset)):
        expected = decode_frame(instance, index).values
        assert np.array_equal(decode_frame(after, index).values, expected)
    return after


JUNK = [
    segment(0xFE, SECRET), segment(0xE1, b"Exif\0\0" + SECRET),
    segment(0xE2, b"ICC_PROFILE\0" + SECRET),
    segment(0xE0, b"JFXX\0\x10" + SECRET), segment(0xEE, b"Other" + SECRET),
    b"\xff" + segment(0xFE, SECRET),
    segment(0xEF, SECRET),
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
def test_jpeg(junk: bytes) -> None:
    for stream in (baseline(), baseline(progressive=True), baseline(optimize=True)):
        check(encapsulated(gray(), [after_soi(stream, junk)], JPEG_BASELINE))
    color = header(32, 48, BitsAllocated=8, BitsStored=8, HighBit=7, SamplesPerPixel=3,
                   PhotometricInterpretation="YBR_FULL_422", PlanarConfiguration=0)  # fmt: skip
    check(encapsulated(color, [after_soi(baseline(COLOR), junk)], JPEG_BASELINE))


@pytest.mark.parametrize(
    "junk",
    [segment(0xF0, SECRET), segment(0xFD, SECRET), segment(0xC8, SECRET), SECRET,
     b"\xff\x02" + SECRET],
)  # fmt: skip
def test_what_no_decoder_knows_leaves_a_jpeg(junk: bytes) -> None:
    for stream in (baseline(), baseline(progressive=True)):
        assert jpeg.scan(after_soi(stream, junk)).clean == stream
        table = stream.index(b"\xff\xdb")
        assert jpeg.scan(stream[:table] + junk + stream[table:]).clean == stream
        assert jpeg.scan(stream).clean is None


def test_jpeg_between_scans_after_the_end_and_in_a_thumbnail() -> None:
    progressive = baseline(progressive=True)
    second = progressive.index(b"\xff\xc4", progressive.index(b"\xff\xda"))
    check(encapsulated(
        gray(), [progressive[:second] + segment(0xFE, SECRET) + progressive[second:]], JPEG_BASELINE
    ))  # fmt: skip
    check(encapsulated(gray(), [baseline() + SECRET], JPEG_BASELINE))
    plain = baseline()
    assert plain[6:11] == b"JFIF\0"
    thumbnail = segment(0xE0, plain[6:18] + bytes((1, 8)) + SECRET + b"\0\0")
    after = check(encapsulated(gray(), [plain[:2] + thumbnail + plain[20:]], JPEG_BASELINE))
    after.body.seek(0)
    assert b"JFIF\0" in after.body.read()


def test_what_decoding_heeds_stays() -> None:
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")
    stream = after_soi(baseline(), adobe, segment(0xFE, SECRET))
    cleaned = jpeg.scan(stream).clean
    assert cleaned == after_soi(baseline(), adobe)
    longer = after_soi(baseline(), segment(0xEE, b"Adobe\0\x64\0\0\0\0\0" + SECRET))
    assert jpeg.scan(longer).clean == after_soi(baseline(), adobe)
    assert jpeg.scan(after_soi(baseline(), segment(0xE8, b"mrfx\1"))).clean is None
    assert jpeg.scan(baseline()).clean is None
    assert jpeg.scan(baseline() + b"\0").clean is None


def test_jpeg_ls() -> None:
    for level in (0, 2):
        stream = imagecodecs.jpegls_encode(CELLS, level=level)
        check(encapsulated(gray(), [after_soi(stream, JUNK[0], JUNK[1])], JPEG_LS))


def main_header(stream: bytes, comment: bytes) -> bytes:
    """`stream` with a COM segment before its first tile-part."""
    start = stream.index(b"\xff\x90\x00\x0a")
    return stream[:start] + segment(0x64, b"\0\1" + comment) + stream[start:]


def tile_header(stream: bytes, comment: bytes) -> bytes:
    """`stream` with a COM segment in its first tile-part header, Psot made true."""
    start = stream.index(b"\xff\x90\x00\x0a")
    added = segment(0x64, b"\0\1" + comment)
    (length,) = struct.unpack(">L", stream[start + 6 : start + 10])
    head = stream[start : start + 6] + struct.pack(">L", length + len(added) if length else 0)
    return stream[:start] + head + stream[start + 10 : start + 12] + added + stream[start + 12 :]


def test_jpeg_2000() -> None:
    stream = imagecodecs.jpeg2k_encode(CELLS, level=0, codecformat="J2K")
    check(encapsulated(gray(), [main_header(stream, SECRET)], JPEG_2000))
    check(encapsulated(gray(), [tile_header(stream, SECRET)], JPEG_2000))
    check(encapsulated(gray(), [stream + SECRET], JPEG_2000))


@needs_corpus
def test_htj2k() -> None:
    """The same markers with another block coder; a real one, as nothing here encodes it."""
    source = CORPUS / "pydicom-data__HTJ2KLossless_08_RGB.dcm"
    instance = read(BytesIO(source.read_bytes()))
    (frame,) = generate_frames(pydicom.dcmread(source).PixelData, number_of_frames=1)
    for change in (main_header, tile_header):
        check(encapsulated(instance.dataset, [change(frame, SECRET)], HTJ2K))


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content) + 8) + kind + content


def test_boxes() -> None:
    jp2 = imagecodecs.jpeg2k_encode(CELLS, level=0, codecformat="JP2")
    codestream = jp2.index(b"jp2c") - 4
    for kind in (b"xml ", b"uuid", b"Exif", b"free"):
        inserted = jp2[:codestream] + box(kind, SECRET) + jp2[codestream:]
        check(encapsulated(gray(), [inserted], JPEG_2000))
    inside = bytearray(main_header(jp2, SECRET))
    length = struct.unpack(">L", jp2[codestream : codestream + 4])[0]
    if length:
        struct.pack_into(">L", inside, codestream, length + len(SECRET) + 6)
    check(encapsulated(gray(), [bytes(inside)], JPEG_2000))


def test_jpeg_xl() -> None:
    bare = imagecodecs.jpegxl_encode(CELLS, lossless=True, usecontainer=True)
    assert boxes.magic.match(bare)
    for kind in (b"xml ", b"Exif", b"jumb", b"brob"):
        check(encapsulated(gray(), [bare + box(kind, SECRET)], JPEG_XL))
    # A list of markers with a comment among them: bit by bit C0 + six bits, up to EOI.
    for markers, harmless in (((0xE0, 0xDB, 0xD9), True), ((0xE0, 0xFE, 0xD9), False),
                              ((0xE1, 0xD9), False), ((0xEE, 0xD9), True)):  # fmt: skip
        bits = sum((marker - 0xC0) << 6 * place for place, marker in enumerate(markers)) << 1
        assert boxes._harmless(bits.to_bytes(8, "little")) == harmless


def run_length(cells: np.ndarray = CELLS) -> bytes:
    """PS3.5 Annex G: one segment of literal runs."""
    runs = [cells.tobytes()[at : at + 128] for at in range(0, cells.size, 128)]
    return struct.pack("<16L", 1, 64, *[0] * 14) + b"".join(
        bytes([len(run) - 1]) + run for run in runs
    )


RLE = "1.2.840.10008.1.2.5"


def two_segments(between: bytes, before: bytes = b"") -> bytes:
    """A frame of 16 bits with something between its segments, or before the first."""
    high, low = run_length()[64:], run_length(CELLS[::-1])[64:]
    starts = (64 + len(before), 64 + len(before) + len(high) + len(between))
    return struct.pack("<16L", 2, *starts, *[0] * 13) + before + high + between + low


def sixteen() -> object:
    return header(32, 48)


def cleaned_rle(frame: bytes) -> bytes | None:
    found = rle.scan(frame, CELLS.size)
    assert found is not None
    return found.clean


def test_rle() -> None:
    whole = run_length()
    in_header = whole[:12] + SECRET.ljust(52, b"\0") + whole[64:]
    assert cleaned_rle(whole + SECRET) == whole
    assert cleaned_rle(in_header) == whole
    cleaned = clean_pixels(encapsulated(gray(), [whole + SECRET], RLE))
    assert cleaned is not None
    assert [kind for _frame, kind in cleaned.removed] == ["after the image"]
    assert clean_pixels(encapsulated(gray(), [whole], RLE)) is None
    backwards = struct.pack("<16L", 2, 100, 64, *[0] * 13) + whole[64:] + SECRET
    assert rle.scan(backwards, CELLS.size) is None
    between = two_segments(b"\0\0" + SECRET)
    assert cleaned_rle(between) == two_segments(b"")
    assert cleaned_rle(two_segments(b"", SECRET)) == two_segments(b"")
    assert cleaned_rle(two_segments(b"", SECRET + b"\0" * 99)) == two_segments(b"")
    assert cleaned_rle(two_segments(b"\0\0")) is None
    after = encapsulated(sixteen(), [two_segments(b"")], RLE)
    expected = CELLS.astype(np.uint16) << 8 | CELLS[::-1]
    assert np.array_equal(decode_frame(after, 0).values, expected)


STREAMS = {
    JPEG_BASELINE: baseline(), JPEG_LS: imagecodecs.jpegls_encode(CELLS),
    JPEG_2000: imagecodecs.jpeg2k_encode(CELLS, level=0, codecformat="J2K"),
}  # fmt: skip


@pytest.mark.parametrize("transfer_syntax", list(STREAMS))
def test_what_stands_before_a_codestream_goes(transfer_syntax: str) -> None:
    """Text in front of its first marker, in the same fragment or in one of its own."""
    stream = STREAMS[transfer_syntax]
    even = stream + b"\0" * (len(stream) % 2)
    joined = encapsulated(gray(), [SECRET + even], transfer_syntax)
    apart = with_items(gray(), items(b"\0" * 4, SECRET, even), transfer_syntax)
    for instance in (joined, apart):
        cleaned = clean_pixels(instance)
        assert cleaned is not None
        assert cleaned.removed[0] == (0, "before the image")
        after = rewritten(instance, cleaned)
        assert content_of(after, all_frames(after)[0])[:2] == stream[:2]
        expected = decode_frame(encapsulated(gray(), [stream], transfer_syntax), 0).values
        assert np.array_equal(decode_frame(after, 0).values, expected)
    filled = encapsulated(gray(), [b"\xff\xff" + even], transfer_syntax)
    assert [where for where, _content in segments(filled)] == [
        where for where, _content in segments(encapsulated(gray(), [even], transfer_syntax))
    ]


def items(*contents: bytes) -> bytes:
    return b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<L", len(one)) + one for one in contents)


@pytest.mark.parametrize("transfer_syntax", [JPEG_BASELINE, JPEG_LS, JPEG_2000, "RLE"])
def test_text_in_the_place_of_a_frame_is_refused(transfer_syntax: str) -> None:
    syntax = RLE if transfer_syntax == "RLE" else transfer_syntax
    stream = run_length() if syntax == RLE else STREAMS[syntax]
    even = stream + b"\0" * (len(stream) % 2)
    for contents, number in (((b"", SECRET), 1), ((b"", even, SECRET), 2)):
        instance = with_items(gray(len(contents) - 1), items(*contents), syntax)
        with pytest.raises(errors.Refused) as raised:
            deidentify_instance(instance, load("basic"), Identity(bytes(32)), 1)
        assert raised.value.params == {"frame": number}
    extra = with_items(gray(), items(b"", even, SECRET), syntax)
    cleaned = clean_pixels(extra)
    assert cleaned is not None
    assert b"KANARI" not in b"".join(chunks(cleaned.parts, extra.body))
    empty = with_items(gray(2), items(b"", even, b"\0\0"), syntax)
    assert deidentify_instance(empty, load("basic"), Identity(bytes(32)), 1)


def after_main_header(stream: bytes, inserted: bytes) -> bytes:
    start = stream.index(b"\xff\x90\x00\x0a")
    return stream[:start] + inserted + stream[start:]


PLAIN_J2K = imagecodecs.jpeg2k_encode(CELLS, level=0, codecformat="J2K")
PLAIN_JXL = imagecodecs.jpegxl_encode(CELLS, lossless=True, usecontainer=True)


@pytest.mark.parametrize(
    ("frame", "transfer_syntax"),
    [
        (baseline()[:-2] + SECRET, JPEG_BASELINE),
        (after_soi(baseline(), b"\xff\xec\0\0" + segment(0xFE, SECRET)), JPEG_BASELINE),
        (after_soi(baseline(), b"\xff\xec\xff\xff" + SECRET), JPEG_BASELINE),
        (after_soi(baseline(), segment(0xDD, SECRET)), JPEG_BASELINE),
        (PLAIN_J2K[:-2] + SECRET, JPEG_2000),
        (after_main_header(PLAIN_J2K, segment(0x63, SECRET)), JPEG_2000),
        (after_main_header(PLAIN_J2K, SECRET), JPEG_2000),
        (imagecodecs.jpegxl_encode(CELLS, lossless=True, usecontainer=False) + SECRET, JPEG_XL),
        (PLAIN_JXL + struct.pack(">L", len(SECRET) + 8) + b"jxli" + SECRET, JPEG_XL),
        (b"\0\0\1\xb3" + bytes(8) + b"\0\0\1\xb5" + SECRET, "1.2.840.10008.1.2.4.100"),
        (b"\0\0\0\1\x07\x05" + SECRET + bytes(9000), "1.2.840.10008.1.2.4.102"),
        (bytes(9000) + SECRET.decode().encode("utf-16-le"), "1.2.840.10008.1.2.4.102"),
    ],
)
def test_what_cannot_be_followed_is_searched(frame: bytes, transfer_syntax: str) -> None:
    dataset = header(32, 48, BitsAllocated=8, BitsStored=8, HighBit=7)
    dataset.PatientName, dataset.PatientID = "Doe^John", "KANARI007X"  # type: ignore[attr-defined]
    instance = encapsulated(dataset, [frame], transfer_syntax)
    with pytest.raises(errors.Quarantined) as raised:
        deidentify_instance(instance, load("basic"), Identity(bytes(32)), 1)
    assert {hit[0] for hit in raised.value.hits} == {"frame 1"}


@pytest.mark.parametrize("table", [SECRET + b"\0\0", b"\0\0\0\0KANA", b"\0\0\0\0K\0", b"KANA"])
def test_text_in_the_place_of_the_offset_table(table: bytes) -> None:
    even = baseline() + b"\0" * (len(baseline()) % 2)
    instance = with_items(gray(), items(table, even), JPEG_BASELINE)
    cleaned = clean_pixels(instance)
    assert cleaned is not None
    assert [kind for _frame, kind in cleaned.removed] == ["offset table"]
    assert b"".join(chunks(cleaned.parts, instance.body)).startswith(items(bytes(4), even))
    done = deidentify_instance(instance, load("basic"), Identity(bytes(32)), 1)
    assert done.row["codestream"] == {"offset table": 1}
    assert b"KANA" not in b"".join(done.stream(instance))


def test_text_in_the_place_of_the_extended_offset_table() -> None:
    _content, offsets, lengths = encapsulate_extended([baseline()])
    for wrong in ({"ExtendedOffsetTable": b"KANARI01"}, {"ExtendedOffsetTableLengths": b"KANARI0"}):
        dataset = gray()
        dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = offsets, lengths  # type: ignore[attr-defined]
        for keyword, text in wrong.items():
            setattr(dataset, keyword, text + b"\0" * (len(text) % 2))
        instance = encapsulated(dataset, [baseline()], JPEG_BASELINE, table=False)
        done = deidentify_instance(instance, load("basic"), Identity(bytes(32)), 1)
        assert b"KANA" not in b"".join(done.stream(instance))


def test_the_length_of_the_delimiter_is_none() -> None:
    even = baseline() + b"\0" * (len(baseline()) % 2)
    instance = with_items(gray(), items(b"", even), JPEG_BASELINE)
    instance.body.seek(0)
    content = instance.body.read()
    end = b"\xfe\xff\xdd\xe0"
    at = content.rindex(end) + len(end)
    told = read(BytesIO(content[:at] + b"KANA" + content[at + 4 :]))
    done = deidentify_instance(told, load("basic"), Identity(bytes(32)), 1)
    output = b"".join(done.stream(told))
    assert b"KANA" not in output
    assert output.endswith(end + bytes(4))


def test_only_changed_frames_are_copied_and_offsets_are_true() -> None:
    plain, leaking = baseline(), after_soi(baseline(), JUNK[0])
    streams = [plain, leaking, plain, leaking + b"\0"]
    for table in (True, False):
        instance = encapsulated(gray(4), streams, JPEG_BASELINE, table=table)
        cleaned = clean_pixels(instance)
        assert cleaned is not None
        assert [frame for frame, _kind in cleaned.removed] == [1, 3]
        assert sum(isinstance(part, Range) for part in cleaned.parts) == 2
        after = check(instance)
        assert after.pixels is not None
        after.body.seek(after.pixels.offset + 4)
        (length,) = struct.unpack("<L", after.body.read(4))
        assert length == (16 if table else 0)
        offsets = struct.unpack(f"<{length // 4}L", after.body.read(length))
        for offset in offsets:
            after.body.seek(after.pixels.offset + 8 + length + offset)
            assert after.body.read(4) == b"\xfe\xff\x00\xe0"


def test_extended_offset_table() -> None:
    streams = [after_soi(baseline(), junk) for junk in JUNK[:3]]
    dataset = gray(3)
    _content, offsets, lengths = encapsulate_extended(streams)
    dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = offsets, lengths  # type: ignore[attr-defined]
    after = check(encapsulated(dataset, streams, JPEG_BASELINE, table=False))
    table = struct.unpack("<3Q", value_of(after.dataset, "ExtendedOffsetTable"))  # type: ignore[arg-type]
    sizes = struct.unpack("<3Q", value_of(after.dataset, "ExtendedOffsetTableLengths"))  # type: ignore[arg-type]
    assert after.pixels is not None
    for offset, size in zip(table, sizes, strict=True):
        after.body.seek(after.pixels.offset + 8 + offset + 8)
        assert after.body.read(size).rstrip(b"\0").endswith(b"\xff\xd9")


def test_damaged_codestreams_do_not_fail() -> None:
    whole = main_header(imagecodecs.jpeg2k_encode(CELLS, codecformat="J2K"), SECRET)
    leaking = after_soi(baseline(), JUNK[0])
    for stream, family in ((leaking, jpeg), (whole, jpeg2000), (box(b"xml ", SECRET), boxes)):
        for end in range(3, len(stream), 7):
            family.scan(stream[:end])
        for place in range(2, min(len(stream), 400)):
            family.scan(stream[:place] + b"\xff" + stream[place + 1 :])


def test_real_files_decode_to_the_same_pixels() -> None:
    done = 0
    for path in real_files():
        try:
            instance = read(BytesIO(path.read_bytes()))
        except (errors.VeilError, zlib.error):
            continue
        cleaned = clean_pixels(instance)
        if cleaned is None:
            continue
        after = rewritten(instance, cleaned)
        assert clean_pixels(after) is None, path.name
        try:
            expected = decode_frame(instance, 0).values
        except errors.VeilError:
            continue
        assert np.array_equal(decode_frame(after, 0).values, expected), path.name
        done += 1
    assert done >= 8


def profile_that_says() -> bytes:
    """A colour profile whose description is the secret."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    text = SECRET.decode().encode("utf-16-be")
    start = made.index(b"mluc") + 28
    made[start : start + len(text)] = text
    return bytes(made)


def in_header(extra: bytes, *, colors: bool = True) -> bytes:
    """A JP2 file with something more in its header, and with or without its own colours."""
    jp2 = imagecodecs.jpeg2k_encode(COLOR, level=0, codecformat="JP2")
    start = jp2.index(b"jp2h") - 4
    inside = jp2[start + 8 : start + struct.unpack_from(">L", jp2, start)[0]]
    end = start + 8 + len(inside)
    if not colors:
        inside = inside[: inside.index(b"colr") - 4]
    return jp2[:start] + box(b"jp2h", inside + extra) + jp2[end:]


@pytest.mark.parametrize(
    "frame",
    [
        in_header(box(b"xml ", SECRET)),
        in_header(box(b"uuid", bytes(16) + SECRET)),
        in_header(SECRET),
        in_header(box(b"colr", b"\2\0\0" + profile_that_says()), colors=False),
        in_header(box(b"colr", b"\2\0\0" + SECRET), colors=False),
        in_header(box(b"colr", b"\1\0\0\0\0\0\x10" + SECRET), colors=False),
        in_header(b"").replace(
            struct.pack(">L", 20) + b"ftypjp2 \0\0\0\0",
            struct.pack(">L", 20 + len(SECRET)) + b"ftypjp2 \0\0\0\0" + SECRET,
        ),
    ],
)
def test_the_header_of_a_jp2_file(frame: bytes) -> None:
    """Boxes within it, texts of a colour profile, and brands that there are not."""
    color = header(32, 48, BitsAllocated=8, BitsStored=8, HighBit=7, SamplesPerPixel=3,
                   PhotometricInterpretation="RGB", PlanarConfiguration=0)  # fmt: skip
    before = encapsulated(color, [frame], JPEG_2000)
    cleaned = clean_pixels(before)
    assert cleaned is not None
    after = rewritten(before, cleaned)
    after.body.seek(0)
    written = after.body.read()
    assert SECRET not in written
    assert SECRET.decode().encode("utf-16-be") not in written
    assert clean_pixels(after) is None
    assert np.array_equal(decode_frame(after, 0).values, COLOR)


def test_a_plain_jp2_file_loses_no_more_than_its_comment() -> None:
    assert [piece.kind for piece in boxes.scan(in_header(b"")).pieces] == ["JPEG 2000 COM"]


def test_a_second_picture_behind_the_first() -> None:
    """A preview that a camera put there: in a file of one frame nobody sees it."""
    other = baseline(CELLS[::-1].copy())
    one = clean_pixels(encapsulated(gray(), [baseline() + other], JPEG_BASELINE))
    assert one is not None
    assert [kind for _frame, kind in one.removed] == ["after the image"]
    # Where frames are missing, the second one may be among them.
    assert clean_pixels(encapsulated(gray(2), [baseline() + other], JPEG_BASELINE)) is None


@pytest.mark.parametrize("stream", [baseline(), PLAIN_J2K, PLAIN_JXL])
def test_a_compressed_picture_as_uncompressed_pixels_is_refused(stream: bytes) -> None:
    """Its comments would stay, and nobody would look into the picture."""
    even = stream + bytes(len(stream) % 2)
    found = plain_instance(gray(), even)
    with pytest.raises(errors.Refused, match="compressed picture"):
        deidentify_instance(found, load("basic"), Identity(bytes(32)), 1)
    # Of the right length, they are pixels that only begin so.
    cells = (stream + bytes(CELLS.size))[: CELLS.size]
    assert deidentify_instance(plain_instance(gray(), cells), load("basic"), Identity(bytes(32)), 1)
