"""What an instance cannot be without: kept where a profile removes all that no rule lists.

Attributes of Type 1, 1C, 2 and 2C of the IOD (`data/required.json.gz`, from PS3.3), a few that
conditions depend on, and all of group 0028, by which pixels are shown, with what its Frame
Increment Pointer names; the groups that a profile names stay as well. Where the IOD
is not known, what any IOD requires is kept.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from dicom_veil.decoded import value_of
from dicom_veil.types import iod_of

PIXEL_GROUPS = frozenset({0x0028, 0x7FE0})
Places = Mapping[int | None, frozenset[int]]


@cache
def _data() -> dict[str, Any]:
    packed = (files("dicom_veil") / "data" / "required.json.gz").read_bytes()
    data: dict[str, Any] = json.loads(gzip.decompress(packed))
    return data


def edition() -> str:
    """The edition of PS3.3 that the data is of."""
    return str(_data()["edition"])


@cache
def required(sop_class_uid: str) -> Places:
    """Tag of the sequence right above (None at the top) → tags that have to stay there."""
    iod = iod_of(sop_class_uid)
    modules = _data()["modules"]
    return _places(modules if iod is None else _data()["iods"][iod])


def _places(modules: Iterable[str]) -> Places:
    places: dict[int | None, set[int]] = defaultdict(set)
    for module in modules:
        for parent, tags in _data()["modules"][module].items():
            places[int(parent, 16) if parent else None] |= {int(tag, 16) for tag in tags.split()}
    return {parent: frozenset(tags) for parent, tags in places.items()}


@cache
def _also() -> frozenset[int]:
    return frozenset(int(tag, 16) for tag in _data()["also"])


def is_required(sop_class_uid: str, parent_tag: int | None, tag: int) -> bool:
    """Whether an attribute has to stay at its place, for the instance or for its picture."""
    return tag >> 16 in PIXEL_GROUPS or tag in _also() or is_needed(sop_class_uid, parent_tag, tag)


def is_needed(sop_class_uid: str, parent_tag: int | None, tag: int) -> bool:
    """Whether the IOD is not valid without an attribute at its place."""
    return tag in required(sop_class_uid).get(parent_tag, ())


def frame_vectors(dataset: Dataset) -> tuple[int, ...]:
    """What tells frames apart: Frame Increment Pointer (PS3.3 C.7.6.6.1.2)."""
    value: Any = value_of(dataset, "FrameIncrementPointer")
    several = value if isinstance(value, MultiValue | list | tuple) else [value]
    return tuple(int(one) for one in several if isinstance(one, int))
