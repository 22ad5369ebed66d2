"""What cleaners know of an instance beyond the value in front of them; made once per instance."""

from dataclasses import dataclass

from dicom_veil.dates import LONGEST, SHORTEST
from dicom_veil.decoded import value_of
from dicom_veil.errors import Refused
from dicom_veil.identity import Identity
from dicom_veil.notation import fold, words
from dicom_veil.read import Instance


@dataclass(frozen=True)
class Context:
    """`shift_days` is negative: dates move back, by one number for all that a patient has.

    `identifying`: casefolded words of the values that identify in this very instance, which no
    cleaned text may hold. Dates are as in the file (DA), or empty. `known`: the pseudonym stood in
    the file already; `sealed`: the file is as this key's result left it (`seal`).
    """

    identity: Identity
    pseudonym: str
    shift_days: int
    identifying: frozenset[str]
    study_date: str
    birth_date: str
    known: bool = False
    sealed: bool = False
    sealed_dates: bool = False


def patient_of(instance: Instance, identity: Identity) -> str:
    """Whose instance this is: what tells the patient from others, and what a person said of it."""
    patient = patient_in(instance, identity)
    if not identity.people:
        return patient
    return identity.people.get((patient, same_name(text_of(instance, "PatientName"))), patient)


def patient_in(instance: Instance, identity: Identity) -> str:
    """What tells this patient from others: PatientID with its issuer, else name and birth date,

    else the study (by its new UID, which stays the same from then on): two patients must not
    become one because neither has an ID.
    """
    if text_of(instance, "PatientID"):
        return "\0".join(
            ("id", text_of(instance, "PatientID"), text_of(instance, "IssuerOfPatientID"))
        )
    if text_of(instance, "PatientName"):
        return "\0".join(
            ("name", text_of(instance, "PatientName"), text_of(instance, "PatientBirthDate"))
        )
    return "\0".join(("study", identity.uid(text_of(instance, "StudyInstanceUID"))))


def same_name(name: str) -> str:
    """A person's name without what is no difference: case, accents' encoding, carets, spaces.

    >>> same_name("Doe^Jane^^") == same_name("DOE^JANE")
    True
    """
    return " ".join(words(fold(name.partition("=")[0] or name))) or fold(name)


def text_of(instance: Instance, keyword: str) -> str:
    """The text of one of the instance's own attributes; empty where there is none."""
    return str(value_of(instance.dataset, keyword) or "").strip("\0 ")


def known_pseudonym(instance: Instance, identity: Identity, *, sealed: bool) -> str:
    """The pseudonym of this key's project that the patient has already (`seal`), or nothing."""
    named = text_of(instance, "PatientID") or text_of(instance, "PatientName")
    made = sealed or any(
        identity.made_uid(text_of(instance, keyword))
        for keyword in ("StudyInstanceUID", "SOPInstanceUID")
    )
    return named if made and identity.may_be_pseudonym(named) else ""


def pseudonym_for(instance: Instance, identity: Identity) -> str:
    """The patient's pseudonym: keyed, or the person's own."""
    patient = patient_of(instance, identity)
    kind, patient_id, *apart = patient.split("\0")
    if identity.patients is not None and len(apart) > 1:
        raise Refused(
            "The table of patients has one pseudonym for this PatientID, but two persons were "
            "told apart under it."
        )
    named = patient_id if kind == "id" else text_of(instance, "PatientID")
    return identity.pseudonym_of(named, patient)


def context_of(
    instance: Instance, identity: Identity, identifying: frozenset[str], *,
    sealed: bool = False, sealed_dates: bool = False,
) -> Context:  # fmt: skip
    """The context of one instance; `sealed_dates` do not move."""
    patient = patient_of(instance, identity)
    days = SHORTEST + identity.number("dates", patient) % (LONGEST - SHORTEST + 1)
    known = known_pseudonym(instance, identity, sealed=sealed)
    return Context(
        identity=identity,
        pseudonym=known or pseudonym_for(instance, identity),
        shift_days=0 if sealed_dates else -days,
        identifying=identifying,
        study_date=text_of(instance, "StudyDate"),
        birth_date=text_of(instance, "PatientBirthDate"),
        known=bool(known),
        sealed=sealed,
        sealed_dates=sealed_dates,
    )
