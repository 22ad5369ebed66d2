"""Bytes after the last frame of native pixel data: no viewer shows them, and they may say a lot.

Less than a frame of them belongs to none, and leaves as zeros. Of more, nobody knows whether the
number of frames is wrong: it stays. All of the original's are searched.
"""

from collections.abc import Iterator

from dicom_veil.codestream.scan import readable
from dicom_veil.frame_bytes import expected_bytes
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
