"""Regions of an instance's stored values become dark: the pixels, and the overlays above them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO, cast

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID

from dicom_veil import errors
from dicom_veil.codestream.frames import all_frames, written
from dicom_veil.decode.image_pixel import ImagePixel, image_pixel
from dicom_veil.decode.stored import VIDEO, subsampling
from dicom_veil.joined import Joined
from dicom_veil.overlay_bits import has_overlay_bits
from dicom_veil.pixel_element import PixelElement
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.redact import header, overlay_planes
from dicom_veil.redact.cells import Layout, layout_of
from dicom_veil.redact.fill import Fill
from dicom_veil.redact.frames import Edited, edit
from dicom_veil.redact.masks import Masks
from dicom_veil.redact.native import native_parts
from dicom_veil.redact.region import MARGIN, Region
from dicom_veil.write import Part, Range, chunks

BLOCKS = (
    "The pictures are JPEG: whole blocks were blanked, all others are as they were. Where chroma "
    "is subsampled, decoders that smooth it let one pixel beside a blanked block differ."
)
LOSSLESS = (
    "The pictures were compressed with loss; they are now stored without a further one, in another "
    "transfer syntax."
)
OTHER = "The pictures are stored without loss in another transfer syntax than before."


@dataclass(frozen=True)
class Redacted:
    """An instance with regions blanked.

    `instance` can be read, decoded and written like any; its body reads from the original's.
    `parts` are its pixels, ranges of the original's body among them, and `elements` the tags that
    differ from the original's. `notes`: what a person must know of it.
    """

    instance: Instance
    parts: tuple[Part, ...]
    elements: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def flat(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """Parts whose ranges are of `instance.body` as parts whose ranges are of the original's."""
        return tuple(piece for part in parts for piece in self._flat(part))

    def _flat(self, part: Part) -> Iterable[Part]:
        if isinstance(part, bytes):
            return [part]
        body = self.instance.body
        return body.pieces(part.start, part.end) if isinstance(body, Joined) else [part]


def redact(instance: Instance, regions: Sequence[Region], margin: int = MARGIN) -> Redacted:
    """The instance with `regions`, and `margin` pixels around each, dark in their frames.

    Frames are decoded one at a time; what is encoded anew is held in memory as encoded. Raises
    `NoPixels`, `Unsupported` (video; formats without a rule), `OutOfRange`, `DamagedPixels`,
    `Refused` where the picture cannot be told from what else its pixel data holds.
    """
    pixels = instance.pixels
    if pixels is None or pixels.length == 0:
        raise errors.NoPixels("This instance holds no pixels.")
    if instance.transfer_syntax.startswith(VIDEO):
        raise errors.Unsupported("Regions of a film cannot be removed without encoding it anew.")
    image = image_pixel(instance.dataset, pixels.tag)
    masks = Masks(regions, image.rows, image.columns, margin)
    if all(masks.of(index) is None for index in range(image.frames)):
        return Redacted(instance, (Range(pixels.offset, pixels.element_end),))
    if image.packed or image.samples == 4 or image.photometric == "HSV":
        raise errors.Unsupported("Regions of pixels of this retired kind cannot be removed.")
    with quietly():
        overlays = overlay_planes.blanked(instance.dataset, masks, image.frames)
        if pixels.encapsulated:
            return _encapsulated(instance, image, pixels, masks, overlays)
        return _native(instance, image, pixels, masks, overlays)


def _native(
    instance: Instance, image: ImagePixel, pixels: PixelElement, masks: Masks, overlays: header.Raw
) -> Redacted:
    image, _notes = subsampling(image, pixels)
    if image.frame_bits * image.frames > pixels.length * 8:
        raise errors.Refused("The pixel data is shorter than its header says; nothing was removed.")
    fill = Fill(instance, image).of(image.photometric, image.bits_stored)
    layout = layout_of(
        image, fill, little_endian=instance.little_endian, overlaid=has_overlay_bits(instance)
    )
    whole = Range(pixels.offset, pixels.element_end)
    if pixels.vr == "OW" and image.bits_allocated == 8 and not instance.little_endian:
        parts: tuple[Part, ...] = (_in_words(instance.body, whole, image, layout, masks),)
    else:
        parts = tuple(native_parts(instance.body, whole, image, layout, masks))
    size = pixels.element_end - pixels.offset
    moved = replace(pixels, offset=0, element_start=0, element_end=size)
    return _made(instance, instance.dataset, parts, moved, overlays)


def _in_words(
    source: BinaryIO, whole: Range, image: ImagePixel, layout: Layout, masks: Masks
) -> bytes:
    """Bytes that big endian holds two by two in words, the other way round (PS3.5 8.1.1)."""
    source.seek(whole.start)
    words = np.frombuffer(source.read((whole.end - whole.start) // 2 * 2), "u2").byteswap()
    turned = BytesIO(words.tobytes())
    parts = native_parts(turned, Range(0, words.nbytes), image, layout, masks)
    return np.frombuffer(b"".join(chunks(parts, turned)), "u2").byteswap().tobytes()


def _encapsulated(
    instance: Instance, image: ImagePixel, pixels: PixelElement, masks: Masks, overlays: header.Raw
) -> Redacted:
    if has_overlay_bits(instance):
        raise errors.Refused(
            "An overlay is drawn into unused bits of compressed pixels, where it cannot be removed."
        )
    found = all_frames(instance)
    edited = edit(instance, image, found, masks, Fill(instance, image))
    table = written(instance, edited.values, bool(pixels.items and pixels.items[0][1]), ())
    changed = header.converted(instance, image, edited) if _moved(instance, edited) else {}
    other = replace(instance, transfer_syntax=UID(edited.transfer_syntax))
    parts = table.parts
    made = _made(
        other, instance.dataset, parts, _element(parts, instance, pixels),
        {**overlays, **changed, **header.raws(instance, table.elements)},
    )  # fmt: skip
    return replace(made, notes=_notes(instance, edited))


def _moved(instance: Instance, edited: Edited) -> bool:
    return edited.transfer_syntax != instance.transfer_syntax


def _notes(instance: Instance, edited: Edited) -> tuple[str, ...]:
    if edited.by_blocks:
        return (BLOCKS,)
    if not _moved(instance, edited):
        return ()
    return (LOSSLESS if header.is_lossy(instance.transfer_syntax) else OTHER,)


def _made(
    instance: Instance, dataset: Dataset, parts: tuple[Part, ...], pixels: PixelElement,
    elements: header.Raw,
) -> Redacted:  # fmt: skip
    gone = header.untrue(dataset)
    made = replace(
        instance,
        dataset=header.changed(dataset, elements, gone),
        body=cast(BinaryIO, Joined(parts, instance.body)),
        pixels=pixels,
    )
    return Redacted(made, parts, tuple(sorted({*elements, *gone})))


def _element(parts: tuple[Part, ...], instance: Instance, pixels: PixelElement) -> PixelElement:
    """The pixel element by its items, as `parts` hold them (PS3.5 A.4)."""
    whole = Joined(parts, instance.body)
    items: list[tuple[int, int]] = []
    position = 0
    end = whole.seek(0, 2) - 8
    while position < end:
        whole.seek(position + 4)
        length = int.from_bytes(whole.read(4), "little")
        items.append((position + 8, length))
        position += 8 + length
    return replace(pixels, offset=0, length=end, element_start=0, element_end=end + 8,
                   items=tuple(items), vr="OB")  # fmt: skip
