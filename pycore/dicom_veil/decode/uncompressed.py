"""Encapsulated frames of native cells (PS3.5 A.4.11)."""

from io import BytesIO

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.native import decode_native
from dicom_veil.decode.plugin import Decoded

TRANSFER_SYNTAXES: tuple[str, ...] = ("1.2.840.10008.1.2.1.98",)


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame, after which there may be a byte of padding."""
    return decode_native(
        BytesIO(codestream), 0, len(codestream), image, 0, little_endian=True, vr="OB"
    )
