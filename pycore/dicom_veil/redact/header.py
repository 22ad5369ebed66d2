"""What a data set says of pixels that were changed (PS3.3 C.7.6.3, C.7.6.1.1.5)."""

from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from dicom_veil.apply import Elements, like
from dicom_veil.attributes import element_of, texts, whole
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.dummy import padded
from dicom_veil.read import Instance
from dicom_veil.redact.frames import Edited
from dicom_veil.standard import vr_of

Raw = dict[int, RawDataElement]
UID = "1.2.840.10008.1.2.4."
# Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1) by transfer syntax.
LOSSY = {
    **dict.fromkeys((f"{UID}50", f"{UID}51", f"{UID}53", f"{UID}55"), "ISO_10918_1"),
    f"{UID}81": "ISO_14495_1",
    f"{UID}91": "ISO_15444_1",
    f"{UID}93": "ISO_15444_2",
    f"{UID}203": "ISO_15444_15",
    f"{UID}111": "ISO_18181_1",
    f"{UID}112": "ISO_18181_1",
}
LOSSY_COMPRESSION, RATIO, METHOD = 0x00282110, 0x00282112, 0x00282114
PHOTOMETRIC, PLANAR, ALLOCATED, FRAMES = 0x00280004, 0x00280006, 0x00280100, 0x00280008
ICON = BaseTag(0x00880200)


def is_lossy(transfer_syntax: str) -> bool:
    return transfer_syntax in LOSSY


def untrue(dataset: Dataset) -> frozenset[int]:
    """What may show or tell what went: the icon, and the smallest and largest pixel value."""
    told = ("SmallestImagePixelValue", "LargestImagePixelValue")
    found = {int(one.tag) for name in told if (one := element_of(dataset, name)) is not None}
    return frozenset(found | ({int(ICON)} if ICON in dataset._dict else set()))


def changed(dataset: Dataset, elements: Raw, gone: frozenset[int] = frozenset()) -> Dataset:
    """The data set with other elements; the original stays as it is."""
    kept: dict[BaseTag, Any] = {
        tag: one for tag, one in dataset._dict.items() if int(tag) not in gone
    }
    new: Elements = {BaseTag(tag): one for tag, one in elements.items()}
    return like(dataset, dict(sorted({**kept, **new}.items())))


def converted(instance: Instance, image: ImagePixel, edited: Edited) -> Raw:
    """What a header says of frames that were stored in another transfer syntax.

    A picture that has been compressed with loss says so for ever (C.7.6.1.1.5): the method and
    the ratio are those of its history, added where the original did not name them.
    """
    values: dict[int, bytes] = {}
    if edited.image.photometric != image.photometric:
        values[PHOTOMETRIC] = edited.image.photometric.encode("ascii")
    if edited.image.samples > 1:
        values[PLANAR] = _word(0, instance)
    if edited.image.bits_allocated != image.bits_allocated:
        values[ALLOCATED] = _word(edited.image.bits_allocated, instance)
    if method := LOSSY.get(instance.transfer_syntax):
        values[LOSSY_COMPRESSION] = b"01"
        if not any(texts(instance.dataset, METHOD)):
            values[METHOD] = method.encode("ascii")
        if not any(texts(instance.dataset, RATIO)) and (ratio := _ratio(instance, image)):
            values[RATIO] = f"{ratio:.2f}".encode("ascii")
    return raws(instance, values)


def _ratio(instance: Instance, image: ImagePixel) -> float:
    """Uncompressed over compressed bytes (C.7.6.1.1.5.2)."""
    pixels = instance.pixels
    frames = whole(instance.dataset, FRAMES) or 1
    stored = sum(length for _, length in pixels.items[1:]) if pixels else 0
    return image.frame_bits * frames / 8 / stored if stored else 0.0


def _word(number: int, instance: Instance) -> bytes:
    return number.to_bytes(2, "little" if instance.little_endian else "big")


def raws(instance: Instance, values: dict[int, bytes]) -> Raw:
    """Encoded values as elements in the instance's own encoding."""
    return {
        tag: RawDataElement(
            BaseTag(tag), vr_of(tag) or "OV", len(padded(value)), padded(value), 0,
            instance.implicit_vr, instance.little_endian,
        )
        for tag, value in values.items()
    }  # fmt: skip
