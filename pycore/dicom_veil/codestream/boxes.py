"""Box containers (ISO 15444-1 Annex I, ISO 18181-2): JP2 and JPEG XL files inside a frame.

Only boxes that an image needs stay; Exif, XML, UUID, JUMBF, Brotli-compressed and unknown boxes
go. `jbrd`, from which a JPEG XL decoder rebuilds a JPEG file bit by bit, holds that file's
comments and application segments too. Where it has any beyond JFIF and Adobe, the JPEG is rebuilt,
cleaned and compressed again, without loss; where that can't be done, `jbrd` goes.
"""

import re
from collections.abc import Iterator

from dicom_veil.codestream import jpeg, jpeg2000
from dicom_veil.codestream.scan import Piece, Scan, is_padding

magic = re.compile(rb"\0\0\0\x0c(?:jP  |JXL )\r\n\x87\n")
NEEDED = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"rreq", b"JXL ", b"jxlc", b"jxlp", b"jxll",
                    b"jxli"})  # fmt: skip


def scan(frame: bytes) -> Scan:
    """Boxes that the image does not need, and comments in a JPEG 2000 codestream inside."""
    pieces: list[Piece] = []
    kept: list[bytes] = []
    image: list[tuple[int, int]] = []
    position = 0
    for kind, start, body, end in boxes_of(frame):
        position = end
        content = frame[body:end]
        if kind == b"jp2c":
            inner = jpeg2000.scan(content)
            pieces += [Piece(p.kind, p.start + body, p.end + body) for p in inner.pieces]
            image += [(first + body, last + body) for first, last in inner.image]
            if inner.clean is not None:
                kept.append((len(inner.clean) + 8).to_bytes(4, "big") + kind + inner.clean)
                continue
        elif kind not in NEEDED and not (kind == b"jbrd" and _harmless(content)):
            name = kind.decode("latin-1").strip()
            known = name if name.isascii() and name.isalnum() and len(name) <= 4 else "unknown"
            pieces.append(Piece(f"box {known}", body, end))
            continue
        kept.append(frame[start:end])
    tail = frame[position:]
    if is_padding(tail):
        kept.append(tail)
    else:
        pieces.append(Piece("after the image", position, len(frame)))
    if not pieces:
        return Scan((), None, tuple(image))
    again = _recompressed(frame) if any(piece.kind == "box jbrd" for piece in pieces) else None
    return Scan(tuple(pieces), b"".join(kept) if again is None else again, tuple(image))


def _recompressed(frame: bytes) -> bytes | None:
    """A recompressed JPEG without what is no image, compressed anew; None where that fails."""
    from imagecodecs import JpegxlError, jpegxl_decode_jpeg, jpegxl_encode_jpeg

    try:
        found = bytes(jpegxl_decode_jpeg(frame, numthreads=1))
        made = bytes(jpegxl_encode_jpeg(jpeg.scan(found).clean or found))
    except (JpegxlError, RuntimeError, ValueError):
        return None
    kinds = {kind: made[body:end] for kind, _, body, end in boxes_of(made)}
    whole = b"jbrd" in kinds and _harmless(kinds[b"jbrd"]) and kinds.keys() <= NEEDED | {b"jbrd"}
    return made if whole else None


def boxes_of(frame: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """Type, start, start of the content, end; a length of 0 reaches to the end of the frame."""
    position = 0
    while position + 8 <= len(frame):
        length = int.from_bytes(frame[position : position + 4], "big")
        kind, body = frame[position + 4 : position + 8], position + 8
        if length == 1:
            length, body = int.from_bytes(frame[body : body + 8], "big"), body + 8
        end = len(frame) if length == 0 else position + length
        if end > len(frame) or end < body:
            return
        yield kind, position, body, end
        position = end


def _harmless(reconstruction: bytes) -> bool:
    """Whether a `jbrd` box lists no marker of a comment, or of an application beyond 0 and 14.

    ISO 18181-2: one bit, then six bits per marker (added to C0) up to EOI, low bits first.
    """
    bits = int.from_bytes(reconstruction[:256], "little") >> 1
    for _ in range(256):
        marker = 0xC0 + (bits & 63)
        bits >>= 6
        if marker == 0xD9:
            return True
        if marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE):
            return False
    return False
