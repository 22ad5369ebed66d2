"""A profile: which rule decides about which attribute, as a value made from data.

A profile file is JSON: a name, the profile that it builds on, options of the standard, what
becomes of dates, and rules of one's own by attribute, path or private creator. It holds no
secret. `data/profile.schema.json` describes it.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.valuerep import VR

from dicom_veil.errors import Usage
from dicom_veil.methods import cleaner, unfit
from dicom_veil.options import DATE_OPTIONS, checked
from dicom_veil.standard import confidentiality, edition, keyword_of, repeating, supplement, vr_of

ACTIONS = ("X", "Z", "D", "K", "U", "C")
BUILT_IN = ("basic", "safe-harbor", "research", "gdpr", "teaching")
FORMAT = 1
PRIVATE_VRS = frozenset(str(vr) for vr in VR) - {"SQ"}
DATES = ("remove", "month", "year")
UNLISTED = ("keep", "remove")
ENTRIES = frozenset(
    {"format", "name", "label", "description", "base", "options", "dates", "unlisted",
     "unlisted_groups", "rules"}
)  # fmt: skip
# Without these the result is no instance any more, or one that shows something else.
FIXED = frozenset({0x00080016, 0x00080018, 0x7FE00008, 0x7FE00009, 0x7FE00010})


@dataclass(frozen=True)
class OwnRule:
    """A rule of a person's own, which wins over those of the standard.

    `parents` are the tags of the sequences that the attribute must stand in, outermost first; with
    `anywhere` it is meant wherever it stands. `creator` makes it one for a private element: `tag`
    then has 0 for its block, and `vr` is its VR where a file does not tell it.
    """

    tag: int
    action: str
    method: str = ""
    parents: tuple[int, ...] = ()
    anywhere: bool = True
    creator: str = ""
    vr: str = ""


@dataclass(frozen=True)
class Profile:
    """A named set of rules; hashable, so that what is worked out from it can be remembered.

    `unlisted`: whether elements that no rule lists are kept, or removed unless the instance needs
    them (`required`) or their group is one of `unlisted_groups`.
    """

    name: str
    label: str
    description: str = ""
    options: tuple[str, ...] = ()
    dates: str = "remove"
    unlisted: str = "keep"
    unlisted_groups: tuple[int, ...] = ()
    own: tuple[OwnRule, ...] = ()

    @property
    def edition(self) -> str:
        return edition()


def rule_count(profile: Profile) -> int:
    """How many rows of the standard, of the supplement and of the person's own there are."""
    standard = len(confidentiality()) + len(repeating()) + len(("private attributes",))
    return standard + len(supplement()) + len(profile.own)


@cache
def built_in(name: str) -> Profile:
    """A profile that comes with the package."""
    return from_json(
        (files("dicom_veil") / "data" / "profiles" / f"{name}.json").read_text("utf-8")
    )


def load(name_or_path: str) -> Profile:
    """A built-in profile by its name, or one from a JSON file.

    Raises `Usage` with a sentence when there is no such profile or the file does not make sense.
    """
    if name_or_path in BUILT_IN:
        return built_in(name_or_path)
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
    """A profile from the text of a profile file. Raises `Usage` with a sentence."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Usage(f"The profile is not JSON: line {error.lineno}, {error.msg}.") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Usage(f'A profile is a JSON object with "format": {FORMAT}.')
    unknown = set(data) - ENTRIES
    if unknown:
        raise Usage(f"The profile has entries that nobody knows: {', '.join(sorted(unknown))}.")
    name = data.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", name):
        raise Usage('A profile\'s "name" is 1 to 32 small letters, digits and hyphens.')
    base = data.get("base")
    if base is not None and base not in BUILT_IN:
        raise Usage(f'The profile\'s "base" must be one of: {", ".join(BUILT_IN)}.')
    start = built_in(base) if base and base != name else Profile(name=name, label=name)
    options = data.get("options", list(start.options))
    rules = data.get("rules", [])
    if not isinstance(rules, list) or not isinstance(options, list):
        raise Usage('A profile\'s "rules" and "options" are lists.')
    dates = data.get("dates", start.dates)
    if dates not in DATES:
        raise Usage(f'A profile\'s "dates" must be one of: {", ".join(DATES)}.')
    chosen = checked(tuple(str(option) for option in options))
    if dates != "remove" and set(chosen) & DATE_OPTIONS:
        raise Usage("Dates are either retained by an option or cut down, not both.")
    unlisted, groups = _unlisted(data, start)
    own = tuple(_own_rule(number, rule) for number, rule in enumerate(rules, 1))
    return replace(
        start,
        name=name,
        label=str(data.get("label", start.label)),
        description=str(data.get("description", start.description)),
        options=chosen,
        dates=dates,
        unlisted=unlisted,
        unlisted_groups=groups,
        # A later rule wins over an earlier one, and so over the base's.
        own=(*start.own, *own),
    )


def _unlisted(data: dict[str, Any], start: Profile) -> tuple[str, tuple[int, ...]]:
    """What becomes of elements that no rule lists, and the groups of which they stay."""
    unlisted = data.get("unlisted", start.unlisted)
    if unlisted not in UNLISTED:
        raise Usage(f'A profile\'s "unlisted" must be one of: {", ".join(UNLISTED)}.')
    given = data.get("unlisted_groups", [f"{group:04X}" for group in start.unlisted_groups])
    if not isinstance(given, list) or not all(
        isinstance(one, str) and re.fullmatch(r"[0-9A-Fa-f]{3}[02468ACEace]", one) for one in given
    ):
        raise Usage('A profile\'s "unlisted_groups" are groups of even number, as "0018".')
    if given and unlisted == "keep":
        raise Usage('"unlisted_groups" say what stays, and need "unlisted": "remove".')
    return unlisted, tuple(sorted({int(one, 16) for one in given}))


def profile_json(profile: Profile) -> dict[str, Any]:
    """A profile as `from_json` reads it, with nothing inherited left to look up."""
    groups = [f"{group:04X}" for group in profile.unlisted_groups]
    return {
        "format": FORMAT,
        "name": profile.name,
        "label": profile.label,
        "description": profile.description,
        "options": list(profile.options),
        "dates": profile.dates,
        "unlisted": profile.unlisted,
        **({"unlisted_groups": groups} if groups else {}),
        "rules": [_rule_json(rule) for rule in profile.own],
    }


def _rule_json(rule: OwnRule) -> dict[str, str]:
    if rule.creator:
        attribute = f"({rule.tag >> 16:04X},xx{rule.tag & 0xFF:02X})"
    else:
        attribute = ".".join(f"{tag:08X}" for tag in (*rule.parents, rule.tag))
        attribute = keyword_of(rule.tag) or attribute if not rule.parents else attribute
    made = {"attribute": attribute, "action": rule.action}
    extra = {"method": rule.method, "creator": rule.creator, "vr": rule.vr}
    return made | {name: value for name, value in extra.items() if value}


def _own_rule(number: int, rule: Any) -> OwnRule:
    where = f"Rule {number} of the profile"
    if not isinstance(rule, dict) or not {"attribute", "action"} <= set(rule):
        raise Usage(f'{where} must have an "attribute" and an "action".')
    if set(rule) - {"attribute", "action", "method", "creator", "vr"}:
        raise Usage(f"{where} has an entry that nobody knows.")
    attribute, action, method = str(rule["attribute"]), rule["action"], str(rule.get("method", ""))
    if action not in ACTIONS:
        raise Usage(f"{where}: the action must be one of {', '.join(ACTIONS)}.")
    if (action == "C") != bool(method):
        raise Usage(f'{where}: action C, and no other, needs a "method".')
    if method:
        _check_method(where, method)
    vr = str(rule.get("vr", ""))
    if vr and (vr not in PRIVATE_VRS or "creator" not in rule):
        raise Usage(f'{where}: "vr" is the VR of a private element, beside its creator.')
    if "creator" in rule:
        return replace(_private_rule(where, attribute, str(rule["creator"]), action, method), vr=vr)
    *parents, tag = (_tag(where, part) for part in attribute.split("."))
    if tag in FIXED or tag >> 16 <= 0x0006:
        raise Usage(f"{where}: no rule can be made for this attribute.")
    if action == "U" and vr_of(tag) != "UI":
        raise Usage(f"{where}: U is for attributes that hold a UID.")
    if method and (reason := unfit(method, vr_of(tag) or "UN")):
        raise Usage(f"{where}: {reason}")
    return OwnRule(tag, action, method, tuple(parents), anywhere=not parents)


def _check_method(where: str, method: str) -> None:
    try:
        cleaner(method)
    except Usage as error:
        raise Usage(f"{where}: {error}") from None


def _tag(where: str, attribute: str) -> int:
    match = re.fullmatch(r"\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?", attribute)
    tag = int(match[1] + match[2], 16) if match else tag_for_keyword(attribute)
    if tag is None:
        raise Usage(f"{where}: no attribute has that keyword or tag.")
    return tag


def _private_rule(where: str, attribute: str, creator: str, action: str, method: str) -> OwnRule:
    match = re.fullmatch(r"\(?([0-9A-Fa-f]{3}[13579BDFbdf]),?xx([0-9A-Fa-f]{2})\)?", attribute)
    if match is None:
        raise Usage(f"{where}: a private element is written as (0019,xx10), beside its creator.")
    return OwnRule(int(match[1] + "00" + match[2], 16), action, method, creator=creator)
