"""A profile: which rule decides about which attribute, as a value made from data.

A profile file is JSON: a name, the profile that it builds on, and rules of one's own by keyword
or tag. The rules of the standard come from `standard`; a profile holds no secret.
"""

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydicom.datadict import tag_for_keyword

from dicom_veil.errors import Usage
from dicom_veil.standard import (
    confidentiality,
    edition,
    repeating,
    structural_uids,
    supplement,
    vr_of,
)

ACTIONS = ("X", "Z", "D", "K", "U")
BUILT_IN = ("basic",)
FORMAT = 1
# Without these the result is no instance any more, or one that shows something else.
FIXED = frozenset({0x00080016, 0x00080018, 0x7FE00008, 0x7FE00009, 0x7FE00010})
# Attributes outside Table E.1-1 whose VR alone says that they can identify (PS3.15 E.3.6 Note 4
# suggests it for dates and times; names and UIDs follow the same reasoning).
BY_VR = {"PN": "D", "DA": "D", "DT": "D", "TM": "D", "UI": "U"}


@dataclass(frozen=True)
class Rule:
    """What happens to an attribute and which rule says so.

    `action` is a code of Table E.1-1a: X remove, Z empty or dummy, D dummy, U new UID, K keep
    (a sequence: enter it). `source` names the rule: `E.1-1`, `private`, `person`, ….
    """

    action: str
    source: str


KEEP = Rule("K", "not listed")


@dataclass(frozen=True)
class Profile:
    """A named set of rules; `own` are a person's, by tag, and win over all others."""

    name: str
    label: str
    options: tuple[str, ...] = ()
    own: dict[int, str] = field(default_factory=dict, hash=False)

    @property
    def edition(self) -> str:
        return edition()


def resolve(action: str) -> str:
    """One action out of a compound one of Table E.1-1a, for an attribute of unknown Type.

    The last letter of X/Z, X/D, Z/D, X/Z/D and X/Z/U* is the one that keeps an instance valid
    whatever Type the attribute has in its IOD.
    """
    return action.rstrip("*").rsplit("/", 1)[-1]


class RuleFinder:
    """Answers for one profile which rule an attribute falls under; remembers its answers."""

    def __init__(self, profile: Profile) -> None:
        self._own = profile.own
        self.find = lru_cache(maxsize=None)(self._find)

    def _find(self, tag: int, vr: str | None) -> Rule:
        group, element = tag >> 16, tag & 0xFFFF
        if tag in self._own:
            return Rule(self._own[tag], "person")
        if group % 2:
            return Rule("X", "private")
        if group <= 0x0006 or element == 0x0000:
            # PS3.15 E.1.1 steps 7 and 9: file meta and directory elements have no place in a
            # data set; group lengths (PS3.5 7.2) would be wrong.
            return Rule("X", "group")
        row = confidentiality().get(tag)
        if row is not None:
            return Rule(resolve(row.basic), "E.1-1")
        if tag in supplement():
            return Rule(supplement()[tag], "supplement")
        if group & 0xFF00 in (0x5000, 0x6000):
            # Without its data a curve or an overlay plane is not valid: all of it goes.
            return Rule("X", f"E.1-1 {'curve' if group < 0x6000 else 'overlay'}")
        dictionary_vr = vr_of(tag)
        if dictionary_vr is None:
            return Rule("X", "unknown")
        if tag in structural_uids():
            return KEEP
        action = BY_VR.get(vr if vr in BY_VR else dictionary_vr)
        return KEEP if action is None else Rule(action, f"VR {vr or dictionary_vr}")


@lru_cache(maxsize=8)
def rule_finder(profile: Profile) -> RuleFinder:
    """The finder of a profile, with what it already knows."""
    return RuleFinder(profile)


def rule_count(profile: Profile) -> int:
    """How many rows of the standard, of the supplement and of the person's own there are."""
    standard = len(confidentiality()) + len(repeating()) + len(("private attributes",))
    return standard + len(supplement()) + len(profile.own)


def load(name_or_path: str) -> Profile:
    """A built-in profile by its name, or one from a JSON file.

    Raises `Usage` with a sentence when there is no such profile or the file does not make sense.
    """
    if name_or_path in BUILT_IN:
        text = (files("dicom_veil") / "data" / "profiles" / f"{name_or_path}.json").read_text(
            "utf-8"
        )
        return from_json(text)
    path = Path(name_or_path)
    if path.suffix != ".json":
        raise Usage(
            f"There is no profile of that name. There are: {', '.join(BUILT_IN)}; "
            "or give a file that ends in .json."
        )
    try:
        return from_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"The profile file cannot be read ({type(error).__name__}).") from None


def from_json(text: str) -> Profile:
    """A profile from the text of a profile file."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Usage(f"The profile is not JSON: line {error.lineno}, {error.msg}.") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Usage(f'A profile is a JSON object with "format": {FORMAT}.')
    unknown = set(data) - {"format", "name", "label", "base", "rules"}
    if unknown:
        raise Usage(f"The profile has entries that nobody knows: {', '.join(sorted(unknown))}.")
    if data.get("base", "basic") not in BUILT_IN:
        raise Usage(f'The profile\'s "base" must be one of: {", ".join(BUILT_IN)}.')
    name = data.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", name):
        raise Usage('A profile\'s "name" is 1 to 32 small letters, digits and hyphens.')
    rules = data.get("rules", [])
    if not isinstance(rules, list):
        raise Usage('A profile\'s "rules" are a list.')
    own = dict(_own_rule(number, rule) for number, rule in enumerate(rules, 1))
    return Profile(name=name, label=str(data.get("label", name)), own=own)


def _own_rule(number: int, rule: Any) -> tuple[int, str]:
    if not isinstance(rule, dict) or set(rule) != {"attribute", "action"}:
        raise Usage(f'Rule {number} of the profile must have an "attribute" and an "action".')
    attribute, action = rule["attribute"], rule["action"]
    if action not in ACTIONS:
        raise Usage(
            f"Rule {number} of the profile: the action must be one of {', '.join(ACTIONS)}."
        )
    match = re.fullmatch(r"\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?", str(attribute))
    tag = int(match[1] + match[2], 16) if match else tag_for_keyword(str(attribute))
    if tag is None:
        raise Usage(f"Rule {number} of the profile: no attribute has that keyword or tag.")
    if tag in FIXED or tag >> 16 <= 0x0006:
        raise Usage(f"Rule {number} of the profile: no rule can be made for this attribute.")
    if action == "U" and vr_of(tag) != "UI":
        raise Usage(f"Rule {number} of the profile: U is for attributes that hold a UID.")
    return tag, action
