"""JPEG-LS, lossless and near-lossless (PS3.5 8.2.3, ISO/IEC 14495-1)."""

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.jpeg_header import jpeg_header
from dicom_veil.decode.jpeg_markers import segments
from dicom_veil.decode.plugin import Damage, Decoded, check_size

TRANSFER_SYNTAXES: tuple[str, ...] = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
JPEG_LS = 55
# CharLS counts zeros beyond a stream without an end for as long as a number of 32 bits goes.
END = b"\xff\xd9"


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame. JPEG-LS knows no sign, so signed values are extended from its precision."""
    from imagecodecs import jpegls_decode

    header = jpeg_header(segments(codestream, scans=False))
    if header.process != JPEG_LS:
        raise Damage("its codestream is not JPEG-LS")
    check_size(image, header.rows, header.columns, header.samples)
    return Decoded(
        jpegls_decode(codestream + END),
        precision=header.precision,
        sign_bits=header.precision if image.signed else image.bits_stored,
        photometric=header.photometric(image.photometric),
    )
