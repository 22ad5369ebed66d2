"""Dictionaries of Kitware's dicom-anonymizer: JSON from tags to actions.

A value is the name of an action, as in `{"(0x0010, 0x0010)": "replace"}`, or an object with the
action and its options: `{"action": "regexp", "find": …, "replace": …}`. Four numbers in a key are
a tag and a mask, for groups that repeat.
"""

import json
import re
from typing import Any

from dicom_veil.errors import Usage
from dicom_veil.generalise import regex_argument
from dicom_veil.importers import (
    Imported,
    Meaning,
    Problem,
    Rule,
    attribute_name,
    profile_of,
    rule_for,
    unmapped,
)
from dicom_veil.standard import vr_of

# The last letter of a compound action keeps an instance valid whatever Type the attribute has.
ACTIONS = {
    "replace": "D", "empty": "Z", "delete": "X", "keep": "K", "replace_UID": "U",
    "empty_or_replace": "D", "delete_or_empty": "Z", "delete_or_replace": "D",
    "delete_or_empty_or_replace": "D",
}  # fmt: skip
UNKNOWN = "No action of dicom-anonymizer is called so."
UID_OR_EMPTY = "delete_or_empty_or_replace_UID"
KEY = re.compile(r"\s*[(\[]\s*((?:0[xX])?\w+)\s*,\s*((?:0[xX])?\w+)\s*(?:,(.*))?[)\]]\s*")


class _Pairs(list[tuple[str, Any]]):
    """A JSON object's entries, doubled ones too."""


def import_kitware(text: str, name: str = "imported") -> Imported:
    """A profile from a dictionary of dicom-anonymizer. Raises `Usage` where it is none."""
    try:
        pairs = json.loads(text, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        raise Usage(f"The dictionary is not JSON: line {error.lineno}, {error.msg}.") from None
    if not isinstance(pairs, _Pairs):
        raise Usage("The dictionary must be a JSON object from tags to actions.")
    rules: list[Rule] = []
    problems: list[Problem] = []
    place = 0
    for key, value in pairs:
        # Keys come in the order of the text, so each is looked for behind the one before.
        place = max(text.find(json.dumps(key, ensure_ascii=False), place), place)
        rule, more = _rule(key, value, text.count("\n", 0, place) + 1)
        place += 1
        rules += [rule] if rule else []
        problems += more
    return Imported(
        profile_of(name, "From a dictionary of dicom-anonymizer", rules, []), tuple(problems)
    )


def _rule(key: str, value: Any, line: int) -> tuple[Rule | None, list[Problem]]:
    tag = _tag(key)
    if tag is None:
        reason = "The key is not a tag of two numbers."
        if KEY.fullmatch(key):
            reason = "A range of tags cannot be a rule. The Basic Profile decides."
        return None, [Problem(line, "", "unmapped", reason)]
    meaning = _meaning(value, vr_of(tag) or "UN")
    if tag >> 16 & 1:
        if meaning.action == "X":
            return None, []
        reason = "A private attribute needs its creator for a rule. It is removed instead."
        return None, [Problem(line, attribute_name(tag), "unmapped", reason)]
    return rule_for(tag, meaning, line)


def _tag(key: str) -> int | None:
    match = KEY.fullmatch(key)
    if match is None or match[3]:
        return None
    try:
        group, element = int(match[1], 0), int(match[2], 0)
    except ValueError:
        return None
    return group << 16 | element if group <= 0xFFFF and element <= 0xFFFF else None


def _meaning(value: Any, vr: str) -> Meaning:
    if value == UID_OR_EMPTY:
        return Meaning("U" if vr == "UI" else "Z")
    if isinstance(value, str):
        action = ACTIONS.get(value)
        return Meaning(action) if action else unmapped(UNKNOWN)
    options = dict(value) if isinstance(value, _Pairs) else {}
    if options.get("action") == "regexp" and {"find", "replace"} <= set(options):
        argument = regex_argument(str(options["find"]), str(options["replace"]))
        return Meaning("C", f"regex:{argument}")
    if options.get("action") == "replace_with_value" and "value" in options:
        return Meaning("C", f"set:{options['value']}")
    if set(options) == {"action"} and options["action"] in ACTIONS:
        return Meaning(ACTIONS[options["action"]])
    return unmapped("It is no action of dicom-anonymizer with the options that it needs.")
