"""One frame's stored values: its bytes found, its plug-in asked, its cells as the header has them.

Only the bytes of the frame asked for are read. Uncompressed frames are found by their position,
encapsulated ones by their fragments; which plug-in decodes them, the plug-ins declare.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom._uid_dict import UID_dictionary

from dicom_veil import errors
from dicom_veil.decode import deflated, jpeg, jpeg2000, jpegls, jpegxl, rle, uncompressed
from dicom_veil.decode.image_pixel import ImagePixel, image_pixel
from dicom_veil.decode.native import decode_native
from dicom_veil.decode.plugin import Damage, Decoded, Plugin
from dicom_veil.fragments import content_of, frames_of
from dicom_veil.pixel_element import SUBSAMPLED, PixelElement
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance

PLUGINS: tuple[Plugin, ...] = (rle, jpeg, jpegls, jpeg2000, jpegxl, uncompressed, deflated)
BY_TRANSFER_SYNTAX = {uid: plugin for plugin in PLUGINS for uid in plugin.TRANSFER_SYNTAXES}
VIDEO = ("1.2.840.10008.1.2.4.10", "1.2.840.10008.1.2.7.")  # MPEG-2, MPEG-4, HEVC; over RTP


@dataclass(frozen=True)
class Stored:
    """One frame as decoded, before any conversion of its colours.

    `values`: (rows, columns) or (rows, columns, samples), (u)int8/16/32 or float32/64, at least as
    wide as Bits Allocated. `photometric`: what the samples are, by the codestream's word before
    the header's. `bits`: significant bits of a sample. `notes`: what the file says of itself that
    its pixels do not bear out.
    """

    values: NDArray[Any]
    photometric: str
    bits: int
    notes: tuple[str, ...] = ()


def decode_stored(instance: Instance, frame_index: int) -> Stored:
    """Decodes frame `frame_index`, counted from 0.

    Raises `NoPixels`, `OutOfRange` (no such frame, or sizes that cannot be), `Unsupported`,
    `DamagedPixels` (which names the frame, counted from 1).
    """
    pixels = instance.pixels
    if pixels is None or pixels.length == 0:
        raise errors.NoPixels("This instance holds no pixels.")
    image = image_pixel(instance.dataset, pixels.tag)
    if not 0 <= frame_index < image.frames:
        raise errors.OutOfRange(
            f"Frame {frame_index + 1} was asked for; the instance says it has {image.frames}.",
            frame=frame_index + 1,
            frames=image.frames,
        )
    with naming_damage(frame_index), quietly():
        decoded = _decode(instance, pixels, image, frame_index)
    return Stored(
        decoded.values,
        decoded.photometric or image.photometric,
        min(max(image.bits_stored, 8), decoded.values.dtype.itemsize * 8),
        (*_precision_note(decoded, image), *decoded.notes),
    )


@contextmanager
def naming_damage(frame_index: int) -> Iterator[None]:
    """Whatever a codec raises becomes `DamagedPixels` that names the frame, counted from 1."""
    try:
        yield
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


def _damaged(frame_index: int, reason: str) -> errors.DamagedPixels:
    number = frame_index + 1
    return errors.DamagedPixels(f"Frame {number} cannot be decoded: {reason}.", frame=number)


def _decode(
    instance: Instance, pixels: PixelElement, image: ImagePixel, frame_index: int
) -> Decoded:
    if not pixels.encapsulated:
        return _native(instance, pixels, image, frame_index)
    plugin = BY_TRANSFER_SYNTAX.get(instance.transfer_syntax)
    if plugin is None:
        raise _unsupported(instance)
    frames = frames_of(instance, image.frames)
    if frame_index >= len(frames):
        raise Damage(f"the pixel data holds {_frames(len(frames))} only")
    if image.samples == 4:
        raise errors.Unsupported("Compressed pixels of 4 samples cannot be shown.", samples=4)
    if image.packed:  # what is decoded has whole cells
        whole = next(bits for bits in (8, 16, 32) if image.bits_stored <= bits)
        image = replace(image, bits_allocated=whole)
    codestream = content_of(instance, frames[frame_index])
    if not codestream:
        raise Damage("its fragments are empty")
    decoded = plugin.decode(codestream, image)
    if decoded.values.shape[:2] != (image.rows, image.columns):
        raise Damage("it decodes to another size than its codestream says")
    notes = (*_count_note(len(frames), image), *decoded.notes)
    return replace(decoded, values=conform(decoded, image), notes=notes)


def _native(
    instance: Instance, pixels: PixelElement, image: ImagePixel, frame_index: int
) -> Decoded:
    image, notes = subsampling(image, pixels)
    decoded = decode_native(
        instance.body,
        pixels.offset,
        pixels.length,
        image,
        frame_index,
        little_endian=instance.little_endian,
        vr=pixels.vr,
    )
    whole = pixels.length * 8 // image.frame_bits
    notes = (*_count_note(whole, image), *notes)
    return replace(decoded, photometric=image.photometric, notes=notes)


def _unsupported(instance: Instance) -> errors.Unsupported:
    """Only what the standard registered is named: any text can stand there."""
    uid = instance.transfer_syntax
    if uid not in UID_dictionary:
        return errors.Unsupported(
            "The transfer syntax is not one of the standard and cannot be decoded.",
            transfer_syntax="",
        )
    if uid.startswith(VIDEO):
        sentence = f"{uid.name} is video: it is played and exported by a browser, not decoded here."
    else:
        sentence = f"The transfer syntax {uid.name} cannot be decoded."
    return errors.Unsupported(sentence, transfer_syntax=str(uid))


def subsampling(image: ImagePixel, pixels: PixelElement) -> tuple[ImagePixel, tuple[str, ...]]:
    """YBR_FULL_422 pixels that are not subsampled, told by their length (PS3.3 C.7.6.3.1.2).

    What is the same of YBR_PARTIAL_422 has no name in the standard; here it is YBR_PARTIAL.
    """
    if image.photometric not in SUBSAMPLED:
        return image, ()
    full = replace(image, photometric=image.photometric.removesuffix("_422"))
    if pixels.length * 8 < full.frame_bits * image.frames:
        return image, ()
    return full, (
        f"The pixels are {full.photometric}, other than Photometric Interpretation says.",
    )


def _count_note(found: int, image: ImagePixel) -> tuple[str, ...]:
    if found == image.frames:
        return ()
    return (f"The pixel data holds {_frames(found)}, the header says {image.frames}.",)


def _frames(count: int) -> str:
    return f"{count} frame" if count == 1 else f"{count} frames"


def _precision_note(decoded: Decoded, image: ImagePixel) -> tuple[str, ...]:
    if decoded.precision in (0, image.bits_stored):
        return ()
    return (f"The codestream has {decoded.precision} bits, the header says {image.bits_stored}.",)


def conform(decoded: Decoded, image: ImagePixel) -> NDArray[Any]:
    """Codestream values as the header's cells: its width at least, and its sign.

    Codestreams carry no sign (JPEG, JPEG-LS) or another than Pixel Representation (JPEG 2000 of
    some makers); the bits are the same, so they are extended from the top one that counts.
    """
    values = decoded.values
    allocated = max(image.bits_allocated, 8)
    itemsize = max(allocated // 8, values.dtype.itemsize)
    dtype = np.dtype(f"{'i' if image.signed else 'u'}{itemsize}")
    unused = itemsize * 8 - decoded.sign_bits
    if not decoded.sign_bits or unused <= 0 or itemsize != allocated // 8:
        return values.astype(dtype, copy=False)
    cells = values.astype(dtype)
    np.left_shift(cells, unused, out=cells)
    np.right_shift(cells, unused, out=cells)
    return cells
