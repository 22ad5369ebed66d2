"""Stage *decode*: one frame of an instance as it is looked at, gray values or RGB."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from dicom_veil import errors
from dicom_veil.decode.color import UNKNOWN_COLORS, overridden, to_rgb
from dicom_veil.decode.palette import apply_palette
from dicom_veil.decode.stored import decode_stored
from dicom_veil.read import Instance

GRAY = ("MONOCHROME1", "MONOCHROME2")


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
    """Decodes frame `frame_index`, counted from 0, colours to RGB; gray as it is.

    Raises what `decode_stored` raises, and `Unsupported` or `OutOfRange` for colours that cannot
    be shown.
    """
    stored = decode_stored(instance, frame_index)
    if stored.photometric == "ARGB":
        rgb = overridden(stored.values, stored.bits, instance.dataset)
    elif stored.values.ndim == 3:
        rgb = to_rgb(stored.values, stored.photometric, stored.bits)
    elif stored.photometric == "PALETTE COLOR":
        signed = stored.values.dtype.kind == "i"
        rgb = apply_palette(stored.values, instance.dataset, signed=signed)
    elif stored.photometric in GRAY:
        return Frame(stored.values, color=False, notes=stored.notes)
    else:
        raise errors.Unsupported(UNKNOWN_COLORS)
    return Frame(rgb, color=True, notes=stored.notes)
