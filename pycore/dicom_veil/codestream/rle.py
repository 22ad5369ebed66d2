"""RLE (PS3.5 Annex G): what the header does not need, what lies between the segments, and what

follows the last one. A frame with any of it is put together anew, its segments as they are.
"""

import struct
from itertools import pairwise

from dicom_veil.codestream.scan import Piece, Scan, is_padding
from dicom_veil.dummy import padded

HEADER, MOST_SEGMENTS = 64, 15
NOTHING = b"\x80"  # a run that makes no cell
# By the first byte of a run: how many bytes it is long, and how many cells it makes (G.3.1).
LONG = (*range(2, 130), 1, *[2] * 127)
MAKES = (*range(1, 129), 0, *range(128, 1, -1))


def scan(frame: bytes, cells: int) -> Scan | None:
    """`cells`: the bytes that every segment stands for, Rows × Columns. None where the header is

    none of RLE, so that nobody knows what is image.
    """
    if len(frame) < HEADER or cells <= 0:
        return None
    count, *offsets = struct.unpack_from("<16L", frame)
    starts = offsets[:count]
    if not 0 < count <= MOST_SEGMENTS or starts != sorted(starts) or starts[0] < HEADER:
        return None
    image = tuple(
        (start, min(_end(frame, start, cells), following))
        for start, following in pairwise([*starts, max(len(frame), starts[-1])])
    )
    unused = 4 * (count + 1)
    ends = [HEADER, *(end for _start, end in image)]
    between = zip(ends, [*starts, len(frame)], strict=True)
    gaps = [("RLE header", unused, HEADER), *(("between segments", *gap) for gap in between)]
    gaps[-1] = ("after the image", *gaps[-1][1:])
    pieces = tuple(Piece(*gap) for gap in gaps if not is_padding(frame[gap[1] : gap[2]], NOTHING))
    return Scan(pieces, _together(frame, image) if pieces else None, image)


def _together(frame: bytes, image: tuple[tuple[int, int], ...]) -> bytes:
    """A frame of these segments alone, each of even length."""
    segments = [padded(frame[start:end], b"\0") for start, end in image]
    starts, at = [], HEADER
    for segment in segments:
        starts.append(at)
        at += len(segment)
    header = [len(starts), *starts, *[0] * (MOST_SEGMENTS - len(starts))]
    return b"".join([struct.pack("<16L", *header), *segments])


def _end(frame: bytes, position: int, cells: int) -> int:
    """Where the runs of the segment at `position` have made all of its cells (PS3.5 G.3.1)."""
    length, long, makes = len(frame), LONG, MAKES
    while cells > 0 and position < length:
        head = frame[position]
        cells -= makes[head]
        position += long[head]
    return min(position, length)
