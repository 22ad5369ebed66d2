"""By what an attribute identifies: the kinds of tokens (`tokens`) that its value gives."""

from functools import lru_cache

from dicom_veil.standard import keyword_of, structural_uids, vr_of

TEXT_VRS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "AE", "UR"})
BYTES_VRS = frozenset({"OB", "OW", "UN", "OD", "OF", "OL", "OV"})
CODE_KEYWORDS = ("ID", "IDs", "Number", "Numbers", "Identifier", "UID", "AETitle", "AET")
PLACE_WORDS = ("Institution", "Station", "Address", "Department", "Facility", "Organization",
               "Location", "Residence", "Telephone", "Telecom", "Issuer", "Hospital")  # fmt: skip
# Say which code, of which scheme, in which context group or template: Code Value, Coding Scheme
# Designator and Version, Mapping Resource, Context Identifier, Template Identifier.
CODING = frozenset({0x00080100, 0x00080102, 0x00080103, 0x00080105, 0x0008010F, 0x0040DB00})
ICC_PROFILE = 0x00282000


@lru_cache(maxsize=8192)
def kinds_of(tag: int, vr: str) -> tuple[str, ...]:
    """By the VR that the file has, and by the dictionary's: a name written as LO is one still."""
    found = (kind_of(tag, vr), kind_of(tag, vr_of(tag) or vr))
    return tuple(kind for kind in dict.fromkeys(found) if kind)


@lru_cache(maxsize=8192)
def kind_of(tag: int, vr: str) -> str:
    """What an attribute identifies by, or an empty string when nothing can be looked for."""
    if vr == "PN":
        return "name"
    if vr == "UI":
        return "" if tag in structural_uids() else "uid"
    if vr in ("DA", "DT"):
        return "day"
    if vr == "TM":
        return "time"
    if vr in BYTES_VRS:
        # What is left of an ICC profile are its numbers (`icc`).
        return "" if tag == ICC_PROFILE else "blob"
    if vr == "CS":
        return "label"
    if vr not in TEXT_VRS:
        return ""
    if tag in CODING:
        return ""
    keyword = keyword_of(tag)
    if any(word in keyword for word in PLACE_WORDS) and not keyword.endswith("ID"):
        return "place"
    return "code" if vr == "AE" or keyword.endswith(CODE_KEYWORDS) else "text"
