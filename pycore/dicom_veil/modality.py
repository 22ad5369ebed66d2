"""The Modality LUT: stored values to values with a meaning (PS3.3 C.11.1)."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from dicom_veil import errors
from dicom_veil.attributes import frame_item, items, number, text, whole
from dicom_veil.lut import LookUpTable, read_table

SMALLEST, LARGEST = 1e-30, 1e30
UNSPECIFIED = ("US", "UNSPECIFIED")


@dataclass(frozen=True)
class Modality:
    """`slope` and `intercept` to values of `unit` ("" where none is said), or a table instead."""

    slope: float = 1.0
    intercept: float = 0.0
    unit: str = ""
    table: LookUpTable | None = None

    def apply(self, stored: NDArray[Any]) -> NDArray[np.float64]:
        """Modality values of stored values, any shape (C.11.1.1.2: slope times value, plus)."""
        if self.table is not None:
            return self.table.apply(stored).astype(np.float64)
        values: NDArray[np.float64] = np.multiply(stored, self.slope, dtype=np.float64)
        values += self.intercept
        return values

    @property
    def whole_numbers(self) -> bool:
        """Whether integers stay integers."""
        if self.table is not None:
            return True
        return self.slope.is_integer() and self.intercept.is_integer()


def modality_of(dataset: Dataset, frame_index: int) -> Modality:
    """The transformation of one frame, from its functional groups or the data set (C.7.6.16.2.9).

    A Modality LUT Sequence goes before a rescale (they exclude each other); one whose table is
    empty or impossible says nothing, as in dcmtk.
    """
    for item in items(dataset, "ModalityLUTSequence")[:1]:
        signed = whole(dataset, "PixelRepresentation") == 1
        with suppress(errors.OutOfRange):
            table = read_table(item, negative=signed)
            return Modality(unit=_unit(text(item, "ModalityLUTType")), table=table)
    group = frame_item(dataset, frame_index, "PixelValueTransformationSequence")
    slope, intercept = _likely(group, "RescaleSlope"), _likely(group, "RescaleIntercept")
    if slope is None and intercept is None:
        return Modality(unit=_default_unit(dataset, rescaled=False))
    unit = _unit(text(group, "RescaleType")) or _default_unit(dataset, rescaled=True)
    # A slope of 0 would make every pixel alike; it is what writers leave in a field unfilled.
    return Modality(slope=slope or 1.0, intercept=intercept or 0.0, unit=unit)


def _likely(dataset: Dataset, keyword: str) -> float | None:
    """A number that something was measured with; None for what would leave the range of floats."""
    found = number(dataset, keyword)
    return found if not found or SMALLEST < abs(found) < LARGEST else None


def _unit(declared: str) -> str:
    return "" if declared in UNSPECIFIED else declared


def _default_unit(dataset: Dataset, *, rescaled: bool) -> str:
    """CT is in Hounsfield units where Rescale Type is silent (C.8.2.1), PET in its Units."""
    modality = text(dataset, "Modality")
    if modality == "CT" and rescaled:
        return "HU"
    return text(dataset, "Units") if modality == "PT" else ""


def lowest(dataset: Dataset, modality: Modality) -> float:
    """The lowest modality value that the stored bits could give (C.11.1.1.2)."""
    if modality.table is not None:
        return 0.0
    bits = whole(dataset, "BitsStored") or whole(dataset, "BitsAllocated") or 16
    signed = whole(dataset, "PixelRepresentation") == 1
    ends = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    return min(end * modality.slope + modality.intercept for end in ends)
