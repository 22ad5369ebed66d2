"""JPEG frames of sequential coding, blanked block by block and held against what they were."""

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode import jpeg
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.jpeg_header import jpeg_header
from dicom_veil.decode.jpeg_markers import Segment, segments
from dicom_veil.decode.plugin import Damage
from dicom_veil.redact.dark import dark_color
from dicom_veil.redact.jpeg_blocks import blank
from dicom_veil.redact.jpeg_tables import SEQUENTIAL, NotEditable

Mask = NDArray[np.bool_]
SOF = 0xC0


def blank_blocks(codestream: bytes, image: ImagePixel, mask: Mask, *, low_is_dark: bool) -> bytes:
    """The frame with every block that the mask touches dark; all other blocks as they are.

    Where chroma is subsampled, blocks go together in units of its blocks, and decoders that
    interpolate chroma let one pixel beside a unit differ. Raises `NotEditable`.
    """
    try:
        found = list(segments(codestream))
        header = jpeg_header(found)
        before = jpeg.decode(codestream, image).values
    except (Damage, ValueError, RuntimeError, OSError):
        raise NotEditable from None
    if header.process + SOF not in SEQUENTIAL or image.signed:
        raise NotEditable
    if header.samples == 3:
        photometric = header.photometric(image.photometric)
        level: tuple[int, ...] = dark_color(photometric, header.precision)
    elif image.photometric in ("MONOCHROME1", "MONOCHROME2"):
        level = (0 if low_is_dark else (1 << header.precision) - 1,)
    else:
        raise NotEditable

    def touched(left: int, top: int, right: int, bottom: int) -> bool:
        return bool(mask[top:bottom, left:right].any())

    made = blank(codestream, touched, level)
    _held_against(made, before, image, mask, _unit(found))
    return made


def touched_units(mask: Mask, width: int, height: int, *, beside: int = 0) -> Mask:
    """All pixels of units of that size with anything in the mask, and `beside` pixels around."""
    rows, columns = mask.shape
    padded = np.pad(mask, ((0, -rows % height), (0, -columns % width)))
    units = padded.reshape(padded.shape[0] // height, height, -1, width).any(axis=(1, 3))
    whole = units.repeat(height, axis=0).repeat(width, axis=1)
    for axis in (0, 1) if beside else ():
        whole = whole | _moved(whole, 1, axis) | _moved(whole, -1, axis)
    return whole[:rows, :columns]


def _moved(mask: Mask, by: int, axis: int) -> Mask:
    moved = np.roll(mask, by, axis=axis)
    edge = [slice(None), slice(None)]
    edge[axis] = slice(0, 1) if by > 0 else slice(-1, None)
    moved[tuple(edge)] = False
    return moved


def _unit(found: list[Segment]) -> tuple[int, int]:
    """Width and height in pixels of the blocks that go together (ISO 10918-1 A.2.3)."""
    frame = next(one.body for one in found if one.process is not None)
    sampling = frame[7::3]
    if len(sampling) < 2:
        return 8, 8
    return 8 * max(one >> 4 for one in sampling), 8 * max(one & 15 for one in sampling)


def _held_against(
    made: bytes, before: NDArray[np.generic], image: ImagePixel, mask: Mask, unit: tuple[int, int]
) -> None:
    """Raises `NotEditable` where a pixel changed that no touched block can have changed."""
    try:
        after = jpeg.decode(made, image).values
    except (Damage, ValueError, RuntimeError, OSError):
        raise NotEditable from None
    changed = after != before
    if changed.ndim == 3:
        changed = changed.any(axis=2)
    beside = 1 if unit != (8, 8) else 0
    if (changed & ~touched_units(mask, *unit, beside=beside)).any():
        raise NotEditable
