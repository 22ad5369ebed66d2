"""What a stored value is called and worth: one straight line from stored values for each unit."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from dicom_veil.modality import Modality, modality_of
from dicom_veil.suv import NAME, suv_of

STORED = "stored"


@dataclass(frozen=True)
class Unit:
    """Value = stored value × `slope` + `intercept`; `name` is "" where nobody says the unit."""

    name: str
    slope: float
    intercept: float


def units_of(dataset: Dataset, frame_index: int) -> tuple[tuple[Unit, ...], tuple[str, ...]]:
    """The units that one frame can be read in, the default first, and notes on what is missing.

    The modality's (PS3.3 C.11.1), SUVbw of PET where the header allows it, stored values. Behind
    a Modality LUT Sequence there is no straight line: only stored values are offered.
    """
    modality = modality_of(dataset, frame_index)
    plain = Unit(STORED, 1.0, 0.0)
    if modality.table is not None:
        return (plain,), ()
    found = [] if _says_nothing(modality) else [_unit(modality, modality.unit, 1.0)]
    suv = suv_of(dataset)
    if suv is not None and suv.factor is not None:
        found.append(_unit(modality, NAME, suv.factor))
    notes = (suv.reason,) if suv is not None and suv.reason else ()
    return (*found, plain), notes


def _unit(modality: Modality, name: str, factor: float) -> Unit:
    return Unit(name, modality.slope * factor, modality.intercept * factor)


def _says_nothing(modality: Modality) -> bool:
    return modality == Modality()
