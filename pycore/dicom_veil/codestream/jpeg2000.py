"""JPEG 2000 and HTJ2K codestreams (ISO 15444-1 Annex A): COM segments and what follows EOC.

In the main header a COM segment is cut out: no length or offset of the codestream counts it. In
the header of a tile-part its text is overwritten with zeros, so that Psot and TLM stay true.
"""

import re

from dicom_veil.codestream.scan import Piece, Scan, is_padding, spliced

magic = re.compile(rb"\xff\x4f\xff\x51")
SOT, SOD, EOC, COM = 0xFF90, 0xFF93, 0xFFD9, 0xFF64
HEADER_BYTES = 4  # of a COM segment before its text: length and registration


def scan(frame: bytes) -> Scan:
    """Comments in the main header and in every tile-part header."""
    pieces: list[Piece] = []
    edits: list[tuple[int, int, bytes]] = []
    image: list[tuple[int, int]] = []
    position, tile_end, in_tile = 2, 0, False
    while position + 2 <= len(frame):
        marker = int.from_bytes(frame[position : position + 2], "big")
        if marker == EOC:
            tail = frame[position + 2 :]
            if not is_padding(tail):
                pieces.append(Piece("after the image", position + 2, len(frame)))
                edits.append((position + 2, len(frame), b""))
            break
        if marker == SOD:
            # Packed data of the tile-part; Psot of 0 means up to the EOC at the very end.
            end = tile_end or frame.rfind(b"\xff\xd9")
            in_tile = False
            if end <= position:
                break
            image.append((position + 2, end))
            position = end
            continue
        end = position + 2 + int.from_bytes(frame[position + 2 : position + 4], "big")
        if marker < 0xFF4F or end < position + 4 or end > len(frame):
            break
        if marker == SOT:
            part = int.from_bytes(frame[position + 6 : position + 10], "big")
            if 0 < part < 14:
                break
            tile_end, in_tile = (position + part if part else 0), True
        elif marker == COM:
            _comment(frame, position, end, in_tile, pieces, edits)
        position = end
    return Scan(tuple(pieces), spliced(frame, edits) if edits else None, tuple(image))


def _comment(
    frame: bytes,
    start: int,
    end: int,
    in_tile: bool,
    pieces: list[Piece],
    edits: list[tuple[int, int, bytes]],
) -> None:
    text = start + 2 + HEADER_BYTES
    if not in_tile:
        pieces.append(Piece("JPEG 2000 COM", text, end))
        edits.append((start, end, b""))
    elif frame[text:end].strip(b"\0"):
        pieces.append(Piece("JPEG 2000 COM", text, end))
        edits.append((text, end, bytes(end - text)))
