"""Private attributes under Retain Safe Private (PS3.15 E.3.10): known to be safe, or gone.

Table E.3.10-1 and a person's own additions name elements by creator; the creator element of a
block stays exactly when something of the block does.
"""

import json
from functools import cache
from importlib.resources import files

from pydicom.dataset import Dataset

from dicom_veil.decoded import value_of

# What to do with a safe element of a VR that can hold more than a measure. Safe by the table is
# no guarantee (E.3.10 Note 1): text is cleaned, UIDs are replaced, bytes nobody can read go.
BY_VR = {
    "UI": ("U", ""), "PN": ("X", ""), "AE": ("X", ""), "UR": ("X", ""), "OB": ("X", ""),
    "OW": ("X", ""), "UN": ("X", ""), "LO": ("C", "text"), "SH": ("C", "text"),
    "ST": ("C", "text"), "LT": ("C", "text"), "UT": ("C", "text"), "UC": ("C", "text"),
    "DA": ("C", "date"), "DT": ("C", "date"), "TM": ("C", "date"),
}  # fmt: skip
# A measure, a choice, or a sequence whose items are judged one by one. What else there is goes.
KEPT = frozenset({
    "AS", "AT", "CS", "DS", "FD", "FL", "IS", "SL", "SQ", "SS", "SV", "UL", "US", "UV",
})  # fmt: skip


@cache
def safe_private() -> dict[str, dict[tuple[int, int], str]]:
    """Creator → {(group, element's low byte): VR}; an empty VR where the table gives none."""
    text = (files("dicom_veil") / "data" / "safe_private.json").read_text(encoding="utf-8")
    creators: dict[str, dict[str, str]] = json.loads(text)["creators"]
    return {
        creator: {(int(tag[:4], 16), int(tag[6:], 16)): vr for tag, vr in elements.items()}
        for creator, elements in creators.items()
    }


def creator_of(dataset: Dataset, tag: int) -> str | None:
    """The creator of the block that a private element stands in (PS3.5 7.8.1), or None."""
    group, block = tag >> 16, tag >> 8 & 0xFF
    if block < 0x10:
        return None
    value = value_of(dataset, group << 16 | block)
    if not isinstance(value, str | bytes):
        return None
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text.strip(" \0")


def listed_vr(dataset: Dataset, tag: int) -> str | None:
    """The VR that Table E.3.10-1 has for a private element, or None where it is not listed."""
    creator = creator_of(dataset, tag)
    found = safe_private().get(creator or "", {}).get((tag >> 16, tag & 0xFF))
    return found or None


def is_creator(tag: int) -> bool:
    """Whether a private tag is that of a creator element: (gggg,0010) to (gggg,00FF)."""
    return bool(tag >> 16 & 1) and 0x10 <= tag & 0xFFFF <= 0xFF
