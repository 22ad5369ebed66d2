"""What a result says of its own de-identification (PS3.15 E.1.1 step 6): what was done, no more."""

from dataclasses import replace
from functools import cache

from pydicom.dataset import Dataset

from dicom_veil import __version__
from dicom_veil.apply import like
from dicom_veil.options import OPTIONS, PROFILE_CODE
from dicom_veil.profile import Profile
from dicom_veil.rules import RuleFinder
from dicom_veil.standard import vr_of


def mark(dataset: Dataset, profile: Profile) -> Dataset:
    """`dataset` with (0012,0062), (0012,0063), (0012,0064) and (0028,0303) by what was done.

    The codes of CID 7050 are those of the profile and of each option. A person's own rules may do
    less than those ask for: the codes are then left out, and the text names the profile file.
    Burned In Annotation and Recognizable Visual Features stay as they are: nobody looked. What an
    earlier method said of itself in free text is not carried over.
    """
    marked = like(dataset, dict(dataset._dict))
    marked.PatientIdentityRemoved = "YES"
    marked.DeidentificationMethod = [
        f"Veil {__version__}",
        f"{profile.edition} Annex E",
        f"Profile {profile.name}",
    ]
    if "DeidentificationMethodCodeSequence" in marked:
        del marked.DeidentificationMethodCodeSequence
    if all_as_printed(profile):
        options = ((OPTIONS[name].code, OPTIONS[name].meaning) for name in profile.options)
        marked.DeidentificationMethodCodeSequence = [
            _code(code, meaning) for code, meaning in (PROFILE_CODE, *options)
        ]
    marked.LongitudinalTemporalInformationModified = temporal(profile)
    return marked


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


def _code(value: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue = value
    code.CodingSchemeDesignator = "DCM"
    code.CodeMeaning = meaning
    return code
