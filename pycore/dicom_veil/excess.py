"""Bytes after the last frame of native pixel data: no viewer shows them, and they may say a lot."""

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


def expected_bytes(instance: Instance) -> int:
    """Bytes that the frames take up; 0 where the header does not say."""

    def number(keyword: str, default: int) -> int:
        try:
            return int(str(value_of(instance.dataset, keyword) or default))
        except ValueError:
            return 0

    samples, bits = number("SamplesPerPixel", 1), number("BitsAllocated", 0)
    cells = number("Rows", 0) * number("Columns", 0) * number("NumberOfFrames", 1)
    if str(value_of(instance.dataset, "PhotometricInterpretation") or "").strip().endswith("_422"):
        samples = 2
    return (cells * samples * bits + 7) // 8
