"""JPEG (ISO 10918-1 Annex B) and JPEG-LS (ISO 14495-1 Annex C): marker segments.

Removed: COM, every APPn that does not change how samples are decoded, segments that the standard
reserves, what stands between the segments before the image, and what follows EOI.
Kept: the colour transforms of APP14 "Adobe" and of APP8 "mrfx" (HP's for JPEG-LS), and APP0
"JFIF", all cut to their fixed fields (JFIF so loses its thumbnail).
"""

import re

from dicom_veil.codestream.scan import Piece, Scan, is_padding, spliced

magic = re.compile(rb"\xff\xd8\xff")
# In entropy-coded data a marker is FF and a byte from 80 on: JPEG stuffs FF 00, JPEG-LS a bit.
MARKER = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]")
SOI, EOI, SOS, COM, TEM = 0xD8, 0xD9, 0xDA, 0xFE, 0x01
# JPG and JPG0 to JPG13, but for those that JPEG-LS uses (F7 to F9).
RESERVED = frozenset({0xC8, *range(0xF0, 0xF7), *range(0xFA, 0xFE)})
# Application segments that decoders heed: marker, identifier, bytes of the fixed fields.
HEEDED = ((0xE0, b"JFIF\0", 14), (0xEE, b"Adobe", 12), (0xE8, b"mrfx", 5))


def scan_several(frame: bytes) -> Scan:
    """`scan` of what may hold several frames, one after the other."""
    return scan(frame, several=True)


def scan(frame: bytes, *, several: bool = False) -> Scan:
    """Marker segments that are no image, in all scans of the frame.

    A second picture behind the first (a preview, another view of a camera's) is shown by nobody,
    and goes, unless there may be `several`.
    """
    pieces: list[Piece] = []
    edits: list[tuple[int, int, bytes]] = []
    image: list[tuple[int, int]] = []
    position, coded = 2, False
    while (match := MARKER.search(frame, position)) is not None:
        start, marker = match.start(), frame[match.start() + 1]
        if coded:
            image.append((position, start))
        elif frame[position:start].strip(b"\xff"):
            pieces.append(Piece("between segments", position, start))
            edits.append((position, start, b""))
        position, coded = match.end(), False
        if marker == EOI:
            tail = frame[position:]
            if several and magic.match(tail):
                position += 2
                continue
            if not is_padding(tail):
                pieces.append(Piece("after the image", position, len(frame)))
                edits.append((position, len(frame), b""))
            break
        if marker in (SOI, TEM):
            continue
        end = position + int.from_bytes(frame[position : position + 2], "big")
        if end < position + 2 or end > len(frame):
            break
        coded = marker == SOS
        if marker == COM or 0xE0 <= marker <= 0xEF or marker in RESERVED:
            kept = _heeded(marker, frame[position + 2 : end])
            if len(kept) < end - position - 2 or not kept:
                kind = f"JPEG APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else "JPEG COM"
                kind = "JPEG reserved" if marker in RESERVED else kind
                pieces.append(Piece(kind, position + 2 + len(kept), end))
                edits.append((start, end, _segment(marker, kept)))
        position = end
    return Scan(tuple(pieces), spliced(frame, edits) if edits else None, tuple(image))


def _heeded(marker: int, payload: bytes) -> bytes:
    """The part of an application segment that decoding needs; empty for all others."""
    for code, identifier, fixed in HEEDED:
        if marker == code and payload.startswith(identifier) and len(payload) >= fixed:
            if code == 0xE0:
                # Thumbnail of 0 × 0 (JFIF 1.02, last two of the fixed bytes).
                return payload[: fixed - 2] + (payload[fixed - 2 : fixed] if len(payload) == fixed
                                               else b"\0\0")  # fmt: skip
            return payload[:fixed]
    return b""


def _segment(marker: int, payload: bytes) -> bytes:
    if not payload:
        return b""
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload
