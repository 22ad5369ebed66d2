"""Stage *decode*: one frame of an instance, as stored values or as RGB.

Only the bytes of the frame asked for are read. Uncompressed frames are found by their position,
encapsulated ones by pydicom's fragment reader; which plug-in decodes them, the plug-ins declare.
"""

import struct
import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom._uid_dict import UID_dictionary
from pydicom.encaps import get_frame

from dicom_veil import errors
from dicom_veil.attributes import element_of
from dicom_veil.decode import jpeg, jpeg2000, jpegls, jpegxl, rle, uncompressed
from dicom_veil.decode.color import UNKNOWN_COLORS, to_rgb
from dicom_veil.decode.image_pixel import ImagePixel, image_pixel
from dicom_veil.decode.native import decode_native
from dicom_veil.decode.palette import apply_palette
from dicom_veil.decode.plugin import Damage, Decoded, Plugin
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, PixelElement

PLUGINS: tuple[Plugin, ...] = (rle, jpeg, jpegls, jpeg2000, jpegxl, uncompressed)
BY_TRANSFER_SYNTAX = {uid: plugin for plugin in PLUGINS for uid in plugin.TRANSFER_SYNTAXES}


@dataclass(frozen=True)
class Frame:
    """One decoded frame.

    `values`: (rows, columns) stored values, (u)int8/16/32 or float32/64, where `color` is False;
    (rows, columns, 3) RGB uint8 where it is True. `notes`: what the file says of itself that its
    codestream does not bear out.
    """

    values: NDArray[Any]
    color: bool
    notes: tuple[str, ...] = ()


def decode_frame(instance: Instance, frame_index: int) -> Frame:
    """Decodes frame `frame_index`, counted from 0.

    Raises `NoPixels`, `OutOfRange` (no such frame, or sizes that cannot be), `Unsupported`,
    `DamagedPixels` (which names the frame, counted from 1).
    """
    if instance.pixels is None or instance.pixels.length == 0:
        raise errors.NoPixels("This instance holds no pixels.")
    image = image_pixel(instance.dataset, instance.pixels.tag)
    if not 0 <= frame_index < image.frames:
        raise errors.OutOfRange(
            f"Frame {frame_index + 1} was asked for; the instance says it has {image.frames}.",
            frame=frame_index + 1,
            frames=image.frames,
        )
    try:
        with quietly():
            decoded = _decode(instance, instance.pixels, image, frame_index)
    except (Damage, errors.DamagedPixels) as damage:
        raise _damaged(frame_index, str(damage)) from None
    except (errors.VeilError, OSError) as error:
        if isinstance(error, OSError) and error.errno is None:  # Pillow's word for damage
            raise _damaged(frame_index, "its codestream is damaged") from None
        raise
    except (
        ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError,
        NotImplementedError, RuntimeError, SyntaxError, TypeError, ValueError,
        struct.error, zlib.error,
    ):  # fmt: skip
        # Codec libraries raise many kinds; their words can quote bytes, so none are passed on.
        raise _damaged(frame_index, "its codestream is damaged") from None
    return _finish(instance, image, decoded)


def _damaged(frame_index: int, reason: str) -> errors.DamagedPixels:
    number = frame_index + 1
    return errors.DamagedPixels(f"Frame {number} cannot be decoded: {reason}.", frame=number)


def _decode(
    instance: Instance, pixels: PixelElement, image: ImagePixel, frame_index: int
) -> Decoded:
    if not pixels.encapsulated:
        image, notes = _subsampling(image, pixels)
        decoded = decode_native(
            instance.body,
            pixels.offset,
            pixels.length,
            image,
            frame_index,
            little_endian=instance.little_endian,
            vr=pixels.vr,
        )
        return replace(decoded, photometric=image.photometric, notes=notes)
    plugin = BY_TRANSFER_SYNTAX.get(instance.transfer_syntax)
    if plugin is None:
        # Only what the standard registered is named: any text can stand there.
        known = instance.transfer_syntax in UID_dictionary
        raise errors.Unsupported(
            f"The transfer syntax {instance.transfer_syntax.name} cannot be decoded."
            if known
            else "The transfer syntax is not one of the standard and cannot be decoded.",
            transfer_syntax=str(instance.transfer_syntax) if known else "",
        )
    decoded = plugin.decode(_codestream(instance, pixels, image, frame_index), image)
    if decoded.values.shape[:2] != (image.rows, image.columns):
        raise Damage("it decodes to another size than its codestream says")
    return replace(decoded, values=_conform(decoded, image))


def _subsampling(image: ImagePixel, pixels: PixelElement) -> tuple[ImagePixel, tuple[str, ...]]:
    """YBR_FULL_422 pixels that are not subsampled, told by their length (PS3.3 C.7.6.3.1.2)."""
    full = replace(image, photometric="YBR_FULL")
    if image.photometric != "YBR_FULL_422":
        return image, ()
    if pixels.length * 8 < full.frame_bits * image.frames:
        return image, ()
    return full, ("The pixels are YBR_FULL, other than Photometric Interpretation says.",)


def _codestream(
    instance: Instance, pixels: PixelElement, image: ImagePixel, frame_index: int
) -> bytes:
    """The bytes of one encapsulated frame, of all its fragments (PS3.5 A.4)."""
    instance.body.seek(pixels.offset)
    try:
        data: bytes = get_frame(
            instance.body,
            frame_index,
            number_of_frames=image.frames,
            extended_offsets=_extended_offsets(instance),
        )
    except (ValueError, struct.error):
        raise Damage("its fragments cannot be found") from None
    if not data:
        raise Damage("its fragments are empty")
    return data


def _extended_offsets(instance: Instance) -> tuple[bytes, bytes] | None:
    """The Extended Offset Table and its Lengths (PS3.3 C.7.6.3.1.8), if they belong together."""
    tables = [
        element.value if element is not None and isinstance(element.value, bytes) else b""
        for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
        for element in [element_of(instance.dataset, keyword)]
    ]
    if not tables[0] or len(tables[0]) != len(tables[1]):
        return None
    return tables[0], tables[1]


def _conform(decoded: Decoded, image: ImagePixel) -> NDArray[Any]:
    """Codestream values as the header's cells: its width at least, and its sign.

    Codestreams carry no sign (JPEG, JPEG-LS) or another than Pixel Representation (JPEG 2000 of
    some makers); the bits are the same, so they are extended from the top one that counts.
    """
    values = decoded.values
    allocated = max(image.bits_allocated, 8)
    itemsize = max(allocated // 8, values.dtype.itemsize)
    cells = values.astype(np.dtype(f"{'i' if image.signed else 'u'}{itemsize}"))
    unused = itemsize * 8 - decoded.sign_bits
    if decoded.sign_bits and unused > 0 and itemsize == allocated // 8:
        np.left_shift(cells, unused, out=cells)
        np.right_shift(cells, unused, out=cells)
    return cells


def _finish(instance: Instance, image: ImagePixel, decoded: Decoded) -> Frame:
    """Colours to RGB; gray as it is."""
    values = decoded.values
    photometric = decoded.photometric or image.photometric
    if image.samples == 3:
        bits = min(max(image.bits_stored, 8), values.dtype.itemsize * 8)
        return Frame(to_rgb(values, photometric, bits), color=True, notes=decoded.notes)
    if photometric == "PALETTE COLOR":
        rgb = apply_palette(values, instance.dataset, signed=image.signed)
        return Frame(rgb, color=True, notes=decoded.notes)
    if not image.monochrome:
        raise errors.Unsupported(UNKNOWN_COLORS)
    return Frame(values, color=False, notes=decoded.notes)
