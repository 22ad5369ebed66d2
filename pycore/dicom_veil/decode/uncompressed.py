"""Encapsulated frames of native cells: plain (PS3.5 A.4.11), and deflated (PS3.5 A.4.14)."""

import zlib
from io import BytesIO

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.native import decode_native
from dicom_veil.decode.plugin import Damage, Decoded

ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
DEFLATED_IMAGE_FRAME = "1.2.840.10008.1.2.8.1"
TRANSFER_SYNTAXES: tuple[str, ...] = (ENCAPSULATED_UNCOMPRESSED, DEFLATED_IMAGE_FRAME)


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame; a frame that does not have the size of its cells is taken to be deflated."""
    expected = -(-image.frame_bits // 8)
    cells = codestream
    if len(codestream) not in (expected, expected + expected % 2):
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        cells = inflater.decompress(codestream, expected + 2)
        if len(cells) < expected:
            raise Damage(f"it inflates to {len(cells)} of {expected} bytes")
    return decode_native(BytesIO(cells), 0, len(cells), image, 0, little_endian=True, vr="OB")
