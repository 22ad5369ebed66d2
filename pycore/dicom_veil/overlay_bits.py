"""Overlays drawn into the unused bits of pixel cells (retired; PS3.5-2004 8.1.2), which no removal

of the groups 60xx reaches: the bits are cleared in the cells themselves.
"""

from collections.abc import Iterator

from dicom_veil.decoded import value_of
from dicom_veil.errors import Refused
from dicom_veil.read import Instance
from dicom_veil.write import Part, Range, chunks

BIT_POSITION = 0x0102


def has_overlay_bits(instance: Instance) -> bool:
    """Whether an overlay group says that its plane is a bit of the pixel cells."""
    return any(
        tag >> 16 & 0xFF01 == 0x6000
        and tag & 0xFFFF == BIT_POSITION
        and value_of(instance.dataset, int(tag)) not in (None, 0)
        for tag in instance.dataset._dict
    )


def cleared(instance: Instance) -> tuple[Part, ...] | None:
    """The pixels with nothing in their unused bits; None where no overlay was there.

    Raises `Refused` where the cells cannot be reached without decoding them.
    """
    pixels = instance.pixels
    if pixels is None or not has_overlay_bits(instance):
        return None
    allocated, stored, high = (
        _number(instance, keyword) for keyword in ("BitsAllocated", "BitsStored", "HighBit")
    )
    if (
        pixels.encapsulated
        or allocated not in (8, 16, 32)
        or not 0 < stored <= high + 1 <= allocated
    ):
        raise Refused(
            "An overlay is drawn into unused bits of the pixels, and there it cannot be removed "
            "from this kind of pixel data."
        )
    mask = ((1 << stored) - 1) << (high + 1 - stored)
    cell = mask.to_bytes(allocated // 8, "little" if instance.little_endian else "big")
    return tuple(_masked(instance, Range(pixels.offset, pixels.element_end), cell))


def _masked(instance: Instance, whole: Range, cell: bytes) -> Iterator[bytes]:
    for chunk in chunks((whole,), instance.body):
        mask = cell * (len(chunk) // len(cell) + 1)
        number = int.from_bytes(chunk, "big") & int.from_bytes(mask[: len(chunk)], "big")
        yield number.to_bytes(len(chunk), "big")


def _number(instance: Instance, keyword: str) -> int:
    value = value_of(instance.dataset, keyword)
    return value if isinstance(value, int) else 0
