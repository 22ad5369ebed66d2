"""JPEG XL: lossless, recompressed JPEG, and lossy (PS3.5 8.2.17; ISO/IEC 18181)."""

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Decoded, check_size

TRANSFER_SYNTAXES: tuple[str, ...] = (
    "1.2.840.10008.1.2.4.110",
    "1.2.840.10008.1.2.4.111",
    "1.2.840.10008.1.2.4.112",
)


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame; colour comes as RGB, whatever transform the codestream used."""
    from imagecodecs import jpegxl_decode

    values = jpegxl_decode(codestream)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    samples = values.shape[2] if values.ndim == 3 else 1
    check_size(image, values.shape[0], values.shape[1], samples)
    return Decoded(
        values,
        sign_bits=image.bits_stored,
        photometric="RGB" if samples == 3 else "",
    )
