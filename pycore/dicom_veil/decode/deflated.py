"""Deflated Image Frame Compression: native cells, each frame deflated by itself (PS3.5 A.4.14)."""

import zlib

from dicom_veil.decode import uncompressed
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Damage, Decoded

TRANSFER_SYNTAXES: tuple[str, ...] = ("1.2.840.10008.1.2.8.1",)


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame; no more than its cells is ever inflated."""
    expected = -(-image.frame_bits // 8)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    cells = inflater.decompress(codestream, expected + 2)
    if len(cells) < expected:
        raise Damage(f"it inflates to {len(cells)} of {expected} bytes")
    return uncompressed.decode(cells, image)
