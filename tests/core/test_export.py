"""Exports hold pixels and nothing else; what is on the screen is what is written."""

import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from dicom_veil import errors
from dicom_veil.export import FORMATS, format_of
from dicom_veil.picture import render
from tests.core.files import bundled
from tests.core.test_decode import opened

GRAY = render(opened(bundled("CT_small.dcm")), 0)
COLOR = render(opened(bundled("examples_rgb_color.dcm")), 0)


def chunks(content: bytes) -> list[bytes]:
    """The types of a PNG's chunks, in order; all bytes belong to one."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    position, found = 8, []
    while position < len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        found.append(content[position + 4 : position + 8])
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


@pytest.mark.parametrize("pixels", [GRAY, COLOR], ids=["gray", "colour"])
def test_png_is_the_picture_and_nothing_else(pixels: NDArray[np.uint8]) -> None:
    """Only IHDR, IDAT and IEND; read back to the bit."""
    content = format_of("png").encode(pixels)
    assert set(chunks(content)) == {b"IHDR", b"IDAT", b"IEND"}
    with Image.open(BytesIO(content)) as image:
        assert image.info == {}
        np.testing.assert_array_equal(np.asarray(image), pixels)


@pytest.mark.parametrize("pixels", [GRAY, COLOR], ids=["gray", "colour"])
def test_jpeg_has_no_metadata(pixels: NDArray[np.uint8]) -> None:
    """JFIF without density, tables, frame and scan: no EXIF, ICC, comment or thumbnail."""
    content = format_of("jpeg").encode(pixels)
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
        assert np.abs(np.asarray(image).astype(int) - pixels).mean() < 2


def test_quality_is_ninety_five() -> None:
    """The standard's luminance table (10918-1 K.1) at libjpeg's quality 95: a tenth of it."""
    (table, *_) = (body for marker, body in segments(format_of("jpeg").encode(GRAY))
                   if marker == 0xDB)  # fmt: skip
    standard = [16, 11, 12, 14, 12, 10, 16, 14]  # in zigzag order
    assert list(table[1:9]) == [(10 * step + 50) // 100 for step in standard]


def test_too_large_for_jpeg() -> None:
    """JPEG has room for 65500 pixels on a side."""
    with pytest.raises(errors.OutOfRange):
        format_of("jpeg").encode(np.zeros((1, 70000), np.uint8))


def test_formats_declare_themselves() -> None:
    """Names for the command line, extensions with a dot, MIME types."""
    declared = [(f.name, f.label, f.extension, f.mime_type) for f in FORMATS]
    assert declared == [
        ("png", "PNG", ".png", "image/png"),
        ("jpeg", "JPEG", ".jpg", "image/jpeg"),
    ]
    with pytest.raises(errors.Usage):
        format_of("bmp")


def test_lists_cost_no_import() -> None:
    """Formats and presets are plain data: no numpy, no imaging library."""
    code = (
        "import sys, dicom_veil.export, dicom_veil.presets;"
        "print(sorted({'numpy', 'PIL', 'imagecodecs', 'pydicom'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
