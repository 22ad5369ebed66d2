"""Stage *plan*: profile + data set → what will happen to which attribute, and by which rule.

A plan is a value: it can be shown, tested and reported before anything is changed. It holds no
value of the instance and no secret.
"""

from typing import NamedTuple

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from dicom_veil.profile import Profile
from dicom_veil.read import value_of
from dicom_veil.rules import Rule, RuleFinder, rule_finder
from dicom_veil.standard import keyword_of, structural_uids, vr_of

Path = tuple[tuple[int, int], ...]
Element = DataElement | RawDataElement
# Inside a sequence that is replaced (D), these alone keep their values: they say what kind of
# content an item is (PS3.3 C.17.3), and without them the replaced items are no items.
CONTENT_KINDS = frozenset({0x0040A040, 0x0040A010, 0x0040A050})


class Step(NamedTuple):
    """One attribute that will not be kept as it is.

    `path` leads to its data set: (tag of a sequence, index of the item from 0) from the outside
    inwards; empty for the instance's own attributes. `action` is X, Z, D, U, or C with the
    `method` that cleans; `otherwise` is what a value becomes that cannot be cleaned.
    """

    path: Path
    tag: int
    action: str
    rule: str
    method: str = ""
    otherwise: str = "X"


Plan = tuple[Step, ...]


def plan(dataset: Dataset, profile: Profile) -> Plan:
    """Every step that `profile` asks for on `dataset`, in the order of the data set.

    PS3.15 E.1.1: an attribute is treated the same wherever it stands, so every sequence that is
    not itself removed or emptied is entered, whatever its name.
    """
    steps: list[Step] = []
    sop_class_uid = str(value_of(dataset, "SOPClassUID") or "").strip("\0 ")
    _Walk(rule_finder(profile, sop_class_uid), steps).enter(dataset, (), ())
    return tuple(steps)


class _Walk:
    """One walk through a data set: the rules, and the steps found so far."""

    def __init__(self, rules: RuleFinder, steps: list[Step]) -> None:
        self.rules = rules
        self.steps = steps

    def enter(self, dataset: Dataset, path: Path, parents: tuple[int, ...]) -> None:
        private = self.rules.private(dataset, parents) if self.rules.keeps_private else {}
        find, steps = self.rules.find, self.steps
        for tag, element in dataset._dict.items():
            rule = private.get(tag) or find(tag, element.VR, parents)
            sequence = is_sequence(element)
            if rule.action == "K" or (sequence and rule.action == "U"):
                if sequence:
                    self.items(element, path, parents)
            elif sequence and rule.action == "D":
                self.replaced(element, path, parents, rule.source)
            elif rule.action == "C":
                self.cleaned(dataset, element, path, parents, rule)
            else:
                steps.append(Step(path, tag, rule.action, rule.source))

    def items(self, element: Element, path: Path, parents: tuple[int, ...]) -> None:
        """Enters every item of a sequence that stays."""
        tag = int(element.tag)
        for index, item in enumerate(element.value or ()):
            self.enter(item, (*path, (tag, index)), (*parents, tag))

    def cleaned(
        self, dataset: Dataset, element: Element, path: Path, parents: tuple[int, ...], rule: Rule
    ) -> None:
        """The steps for an attribute that an option cleans."""
        tag = int(element.tag)
        if rule.method == "content":
            self.steps.extend(content_steps(element, path, parents, self.rules))
        elif rule.method == "graphics":
            self.steps.extend(graphics_steps(dataset, element, path, parents, self.rules))
        elif is_sequence(element):
            self.steps.extend(code_steps(element, path, parents, self.rules))
        else:
            self.steps.append(Step(path, tag, "C", rule.source, rule.method, rule.otherwise))

    def replaced(
        self, element: Element, path: Path, parents: tuple[int, ...], source: str
    ) -> None:
        """The steps for a sequence that is to be replaced by a dummy.

        The shape stays, every value in it becomes a dummy of its VR; what a rule removes goes.
        """
        sequence = int(element.tag)
        inner = (*parents, sequence)
        for index, item in enumerate(element.value or ()):
            here = (*path, (sequence, index))
            for tag, one in item._dict.items():
                rule = self.rules.find(tag, one.VR, inner)
                if rule.action in ("X", "Z"):
                    self.steps.append(Step(here, tag, rule.action, rule.source))
                elif is_sequence(one):
                    self.replaced(one, here, inner, source)
                elif tag not in CONTENT_KINDS and tag not in structural_uids():
                    kept = rule.action in ("K", "C")
                    action = "U" if rule.action == "U" else "D"
                    self.steps.append(Step(here, tag, action, source if kept else rule.source))


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
