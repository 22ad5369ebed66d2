"""What the standard says, as data with an edition: Table E.1-1 of PS3.15 and the dictionary.

The data is generated (`pycore/generate/`); nothing of it is typed here.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from pydicom.datadict import dictionary_description as _description
from pydicom.datadict import dictionary_VR, keyword_for_tag


@dataclass(frozen=True)
class Attribute:
    """One row of Table E.1-1: the Basic Profile's action and those of the options."""

    tag: int
    keyword: str
    name: str
    vr: str
    basic: str
    options: dict[str, str] = field(compare=False)


@cache
def _data() -> dict[str, Any]:
    text = (files("dicom_veil") / "data" / "confidentiality.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def edition() -> str:
    """The edition of PS3.15 that the table is of."""
    return str(_data()["edition"])


@cache
def confidentiality() -> dict[int, Attribute]:
    """Table E.1-1 by tag; rows for repeating groups are in `repeating`."""
    return {
        int(tag, 16): Attribute(int(tag, 16), keyword, name, vr, basic, options)
        for tag, keyword, name, vr, basic, options in _data()["attributes"]
    }


@cache
def repeating() -> dict[str, Attribute]:
    """The rows of Table E.1-1 for curves and overlays, by tag with `x` for any digit."""
    return {
        tag: Attribute(0, keyword, name, vr, basic, options)
        for tag, keyword, name, vr, basic, options in _data()["repeating"]
    }


@cache
def supplement() -> dict[int, str]:
    """Actions for attributes that identify although Table E.1-1 leaves them out."""
    return {int(tag, 16): action for tag, action, _reason in _data()["supplement"]}


@cache
def structural_uids() -> frozenset[int]:
    """UI attributes that name a class, a syntax or a coding scheme (PS3.15 E.3.9 Note 4)."""
    return frozenset(int(tag, 16) for tag in _data()["structural"])


@cache
def vr_of(tag: int) -> str | None:
    """The VR of a public attribute, as PS3.6 gives it, or None where no dictionary knows it.

    The first one where the standard allows several. Table E.1-1 is newer than pydicom's
    dictionary and answers for what that does not have.
    """
    try:
        return dictionary_VR(tag).split(" or ")[0]
    except KeyError:
        row = confidentiality().get(tag)
        return row.vr if row is not None and row.vr else None


@cache
def keyword_of(tag: int) -> str:
    """The keyword of an attribute (PS3.6), or an empty string."""
    keyword = keyword_for_tag(tag)
    if keyword:
        return keyword
    row = confidentiality().get(tag)
    return row.keyword if row is not None else ""


@cache
def name_of(tag: int) -> str:
    """The name of an attribute (PS3.6); 'Private Attribute' and 'Unknown Attribute' for others."""
    if (tag >> 16) % 2:
        return "Private Attribute"
    try:
        return _description(tag)
    except KeyError:
        row = confidentiality().get(tag)
        return row.name if row is not None else "Unknown Attribute"
