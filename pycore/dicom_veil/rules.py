"""Which rule an attribute falls under: a person's own, an option's, the standard's, one by VR."""

from dataclasses import dataclass
from functools import lru_cache

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from dicom_veil.misfit import is_value
from dicom_veil.options import DATE_OPTIONS, cell
from dicom_veil.private import BY_VR as PRIVATE_BY_VR
from dicom_veil.private import KEPT, creator_of, is_creator, safe_private
from dicom_veil.profile import OwnRule, Profile
from dicom_veil.required import is_needed, is_required
from dicom_veil.standard import (
    Attribute,
    confidentiality,
    repeating,
    structural_uids,
    supplement,
    vr_of,
)
from dicom_veil.types import attribute_type, resolve

DATE_VRS = frozenset({"DA", "DT", "TM"})
# Attributes outside Table E.1-1 whose VR alone says that they can identify (PS3.15 E.3.6 Note 4
# suggests it for dates and times; names, UIDs and addresses, which name a host, follow the same
# reasoning).
BY_VR = {"PN": "D", "DA": "D", "DT": "D", "TM": "D", "UI": "U", "UR": "X"}
# Groups of pixel data (7Fxx), and of it what tells only where its frames begin.
PIXEL_GROUPS, PIXEL_TABLES = range(0x7F00, 0x8000), frozenset({0x7FE00001, 0x7FE00002, 0x7FE00003})


@dataclass(frozen=True)
class Rule:
    """What happens to an attribute and which rule says so.

    `action` is a code of Table E.1-1a: X remove, Z empty or dummy, D dummy, U new UID, K keep
    (a sequence: enter it), C clean by `method`. `otherwise` is what a value becomes that cannot
    be cleaned. `source` names the rule: `E.1-1`, `private`, `person`, an option, …. `vr` is that
    of a private element whose file does not tell it.
    """

    action: str
    source: str
    method: str = ""
    otherwise: str = "X"
    vr: str = ""


KEEP = Rule("K", "not listed")
UNLISTED = Rule("X", "unlisted")
PRIVATE = Rule("X", "private")
MISFIT = "no value of its VR"


class RuleFinder:
    """Answers for one profile and SOP class which rule decides; remembers its answers."""

    def __init__(self, profile: Profile, sop_class_uid: str, references_listed: bool) -> None:
        self.profile = profile
        self.sop_class_uid = sop_class_uid
        self.references_listed = references_listed
        self.own: dict[int, list[OwnRule]] = {}
        self.own_private: dict[tuple[str, int], OwnRule] = {}
        for rule in profile.own:
            if rule.creator:
                self.own_private[rule.creator, rule.tag] = rule
            else:
                self.own.setdefault(rule.tag, []).insert(0, rule)
        self.keeps_private = "retain_safe_private" in profile.options or bool(self.own_private)
        self.find = lru_cache(maxsize=65536)(self._find)

    def _find(self, tag: int, vr: str | None, parents: tuple[int, ...]) -> Rule:
        group, element = tag >> 16, tag & 0xFFFF
        for own in self.own.get(tag, ()):
            if own.anywhere or own.parents == parents:
                return Rule(own.action, "person", own.method)
        if group % 2:
            return PRIVATE
        if group <= 0x0006 or element == 0x0000:
            # PS3.15 E.1.1 steps 7 and 9: file meta and directory elements have no place in a
            # data set; group lengths (PS3.5 7.2) would be wrong.
            return Rule("X", "group")
        shown_vr = vr if vr not in (None, "UN") else vr_of(tag)
        row = confidentiality().get(tag)
        if row is not None:
            return self._listed(row, shown_vr or "UN", parents)
        if tag in supplement():
            return self._supplement(tag, shown_vr or "UN", parents)
        if group & 0xFF00 in (0x5000, 0x6000):
            return self._plane(group)
        if group in PIXEL_GROUPS and tag not in PIXEL_TABLES:
            # The pixels of the instance are no part of its data set (`read`). What is left are
            # others, in items or retired: no viewer shows them and nobody looks into them.
            return Rule("X", "other pixels")
        known = vr_of(tag)
        if known is None:
            return Rule("X", "unknown")
        if self.profile.unlisted == "remove" and not self._stays(tag, parents):
            return UNLISTED
        if tag in structural_uids():
            return KEEP
        # By the dictionary's VR as well: a UID written as LO is one still.
        rule = self._by_vr(str(shown_vr), tag, parents)
        return rule if rule is not KEEP else self._by_vr(known, tag, parents)

    def _stays(self, tag: int, parents: tuple[int, ...]) -> bool:
        """Whether an element that no rule lists stays where the others are removed."""
        return (
            tag >> 16 in self.profile.unlisted_groups
            or is_required(self.sop_class_uid, parents[-1] if parents else None, tag)
            or any(own.parents[: len(parents) + 1] == (*parents, tag) for own in self.profile.own)
        )

    def _listed(self, row: Attribute, vr: str, parents: tuple[int, ...]) -> Rule:
        basic = self._by_type(row.basic, row.tag, parents)
        option = cell(row, vr, self.profile.options)
        if option is not None:
            action, name, method = option
            return Rule(action, f"E.1-1 {name}", method, basic)
        if self.profile.dates != "remove" and self._is_study_date(row, vr):
            return Rule("C", f"dates to the {self.profile.dates}", self.profile.dates, basic)
        return Rule(basic, "E.1-1")

    def _is_study_date(self, row: Attribute, vr: str) -> bool:
        """A date that the options for dates are about: not a date of birth."""
        return vr in DATE_VRS and bool(DATE_OPTIONS & set(row.options))

    def type_of(self, tag: int, parents: tuple[int, ...]) -> str | None:
        """The Type that the IOD of the instance gives an attribute at its place."""
        return attribute_type(self.sop_class_uid, parents[-1] if parents else None, tag)

    def _by_type(self, action: str, tag: int, parents: tuple[int, ...]) -> str:
        return resolve(action, self.type_of(tag, parents), references_listed=self.references_listed)

    def _supplement(self, tag: int, vr: str, parents: tuple[int, ...]) -> Rule:
        action = self._by_type(supplement()[tag], tag, parents)
        if "clean_descriptors" in self.profile.options and vr in ("LO", "LT", "SH", "ST", "UT"):
            return Rule("C", "supplement clean_descriptors", "text", action)
        return Rule(action, "supplement")

    def _plane(self, group: int) -> Rule:
        """Without its data a curve or an overlay plane is not valid: all of it goes, or stays."""
        kind = "curve" if group < 0x6000 else "overlay"
        row = repeating()["60xx3000"]
        if kind == "overlay" and "clean_graphics" in self.profile.options and row.options:
            return Rule("C", "E.1-1 clean_graphics", "graphics")
        return Rule("X", f"E.1-1 {kind}")

    def _by_vr(self, vr: str, tag: int, parents: tuple[int, ...] = ()) -> Rule:
        options = self.profile.options
        action = BY_VR.get(vr)
        if action is None:
            return KEEP
        if action == "X" and is_needed(self.sop_class_uid, parents[-1] if parents else None, tag):
            action = "D"
        if vr == "UI" and "retain_uids" in options:
            return KEEP
        if vr in DATE_VRS:
            if "retain_long_full_dates" in options:
                return KEEP
            if "retain_long_modified_dates" in options:
                return Rule("C", f"VR {vr}", "shift", action)
            if self.profile.dates != "remove":
                return Rule("C", f"VR {vr}", self.profile.dates, action)
        return Rule(action, f"VR {vr}")

    def misfit(self, tag: int, vr: str | None, parents: tuple[int, ...]) -> Rule:
        """What becomes of a value that would stay but is none of its VR (`misfit`).

        The words of a choice (CS) that are terms stay: `Chest` is a little wrong. All else goes, or
        is replaced where the instance needs it.
        """
        parent = parents[-1] if parents else None
        instead = "D" if is_needed(self.sop_class_uid, parent, tag) else "X"
        if "CS" in (vr, vr_of(tag)):
            return Rule("C", MISFIT, "text", instead)
        return Rule(instead, MISFIT)

    def private(self, dataset: Dataset) -> dict[int, Rule]:
        """The rules for the private elements of one data set, creators included (E.3.10)."""
        rules: dict[int, Rule] = {}
        used: set[int] = set()
        creators: dict[int, str | None] = {}
        for tag, element in dataset._dict.items():
            if not tag >> 16 & 1 or is_creator(tag):
                continue
            block = tag & 0xFFFF0000 | tag >> 8 & 0xFF
            if block not in creators:
                creators[block] = creator_of(dataset, tag)
            rules[tag] = rule = self._private_element(creators[block], tag, element)
            if rule.action != "X":
                used.add(block)
        for tag in dataset._dict:
            if is_creator(tag):
                rules[tag] = Rule("K", "creator") if tag in used else PRIVATE
        return rules

    def _private_element(
        self, creator: str | None, tag: int, element: DataElement | RawDataElement
    ) -> Rule:
        if creator is None:
            return PRIVATE
        own = self.own_private.get((creator, tag & 0xFFFF00FF))
        if own is not None:
            return Rule(own.action, "person", own.method, vr=own.vr)
        if "retain_safe_private" not in self.profile.options:
            return PRIVATE
        listed = safe_private().get(creator, {}).get((tag >> 16, tag & 0xFF))
        if listed is None:
            return PRIVATE
        vr = element.VR
        real = vr if vr not in (None, "UN") else listed
        if real == "SQ" and vr != "SQ":
            return PRIVATE  # what should be items is none, so nobody has judged it
        if real != vr and real in KEPT and not is_value(element.value or b"", str(real)):
            return PRIVATE  # nor what should be a number and is something else
        action, method = PRIVATE_BY_VR.get(str(real), ("K" if real in KEPT else "X", ""))
        if method == "text" and "clean_descriptors" not in self.profile.options:
            return PRIVATE
        if method == "date":
            by_vr = self._by_vr(str(real), tag)
            return by_vr if by_vr.action in "KC" else PRIVATE
        return Rule(action, "E.3.10-1", method)


@lru_cache(maxsize=128)
def rule_finder(profile: Profile, sop_class_uid: str, references_listed: bool) -> RuleFinder:
    """The finder of a profile for a SOP class, with what it already knows.

    `references_listed`: the instance lists the instances that it refers to (PS3.3 C.12.2), and
    then the references themselves have to stay.
    """
    return RuleFinder(profile, sop_class_uid, references_listed)
