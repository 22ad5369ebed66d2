"""The options of PS3.15 Annex E: what each is called, recorded as, and how it cleans.

An option's cell in Table E.1-1 is K (keep) or C (clean); a requirement of an option overrides
one of the profile (E.1.1). Where two options meet on an attribute, the one that cleans wins.
"""

from dataclasses import dataclass

from dicom_veil.errors import Usage
from dicom_veil.standard import Attribute


@dataclass(frozen=True)
class Option:
    """`name` as in the data, `code` and `meaning` of CID 7050, `method` of its C cells."""

    name: str
    code: str
    meaning: str
    method: str = ""


OPTIONS = {
    option.name: option
    for option in (
        Option("clean_graphics", "113103", "Clean Graphics Option", "graphics"),
        Option("clean_structured_content", "113104", "Clean Structured Content Option", "content"),
        Option("clean_descriptors", "113105", "Clean Descriptors Option", "text"),
        Option(
            "retain_long_full_dates",
            "113106",
            "Retain Longitudinal Temporal Information Full Dates Option",
        ),
        Option(
            "retain_long_modified_dates",
            "113107",
            "Retain Longitudinal Temporal Information Modified Dates Option",
            "shift",
        ),
        Option("retain_patient_chars", "113108", "Retain Patient Characteristics Option", "text"),
        Option("retain_device", "113109", "Retain Device Identity Option", "ae"),
        Option("retain_uids", "113110", "Retain UIDs Option"),
        Option("retain_safe_private", "113111", "Retain Safe Private Option", "private"),
        Option("retain_institution", "113112", "Retain Institution Identity Option"),
    )
}
# No cells of the table are its: it is recorded by what was done to the pixels.
PIXELS = Option("clean_pixel_data", "113101", "Clean Pixel Data Option")
PROFILE_CODE = ("113100", "Basic Application Confidentiality Profile")
DATE_OPTIONS = frozenset({"retain_long_full_dates", "retain_long_modified_dates"})
# Which VRs a method can clean; elsewhere the profile's own action stands.
CLEANABLE = {
    "shift": frozenset({"DA", "DT", "TM"}),
    "text": frozenset({"LO", "LT", "SH", "ST", "UC", "UT", "CS", "SQ"}),
    "ae": frozenset({"AE"}),
    "content": frozenset({"SQ"}),
    "graphics": frozenset({"SQ", "OB", "OW", ""}),
}


def checked(names: tuple[str, ...]) -> tuple[str, ...]:
    """Option names in their fixed order. Raises `Usage` for unknown and contradictory ones."""
    unknown = sorted(set(names) - set(OPTIONS))
    if unknown:
        raise Usage(f"There is no option {unknown[0]!r}. There are: {', '.join(OPTIONS)}.")
    if set(names) >= DATE_OPTIONS:
        raise Usage(
            "Full dates and modified dates cannot both be retained: choose one of the two "
            "(PS3.15 E.3.6)."
        )
    return tuple(name for name in OPTIONS if name in names)


def cell(row: Attribute, vr: str, options: tuple[str, ...]) -> tuple[str, str, str] | None:
    """What the chosen options say of an attribute: (action, option, method), or None.

    `action` is K, or C with the method of the first option that can clean the VR.
    """
    kept = ""
    for name in options:
        action = row.options.get(name)
        method = OPTIONS[name].method
        if action == "C" and vr in CLEANABLE.get(method, ()):
            return "C", name, method
        if action == "K":
            kept = kept or name
    return ("K", kept, "") if kept else None
