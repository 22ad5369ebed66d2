"""Box containers (ISO 15444-1 Annex I, ISO 18181-2): JP2 and JPEG XL files inside a frame.

Only boxes that an image needs stay; Exif, XML, UUID, JUMBF, Brotli-compressed and unknown boxes
go, beside the header (`jp2h`) and in it. Of the list of brands those stay that there are, of a
colour profile its colours.

`jbrd`, from which a JPEG XL decoder rebuilds a JPEG file bit by bit, holds that file's comments and
application segments too. Where it has any beyond JFIF and Adobe, the JPEG is rebuilt, cleaned and
compressed again, without loss; where that can't be done, `jbrd` goes.
"""

import re
from collections.abc import Iterator

from dicom_veil.codestream import jpeg, jpeg2000
from dicom_veil.codestream.scan import Piece, Scan, is_padding
from dicom_veil.icc import clean_icc

magic = re.compile(rb"\0\0\0\x0c(?:jP  |JXL )\r\n\x87\n")
NEEDED = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"rreq", b"JXL ", b"jxlc", b"jxlp", b"jxll",
                    b"jxli"})  # fmt: skip
# In the header (I.5.3): what colours and sizes are made of. A colour by its number is as long as
# that, with the parameters of CIELab (14) behind it.
IN_HEADER = frozenset({b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "})
BY_NUMBER, CIELAB, NUMBERED, WITH_PARAMETERS = 1, 14, 7, 7 + 28
GRAY, RGB = 17, 16
BRANDS = frozenset({b"jp2 ", b"jpx ", b"jpxb", b"jph ", b"jxl "})


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
                kept.append(_box(kind, inner.clean))
                continue
        elif kind not in NEEDED and not (kind == b"jbrd" and _harmless(content)):
            pieces.append(_piece(kind, body, end))
            continue
        elif kind in (b"jp2h", b"ftyp"):
            inside, clean = _header(content) if kind == b"jp2h" else _brands(content)
            if clean != content:
                pieces += [Piece(p.kind, p.start + body, p.end + body) for p in inside]
                kept.append(_box(kind, clean))
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


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def _piece(kind: bytes, start: int, end: int) -> Piece:
    name = kind.decode("latin-1").strip()
    known = name if name.isascii() and name.isalnum() and len(name) <= 4 else "unknown"
    return Piece(f"box {known}", start, end)


def _header(content: bytes) -> tuple[list[Piece], bytes]:
    """What of a JP2 header is no image, and the header without."""
    pieces: list[Piece] = []
    kept: list[bytes] = []
    position = 0
    colors = next((content[body + 8 : body + 10] for kind, _, body, _ in boxes_of(content)
                   if kind == b"ihdr"), b"")  # fmt: skip
    for kind, start, body, end in boxes_of(content):
        position = end
        inner = content[body:end]
        clean = _color(inner, int.from_bytes(colors, "big")) if kind == b"colr" else inner
        if kind not in IN_HEADER or clean != inner:
            pieces.append(_piece(kind, body, end))
        if kind in IN_HEADER:
            kept.append(content[start:end] if clean == inner else _box(kind, clean))
    if content[position:]:
        pieces.append(Piece("between boxes", position, len(content)))
    return pieces, b"".join(kept)


def _color(content: bytes, components: int) -> bytes:
    """A colour specification: a number, or a profile without its texts (`icc`)."""
    if content[:1] == bytes((BY_NUMBER,)):
        number = int.from_bytes(content[3:NUMBERED], "big")
        return content[: WITH_PARAMETERS if number == CIELAB else NUMBERED]
    if profile := clean_icc(content[3:]):
        return content[:3] + profile
    number = GRAY if components < 3 else RGB
    return bytes((BY_NUMBER, 0, 0)) + number.to_bytes(4, "big")


def _brands(content: bytes) -> tuple[list[Piece], bytes]:
    """The brand, its version, and those of the compatible ones that there are."""
    listed = [content[at : at + 4] for at in range(8, len(content), 4)]
    known = b"".join(brand for brand in listed if brand in BRANDS)
    return [Piece("box ftyp", 8, len(content))], content[:8] + known


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
