"""JPEG: baseline, extended, progressive and lossless (PS3.5 8.2.1, ISO/IEC 10918-1).

The codestream's own frame header decides which decoder it gets, since files exist whose transfer
syntax names another process.
"""

from typing import Any

from numpy.typing import NDArray

from dicom_veil import errors
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.jpeg_check import check_structure
from dicom_veil.decode.jpeg_header import JpegHeader, jpeg_header
from dicom_veil.decode.jpeg_lossless import decode_lossless
from dicom_veil.decode.jpeg_markers import segments
from dicom_veil.decode.plugin import Decoded, check_size

LOSSLESS = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70")
TRANSFER_SYNTAXES: tuple[str, ...] = (
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.53",  # retired: spectral selection
    "1.2.840.10008.1.2.4.55",  # retired: full progression
    *LOSSLESS,
)
DCT = (0, 1, 2)  # baseline, extended, progressive
LOSSLESS_PROCESS = 3


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame, its samples as coded: no colour conversion."""
    found = list(segments(codestream))
    header = jpeg_header(found)
    check_size(image, header.rows, header.columns, header.samples)
    lossless = header.process == LOSSLESS_PROCESS and 2 <= header.precision <= 16
    if not lossless and (header.process not in DCT or header.precision not in (8, 12)):
        raise errors.Unsupported(
            f"JPEG process {header.process} with {header.precision} bits cannot be decoded.",
            process=header.process,
        )
    check_structure(found, len(codestream))
    return Decoded(
        decode_lossless(codestream, header, found)
        if lossless
        else _transformed(codestream, header),
        precision=header.precision,
        sign_bits=image.bits_stored,
        photometric=header.photometric(image.photometric),
        notes=_notes(header, image),
    )


def _notes(header: JpegHeader, image: ImagePixel) -> tuple[str, ...]:
    real = header.photometric(image.photometric)
    if header.samples != 3 or real.startswith("YBR") == image.photometric.startswith("YBR"):
        return ()
    return (f"The pixels are {real}, other than Photometric Interpretation says.",)


def _transformed(codestream: bytes, header: JpegHeader) -> NDArray[Any]:
    """By libjpeg-turbo. Told that components are YCbCr and asked for YCbCr, it converts nothing."""
    from imagecodecs import jpeg8_decode

    spaces = {3: "YCBCR", 4: "CMYK"}
    space = spaces.get(header.samples)
    values: NDArray[Any] = jpeg8_decode(codestream, colorspace=space, outcolorspace=space)
    return values
