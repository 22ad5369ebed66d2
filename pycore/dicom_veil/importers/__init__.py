"""Profiles out of what other programs use: each importer is one function from a file's text.

An importer gives an `Imported`: a profile as it stands in a profile file, and every line of the
original that means something else here. Nothing is skipped silently: what cannot be said in a
profile falls to the Basic Profile, or is removed where that would keep it, and is a `Problem`.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from pydicom.datadict import keyword_for_tag, tag_for_keyword

from dicom_veil.errors import Usage
from dicom_veil.methods import cleaner, unfit
from dicom_veil.standard import confidentiality, supplement, vr_of

FORMAT = 1
PROTECTED_BY_VR = frozenset({"DA", "DT", "PN", "TM", "UI"})
# No rule can be made for these, and what is wished of them is done by itself.
FIXED = frozenset({0x00080016, 0x00080018, 0x7FE00008, 0x7FE00009, 0x7FE00010})
# What the output says of itself (PS3.15 E.1.1 step 6) follows from what was done.
STATED = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})

# unmapped: it cannot be said in a profile. changed: it is done, but not in the same way.
# looser: it keeps what the Basic Profile protects.
Kind = Literal["unmapped", "changed", "looser"]
Rule = dict[str, str]


@dataclass(frozen=True)
class Problem:
    """A line (from 1) whose meaning changed, for which attribute, and how, as a sentence."""

    line: int
    attribute: str
    kind: Kind
    reason: str


@dataclass(frozen=True)
class Imported:
    """A profile as it stands in a profile file, and what a person must know of it."""

    profile: dict[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Meaning:
    """What a line asks for. Without an `action` it cannot be mapped, and `notes` say why."""

    action: str
    method: str = ""
    notes: tuple[str, ...] = ()


def unmapped(reason: str) -> Meaning:
    """A line that no profile can say."""
    return Meaning("", notes=(reason,))


def attribute_name(tag: int) -> str:
    """How a profile file names an attribute: by its keyword, else by its tag."""
    keyword = keyword_for_tag(tag)
    if keyword and tag_for_keyword(keyword) == tag:
        return keyword
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def checked(meaning: Meaning, vr: str) -> Meaning:
    """The same meaning, or why its action or method is not for values of that VR."""
    if meaning.action == "U" and vr != "UI":
        return unmapped(f"A new UID is asked for, but the attribute has VR {vr}.")
    if meaning.action != "C":
        return meaning
    try:
        cleaner(meaning.method)
        reason = unfit(meaning.method, vr)
    except Usage as error:
        reason = str(error)
    return unmapped(reason) if reason else meaning


def rule_for(tag: int, meaning: Meaning, line: int) -> tuple[Rule | None, list[Problem]]:
    """The rule for a public attribute, if one is needed, and what to say about it."""
    name = attribute_name(tag)
    if tag >> 16 <= 0x0006:
        reason = "File meta information and directory elements are always made new."
        return None, [Problem(line, name, "changed", reason)]
    if tag in STATED:
        reason = "The output says by itself what was done, in the standard's codes."
        return None, [Problem(line, name, "changed", reason)]
    if tag in FIXED:
        return None, _fixed(tag, name, meaning, line)
    meaning = checked(meaning, vr_of(tag) or "UN")
    if not meaning.action:
        return _instead(tag, name, meaning, line)
    rule = {"attribute": name, "action": meaning.action}
    if meaning.method:
        rule["method"] = meaning.method
    problems = [Problem(line, name, "changed", note) for note in meaning.notes]
    if meaning.action == "K" and is_protected(tag):
        reason = "It is kept, although the Basic Profile protects it."
        problems.append(Problem(line, name, "looser", reason))
    return rule, problems


def is_protected(tag: int) -> bool:
    """Whether the Basic Profile, or its supplement, does something to an attribute."""
    return tag in confidentiality() or tag in supplement() or vr_of(tag) in PROTECTED_BY_VR


def _fixed(tag: int, name: str, meaning: Meaning, line: int) -> list[Problem]:
    expected = "U" if tag == 0x00080018 else "K"
    if meaning.action == expected:
        return [Problem(line, name, "changed", note) for note in meaning.notes]
    reason = "No rule can be made for this attribute: without it the output is no such instance."
    return [Problem(line, name, "unmapped", reason)]


def _instead(tag: int, name: str, meaning: Meaning, line: int) -> tuple[Rule | None, list[Problem]]:
    reasons = " ".join(meaning.notes)
    if is_protected(tag):
        return None, [Problem(line, name, "unmapped", f"{reasons} The Basic Profile decides.")]
    rule = {"attribute": name, "action": "X"}
    return rule, [Problem(line, name, "unmapped", f"{reasons} It is removed instead.")]


def profile_of(name: str, label: str, rules: list[Rule], options: list[str]) -> dict[str, Any]:
    """A profile file's content: the Basic Profile, options, and rules of one's own."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", name):
        raise Usage('A profile\'s "name" is 1 to 32 small letters, digits and hyphens.')
    return {
        "format": FORMAT,
        "name": name,
        "label": label,
        "base": "basic",
        "options": options,
        "rules": rules,
    }
