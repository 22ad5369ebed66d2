"""The value that blanked pixels get: what is dark once everything was applied to it.

Gray (PS3.3 C.7.6.3.1.2): the end of the stored range that the modality LUT, the VOI LUT, the
photometric interpretation and the presentation LUT shape make dark; where the picture has no
window of its own and that end is far off (signed, 32 bits, float), its own lowest or highest value,
since a viewer's automatic window would otherwise be torn open by one that no pixel has. Pixel
Padding Value (C.7.5.1.1.2) where it stands at the dark end: it is in nobody's statistics.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.palette import apply_palette
from dicom_veil.modality import modality_of
from dicom_veil.padding import padding_of
from dicom_veil.picture import shown_inverse
from dicom_veil.read import Instance
from dicom_veil.window import file_windows, voi_table

Number = int | float
LUMA = (299, 587, 114)  # thousandths of red, green and blue (ITU-R BT.601)
PARTIAL_BLACK = 16  # of 8 bits: black in YBR_PARTIAL_420 and _422


def dark_color(photometric: str, bits: int) -> tuple[int, int, int]:
    """Black in samples of `bits` bits: RGB, or any YBR with its chroma in the middle."""
    if not photometric.startswith("YBR") or photometric in ("YBR_ICT", "YBR_RCT"):
        return (0, 0, 0)
    middle = 1 << (bits - 1)
    luma = PARTIAL_BLACK << (bits - 8) if photometric.startswith("YBR_PARTIAL") else 0
    return (luma, middle, middle)


def dark_index(instance: Instance, image: ImagePixel) -> int:
    """The stored value whose palette entry is darkest; the first of several."""
    low, high = _range(image)
    every = np.arange(low, min(high, low + 0xFFFF) + 1)[np.newaxis]
    rgb = apply_palette(every, instance.dataset, signed=image.signed)[0].astype(np.int64)
    return low + int((rgb * LUMA).sum(axis=1).argmin())


def dark_gray(
    instance: Instance, image: ImagePixel, frames: Iterable[NDArray[np.generic]]
) -> Number:
    """The dark stored value of a gray picture; `frames` are only decoded where they matter."""
    dataset = instance.dataset
    floats = image.keyword != "PixelData"
    low_is_dark = is_low_dark(instance, image)
    padding = padding_of(dataset, floats=floats)
    if padding is not None and not floats:
        low, high = _range(image)
        middle = (low + high) / 2
        if low <= padding[0] and padding[1] <= high and (padding[1] < middle) == low_is_dark:
            return int(padding[0] if low_is_dark else padding[1])
    # 0 is in every range; the ends of others can be far from what any picture has.
    wide = floats or image.signed or (image.bits_stored > 16 and not low_is_dark)
    if wide and (floats or not file_windows(dataset, 0)):
        return _extreme(frames, low_is_dark, padding)
    low, high = _range(image)
    return low if low_is_dark else high


def is_low_dark(instance: Instance, image: ImagePixel) -> bool:
    """Whether the low end of the stored range is the dark one."""
    dataset = instance.dataset
    low, high = (0.0, 1.0) if image.keyword != "PixelData" else map(float, _range(image))
    ends = modality_of(dataset, 0).apply(np.array([low, high]))
    windows = file_windows(dataset, 0)
    if windows and windows[0].voi_lut is not None:
        ends = voi_table(dataset, 0, windows[0]).apply(ends).astype(np.float64)
    return bool(ends[0] <= ends[1]) != shown_inverse(dataset)


def _range(image: ImagePixel) -> tuple[int, int]:
    """Lowest and highest stored value."""
    if image.signed:
        return -(1 << (image.bits_stored - 1)), (1 << (image.bits_stored - 1)) - 1
    return 0, (1 << image.bits_stored) - 1


def _extreme(
    frames: Iterable[NDArray[np.generic]], lowest: bool, padding: tuple[float, float] | None
) -> Number:
    """The lowest or highest value of all frames that is a number and no padding; 0 without any."""
    found: Number | None = None
    for values in frames:
        seen = np.asarray(values)
        image = np.isfinite(seen)
        if padding is not None:
            image &= (seen < padding[0]) | (seen > padding[1])
        if not image.any():
            continue
        end = seen[image].min() if lowest else seen[image].max()
        number = end.item()
        if found is None or (number < found if lowest else number > found):
            found = number
    return 0 if found is None else found
