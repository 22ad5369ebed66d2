"""RLE Lossless (PS3.5 G): each byte of each sample is a plane, run-length encoded by itself."""

import struct
import sys
from itertools import pairwise

import numpy as np

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.native import stored_bits
from dicom_veil.decode.plugin import Damage, Decoded

TRANSFER_SYNTAXES: tuple[str, ...] = ("1.2.840.10008.1.2.5",)
HEADER = 64  # PS3.5 G.5: 16 unsigned 32-bit numbers


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame; 1-bit pixels are in one segment of packed bits."""
    packed = image.bits_allocated == 1
    cell_bytes = 1 if packed else image.bits_allocated // 8
    pixels = image.rows * image.columns
    size = -(-pixels // 8) if packed else pixels
    planes = [
        np.frombuffer(segment_of(segment, size), np.uint8)
        for segment in segments_of(codestream, cell_bytes * image.samples)
    ]
    if packed:
        bits = [np.unpackbits(plane, bitorder="little")[:pixels] for plane in planes]
        cells = np.stack(bits).reshape(image.samples, image.rows, image.columns)
    else:
        # PS3.5 G.2: the most significant byte first, whatever the machine's own order.
        order = -1 if sys.byteorder == "little" else 1
        stacked = np.stack(planes).reshape(image.samples, cell_bytes, pixels)[:, ::order]
        dtype = np.dtype(f"{'i' if image.signed else 'u'}{cell_bytes}")
        interleaved = np.ascontiguousarray(stacked.transpose(0, 2, 1))
        cells = interleaved.view(dtype).reshape(image.samples, image.rows, image.columns)
    values = cells[0] if image.samples == 1 else cells.transpose(1, 2, 0)
    return Decoded(stored_bits(values, image))


def segments_of(codestream: bytes, expected: int) -> list[bytes]:
    """The encoded segments, by the offsets in the header (PS3.5 G.4, G.5)."""
    if len(codestream) < HEADER:
        raise Damage("its RLE header is cut short")
    count, *offsets = struct.unpack("<16L", codestream[:HEADER])
    if count != expected:
        raise Damage(f"it has {count} RLE segments where {expected} are needed")
    bounds = [*offsets[:count], len(codestream)]
    if sorted(bounds) != bounds or bounds[0] < HEADER:
        raise Damage("its RLE segments lie outside it")
    return [codestream[start:end] for start, end in pairwise(bounds)]


def segment_of(encoded: bytes, size: int) -> bytes:
    """The `size` bytes of one segment; more is padding, less is damage."""
    from imagecodecs import packbits_decode

    decoded = bytes(packbits_decode(encoded))
    if len(decoded) < size:
        raise Damage(f"an RLE segment holds {len(decoded)} of {size} bytes")
    return decoded[:size]
