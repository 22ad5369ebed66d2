"""Content that no rule can look into, refused unless the profile has a rule for it by name.

An encapsulated PDF, CDA or 3D model, and the private bulk of a Raw Data instance, are the instance:
without them there is nothing to give out, and with them nobody knows what is given out. A rule of
one's own for EncapsulatedDocument (D: an empty document in its place, K: as it is, and still
searched by verify) or for a private element by its creator says what is wanted.
"""

from dicom_veil.errors import Refused
from dicom_veil.private import creator_of, is_creator
from dicom_veil.profile import Profile
from dicom_veil.read import Instance
from dicom_veil.types import attribute_type

ENCAPSULATED_DOCUMENT = 0x00420011
RAW_DATA_STORAGE = "1.2.840.10008.5.1.4.1.1.66"


def check_content(instance: Instance, profile: Profile) -> None:
    """Raises `Refused` for a document or raw data that the profile has no rule of its own for."""
    if _is_document(instance) and not _named(profile):
        raise Refused(
            "The instance is an encapsulated document (such as PDF, CDA or STL), and what its "
            "EncapsulatedDocument (0042,0011) says of the patient cannot be cleaned. A rule of "
            "the profile for EncapsulatedDocument decides otherwise: action D puts an empty "
            "document in its place, action K keeps it.",
            tag="(0042,0011)",
        )
    if instance.sop_class_uid == RAW_DATA_STORAGE and _only_unknown_bulk(instance, profile):
        raise Refused(
            "The instance holds raw data in private attributes, and nobody can say what they tell "
            "of the patient. A rule of the profile for the private element, by its creator, keeps "
            "it.",
        )


def _is_document(instance: Instance) -> bool:
    """In an IOD that does not have the attribute it is no content: Table E.1-1 decides on it."""
    return (
        ENCAPSULATED_DOCUMENT in instance.dataset._dict
        and attribute_type(instance.sop_class_uid, None, ENCAPSULATED_DOCUMENT) is not None
    )


def _named(profile: Profile) -> bool:
    return any(rule.tag == ENCAPSULATED_DOCUMENT and not rule.creator for rule in profile.own)


def _only_unknown_bulk(instance: Instance, profile: Profile) -> bool:
    """Whether there are private elements, and the profile has no rule of its own for any."""
    dataset = instance.dataset
    rules = {(rule.creator, rule.tag) for rule in profile.own if rule.creator}
    private = [tag for tag in dataset._dict if tag >> 16 & 1 and not is_creator(tag)]
    return bool(private) and not any(
        (creator_of(dataset, tag), tag & 0xFFFF00FF) in rules for tag in private
    )
