"""What cleaners know of an instance beyond the value in front of them; made once per instance."""

from dataclasses import dataclass

from dicom_veil.dates import LONGEST, SHORTEST
from dicom_veil.identity import Identity
from dicom_veil.read import Instance, value_of


@dataclass(frozen=True)
class Context:
    """`shift_days` is negative: dates move back, by one number for all that a patient has.

    `identifying`: casefolded words of the values that identify in this very instance, which no
    cleaned text may hold. Dates are as in the file (DA), or empty.
    """

    identity: Identity
    pseudonym: str
    shift_days: int
    identifying: frozenset[str]
    study_date: str
    birth_date: str


def patient_of(instance: Instance) -> str:
    """What tells this patient from others: PatientID with its issuer, else name and birth date,

    else the study: two patients must not become one because neither has an ID.
    """

    def text(keyword: str) -> str:
        return str(value_of(instance.dataset, keyword) or "").strip()

    if text("PatientID"):
        return "\0".join(("id", text("PatientID"), text("IssuerOfPatientID")))
    if text("PatientName"):
        return "\0".join(("name", text("PatientName"), text("PatientBirthDate")))
    return "\0".join(("study", text("StudyInstanceUID")))


def context_of(instance: Instance, identity: Identity, identifying: frozenset[str]) -> Context:
    """The context of one instance."""
    patient = patient_of(instance)
    days = SHORTEST + identity.number("dates", patient) % (LONGEST - SHORTEST + 1)
    return Context(
        identity=identity,
        pseudonym=identity.pseudonym_of(
            str(value_of(instance.dataset, "PatientID") or "").strip(), patient
        ),
        shift_days=-days,
        identifying=identifying,
        study_date=str(value_of(instance.dataset, "StudyDate") or ""),
        birth_date=str(value_of(instance.dataset, "PatientBirthDate") or ""),
    )
