"""What a result says of its own de-identification (PS3.15 E.1.1 step 6): what was done, no more."""

from dataclasses import replace
from functools import cache

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from dicom_veil import __version__
from dicom_veil.apply import Elements, like
from dicom_veil.dummy import padded
from dicom_veil.faces import shows_face
from dicom_veil.options import OPTIONS, PIXELS, PROFILE_CODE
from dicom_veil.profile import Profile
from dicom_veil.read import Instance
from dicom_veil.redact.region import Cleaning
from dicom_veil.rules import RuleFinder
from dicom_veil.standard import vr_of

CODES, ICON = BaseTag(0x00120064), BaseTag(0x00880200)
BURNED_IN, VISUAL_FEATURES = BaseTag(0x00280301), BaseTag(0x00280302)


def mark(dataset: Dataset, profile: Profile) -> Dataset:
    """`dataset` with (0012,0062), (0012,0063), (0012,0064) and (0028,0303) by what was done.

    The codes of CID 7050 are those of the profile and of each option. A person's own rules may do
    less than those ask for: the codes are then left out, and the text names the profile file.
    Burned In Annotation and Recognizable Visual Features are for `mark_pixels`. What an earlier
    method said of itself in free text is not carried over.
    """
    elements = dict(dataset._dict)
    elements.pop(CODES, None)
    implicit, _ = dataset.original_encoding
    elements.update(_markers(profile, bool(implicit)))
    return like(dataset, elements)


def mark_pixels(dataset: Dataset, instance: Instance, cleaning: Cleaning | None) -> Dataset:
    """`dataset` with what its pixels still show, as far as anybody looked.

    Burned In Annotation becomes NO, and 113101 is recorded, where all frames were searched and
    what was found went (PS3.15 E.3.1). It becomes YES where text that identifies was left; else it
    stays what it was. Recognizable Visual Features becomes YES where a face may be recognised:
    faces are not removed, so it never becomes NO, and 113102 is never recorded. An icon of pixels
    that were changed goes.
    """
    elements = dict(dataset._dict)
    implicit = bool(dataset.original_encoding[0])
    if cleaning is not None and cleaning.regions:
        elements.pop(ICON, None)
    if cleaning is not None and cleaning.stays == "identifies":
        elements[BURNED_IN] = _raw(BURNED_IN, "CS", "YES", implicit)
    if cleaning is not None and cleaning.is_clean:
        elements[BURNED_IN] = _raw(BURNED_IN, "CS", "NO", implicit)
        codes = elements.get(CODES)
        if isinstance(codes, DataElement):
            items = [*codes.value, _code(PIXELS.code, PIXELS.meaning, implicit)]
            elements[CODES] = DataElement(CODES, "SQ", Sequence(items))
    if shows_face(instance):
        elements[VISUAL_FEATURES] = _raw(VISUAL_FEATURES, "CS", "YES", implicit)
    return like(dataset, dict(sorted(elements.items(), key=lambda one: int(one[0]))))


@cache
def _markers(profile: Profile, implicit: bool) -> Elements:
    """The elements that say what was done; the same for every instance of a profile."""
    method = f"Veil {__version__}\\{profile.edition} Annex E\\Profile {profile.name}"
    elements: Elements = {
        BaseTag(0x00120062): _raw(0x00120062, "CS", "YES", implicit),
        BaseTag(0x00120063): _raw(0x00120063, "LO", method, implicit),
        BaseTag(0x00280303): _raw(0x00280303, "CS", temporal(profile), implicit),
    }
    if all_as_printed(profile):
        options = ((OPTIONS[name].code, OPTIONS[name].meaning) for name in profile.options)
        codes = [_code(code, meaning, implicit) for code, meaning in (PROFILE_CODE, *options)]
        elements[CODES] = DataElement(CODES, "SQ", Sequence(codes))
    return elements


def _raw(tag: int, vr: str, text: str, implicit: bool) -> RawDataElement:
    value = padded(text.encode("ascii"))
    return RawDataElement(BaseTag(tag), vr, len(value), value, 0, implicit, True)


@cache
def all_as_printed(profile: Profile) -> bool:
    """Whether nothing that the profile does is less than the standard's profile and options."""
    printed = RuleFinder(replace(profile, own=()), "", references_listed=False)
    return profile.dates == "remove" and all(
        _as_strict(rule.action, printed.find(rule.tag, vr_of(rule.tag), rule.parents).action)
        for rule in profile.own
    )


def _as_strict(own: str, printed: str) -> bool:
    """Whether a person's action keeps no more than the printed one."""
    if own == "K":
        return printed == "K"
    return own != "C" or printed in ("K", "C")


def temporal(profile: Profile) -> str:
    """Longitudinal Temporal Information Modified (PS3.15 E.2, E.3.6)."""
    if "retain_long_full_dates" in profile.options:
        return "UNMODIFIED"
    if "retain_long_modified_dates" in profile.options or profile.dates != "remove":
        return "MODIFIED"
    return "REMOVED"


def _code(value: str, meaning: str, implicit: bool) -> Dataset:
    elements: Elements = {
        BaseTag(tag): _raw(tag, vr, text, implicit)
        for tag, vr, text in (
            (0x00080100, "SH", value),
            (0x00080102, "SH", "DCM"),
            (0x00080104, "LO", meaning),
        )
    }
    item = Dataset(elements)
    item.set_original_encoding(implicit, True, item._character_set)
    return item
