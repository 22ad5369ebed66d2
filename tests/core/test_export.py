"""Pictures hold pixels and nothing else; what is on the screen is what is written."""

import subprocess
import sys
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from dicom_veil import errors
from dicom_veil.export import FORMATS, format_of
from dicom_veil.export.jpeg import encode_jpeg
from dicom_veil.picture import drawn
from dicom_veil.shown import Shown
from tests.core.exported import made, shots

GRAY, COLOR = shots("CT_small.dcm")[0], shots("examples_rgb_color.dcm")[0]
BOTH = pytest.mark.parametrize("shot", [GRAY, COLOR], ids=["gray", "colour"])


def picture(shot: object) -> NDArray[np.uint8]:
    """The core's picture of a frame with default wishes."""
    return drawn(Shown(shot.instance, shot.frame_index))  # type: ignore[attr-defined]


def chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Type and content of a PNG's chunks, in order; all bytes belong to one."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    position, found = 8, []
    while position < len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        found.append(
            (
                content[position + 4 : position + 8],
                content[position + 8 : position + 8 + length],
            )
        )
        position += 12 + length
    assert position == len(content)
    return found


def segments(content: bytes) -> list[tuple[int, bytes]]:
    """Marker and content of a JPEG's segments up to its scan."""
    assert content[:2] == b"\xff\xd8"
    assert content[-2:] == b"\xff\xd9"
    position, found = 2, []
    while not found or found[-1][0] != 0xDA:
        assert content[position] == 0xFF
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        found.append((content[position + 1], content[position + 4 : position + 2 + length]))
        position += 2 + length
    return found


@BOTH
@pytest.mark.parametrize("compression", ["fast", "small"])
def test_png_is_the_picture_and_nothing_else(shot: object, compression: str) -> None:
    """Only IHDR, IDAT and IEND; read back to the bit."""
    content = made("png", [shot], compression=compression)
    assert {kind for kind, _ in chunks(content)} == {b"IHDR", b"IDAT", b"IEND"}
    with Image.open(BytesIO(content)) as image:
        assert image.info == {}
        np.testing.assert_array_equal(np.asarray(image), picture(shot))


@BOTH
def test_jpeg_has_no_metadata(shot: object) -> None:
    """JFIF without density, tables, frame and scan: no EXIF, ICC, comment or thumbnail."""
    content = made("jpeg", [shot])
    parts = segments(content)
    assert {marker for marker, _ in parts} <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
    assert [body for marker, body in parts if marker == 0xE0] == [
        b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    ]
    (frame,) = (body for marker, body in parts if marker == 0xC0)
    assert {frame[7 + 3 * n] for n in range(frame[5])} == {0x11}  # 4:4:4
    with Image.open(BytesIO(content)) as image:
        assert "dpi" not in image.info
        assert "exif" not in image.info
        assert np.abs(np.asarray(image).astype(int) - picture(shot)).mean() < 2


def test_quality_is_ninety_five() -> None:
    """The standard's luminance table (10918-1 K.1) at libjpeg's quality 95: a tenth of it."""
    (table, *_) = (body for marker, body in segments(made("jpeg", [GRAY])) if marker == 0xDB)
    standard = [16, 11, 12, 14, 12, 10, 16, 14]  # in zigzag order
    assert list(table[1:9]) == [(10 * step + 50) // 100 for step in standard]
    assert len(made("jpeg", [GRAY], quality=40)) < len(made("jpeg", [GRAY])) / 2


@BOTH
def test_webp_is_one_chunk(shot: object) -> None:
    """RFC 9649: RIFF, WEBP, and VP8 or VP8L alone, which has no room for EXIF, XMP or ICC."""
    for quality, kind in ((95, b"VP8 "), (100, b"VP8L")):
        content = made("webp", [shot], quality=quality)
        assert content[12:16] == kind
        assert len(content) - 20 - int.from_bytes(content[16:20], "little") in (0, 1)
        with Image.open(BytesIO(content)) as image:
            back = np.asarray(image.convert("RGB")).astype(int)
        expected = picture(shot)
        off = np.abs(back - (expected if expected.ndim == 3 else expected[:, :, None]))
        assert off.max() == 0 if quality == 100 else off.mean() < 3


@BOTH
def test_jpeg_xl_is_a_bare_codestream(shot: object) -> None:
    """18181-1: FF 0A begins a codestream; boxes, which may hold EXIF, need the container."""
    for quality in (95, 100):
        content = made("jxl", [shot], quality=quality)
        assert content[:2] == b"\xff\x0a"
        off = np.abs(imagecodecs.jpegxl_decode(content).astype(int) - picture(shot))
        assert off.max() == 0 if quality == 100 else off.mean() < 2


def test_too_large_for_a_format() -> None:
    """JPEG has room for 65500 pixels on a side."""
    with pytest.raises(errors.OutOfRange):
        encode_jpeg(np.zeros((1, 70000), np.uint8))


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "jxl", "tiff", "gif", "contact-sheet"])
def test_the_same_frame_gives_the_same_bytes(name: str) -> None:
    """No date, no name, no chance."""
    assert made(name, [COLOR]) == made(name, [COLOR])


def test_formats_declare_themselves() -> None:
    """Names for the command line, extensions with a dot, MIME types; each makes what it says."""
    declared = {f.name: (f.extension, f.mime_type, f.scope, f.made_by) for f in FORMATS}
    assert declared == {
        "png": (".png", "image/png", "frame", "core"),
        "jpeg": (".jpg", "image/jpeg", "frame", "core"),
        "webp": (".webp", "image/webp", "frame", "core"),
        "jxl": (".jxl", "image/jxl", "frame", "core"),
        "png16": (".png", "image/png", "frame", "core"),
        "tiff": (".tif", "image/tiff", "both", "core"),
        "tiff16": (".tif", "image/tiff", "both", "core"),
        "gif": (".gif", "image/gif", "both", "core"),
        "mp4": (".mp4", "video/mp4", "series", "browser"),
        "webm": (".webm", "video/webm", "series", "browser"),
        "contact-sheet": (".png", "image/png", "series", "core"),
        "npy": (".npy", "application/octet-stream", "both", "core"),
        "nifti": (".nii", "application/x-nifti", "series", "core"),
    }
    for one in FORMATS:
        assert (one.encode is None) != (one.open is None)
        assert (one.scope == "frame") == (one.open is None)
    with pytest.raises(errors.Usage):
        format_of("bmp")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("png", {"quality": 95}),
        ("jpeg", {"quality": 0}),
        ("jpeg", {"quality": 101}),
        ("jpeg", {"quality": True}),
        ("jpeg", {"quality": "95"}),
        ("png", {"square": 1}),
        ("npy", {"values": "raw"}),
        ("gif", {"rate": -1}),
    ],
)
def test_what_cannot_be_chosen_is_refused(name: str, options: dict[str, object]) -> None:
    with pytest.raises(errors.Usage, match=r"option"):
        format_of(name).settings(options)


def test_lists_cost_no_import() -> None:
    """Formats and presets are plain data: no numpy, no imaging library."""
    code = (
        "import sys, dicom_veil.export.jobs, dicom_veil.export.arguments, dicom_veil.presets;"
        "print(sorted({'numpy', 'PIL', 'imagecodecs', 'pydicom', 'tifffile', 'av'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
