"""Which part of the modality values is spread over black to white (PS3.3 C.11.2)."""

import math
from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from dicom_veil import errors
from dicom_veil.attributes import frame_item, items, numbers, text, texts, whole
from dicom_veil.decode import Frame
from dicom_veil.indexed import Indexed, indexed
from dicom_veil.lut import LookUpTable, read_table
from dicom_veil.modality import Modality, lowest, modality_of
from dicom_veil.padding import padding_of

Function = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
Source = Literal["file", "auto", "preset", "person"]
# Outside these shares of the pixels lie metal, air and noise.
LOW_SHARE, HIGH_SHARE = 0.01, 0.99
COUNTED = 1 << 20  # pixels, about, that an automatic window is made from


@dataclass(frozen=True)
class Window:
    """A window in modality values, or item `voi_lut` (from 0) of the file's VOI LUT Sequence.

    With `voi_lut`, center and width are those of the range that the table covers. Raises
    `OutOfRange` where they are no numbers or the width is not above 0.
    """

    center: float
    width: float
    function: Function = "LINEAR"
    explanation: str = ""
    source: Source = "file"
    voi_lut: int | None = None

    def __post_init__(self) -> None:
        """A window that can't be applied must not exist."""
        if not (math.isfinite(self.center) and math.isfinite(self.width) and self.width > 0):
            raise errors.OutOfRange("A window needs a finite center and a width above 0.")
        if self.function not in get_args(Function):
            raise errors.OutOfRange("The window's function is none that DICOM knows.")


def file_windows(dataset: Dataset, frame_index: int) -> tuple[Window, ...]:
    """The views that the file itself offers for one frame: look-up tables, then windows.

    Tables first, since a maker who writes both gives the window as the coarser of the two
    (C.11.2.1: either may be used).
    """
    group = frame_item(dataset, frame_index, "FrameVOILUTSequence")
    tables = tuple(
        _table_window(position, item, table)
        for position, item in enumerate(items(group, "VOILUTSequence"))
        for table in [_readable(dataset, frame_index, item)]
        if table is not None
    )
    return tables + _plain_windows(group)


def _plain_windows(group: Dataset) -> tuple[Window, ...]:
    declared = text(group, "VOILUTFunction")
    function: Function = cast(Function, declared) if declared in get_args(Function) else "LINEAR"
    explanations = texts(group, "WindowCenterWidthExplanation")
    pairs = zip(numbers(group, "WindowCenter"), numbers(group, "WindowWidth"), strict=False)
    return tuple(
        Window(
            center,
            width,
            # C.11.2.1.2.1: LINEAR is for widths of 1 and more; writers of fractions mean EXACT.
            "LINEAR_EXACT" if function == "LINEAR" and width < 1 else function,
            explanations[position] if position < len(explanations) else "",
        )
        for position, (center, width) in enumerate(pairs)
        if width > 0
    )


def _table_window(position: int, item: Dataset, table: LookUpTable) -> Window:
    count = len(table.entries)
    explanation = (texts(item, "LUTExplanation") or ("",))[0]
    return Window(table.first + count / 2, count, explanation=explanation, voi_lut=position)


def _readable(dataset: Dataset, frame_index: int, item: Dataset) -> LookUpTable | None:
    """A table of the sequence, or None where it is damaged: the file has other views, or none."""
    modality = modality_of(dataset, frame_index)
    try:
        return read_table(item, negative=lowest(dataset, modality) < 0)
    except errors.OutOfRange:
        return None


def voi_table(dataset: Dataset, frame_index: int, window: Window) -> LookUpTable:
    """The table that `window.voi_lut` stands for. Raises `OutOfRange` where the file has none."""
    group = frame_item(dataset, frame_index, "FrameVOILUTSequence")
    sequence = items(group, "VOILUTSequence")
    if window.voi_lut is None or not 0 <= window.voi_lut < len(sequence):
        raise errors.OutOfRange("The file has no such VOI LUT.")
    negative = lowest(dataset, modality_of(dataset, frame_index)) < 0
    return read_table(sequence[window.voi_lut], negative=negative)


def levels_of(dataset: Dataset, frame: Frame) -> Indexed:
    """The indices of a gray frame, with those of its padding set apart."""
    return indexed(frame, padding_of(dataset, floats=frame.values.dtype.kind == "f"))


def auto_window(
    dataset: Dataset, frame: Frame, frame_index: int, levels: Indexed | None = None
) -> Window:
    """A window from the frame itself, for files that have none.

    The middle 98 % of the modality values, padding left out; a picture of 8 bits or less without
    a modality transformation is shown as it is, since it was made to be looked at.
    """
    modality = modality_of(dataset, frame_index)
    levels = levels or levels_of(dataset, frame)
    bits = whole(dataset, "BitsStored") or 16
    as_it_is = modality == Modality(unit=modality.unit) and levels.levels == 256
    if as_it_is and levels.offset == 0:
        low, high = 0.0, float((1 << min(bits, 8)) - 1)
    else:
        low, high = _middle(levels, modality)
    if modality.whole_numbers and levels.exact:
        # C.11.2.1.2.1: this LINEAR window puts `low` on black and `high` on white.
        return Window((low + high + 1) / 2, high - low + 1, source="auto")
    width = high - low if high > low else 1.0
    return Window((low + high) / 2, width, "LINEAR_EXACT", source="auto")


def _middle(levels: Indexed, modality: Modality) -> tuple[float, float]:
    """The modality values between which the middle share of the image's pixels lies."""
    counts = histogram(levels)
    if levels.padding is not None:
        first, last = levels.padding
        image = np.concatenate([counts[:first], np.zeros(last + 1 - first, np.int64),
                                counts[last + 1 :]])  # fmt: skip
        counts = image if image.any() else counts
    present = np.flatnonzero(counts)
    values = modality.apply(levels.stored(present))
    order = np.argsort(values, kind="stable")
    values, shares = values[order], np.cumsum(counts[present][order])
    low, high = _at(values, shares, LOW_SHARE), _at(values, shares, HIGH_SHARE)
    return (low, high) if high > low else (float(values[0]), float(values[-1]))


def histogram(levels: Indexed) -> NDArray[np.int64]:
    """How many pixels have each index; of a large picture, of pixels in even steps over it.

    A window's ends at 1 % and 99 % do not need all of 13 million pixels to be counted.
    """
    step = max(1, math.isqrt(levels.indices.size // COUNTED))
    part = levels.indices[::step, ::step].ravel()
    return np.bincount(part, minlength=levels.levels)


def _at(values: NDArray[np.float64], shares: NDArray[np.int64], share: float) -> float:
    return float(values[min(np.searchsorted(shares, share * shares[-1]), len(values) - 1)])
