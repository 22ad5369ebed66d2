"""Encapsulated frames with boxes blanked, each transfer syntax in its own way.

Lossless ones stay what they are, and only the frames concerned are encoded again. Sequential JPEG
is edited by blocks. What is lossy otherwise goes to a lossless syntax as a whole, since a second
loss would change what lies outside of the boxes. Where a syntax has no encoder, RLE Lossless.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode import jpeg, jpeg2000, jpegls, jpegxl, rle
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Decoded, Plugin
from dicom_veil.decode.stored import conform, naming_damage
from dicom_veil.fragments import Fragment, Frames, content_of
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.redact import lossless
from dicom_veil.redact.blocks import blank_blocks
from dicom_veil.redact.cells import layout_of
from dicom_veil.redact.fill import Fill
from dicom_veil.redact.jpeg_tables import NotEditable
from dicom_veil.redact.lossless import Coded, Encoder, NoEncoder
from dicom_veil.redact.masks import Masks
from dicom_veil.redact.native import blank_frame

Mask = NDArray[np.bool_]
Values = list[tuple[tuple[Fragment, ...], bytes | None]]
Edit = Callable[[bytes, Mask], bytes]
UID = "1.2.840.10008.1.2."
RLE = f"{UID}5"
ENCAPSULATED, DEFLATED = f"{UID}1.98", f"{UID}8.1"
SEQUENTIAL = frozenset({f"{UID}4.50", f"{UID}4.51"})
RECOMPRESSED = f"{UID}4.111"


@dataclass(frozen=True)
class Coder:
    """A lossless transfer syntax: its decoder and its encoder."""

    uid: str
    plugin: Plugin
    encode: Encoder


CODERS = {
    coder.uid: coder
    for coder in (
        Coder(RLE, rle, lossless.encode_rle),
        Coder(f"{UID}4.57", jpeg, lossless.encode_jpeg),
        Coder(f"{UID}4.70", jpeg, lossless.encode_jpeg),
        Coder(f"{UID}4.80", jpegls, lossless.encode_jpegls),
        Coder(f"{UID}4.90", jpeg2000, lossless.encode_jpeg2000),
        Coder(f"{UID}4.91", jpeg2000, lossless.encode_jpeg2000),
        Coder(f"{UID}4.201", jpeg2000, lossless.encode_htj2k),
        Coder(f"{UID}4.202", jpeg2000, lossless.encode_htj2k),
        Coder(f"{UID}4.203", jpeg2000, lossless.encode_htj2k),
        Coder(f"{UID}4.110", jpegxl, lossless.encode_jpegxl),
    )
}
# Where a lossy syntax goes, and one whose own encoder there is none of.
TARGETS = {
    **dict.fromkeys((f"{UID}4.50", f"{UID}4.51", f"{UID}4.53", f"{UID}4.55"), f"{UID}4.70"),
    f"{UID}4.81": f"{UID}4.80", f"{UID}4.91": f"{UID}4.90",
    f"{UID}4.92": f"{UID}4.90", f"{UID}4.93": f"{UID}4.90",
    f"{UID}4.203": f"{UID}4.201", f"{UID}4.111": f"{UID}4.110", f"{UID}4.112": f"{UID}4.110",
}  # fmt: skip
# Part 1 and HTJ2K syntaxes of either kind: what their codestreams are decides.
EITHER = frozenset({f"{UID}4.91", f"{UID}4.203"})


@dataclass(frozen=True)
class Edited:
    """Every frame's fragments and what takes their place; `image` is what it then is."""

    transfer_syntax: str
    values: Values
    image: ImagePixel
    by_blocks: bool = False


def edit(instance: Instance, image: ImagePixel, found: Frames, masks: Masks, fill: Fill) -> Edited:
    """The frames of an encapsulated instance with its masks blanked.

    Raises `DamagedPixels` for a frame that cannot be decoded and would have to be.
    """
    editor = _Editor(instance, image, found, masks, fill)
    for way in (editor.in_place, editor.converted):
        try:
            return way()
        except (NotEditable, NoEncoder):
            continue
    return editor.converted(RLE)


class _Editor:
    def __init__(
        self, instance: Instance, image: ImagePixel, found: Frames, masks: Masks, fill: Fill
    ) -> None:
        self.instance, self.image, self.found = instance, image, found
        self.masks, self.fill = masks, fill
        self.syntax = str(instance.transfer_syntax)

    def in_place(self) -> Edited:
        """In the same transfer syntax, only the frames concerned."""
        edit = self._way()
        values: Values = []
        for index, frame, mask in self._each():
            if mask is None:
                values.append((frame, None))
                continue
            content = content_of(self.instance, frame)
            with naming_damage(index), quietly():
                values.append((frame, edit(content, mask)))
        by_blocks = self.syntax in SEQUENTIAL or self.syntax == RECOMPRESSED
        return Edited(self.syntax, values, self.image, by_blocks)

    def converted(self, uid: str = "") -> Edited:
        """Every frame decoded and stored without loss, in the syntax `uid` or the nearest one."""
        coder = CODERS[uid or TARGETS.get(self.syntax, RLE)]
        plugin = self._plugin()
        values: Values = []
        image = self.image
        for index, frame, mask in self._each():
            with naming_damage(index), quietly():
                decoded = plugin.decode(content_of(self.instance, frame), self.image)
                shown, image, coded = self.fill.opened(decoded, coder.uid)
            if mask is not None:
                blanked(shown, mask, self.fill.of(image.photometric, coded.precision))
            made = _proven(coder, _wanted(coder, shown, coded), coded, image, shown)
            values.append((frame, made))
        return Edited(coder.uid, values, image)

    def _each(self) -> Iterator[tuple[int, tuple[Fragment, ...], Mask | None]]:
        for index, frame in enumerate(self.found):
            yield index, frame, self.masks.of(index)

    def _plugin(self) -> Plugin:
        from dicom_veil.decode.stored import BY_TRANSFER_SYNTAX

        return BY_TRANSFER_SYNTAX[self.syntax]

    def _way(self) -> Edit:
        if self.syntax in (ENCAPSULATED, DEFLATED):
            return self._cells
        if self.syntax == RLE:
            return self._rle
        if self.syntax in SEQUENTIAL:
            return self._blocks
        if self.syntax == RECOMPRESSED:
            return self._recompressed
        lossy = self.syntax in EITHER and not self._all_reversible()
        if self.syntax not in CODERS or lossy:
            raise NoEncoder
        return self._again

    def _all_reversible(self) -> bool:
        contents = (content_of(self.instance, frame) for frame in self.found)
        return all(jpeg2000.is_reversible(content) for content in contents)

    def _cells(self, content: bytes, mask: Mask) -> bytes:
        """Native cells in frames of their own, deflated or not."""
        image = self.image
        layout = layout_of(image, self.fill.of(image.photometric, image.bits_stored),
                           little_endian=True)  # fmt: skip
        size = -(-image.frame_bits // 8)
        if self.syntax == ENCAPSULATED:
            return blank_frame(content[:size], image, layout, mask) + content[size:]
        inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, size)
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return packer.compress(blank_frame(inflated, image, layout, mask)) + packer.flush()

    def _rle(self, content: bytes, mask: Mask) -> bytes:
        """Whole cells, so that what stands beside the stored bits stays, too."""
        image = self.image
        cells = replace(image, bits_stored=image.bits_allocated,
                        high_bit=image.bits_allocated - 1, signed=False)  # fmt: skip
        values = np.ascontiguousarray(rle.decode(content, cells).values)
        fill = self.fill.of(image.photometric, image.bits_stored)
        plain = replace(image, planar=1, photometric="")
        layout = layout_of(plain, fill, little_endian=True)
        units = layout.units if image.samples > 1 else (layout.units[0],)
        blanked(values, mask, tuple(int.from_bytes(unit, "little") for unit in units))
        if image.bits_allocated > 1:
            return lossless.encode_rle(values, Coded(image.bits_allocated, image.photometric))
        bits = values[..., np.newaxis] if values.ndim == 2 else values
        packed = [np.packbits(bits[..., s].reshape(1, -1), axis=1, bitorder="little")
                  for s in range(bits.shape[2])]  # fmt: skip
        return lossless.rle_of(packed)

    def _blocks(self, content: bytes, mask: Mask) -> bytes:
        return blank_blocks(content, self.image, mask, low_is_dark=self.fill.low_is_dark)

    def _recompressed(self, content: bytes, mask: Mask) -> bytes:
        """A JPEG inside JPEG XL: edited by blocks as the JPEG that it was."""
        from imagecodecs import JpegxlError, jpegxl_decode_jpeg, jpegxl_encode_jpeg

        try:
            made = self._blocks(bytes(jpegxl_decode_jpeg(content, numthreads=1)), mask)
            return bytes(jpegxl_encode_jpeg(made))
        except (JpegxlError, RuntimeError, ValueError):
            raise NotEditable from None

    def _again(self, content: bytes, mask: Mask) -> bytes:
        """Decoded as it stands in the codestream, and encoded by the same rules."""
        coder = CODERS[self.syntax]
        decoded = coder.plugin.decode(content, self.image)
        values = np.array(decoded.values, copy=True)
        precision = decoded.precision or 8 * values.dtype.itemsize
        photometric = decoded.photometric or self.image.photometric
        transformed = (
            coder.plugin is jpeg2000 and values.ndim == 3
            and jpeg2000.has_color_transform(content)
        )  # fmt: skip
        coded = Coded(precision, photometric, transformed)
        fill = self.fill.of(photometric, precision)
        if values.dtype.kind == "u":
            fill = tuple(int(value) & ((1 << precision) - 1) for value in fill)
        blanked(values, mask, fill)
        stored = conform(replace(decoded, values=values), self.image)
        return _proven(coder, _wanted(coder, stored, coded, values), coded, self.image, stored)


def blanked(values: NDArray[Any], mask: Mask, fill: tuple[int | float, ...]) -> None:
    """The mask's pixels of (rows, columns) or (rows, columns, samples), in place."""
    values[mask] = fill[0] if values.ndim == 2 else np.array(fill).astype(values.dtype)


def _wanted(
    coder: Coder,
    stored: NDArray[Any],
    coded: Coded,
    values: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Values as the encoder of a syntax takes them: those of the codestream, else stored ones.

    JPEG-LS is written with the precision of whole cells, so its sign has to reach that far.
    """
    if coder.plugin is jpegls:
        return stored.view(f"u{stored.dtype.itemsize}")
    if values is not None:
        return values
    if stored.dtype.kind != "i" or coder.plugin in (jpeg2000, rle):
        return stored
    unsigned: NDArray[Any] = stored.view(f"u{stored.dtype.itemsize}")
    wanted: NDArray[Any] = unsigned & unsigned.dtype.type((1 << coded.precision) - 1)
    return wanted


def _proven(
    coder: Coder, values: NDArray[Any], coded: Coded, image: ImagePixel,
    stored: NDArray[Any],
) -> bytes:  # fmt: skip
    """A frame encoded, once it decodes to the same stored values. Raises `NoEncoder`."""
    try:
        made = coder.encode(values, coded)
        again: Decoded = coder.plugin.decode(made, image)
    except (ValueError, RuntimeError, OSError):
        raise NoEncoder from None
    if not np.array_equal(conform(again, image), stored):
        raise NoEncoder
    return made
