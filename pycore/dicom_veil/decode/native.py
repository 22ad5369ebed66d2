"""Uncompressed frames (PS3.5 8.1.1, 8.2): by position in the file, one frame's bytes at a time."""

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Damage, Decoded

AT_ONCE = 1 << 18  # cells
# What lies in a file as another photometric interpretation does, which pydicom knows.
SAME_LAYOUT = {"YBR_PARTIAL_422": "YBR_FULL_422", "YBR_PARTIAL": "YBR_FULL"}


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
    if image.packed:
        swapped = vr == "OW" and not little_endian
        return Decoded(_packed(source, offset, image, frame_index, swapped=swapped))
    decoder = get_decoder(ExplicitVRLittleEndian if little_endian else ExplicitVRBigEndian)
    options: dict[str, Any] = {
        "rows": image.rows,
        "columns": image.columns,
        "samples_per_pixel": image.samples,
        "bits_allocated": image.bits_allocated,
        "bits_stored": image.bits_stored,
        "pixel_representation": int(image.signed),
        "planar_configuration": image.planar,
        "photometric_interpretation": SAME_LAYOUT.get(image.photometric, image.photometric),
        "number_of_frames": image.frames,
        "pixel_keyword": image.keyword,
        "pixel_vr": vr,
        "correct_unused_bits": False,
        "view_only": True,
    }
    if image.samples == 4:  # retired, and lies as three samples do
        options |= {"rows": image.rows * 4, "samples_per_pixel": 1, "planar_configuration": 0,
                    "photometric_interpretation": "MONOCHROME2"}  # fmt: skip
    values, _ = decoder.as_array(source, index=frame_index, raw=True, **options)
    if image.samples == 4:
        shape = (image.rows, image.columns)
        planes = values.reshape(4, *shape).transpose(1, 2, 0)
        values = planes if image.planar else values.reshape(*shape, 4)
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


def _packed(
    source: BinaryIO, offset: int, image: ImagePixel, frame_index: int, *, swapped: bool
) -> NDArray[Any]:
    """One frame of cells that do not end on bytes, the low bits first (PS3.5 8.1.1, as 12 bits in
    editions that still had them; `swapped`: in words of 16 bits, high byte first).

    Some cells at a time: as single bits they take eight times their memory.
    """
    width, count = image.bits_allocated, image.rows * image.columns * image.samples
    first = frame_index * image.frame_bits
    words = slice(first // 16, -(-(first + image.frame_bits) // 16))
    source.seek(offset + 2 * words.start)
    content = np.frombuffer(source.read(2 * (words.stop - words.start)), np.uint8)
    if swapped:
        content = content[: len(content) // 2 * 2].view(np.uint16).byteswap().view(np.uint8)
    skipped = first % 16
    size = 1 if width < 8 else 2 if width < 16 else 4
    cells = np.empty(count, f"u{size}")
    weights = np.left_shift(np.uint32(1), np.arange(width, dtype=np.uint32))
    for at in range(0, count, AT_ONCE):
        many = min(AT_ONCE, count - at)
        low, high = skipped + at * width, skipped + (at + many) * width
        bits = np.unpackbits(content[low // 8 : -(-high // 8)], bitorder="little")
        each = bits[low % 8 : low % 8 + many * width].reshape(many, width)
        cells[at : at + many] = each @ weights
    values = _low_bits(cells, image)
    shape = (image.rows, image.columns)
    if image.samples == 1:
        return values.reshape(shape)
    if image.planar == 0:
        return values.reshape(*shape, image.samples)
    return values.reshape(image.samples, *shape).transpose(1, 2, 0)


def _low_bits(cells: NDArray[Any], image: ImagePixel) -> NDArray[Any]:
    """The stored bits of cells that are narrower than what holds them, sign-extended."""
    values = (cells >> (image.high_bit + 1 - image.bits_stored)) & ((1 << image.bits_stored) - 1)
    if not image.signed:
        return values
    unused = 8 * cells.dtype.itemsize - image.bits_stored
    signed = np.left_shift(values, unused).view(f"i{cells.dtype.itemsize}")
    result: NDArray[Any] = np.right_shift(signed, unused)
    return result


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
