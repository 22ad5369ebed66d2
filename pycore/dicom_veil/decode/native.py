"""Uncompressed frames (PS3.5 8.1.1, 8.2): by position in the file, one frame's bytes at a time."""

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Damage, Decoded


def decode_native(
    source: BinaryIO,
    offset: int,
    length: int,
    image: ImagePixel,
    frame_index: int,
    *,
    little_endian: bool,
    vr: str,
) -> Decoded:
    """Frame `frame_index` of the `length` bytes at `offset`; `vr` is the element's (OB, OW, ...).

    Raises `Damage` where the bytes do not reach that far.
    """
    end = -(-(frame_index + 1) * image.frame_bits // 8)
    if end > length:
        raise Damage(f"the pixel data ends before it, after {length} of {end} bytes")
    source.seek(offset)
    if image.bits_allocated == 1:
        return Decoded(_bits(source, offset, image, frame_index))
    decoder = get_decoder(ExplicitVRLittleEndian if little_endian else ExplicitVRBigEndian)
    options: dict[str, Any] = {
        "rows": image.rows,
        "columns": image.columns,
        "samples_per_pixel": image.samples,
        "bits_allocated": image.bits_allocated,
        "bits_stored": image.bits_stored,
        "pixel_representation": int(image.signed),
        "planar_configuration": image.planar,
        "photometric_interpretation": image.photometric,
        "number_of_frames": image.frames,
        "pixel_keyword": image.keyword,
        "pixel_vr": vr,
        "correct_unused_bits": False,
        "view_only": True,
    }
    values, _ = decoder.as_array(source, index=frame_index, raw=True, **options)
    if image.keyword == "PixelData":
        values = stored_bits(values, image)
    return Decoded(np.asarray(values, values.dtype.newbyteorder("=")))


def _bits(source: BinaryIO, offset: int, image: ImagePixel, frame_index: int) -> NDArray[np.uint8]:
    """One frame of 1-bit pixels, which may begin within a byte (PS3.5 8.1.1)."""
    first = frame_index * image.frame_bits
    last = first + image.frame_bits
    source.seek(offset + first // 8)
    packed = np.frombuffer(source.read(-(-last // 8) - first // 8), np.uint8)
    bits = np.unpackbits(packed, bitorder="little")[first % 8 :][: image.frame_bits]
    if image.samples == 1:
        return bits.reshape(image.rows, image.columns)
    if image.planar == 0:
        return bits.reshape(image.rows, image.columns, image.samples)
    return bits.reshape(image.samples, image.rows, image.columns).transpose(1, 2, 0)


def stored_bits(values: NDArray[Any], image: ImagePixel) -> NDArray[Any]:
    """The stored bits of each cell, sign-extended (PS3.5 8.1.1).

    What lies beside them (an overlay in the high bits, say) is shifted out. High Bit is obeyed,
    for old files that did not store at the low end.
    """
    up = image.bits_allocated - 1 - image.high_bit
    down = image.bits_allocated - image.bits_stored
    if not down:
        return values
    shifted: NDArray[Any] = np.left_shift(values, up) if up else values
    result: NDArray[Any] = np.right_shift(shifted, down)
    return result
