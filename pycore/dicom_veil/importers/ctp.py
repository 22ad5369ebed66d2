"""Scripts of RSNA CTP's DicomAnonymizer as a profile.

The profile builds on the Basic Profile: what a script leaves alone, CTP keeps and Veil protects
where the standard does. Lines that are switched off ask for nothing.
"""

import re
from collections.abc import Iterable

from dicom_veil.importers import (
    Imported,
    Problem,
    Rule,
    attribute_name,
    checked,
    profile_of,
    rule_for,
)
from dicom_veil.importers.ctp_functions import Scope, meaning
from dicom_veil.importers.ctp_script import Entry, entries
from dicom_veil.standard import vr_of

# A tag, or a private one as gggg[creator]ee; gggg00[creator] is the creator element itself.
TAG = re.compile(r"([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})")
PRIVATE = re.compile(r"([0-9A-Fa-f]{1,4})\[(.+)\]([0-9A-Fa-f]{2})")
GROUP = re.compile(r"[0-9A-Fa-f]{1,4}")
CREATOR = re.compile(r"([0-9A-Fa-f]{1,4})00\[(.+)\]")
STRICTER = "Veil protects more than the script here"
# What CTP does to kinds of elements, and what to say where a script has it switched off or on.
REMOVED_ANYWAY = {
    "privategroups": f"{STRICTER}: private attributes go unless a rule or an option keeps them.",
    "curves": f"{STRICTER}: curves always go.",
    "overlays": f"{STRICTER}: overlays go unless the Clean Graphics Option keeps them.",
}
# CTP keeps groups 0002, 0028 and 7FE0, SOP Class, SOP Instance and Study Instance UID, and the
# groups of <k> lines: without a Modality or a Series that is no valid instance.
UNSPECIFIED = (
    "Elements that neither the script nor the standard lists are removed. Those that the IOD "
    "requires (Types 1 and 2 of PS3.3) stay beside those that CTP keeps, so that the result is a "
    "valid instance; for elements that the standard lists, the Basic Profile decides."
)
SAFE_PRIVATE = (
    "The Retain Safe Private Option takes its place: private attributes of the standard's list."
)


def import_ctp(text: str, name: str = "imported") -> Imported:
    """A profile from a script's text. Raises `Usage` where it is none."""
    lines = entries(text)
    parameters = {entry.target: entry.script for entry in lines if entry.kind == "parameter"}
    names = {
        entry.name: int(entry.target, 16)
        for entry in lines
        if entry.kind == "element" and TAG.fullmatch(entry.target)
    }
    rules: dict[str, Rule] = {}
    problems: list[Problem] = []
    options: list[str] = []
    for entry in lines:
        if entry.kind == "element" and entry.enabled:
            rule, more = _element(entry, parameters, names)
            if rule is not None:
                key = rule["attribute"] + rule.get("creator", "")
                # The last of several lines for an element counts, as it does in CTP.
                rules.pop(key, None)
                rules[key] = rule
            problems += more
        elif entry.kind in ("keep", "remove"):
            problems += _group(entry, options)
    profile = profile_of(name, "From a CTP script", list(rules.values()), options)
    if any(_removes_unspecified(entry) for entry in lines):
        profile |= {"unlisted": "remove", "unlisted_groups": _groups_kept(lines)}
    return Imported(profile, tuple(problems))


def _removes_unspecified(entry: Entry) -> bool:
    return entry.kind == "remove" and entry.enabled and entry.target == "unspecifiedelements"


def _groups_kept(lines: Iterable[Entry]) -> list[str]:
    """The public groups of <k> lines, as a profile file names them."""
    found = {
        int(entry.target, 16)
        for entry in lines
        if entry.kind == "keep" and entry.enabled and GROUP.fullmatch(entry.target)
    }
    return [f"{group:04X}" for group in sorted(found) if group > 0x0006 and not group & 1]


def _element(
    entry: Entry, parameters: dict[str, str], names: dict[str, int]
) -> tuple[Rule | None, list[Problem]]:
    match = TAG.fullmatch(entry.target)
    if match is None or int(match[1], 16) & 1:
        return _private(entry, parameters, names)
    tag = int(entry.target, 16)
    scope = Scope(tag, vr_of(tag) or "UN", parameters, names)
    return rule_for(tag, meaning(entry.script, scope), entry.line)


def _private(
    entry: Entry, parameters: dict[str, str], names: dict[str, int]
) -> tuple[Rule | None, list[Problem]]:
    """A private element: without a rule it is removed, and a rule needs its creator."""
    match = PRIVATE.fullmatch(entry.target)
    asked = meaning(entry.script, Scope(0, "LO", parameters, names))
    if asked.action == "X" or CREATOR.fullmatch(entry.target):
        return None, []
    target = entry.target
    if TAG.fullmatch(target):
        target = attribute_name(int(target, 16))
    if match is None or not int(match[1], 16) & 1:
        reason = "A private attribute needs its creator for a rule. It is removed instead."
        return None, [Problem(entry.line, target, "unmapped", reason)]
    asked = checked(asked, "LO") if asked.action == "C" else asked
    if asked.action not in ("Z", "D", "K", "C"):
        reason = f"{' '.join(asked.notes)} It is removed instead.".lstrip()
        return None, [Problem(entry.line, target, "unmapped", reason)]
    rule = {
        "attribute": f"({int(match[1], 16):04X},xx{match[3].upper()})",
        "creator": match[2],
        "action": asked.action,
    }
    if asked.method:
        rule["method"] = asked.method
    problems = [Problem(entry.line, target, "changed", note) for note in asked.notes]
    if asked.action == "K":
        reason = "It is kept, although the Basic Profile protects it."
        problems.append(Problem(entry.line, target, "looser", reason))
    return rule, problems


def _group(entry: Entry, options: list[str]) -> list[Problem]:
    """What a line for whole groups means; `options` gets what the profile needs for it."""
    if entry.kind == "keep":
        if not entry.enabled:
            return []
        if entry.target.startswith("safe"):
            options.append("retain_safe_private")
            return [Problem(entry.line, "", "changed", SAFE_PRIVATE)]
        return _kept_group(entry)
    if entry.target == "unspecifiedelements":
        return [Problem(entry.line, "", "changed", UNSPECIFIED)] if entry.enabled else []
    if entry.target not in REMOVED_ANYWAY:
        reason = "No kind of element is called so. The Basic Profile decides."
        return [Problem(entry.line, "", "unmapped", reason)] if entry.enabled else []
    if entry.enabled:
        return []
    return [Problem(entry.line, "", "changed", REMOVED_ANYWAY[entry.target])]


def _kept_group(entry: Entry) -> list[Problem]:
    if GROUP.fullmatch(entry.target) is None:
        return [
            Problem(entry.line, "", "unmapped", "It names no group. The Basic Profile decides.")
        ]
    if int(entry.target, 16) & 1:
        reason = f"{STRICTER}: private attributes go unless a rule or an option keeps them."
        return [Problem(entry.line, "", "changed", reason)]
    reason = f"{STRICTER}: what the standard protects in that group is protected."
    return [Problem(entry.line, "", "changed", reason)]
