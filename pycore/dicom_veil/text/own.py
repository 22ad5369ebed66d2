"""What an instance says of its patient, its people and its place: what readings are held to."""

import re
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
from dicom_veil.words import fold, spellings

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
PATIENT_IDS = frozenset({"PatientID", "OtherPatientIDs", "AccessionNumber"})
GIVEN = 3  # components of a name: family, given and middle name
PARTS, PIECES = re.compile(r"[ ^,]"), re.compile(r"[-'’.]")


Notes = dict[tuple[str, object], None]


@dataclass(frozen=True)
class Own:
    """Values by what they are, each with the keyword of its attribute. Never leaves the memory."""

    names: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    days: tuple[tuple[str, tuple[int, int, int]], ...] = ()
    initials: tuple[tuple[str, str], ...] = ()

    def words(self) -> frozenset[str]:
        """All words of names and places, folded, as `descriptors.clean` wants them."""
        values = (*self.names, *self.places, *self.codes)
        return frozenset(form for _, value in values for form in spellings(value) if form)


def own_of(instance: Instance) -> Own:
    """Collects the values of all levels of an instance's data set."""
    found: dict[str, Notes] = {"n": {}, "c": {}, "p": {}, "d": {}, "i": {}}
    with quietly():
        for keyword, vr, text in _values(instance.dataset):
            if vr == "PN":
                for group in text.split("="):
                    _note_name(found["n"], found["i"], keyword, group)
            elif keyword in CODES:
                _note(found["c"], keyword, text, shortest=_shortest(keyword, text))
            elif keyword in PLACES:
                for part in text.split():
                    _note(found["p"], keyword, part)
            elif vr in ("DA", "DT") and (day := day_of(text)):
                found["d"][keyword, day] = None
    return Own(*(tuple(one) for one in found.values()))  # type: ignore[arg-type]


def _note_name(names: Notes, initials: Notes, keyword: str, group: str) -> None:
    """The parts of a name, those between hyphens too; its initials; all of it where it is short.

    `Dr` before or behind a name (PS3.5 6.2.1.2) is none: a dynamic range is labelled so.
    """
    components = group.split("^")
    called = PARTS.split("^".join(components[:GIVEN]))
    beside = PARTS.split("^".join(components[GIVEN:]))
    for parts, shortest in ((called, 2), (beside, 3)):
        for part in parts:
            for piece in (part, *PIECES.split(part)):
                _note(names, keyword, piece, shortest=shortest)
    bare = [part.strip("\0 .") for part in called if part.strip("\0 .")]
    first = [fold(part)[:1] for part in bare]
    for letters in ("".join(first), "".join((*first[1:], *first[:1]))):
        if len(letters) > 1:
            initials[keyword, letters] = None
            if max(map(len, bare)) == 1:
                _note(names, keyword, letters)


def _shortest(keyword: str, code: str) -> int:
    """Characters from which on an ID is one. Studies are counted from 1, as all is on a screen."""
    if not code.strip("\0 .").isdecimal():
        return 2
    return 1 if keyword in PATIENT_IDS else 3


def _note(found: Notes, keyword: str, text: str, *, shortest: int = 2) -> None:
    text = text.strip("\0 .")
    if len(text) >= shortest:
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
