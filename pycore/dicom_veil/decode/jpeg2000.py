"""JPEG 2000 and High-Throughput JPEG 2000 (PS3.5 8.2.4, 8.2.16; ISO/IEC 15444-1, -15).

Both by OpenJPEG. imagecodecs' other decoder of the second, OpenJPH, takes half the time, but on
a damaged codestream it raises nothing and returns memory that was never written.
"""

import struct
from dataclasses import dataclass

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Damage, Decoded, check_size

PART_1 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
PART_2 = ("1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.93")
HIGH_THROUGHPUT = (
    "1.2.840.10008.1.2.4.201",
    "1.2.840.10008.1.2.4.202",
    "1.2.840.10008.1.2.4.203",
)
TRANSFER_SYNTAXES: tuple[str, ...] = (*PART_1, *PART_2, *HIGH_THROUGHPUT)
START = b"\xff\x4f\xff\x51"  # SOC, SIZ
CODING_STYLE, START_OF_TILE = b"\xff\x52", b"\xff\x90"
TRANSFORMED = ("YBR_ICT", "YBR_RCT")
YBR = ("YBR_FULL", "YBR_FULL_422")


@dataclass(frozen=True)
class SizeMarker:
    """The SIZ marker segment (15444-1 A.5.1); precision and sign are the first component's."""

    rows: int
    columns: int
    samples: int
    precision: int
    signed: bool


def size_marker(codestream: bytes) -> SizeMarker:
    """Reads the SIZ segment, of a bare codestream or one in a JP2 file. Raises `Damage`."""
    start = codestream.find(START, 0, 4096)
    segment = codestream[start + 4 : start + 43]
    if start < 0 or len(segment) < 39:
        raise Damage("it does not begin as a JPEG 2000 codestream")
    width, height, left, top = struct.unpack(">LLLL", segment[4:20])
    (samples,) = struct.unpack(">H", segment[36:38])
    return SizeMarker(
        rows=height - top,
        columns=width - left,
        samples=samples,
        precision=(segment[38] & 0x7F) + 1,
        signed=bool(segment[38] & 0x80),
    )


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame; the multiple component transform, if there is one, is undone by the decoder."""
    from imagecodecs import jpeg2k_decode

    size = size_marker(codestream)
    check_size(image, size.rows, size.columns, size.samples)
    transformed = image.samples == 3 and has_color_transform(codestream)
    notes = []
    if size.signed != image.signed and image.samples == 1:
        notes.append("The codestream's sign is not that of Pixel Representation.")
    if transformed and image.photometric in YBR:
        notes.append("The pixels are RGB, other than Photometric Interpretation says.")
    if image.photometric in TRANSFORMED and not transformed:
        notes.append("The codestream has no colour transform, though the header names one.")
    return Decoded(
        jpeg2k_decode(codestream),
        precision=size.precision,
        sign_bits=size.precision if size.signed != image.signed else 0,
        photometric="RGB" if transformed or image.photometric in TRANSFORMED else "",
        notes=tuple(notes),
    )


def has_color_transform(codestream: bytes) -> bool:
    """Whether components 0 to 2 are coded by the RCT or ICT, by the COD segment (15444-1 A.6.1)."""
    return _coding_style(codestream)[4:5] == b"\1"


def is_reversible(codestream: bytes) -> bool:
    """Whether the wavelet is the reversible one, by the COD segment (15444-1 A.6.1)."""
    return _coding_style(codestream)[9:10] == b"\1"


def _coding_style(codestream: bytes) -> bytes:
    """The COD segment after its length; empty where there is none."""
    position = codestream.find(START, 0, 4096) + 2
    while codestream[position : position + 2] not in (START_OF_TILE, b"", b"\xff"):
        length = int.from_bytes(codestream[position + 2 : position + 4], "big")
        if codestream[position : position + 2] == CODING_STYLE:
            return codestream[position + 4 : position + 2 + length]
        position += 2 + length
    return b""
