"""RLE (PS3.5 Annex G): what the header does not need, and what follows the last segment."""

import struct

from dicom_veil.codestream.scan import Piece, Scan, is_padding, spliced

HEADER, MOST_SEGMENTS = 64, 15


def scan(frame: bytes, cells: int) -> Scan:
    """`cells`: the bytes that every segment stands for, Rows × Columns."""
    if len(frame) < HEADER or cells <= 0:
        return Scan((), None)
    count, *offsets = struct.unpack_from("<16L", frame)
    used = offsets[:count]
    if not 0 < count <= MOST_SEGMENTS or used != sorted(used) or used[0] < HEADER:
        return Scan((), None)
    end = _end(frame, used[-1], cells)
    pieces, edits = [], []
    unused = 4 * (count + 1)
    if frame[unused:HEADER].strip(b"\0"):
        pieces.append(Piece("RLE header", unused, HEADER))
        edits.append((unused, HEADER, bytes(HEADER - unused)))
    if not is_padding(frame[end:]):
        pieces.append(Piece("after the image", end, len(frame)))
        edits.append((end, len(frame), b""))
    return Scan(tuple(pieces), spliced(frame, edits) if edits else None, ((used[0], end),))


def _end(frame: bytes, position: int, cells: int) -> int:
    """Where the runs of the segment at `position` have made all of its cells (PS3.5 G.3.1)."""
    length = len(frame)
    while cells > 0 and position < length:
        head = frame[position]
        if head < 128:
            cells -= head + 1
            position += head + 2
        else:
            cells -= 257 - head if head > 128 else 0
            position += 2 if head > 128 else 1
    return min(position, length)
