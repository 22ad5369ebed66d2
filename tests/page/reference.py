"""What the page must agree with: the core, run natively, and the bytes of picture files."""

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset

from dicom_veil import profile
from dicom_veil.deidentify import transform
from dicom_veil.identity import Identity
from dicom_veil.picture import render
from dicom_veil.plan import Plan
from dicom_veil.read import Instance, read
from dicom_veil.window import Window

LONE_MARKERS = {0x01, *range(0xD0, 0xDA)}  # JPEG markers without a length (ITU-T T.81 B.1.1.3)


def core_picture(
    path: Path, frame_index: int = 0, window: Window | None = None, *, invert: bool = False
) -> NDArray[np.uint8]:
    """The core's own picture: (rows, columns), or (rows, columns, 3) in colour."""
    with path.open("rb") as stream:
        return render(read(stream), frame_index, window, invert=invert)


def opened(content: bytes) -> NDArray[np.uint8]:
    """A picture file read by Pillow: (rows, columns) or (rows, columns, 3)."""
    with Image.open(BytesIO(content)) as image:
        assert image.mode in ("L", "RGB", "P")
        assert not image.getexif()
        return np.asarray(image.convert("RGB") if image.mode == "P" else image)


def png_chunks(content: bytes) -> Iterator[str]:
    """The names of all chunks (PNG 5.3); every byte of the file belongs to one."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        at += 12 + length
        yield name.decode("ascii")
    assert at == len(content)


def jpeg_markers(content: bytes) -> Iterator[int]:
    """The second bytes of all markers up to the first scan; nothing follows the end of image."""
    assert content[:2] == b"\xff\xd8"
    assert content[-2:] == b"\xff\xd9"
    assert content.count(b"\xff\xd9") == 1
    at = 0
    while True:
        assert content[at] == 0xFF
        marker = content[at + 1]
        yield marker
        if marker == 0xDA:
            return
        at += 2
        if marker not in LONE_MARKERS:
            at += struct.unpack_from(">H", content, at)[0]


def transformed(path: Path, name: str = "basic") -> tuple[Instance, Plan, Dataset]:
    """What the core makes of a file by a preset: the instance, the plan, the data set."""
    with path.open("rb") as stream:
        instance = read(BytesIO(stream.read()))
    steps, dataset, _context = transform(instance, profile.load(name), Identity(bytes(32)))
    return instance, steps, dataset
