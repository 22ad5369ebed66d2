"""Bytes after the last frame of native pixel data: no viewer shows them, and they may say a lot.

Less than a frame of them belongs to none, and leaves as zeros. Of more, nobody knows whether the
number of frames is wrong: it stays. All of the original's are searched.
"""

from collections.abc import Iterator

from dicom_veil.codestream.scan import readable
from dicom_veil.decoded import value_of
from dicom_veil.read import Instance

# Looked at piece by piece; what lies across an end is in both.
MOST, OVERLAP = 1 << 20, 256


def excess(instance: Instance) -> Iterator[tuple[str, bytes]]:
    """Where and what: native pixel data beyond Rows × Columns × frames (PS3.5 8.1.1)."""
    pixels = instance.pixels
    if pixels is None or pixels.encapsulated:
        return
    expected = expected_bytes(instance)
    over = pixels.length - expected
    if expected <= 0 or over < 0:
        # Nobody knows what is a pixel and what is not.
        expected, over = 0, pixels.length
    # One byte makes an odd length even.
    if over <= 1:
        return
    position, end = pixels.offset + expected, pixels.offset + pixels.length
    while position < end:
        instance.body.seek(position)
        content = instance.body.read(min(end - position, MOST + OVERLAP))
        if content.strip(b"\0"):
            yield "after the pixels", content if position == end - over else readable(content)
        position += MOST


def padding(instance: Instance) -> int:
    """How many bytes at the end of native pixel data belong to no frame, where that is known.

    Zeros do not count, nor does the one byte that makes an odd length even.
    """
    pixels = instance.pixels
    if pixels is None or pixels.encapsulated:
        return 0
    expected = expected_bytes(instance)
    over = pixels.length - expected
    if expected <= 0 or over <= 1 or over >= expected // _number(instance, "NumberOfFrames", 1):
        return 0
    instance.body.seek(pixels.offset + expected)
    return over if instance.body.read(over).strip(b"\0") else 0


def expected_bytes(instance: Instance) -> int:
    """Bytes that the frames take up; 0 where the header does not say."""

    samples = _number(instance, "SamplesPerPixel", 1)
    bits = _number(instance, "BitsAllocated", 0)
    frame = _number(instance, "Rows", 0) * _number(instance, "Columns", 0)
    cells = frame * _number(instance, "NumberOfFrames", 1)
    if str(value_of(instance.dataset, "PhotometricInterpretation") or "").strip().endswith("_422"):
        samples = 2
    return (cells * samples * bits + 7) // 8


def _number(instance: Instance, keyword: str, default: int) -> int:
    try:
        return int(str(value_of(instance.dataset, keyword) or default))
    except ValueError:
        return 0
