"""Stage *plan*: profile + data set → what will happen to which attribute, and by which rule.

A plan is a value: it can be shown, tested and reported before anything is changed. It holds no
value of the instance and no secret.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from dicom_veil.ages import age_between
from dicom_veil.charset import CHARACTER_SET, corrected, declared
from dicom_veil.codes import code_rules, is_coded, is_local
from dicom_veil.context import text_of
from dicom_veil.graphics import annotation_verdict, overlay_rules
from dicom_veil.misfit import fits
from dicom_veil.profile import Profile
from dicom_veil.read import Instance
from dicom_veil.required import frame_vectors
from dicom_veil.rules import KEEP, UNLISTED, Rule, RuleFinder, rule_finder
from dicom_veil.standard import keyword_of, structural_uids, vr_of
from dicom_veil.structured import Verdict, counts_places, verdict

Path = tuple[tuple[int, int], ...]
Element = DataElement | RawDataElement
# Inside a sequence that is replaced (D), these alone keep their values: they say what kind of
# content an item is (PS3.3 C.17.3), and without them the replaced items are no items.
# The name of a layer must be that of its definition, which the profile keeps.
CONTENT_KINDS = frozenset({0x0040A040, 0x0040A010, 0x0040A050, 0x00700002})
# Referenced Series Sequence, Studies Containing Other Referenced Instances Sequence.
LISTS_OF_REFERENCES = (0x00081115, 0x00081200)


Given = Mapping[int, Rule]
NOTHING: Given = {}
Judge = Callable[[Dataset, tuple[str, ...]], Verdict]
# The tag of an item (PS3.5 7.5): a step with it is about the whole item that its path leads to.
ITEM = 0xFFFEE000
CODING_SCHEMES = 0x00080110
PATIENT_AGE = 0x00101010
# How the rule's name ends where the attribute is a new one.
ADDED = ", added"
# Methods that judge the items of a sequence one by one.
SPECIAL: Mapping[str, Judge] = {
    "content": verdict,
    "graphics": lambda item, _options: annotation_verdict(item),
}


class Step(NamedTuple):
    """One attribute that will not be kept as it is, or (`rule` ends in `ADDED`) a new one.

    `path` leads to its data set: (tag of a sequence, index of the item from 0) from the outside
    inwards; empty for the instance's own attributes. `action` is X, Z, D, U, or C with the
    `method` that cleans; `otherwise` is what a value becomes that cannot be cleaned; `vr` that of a
    private element which the file does not tell.
    """

    path: Path
    tag: int
    action: str
    rule: str
    method: str = ""
    otherwise: str = "X"
    vr: str = ""


Plan = tuple[Step, ...]


def plan(instance: Instance, profile: Profile) -> Plan:
    """Every step that `profile` asks for on `instance`, in the order of its data set.

    PS3.15 E.1.1: an attribute is treated the same wherever it stands, so every sequence that is
    not itself removed or emptied is entered, whatever its name.
    """
    steps: list[Step] = []
    listed = any(tag in instance.dataset._dict for tag in LISTS_OF_REFERENCES)
    rules = rule_finder(profile, instance.sop_class_uid, listed)
    given = _vectors(instance.dataset, rules) if profile.unlisted == "remove" else NOTHING
    _Walk(rules, steps, instance.dataset).enter(instance.dataset, (), (), given)
    return (*steps, *_added(instance, rules))


def _added(instance: Instance, rules: RuleFinder) -> tuple[Step, ...]:
    """Patient's Age where a rule works it out and the instance has none, but both its dates.

    `otherwise` is X: what cannot be worked out is not added.
    """
    rule = rules.find(PATIENT_AGE, "AS", ())
    if rule.method.partition("|")[0] != "age-at-study" or PATIENT_AGE in instance.dataset._dict:
        return ()
    birth, study = text_of(instance, "PatientBirthDate"), text_of(instance, "StudyDate")
    if age_between(birth, study) is None:
        return ()
    return (Step((), PATIENT_AGE, "C", rule.source + ADDED, rule.method),)


def _vectors(dataset: Dataset, rules: RuleFinder) -> Given:
    """Attributes that tell frames apart stay where they would go for not being listed."""
    found = ((tag, rules.find(tag, None, ())) for tag in frame_vectors(dataset))
    return {tag: KEEP for tag, rule in found if rule is UNLISTED}


class _Walk:
    """One walk through a data set: the rules, and the steps found so far.

    `given` are rules for the attributes of one data set that depend on what else it holds (a
    coded entry, a content item, an overlay plane); they go before those that `find` has.
    """

    def __init__(self, rules: RuleFinder, steps: list[Step], root: Dataset) -> None:
        self.rules = rules
        self.steps = steps
        # No item may go from a tree that refers to its items by their places.
        self.fixed = "clean_structured_content" in rules.profile.options and counts_places(root)
        self.graphics = "clean_graphics" in rules.profile.options

    def enter(
        self, dataset: Dataset, path: Path, parents: tuple[int, ...], given: Given = NOTHING
    ) -> None:
        if self.rules.keeps_private:
            given = {**self.rules.private(dataset), **given}
        if self.graphics:
            given = {**overlay_rules(dataset), **given}
        if path and is_coded(dataset):
            given = {**code_rules(dataset), **given}
        if CHARACTER_SET in dataset._dict:
            found = declared(dataset) or ""
            if found.strip("\0 ") != corrected(found):
                given = {**given, CHARACTER_SET: Rule("C", "PS3.3 C.12.1.1.2", "charset")}
        find, steps = self.rules.find, self.steps
        for key, element in dataset._dict.items():
            tag = int(key)  # pydicom's tags compare in Python, plain numbers do not
            rule = given.get(tag) or find(tag, element.VR, parents)
            action = rule.action
            if is_sequence(element) and action not in "XZ":
                if action == "D":
                    self.replaced(element, path, parents, rule.source)
                elif tag == CODING_SCHEMES:
                    self.schemes(element, path, parents)
                elif rule.method in SPECIAL:
                    self.judged(element, path, parents, SPECIAL[rule.method])
                else:
                    self.items(element, path, parents)
            elif action != "K":
                steps.append(
                    Step(path, tag, action, rule.source, rule.method, rule.otherwise, rule.vr)
                )
            elif not (is_fit(tag, element) or rule.source == "person"):
                rule = self.rules.misfit(tag, element.VR, parents)
                steps.append(Step(path, tag, rule.action, rule.source, rule.method, rule.otherwise))

    def items(self, element: Element, path: Path, parents: tuple[int, ...]) -> None:
        """Enters every item of a sequence that stays."""
        tag = int(element.tag)
        for index, item in enumerate(element.value or ()):
            self.enter(item, (*path, (tag, index)), (*parents, tag))

    def schemes(self, element: Element, path: Path, parents: tuple[int, ...]) -> None:
        """Coding Scheme Identification (PS3.3 C.12.1.1.1) without private schemes."""
        tag = int(element.tag)
        items: Any = element.value or ()
        local = [is_local(item) for item in items]
        if items and all(local):
            self.steps.append(Step(path, tag, "X", "code"))
            return
        for index, item in enumerate(items):
            here = (*path, (tag, index))
            if local[index]:
                self.steps.append(Step(here, ITEM, "X", "code"))
            else:
                self.enter(item, here, (*parents, tag))

    def judged(self, element: Element, path: Path, parents: tuple[int, ...], judge: Judge) -> None:
        """A sequence of content items or annotations: each is judged as a whole, then entered."""
        tag = int(element.tag)
        items: Any = element.value or ()
        for index, item in enumerate(items):
            here = (*path, (tag, index))
            found = judge(item, self.rules.profile.options)
            if found.removed and not self.fixed:
                self.steps.append(Step(here, ITEM, "X", found.source))
            else:
                self.enter(item, here, (*parents, tag), found.rules)

    def replaced(self, element: Element, path: Path, parents: tuple[int, ...], source: str) -> None:
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
                elif rule.action == "K" and self.rules.type_of(tag, inner) == "3":
                    self.steps.append(Step(here, tag, "X", source))
                elif is_sequence(one):
                    self.replaced(one, here, inner, source)
                elif tag not in CONTENT_KINDS | structural_uids() or not is_fit(tag, one):
                    kept = rule.action in ("K", "C")
                    action = "U" if rule.action == "U" else "D"
                    self.steps.append(Step(here, tag, action, source if kept else rule.source))


def is_sequence(element: DataElement | RawDataElement) -> bool:
    """Whether an element of a data set that `read` made is a sequence (all of them are parsed)."""
    return element.VR == "SQ" and isinstance(element, DataElement)


def is_fit(tag: int, element: DataElement | RawDataElement) -> bool:
    """Whether an element's value can be one of its VR; what was read as more than bytes is."""
    value = element.value
    return not (value and isinstance(value, bytes)) or fits(tag, element.VR, value)


def vr_of_element(element: DataElement | RawDataElement) -> str:
    """An element's VR: its own, or the dictionary's where implicit VR or UN leaves it open."""
    if element.VR in (None, "UN"):
        return vr_of(element.tag) or "UN"
    return str(element.VR)


@lru_cache(maxsize=1 << 14)
def path_text(path: Path, tag: int) -> str:
    """Where an attribute stands, for people and reports: items count from 1.

    >>> path_text(((0x00081140, 0),), 0x00081155)
    'ReferencedImageSequence[1].ReferencedSOPInstanceUID'
    """
    parts = [f"{_label(sequence)}[{index + 1}]" for sequence, index in path]
    return ".".join(parts if tag == ITEM else [*parts, _label(tag)])


def _label(tag: int) -> str:
    return keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
