"""What an instance says of its patient, its people and its place: what readings are held to."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from dicom_veil.decoded import converted
from dicom_veil.notation import day_of
from dicom_veil.plan import is_sequence, vr_of_element
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.values import items_of
from dicom_veil.words import spellings

# Attributes whose values identify, by keyword; persons' names (PN) do wherever they stand.
CODES = frozenset({
    "PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "IssuerOfPatientID",
    "AdmissionID", "ServiceEpisodeID", "RequestedProcedureID", "ScheduledProcedureStepID",
    "PerformedProcedureStepID", "PlacerOrderNumberImagingServiceRequest",
    "FillerOrderNumberImagingServiceRequest", "MedicalRecordLocator", "MilitaryRank",
    "PatientTelephoneNumbers", "PatientAddress", "DeviceSerialNumber", "PlateID", "DetectorID",
})  # fmt: skip
PLACES = frozenset({
    "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName",
    "PerformedLocation", "CurrentPatientLocation", "PatientInstitutionResidence",
    "ClinicalTrialSiteName",
})  # fmt: skip
BIRTH = "PatientBirthDate"


@dataclass(frozen=True)
class Own:
    """Values by what they are, each with the keyword of its attribute. Never leaves the memory."""

    names: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    days: tuple[tuple[str, tuple[int, int, int]], ...] = ()

    def words(self) -> frozenset[str]:
        """All words of names and places, folded, as `descriptors.clean` wants them."""
        values = (*self.names, *self.places, *self.codes)
        return frozenset(form for _, value in values for form in spellings(value) if form)


def own_of(instance: Instance) -> Own:
    """Collects the values of all levels of an instance's data set."""
    found: dict[str, dict[tuple[str, object], None]] = {"n": {}, "c": {}, "p": {}, "d": {}}
    with quietly():
        for keyword, vr, text in _values(instance.dataset):
            if vr == "PN":
                for part in text.replace("=", "^").replace(" ", "^").replace(",", "^").split("^"):
                    _note(found["n"], keyword, part)
            elif keyword in CODES:
                _note(found["c"], keyword, text)
            elif keyword in PLACES:
                for part in text.split():
                    _note(found["p"], keyword, part)
            elif vr in ("DA", "DT") and (day := day_of(text)):
                found["d"][keyword, day] = None
    return Own(*(tuple(one) for one in found.values()))  # type: ignore[arg-type]


def _note(found: dict[tuple[str, object], None], keyword: str, text: str) -> None:
    text = text.strip("\0 .")
    if len(text) > 1:
        found[keyword, text] = None


def _values(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    for element in list(dataset._dict.values()):
        if is_sequence(element):
            for item in items_of(element):
                yield from _values(item)
            continue
        keyword, vr = keyword_for_tag(element.tag), vr_of_element(element)
        if vr not in ("PN", "DA", "DT") and keyword not in CODES | PLACES:
            continue
        try:
            whole = converted(element, dataset) if isinstance(element, RawDataElement) else element
        except (ValueError, TypeError, LookupError, ArithmeticError):
            continue  # a value that cannot be read is not printed from it either
        values = whole.value if isinstance(whole.value, MultiValue) else [whole.value]
        for value in values:
            yield keyword, vr, str(value)
