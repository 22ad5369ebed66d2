"""SUVbw: worked out by hand, over midnight, by each unit, and every reason why there is none."""

import math
from typing import Any

import pytest
from pydicom.dataset import Dataset

from dicom_veil.read import Instance
from dicom_veil.suv import Suv, suv_of
from dicom_veil.units import Unit, units_of
from tests.core.make import header, instance, ramp
from tests.core.test_window import item, lut_item

F18 = 6586.2  # half-life in s
DRUG = {
    "RadionuclideTotalDose": "350000000",
    "RadionuclideHalfLife": str(F18),
    "RadiopharmaceuticalStartTime": "093000",
}
PET = {
    "Modality": "PT", "Units": "BQML", "DecayCorrection": "START", "PatientWeight": "70",
    "CorrectedImage": ["NORM", "DTIM", "ATTN", "SCAT", "DECY"],
    "SeriesDate": "20240307", "SeriesTime": "103000.000", "AcquisitionDate": "20240307",
    "AcquisitionTime": "103215", "RescaleSlope": "2.5", "RescaleIntercept": "0",
}  # fmt: skip


def pet(drug: dict[str, Any] | None = None, **attributes: Any) -> Instance:
    """A PET header as it is read back; None removes an attribute."""
    dataset = header(2, 2, **{**PET, **attributes})
    told = {key: value for key, value in {**DRUG, **(drug or {})}.items() if value is not None}
    dataset.RadiopharmaceuticalInformationSequence = [item(**told)]
    return made(dataset)


def made(dataset: Dataset) -> Instance:
    return instance(dataset, ramp(2, 2).tobytes())


def after(hours: float) -> float:
    """What 1 Bq/ml is in SUV so long after the injection: g of body over Bq that are left."""
    return 70_000 / (350e6 * math.exp(-math.log(2) * hours * 3600 / F18))


def factor(found: Suv | None) -> float:
    assert found is not None
    assert found.factor is not None, found.reason
    return found.factor


@pytest.mark.parametrize(
    ("attributes", "drug", "expected"),
    [
        ({}, {}, after(1)),
        # Corrected to the injection: nothing has decayed.
        ({"DecayCorrection": "ADMIN"}, {}, after(0)),
        # Injected before midnight, scanned after it; the time alone, and with its date.
        ({"SeriesTime": "001500", "AcquisitionTime": "001600"},
         {"RadiopharmaceuticalStartTime": "234500"}, after(0.5)),
        ({"SeriesTime": "001500", "AcquisitionTime": "001600"},
         {"RadiopharmaceuticalStartTime": None,
          "RadiopharmaceuticalStartDateTime": "20240306231500.000000"}, after(1)),
        # A date and time that contradict the scan give way to the time of day.
        ({}, {"RadiopharmaceuticalStartDateTime": "20200101000000"}, after(1)),
        ({"SeriesTime": "1030"}, {"RadiopharmaceuticalStartTime": "0900"}, after(1.5)),
        ({"AcquisitionDate": None, "AcquisitionTime": None}, {}, after(1)),
        ({"Units": "GML"}, {}, 1.0),
        ({"Units": "GML", "CorrectedImage": None, "PatientWeight": None}, {}, 1.0),
        ({"Units": "GML", "SUVType": "BW"}, {}, 1.0),
    ],
)  # fmt: skip
def test_the_factor(attributes: dict[str, Any], drug: dict[str, Any], expected: float) -> None:
    assert factor(suv_of(pet(drug, **attributes).dataset)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("attributes", "drug", "reason"),
    [
        ({"PatientWeight": None}, {}, "Weight"),
        ({"PatientWeight": "0"}, {}, "Weight"),
        ({}, {"RadionuclideTotalDose": None}, "Dose"),
        ({}, {"RadionuclideTotalDose": "0"}, "Dose"),
        ({}, {"RadionuclideHalfLife": None}, "Half Life"),
        ({}, {"RadiopharmaceuticalStartTime": None}, "injection"),
        ({"CorrectedImage": ["NORM", "ATTN"]}, {}, "decay"),
        ({"DecayCorrection": "NONE"}, {}, "Decay Correction"),
        ({"Units": "PROPCPS"}, {}, "Units"),
        ({"Units": "CNTS"}, {}, "factor"),
        ({"Units": "GML", "SUVType": "LBM"}, {}, "another measure"),
        # A series made after the acquisition, whose maker does not say when the scan began.
        ({"SeriesTime": "120000"}, {}, "scan began"),
        ({"SeriesTime": None}, {}, "scan began"),
    ],
)
def test_why_there_is_none(attributes: dict[str, Any], drug: dict[str, Any], reason: str) -> None:
    """A sentence that a person can act on; no value of the file stands in it."""
    found = suv_of(pet(drug, **attributes).dataset)
    assert found is not None
    assert found.factor is None
    assert reason in found.reason
    assert found.reason.startswith("There is no SUV: ")
    assert not any(value in found.reason for value in ("350000000", "20240307", "103000"))


def test_no_drug_no_suv() -> None:
    found = suv_of(made(header(2, 2, **PET)).dataset)
    assert found is not None
    assert "Radiopharmaceutical Information" in found.reason


def philips(**elements: str) -> Instance:
    """Counts, with the maker's own factors."""
    dataset = header(2, 2, **{**PET, "Units": "CNTS"})
    dataset.RadiopharmaceuticalInformationSequence = [item(**DRUG)]
    block = dataset.private_block(0x7053, "Philips PET Private Group", create=True)
    for name, value in elements.items():
        block.add_new({"suv": 0x00, "activity": 0x09}[name], "DS", value)
    return made(dataset)


def test_counts_by_the_makers_factors() -> None:
    """Philips: the factor to SUV, else the one to Bq/ml and on as if the units were BQML."""
    assert factor(suv_of(philips(suv="0.000551", activity="1.4").dataset)) == 0.000551
    by_activity = factor(suv_of(philips(suv="0", activity="1.4").dataset))
    assert by_activity == pytest.approx(1.4 * after(1), rel=1e-9)


def test_a_later_series_with_the_makers_scan_time() -> None:
    """GE: a reconstruction of the day after is corrected to the start of the scan itself."""
    dataset = header(2, 2, **{**PET, "SeriesDate": "20240308"})
    dataset.RadiopharmaceuticalInformationSequence = [item(**DRUG)]
    block = dataset.private_block(0x0009, "GEMS_PETD_01", create=True)
    block.add_new(0x0D, "DT", "20240307113000.00")
    assert factor(suv_of(made(dataset).dataset)) == pytest.approx(after(2), rel=1e-9)


def test_units_of_a_frame() -> None:
    """The modality's first, then SUVbw, then stored values; each a line from stored values."""
    units, notes = units_of(pet().dataset, 0)
    assert units == (
        Unit("BQML", 2.5, 0),
        Unit("SUVbw", pytest.approx(2.5 * after(1)), 0),  # type: ignore[arg-type]
        Unit("stored", 1, 0),
    )
    assert notes == ()
    units, notes = units_of(pet(PatientWeight=None).dataset, 0)
    assert [unit.name for unit in units] == ["BQML", "stored"]
    assert len(notes) == 1


def test_units_of_other_modalities() -> None:
    """Hounsfield units of CT; only stored values where nothing is said, or behind a table."""
    scan = made(header(2, 2, Modality="CT", RescaleSlope="1", RescaleIntercept="-1024"))
    assert units_of(scan.dataset, 0)[0] == (Unit("HU", 1, -1024), Unit("stored", 1, 0))
    plain = made(header(2, 2, Modality="MR"))
    assert units_of(plain.dataset, 0) == ((Unit("stored", 1, 0),), ())
    table = lut_item(0, 16, ramp(2, 2).ravel(), ModalityLUTType="OD")
    behind = made(header(2, 2, Modality="CR", ModalityLUTSequence=[table]))
    assert units_of(behind.dataset, 0) == ((Unit("stored", 1, 0),), ())
