"""An instance → what grouping, numbering and questions need of its header."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from dicom_veil.context import known_pseudonym, patient_in, pseudonym_for, text_of
from dicom_veil.identity import Identity
from dicom_veil.read import Instance
from dicom_veil.seal import is_sealed

LARGEST = 2**31


class Header(NamedTuple):
    """Of one instance. Holds the patient's values: it never leaves the run.

    `patient` is what tells this patient from others (`context.patient_in`); `pseudonym` also heeds
    what a person said of who is who. `new_uid` is the
    keyed UID of its SOPInstanceUID, whatever the profile does with UIDs; `order` is what sorts it
    in its series: InstanceNumber, then the new UID.
    """

    patient: str
    patient_id: str
    patient_name: str
    birth_date: str
    pseudonym: str
    study: str
    series: str
    sop_instance_uid: str
    new_uid: str
    series_number: int
    instance_number: int
    modality: str
    device: str


def header_of(instance: Instance, identity: Identity) -> Header:
    """Raises `Refused` where a person's own table does not name the patient."""

    def text(keyword: str) -> str:
        return text_of(instance, keyword)

    known = known_pseudonym(instance, identity, sealed=is_sealed(instance.dataset, identity))
    uid = instance.sop_instance_uid
    maker = ("Manufacturer", "ManufacturerModelName", "DeviceSerialNumber", "StationName")
    return Header(
        patient=patient_in(instance, identity),
        patient_id=text("PatientID"),
        patient_name=text("PatientName"),
        birth_date=text("PatientBirthDate"),
        pseudonym=known or pseudonym_for(instance, identity),
        study=text("StudyInstanceUID"),
        series=text("SeriesInstanceUID"),
        sop_instance_uid=uid,
        new_uid=identity.uid(uid) if uid else "",
        series_number=_number(text("SeriesNumber")),
        instance_number=_number(text("InstanceNumber")),
        modality=text("Modality"),
        device="\0".join(map(text, maker)),
    )


def split(header: Header) -> list[Any]:
    """What the instances of a series mostly have in common, as one list, then what is its own."""
    common = [*header[:7], header.series_number, *header[11:]]
    return [common, header.sop_instance_uid, header.new_uid, header.instance_number]


def joined(common: Sequence[Any], uid: str, new_uid: str, number: int) -> Header:
    """What `split` made two of."""
    return Header._make((*common[:7], uid, new_uid, common[7], number, *common[8:]))


def _number(text: str) -> int:
    """A number to sort by; what has none, or one that cannot be, comes last."""
    try:
        return min(int(float(text)), LARGEST)
    except (OverflowError, ValueError):
        return LARGEST
