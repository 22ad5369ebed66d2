"""Which Type (PS3.5 7.4) an attribute has in the IOD of an instance, and what Table E.1-1a of

PS3.15 makes of a compound action by it. The Types are data (`data/types.json`, from PS3.3).
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# Of an attribute whose IOD nobody knows: private and retired SOP Classes, and IODs that the data
# does not have in whole.
UNKNOWN = "?"
TYPES = ("1", "1C", "2", "2C", "3")
Place = tuple[int | None, int]


@cache
def _data() -> dict[str, Any]:
    text = (files("dicom_veil") / "data" / "types.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def edition() -> str:
    """The edition of PS3.3 that the Types are of."""
    return str(_data()["edition"])


@cache
def types_of(sop_class_uid: str) -> Mapping[Place, str] | None:
    """Types by (tag of the sequence right above, or None at the top; tag), or None.

    The strictest one over all modules of the IOD: which of them an instance has is not asked. None
    where the SOP Class is unknown.
    """
    data = _data()
    iod = data["sop_classes"].get(sop_class_uid)
    if iod is None:
        return None
    blocks = {index for module in data["iods"][iod] for index in data["modules"][module]}
    ranks: dict[Place, int] = {}
    for sequence, by_type in (data["blocks"][index] for index in blocks):
        parent = int(sequence, 16) if sequence else None
        for name, tags in by_type.items():
            rank = TYPES.index(name)
            for tag in tags.split():
                place = (parent, int(tag, 16))
                ranks[place] = min(rank, ranks.get(place, rank))
    return {place: TYPES[rank] for place, rank in ranks.items()}


@cache
def _whole(sop_class_uid: str) -> bool:
    data = _data()
    return data["sop_classes"].get(sop_class_uid) not in (None, *data["incomplete_iods"])


@cache
def iod_of(sop_class_uid: str) -> str | None:
    """The IOD of a SOP Class; None where nobody knows it, or not in whole."""
    return _data()["sop_classes"][sop_class_uid] if _whole(sop_class_uid) else None


def attribute_type(sop_class_uid: str, parent_tag: int | None, tag: int) -> str | None:
    """The Type of an attribute at its place in the IOD.

    The data has those of Table E.1-1 and of the supplement, and all inside the sequences that the
    table replaces (D). `parent_tag` is that of the sequence whose item holds the attribute. None
    where the IOD does not define it there, `UNKNOWN` where it is not known whether it does.
    """
    found = types_of(sop_class_uid)
    name = None if found is None else found.get((parent_tag, tag))
    return name or (None if _whole(sop_class_uid) else UNKNOWN)


@cache
def resolve(action: str, attribute_type: str | None, *, references_listed: bool = False) -> str:
    """One action out of one of Table E.1-1a, by the Type of the attribute.

    A compound action says which are on offer. Types 1 and 1C need a value (D, and U where that is
    on offer: X/Z/U*), 2 and 2C an empty one (Z), 3 and what the IOD does not define nothing (X);
    what is not on offer gives way to the next stricter that is. A plain X or Z gives way as well
    where the IOD wants more (PS3.15 E.1.1 step 2 Note 1); conditions (C) count as met, since the
    attribute is there. An unknown Type takes the last action on offer, valid for every Type.

    `references_listed`: the instance lists what it references (PS3.3 C.12.2, Common Instance
    Reference); were the references removed, that list would be wrong, so X/Z/U* is U.
    """
    if references_listed and action == "X/Z/U*":
        return "U"
    offered = action.rstrip("*").split("/")
    if attribute_type == UNKNOWN:
        return offered[-1]
    if attribute_type in ("1", "1C"):
        return offered[-1] if offered[-1] not in ("X", "Z") else "D"
    if attribute_type in ("2", "2C"):
        return next((one for one in offered if one != "X"), "Z")
    return offered[0]
