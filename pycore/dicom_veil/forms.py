"""What a text must look like to be a value of a VR (PS3.5 6.2)."""

import re

TEXT_VRS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
STRING_VRS = TEXT_VRS | {"AS", "DA", "DS", "DT", "IS", "TM", "UI"}
# What a text of one's own must look like in a VR (PS3.5 6.2).
FORMS = {
    "AE": r"[^\\]{1,16}", "AS": r"\d{3}[DWMY]", "CS": r"[A-Z0-9 _]{1,16}", "DA": r"\d{8}",
    "DS": r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?", "DT": r"\d{4,14}(?:\.\d+)?(?:[+-]\d{4})?",
    "IS": r"[-+]?\d{1,10}", "LO": r"[^\\]{1,64}", "PN": r"[^\\]{1,64}", "SH": r"[^\\]{1,16}",
    "TM": r"\d{2,6}(?:\.\d{1,6})?", "UC": r"[^\\]+", "UI": r"[0-9.]{1,64}",
}  # fmt: skip


def fits(text: str, vr: str) -> bool:
    """Whether a text is one value of a VR (PS3.5 6.2)."""
    return vr in STRING_VRS and re.fullmatch(FORMS.get(vr, r".*"), text, re.DOTALL) is not None
