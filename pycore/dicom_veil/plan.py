"""Stage *plan*: profile + data set → what will happen to which attribute, and by which rule.

A plan is a value: it can be shown, tested and reported before anything is changed. It holds no
value of the instance and no secret.
"""

from typing import NamedTuple

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from dicom_veil.profile import Profile, RuleFinder, rule_finder
from dicom_veil.standard import keyword_of, structural_uids, vr_of

Path = tuple[tuple[int, int], ...]
# Inside a sequence that is replaced (D), these alone keep their values: they say what kind of
# content an item is (PS3.3 C.17.3), and without them the replaced items are no items.
CONTENT_KINDS = frozenset({0x0040A040, 0x0040A010, 0x0040A050})


class Step(NamedTuple):
    """One attribute that will not be kept as it is.

    `path` leads to its data set: (tag of a sequence, index of the item from 0) from the outside
    inwards; empty for the instance's own attributes. `action` is X, Z, D or U.
    """

    path: Path
    tag: int
    action: str
    rule: str


Plan = tuple[Step, ...]


def plan(dataset: Dataset, profile: Profile) -> Plan:
    """Every step that `profile` asks for on `dataset`, in the order of the data set.

    PS3.15 E.1.1: an attribute is treated the same wherever it stands, so every sequence that is
    not itself removed or emptied is entered, whatever its name.
    """
    steps: list[Step] = []
    _walk(dataset, (), rule_finder(profile), steps)
    return tuple(steps)


def _walk(dataset: Dataset, path: Path, rules: RuleFinder, steps: list[Step]) -> None:
    for tag, element in dataset._dict.items():
        rule = rules.find(tag, element.VR)
        sequence = is_sequence(element)
        if rule.action == "K" or (sequence and rule.action == "U"):
            if sequence:
                for index, item in enumerate(element.value or ()):
                    _walk(item, (*path, (tag, index)), rules, steps)
        elif rule.action == "D" and sequence:
            for index, item in enumerate(element.value or ()):
                _replace(item, (*path, (tag, index)), rules, steps, rule.source)
        else:
            steps.append(Step(path, tag, rule.action, rule.source))


def _replace(
    dataset: Dataset, path: Path, rules: RuleFinder, steps: list[Step], source: str
) -> None:
    """The steps for an item of a sequence that is to be replaced by a dummy.

    The shape stays, every value in it becomes a dummy of its VR; what a rule removes is removed.
    """
    for tag, element in dataset._dict.items():
        rule = rules.find(tag, element.VR)
        if rule.action in ("X", "Z"):
            steps.append(Step(path, tag, rule.action, rule.source))
        elif is_sequence(element):
            for index, item in enumerate(element.value or ()):
                _replace(item, (*path, (tag, index)), rules, steps, source)
        elif tag not in CONTENT_KINDS and tag not in structural_uids():
            action = "U" if rule.action == "U" else "D"
            steps.append(Step(path, tag, action, source if rule.action == "K" else rule.source))


def is_sequence(element: DataElement | RawDataElement) -> bool:
    """Whether an element of a data set that `read` made is a sequence (all of them are parsed)."""
    return element.VR == "SQ" and isinstance(element, DataElement)


def vr_of_element(element: DataElement | RawDataElement) -> str:
    """An element's VR: its own, or the dictionary's where implicit VR or UN leaves it open."""
    if element.VR in (None, "UN"):
        return vr_of(element.tag) or "UN"
    return str(element.VR)


def path_text(path: Path, tag: int) -> str:
    """Where an attribute stands, for people and reports: items count from 1.

    >>> path_text(((0x00081140, 0),), 0x00081155)
    'ReferencedImageSequence[1].ReferencedSOPInstanceUID'
    """
    parts = [f"{_label(sequence)}[{index + 1}]" for sequence, index in path]
    return ".".join([*parts, _label(tag)])


def _label(tag: int) -> str:
    return keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
