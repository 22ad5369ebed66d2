"""Uncompressed pixels with boxes blanked: touched rows anew, all others ranges of the input."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.redact.cells import Layout
from dicom_veil.redact.masks import Masks
from dicom_veil.write import Part, Range


def native_parts(
    source: BinaryIO, whole: Range, image: ImagePixel, layout: Layout, masks: Masks
) -> Iterator[Part]:
    """The pixels in `whole`, bytes of `source`. What lies beyond the last frame stays."""
    position = whole.start
    for start, content in _changes(source, whole, image, layout, masks):
        if position < start:
            yield Range(position, start)
        yield content
        position = start + len(content)
    if position < whole.end:
        yield Range(position, whole.end)


def blank_frame(frame: bytes, image: ImagePixel, layout: Layout, mask: NDArray[np.bool_]) -> bytes:
    """One uncompressed frame, as encapsulated ones are, with the mask's pixels blank."""
    content = np.frombuffer(frame, np.uint8).copy()
    if image.bits_allocated == 1:
        bits = np.unpackbits(content, bitorder="little")
        _blank_bits(bits[: image.frame_bits], image, layout, mask)
        return np.packbits(bits, bitorder="little").tobytes()
    size = layout.rows * layout.row_bytes
    for plane in range(layout.planes):
        layout.blanked(content[plane * size : (plane + 1) * size], mask, plane)
    return content.tobytes()


def _changes(
    source: BinaryIO, whole: Range, image: ImagePixel, layout: Layout, masks: Masks
) -> Iterator[tuple[int, bytes]]:
    """Where, and the new bytes of each run of touched rows, in order and without overlap."""
    if image.bits_allocated == 1:
        yield from _bit_changes(source, whole, image, layout, masks)
        return
    plane_bytes = layout.rows * layout.row_bytes
    for index in range(image.frames):
        mask = masks.of(index)
        if mask is None:
            continue
        for plane in range(layout.planes):
            at = whole.start + (index * layout.planes + plane) * plane_bytes
            for first, last in _bands(mask):
                start, end = at + first * layout.row_bytes, at + last * layout.row_bytes
                if end > whole.end:
                    return
                source.seek(start)
                rows = np.frombuffer(source.read(end - start), np.uint8).copy()
                yield start, layout.blanked(rows, mask[first:last], plane).tobytes()


def _bands(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of rows with anything to blank: first, and one past the last."""
    edges = np.flatnonzero(np.diff(mask.any(axis=1).astype(np.int8), prepend=0, append=0))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _bit_changes(
    source: BinaryIO, whole: Range, image: ImagePixel, layout: Layout, masks: Masks
) -> Iterator[tuple[int, bytes]]:
    """Frames of 1 bit need not end on a byte: neighbours that share one are changed as one."""
    held, held_start = np.empty(0, np.uint8), whole.start
    for index in range(image.frames):
        mask = masks.of(index)
        first, last = index * image.frame_bits, (index + 1) * image.frame_bits
        start, end = whole.start + first // 8, whole.start + -(-last // 8)
        if mask is None or end > whole.end:
            continue
        shared = len(held) and start < held_start + len(held)
        if len(held) and not shared:
            yield held_start, held.tobytes()
        source.seek(start)
        content = np.frombuffer(source.read(end - start), np.uint8).copy()
        if shared:
            content[0] = held[-1]
            if len(held) > 1:
                yield held_start, held[:-1].tobytes()
        bits = np.unpackbits(content, bitorder="little")
        offset = first - 8 * (first // 8)
        _blank_bits(bits[offset : offset + image.frame_bits], image, layout, mask)
        held, held_start = np.packbits(bits, bitorder="little"), start
    if len(held):
        yield held_start, held.tobytes()


def _blank_bits(
    bits: NDArray[np.uint8], image: ImagePixel, layout: Layout, mask: NDArray[np.bool_]
) -> None:
    """The bits of one frame, in place; each sample has a value of its own."""
    if layout.planes > 1:
        planes = bits.reshape(layout.planes, image.rows, image.columns)
        for plane, unit in zip(planes, layout.units, strict=True):
            plane[mask] = unit[0] & 1
        return
    pixels = bits.reshape(image.rows, image.columns, -1)
    pixels[mask] = np.frombuffer(layout.units[0], np.uint8) & 1
