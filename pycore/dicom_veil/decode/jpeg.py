"""JPEG: baseline, extended, progressive and lossless (PS3.5 8.2.1, ISO/IEC 10918-1).

The codestream's own frame header decides which decoder it gets, since files exist whose transfer
syntax names another process.
"""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil import errors
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.jpeg_check import check_structure
from dicom_veil.decode.jpeg_header import JpegHeader, jpeg_header
from dicom_veil.decode.jpeg_scans import decode_whole
from dicom_veil.decode.plugin import Damage, Decoded, check_size

LOSSLESS = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70")
TRANSFER_SYNTAXES: tuple[str, ...] = (
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.53",  # retired: spectral selection
    "1.2.840.10008.1.2.4.55",  # retired: full progression
    *LOSSLESS,
)
SEQUENTIAL_DCT = (0, 1, 2)
LOSSLESS_PROCESS = 3


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame, its samples as coded: no colour conversion."""
    header = jpeg_header(codestream)
    check_size(image, header.rows, header.columns, header.samples)
    if header.process == LOSSLESS_PROCESS:
        values = _lossless(codestream)
    elif header.process in SEQUENTIAL_DCT and header.precision == 8:
        values = _eight_bit(codestream)
    elif header.process in SEQUENTIAL_DCT and header.precision == 12:
        values = _twelve_bit(codestream)
    else:
        raise errors.Unsupported(
            f"JPEG process {header.process} with {header.precision} bits cannot be decoded.",
            process=header.process,
        )
    return Decoded(
        values,
        sign_bits=image.bits_stored,
        photometric=header.photometric(image.photometric),
        notes=_notes(header, image),
    )


def _notes(header: JpegHeader, image: ImagePixel) -> tuple[str, ...]:
    notes = []
    real = header.photometric(image.photometric)
    if header.samples == 3 and real.startswith("YBR") != image.photometric.startswith("YBR"):
        notes.append(f"The pixels are {real}, other than Photometric Interpretation says.")
    if header.precision > image.bits_stored:
        notes.append(
            f"The codestream has {header.precision} bits, the header says {image.bits_stored}."
        )
    return tuple(notes)


def _eight_bit(codestream: bytes) -> NDArray[Any]:
    """By Pillow: the other decoder ends a WebAssembly interpreter on damaged streams.

    Opened by its class, not by `Image.open`, whose limit on sizes is another than ours.
    """
    from PIL.JpegImagePlugin import JpegImageFile

    image = JpegImageFile(BytesIO(codestream))
    if image.mode == "RGB":
        image.draft("YCbCr", image.size)
        # Told that the components are YCbCr and asked for YCbCr, libjpeg converts nothing.
        image.tile = [tile._replace(args=("YCbCr", "YCbCr")) for tile in image.tile]
    return np.asarray(image)


def _twelve_bit(codestream: bytes) -> NDArray[Any]:
    """By libjpeg-turbo, which fills a stream that ends early: the end is looked for first."""
    from imagecodecs import jpeg8_decode

    check_structure(codestream)
    if b"\xff\xd9" not in codestream[-16:]:
        raise Damage("its codestream ends too early")
    values: NDArray[Any] = jpeg8_decode(codestream)
    return values


def _lossless(codestream: bytes) -> NDArray[Any]:
    """By libjpeg-turbo: imagecodecs' two others of this process read and write out of bounds."""
    from imagecodecs import jpeg8_decode

    check_structure(codestream)
    return decode_whole(codestream, jpeg8_decode)
