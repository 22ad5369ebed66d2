"""Stage *report*: what was done, by which edition of which rule, without an original value.

Instances are known by number alone: the report never names a file, a patient or a value.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypedDict

from dicom_veil import __version__
from dicom_veil.plan import Plan, path_text
from dicom_veil.profile import Profile, rule_count
from dicom_veil.read import Instance
from dicom_veil.standard import keyword_of

# What this edition does not do, so that nobody reads a promise into a report.
LIMITS = (
    "Text burned into the pixels was not looked for.",
    "Faces that can be rendered from slices were not removed.",
    "Comments inside compressed pixel data were not removed.",
    "The result was not searched for what the original held.",
    "Free text in attributes that Table E.1-1 does not list was kept.",
)


class Touched(TypedDict):
    """One attribute that was not kept; `path` counts items from 1."""

    tag: str
    keyword: str
    path: str
    action: str
    rule: str


class Row(TypedDict):
    """One de-identified instance."""

    number: int
    sop_class: str
    transfer_syntax: str
    touched: list[Touched]
    notes: list[str]


class RefusedRow(TypedDict):
    """One input that was not written, by number and reason."""

    number: int
    code: str
    reason: str


def row_of(instance: Instance, steps: Plan, number: int) -> Row:
    """The report row of one instance: tags, keywords, rules and actions, never a value."""
    touched: list[Touched] = [
        {
            "tag": tag_text(step.tag),
            "keyword": keyword_of(step.tag),
            "path": path_text(step.path, step.tag),
            "action": step.action,
            "rule": step.rule,
        }
        for step in steps
    ]
    return {
        "number": number,
        "sop_class": instance.sop_class_uid
        if instance.sop_class_uid.startswith("1.2.840.10008.")
        else "private",
        "transfer_syntax": str(instance.transfer_syntax),
        "touched": touched,
        "notes": list(instance.notes),
    }


def tag_text(tag: int) -> str:
    """A tag as the standard prints it: (0010,0010)."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def report(
    rows: Sequence[Row], refused: Iterable[RefusedRow], profile: Profile, build: str = ""
) -> str:
    """The report of one run as JSON text."""
    touched = [entry for row in rows for entry in row["touched"]]
    refusals = list(refused)
    document = {
        "format": 1,
        "tool": {"name": "Veil", "version": __version__, "build": build},
        "standard": profile.edition,
        "profile": {
            "name": profile.name,
            "label": profile.label,
            "options": list(profile.options),
            "rules": rule_count(profile),
            "own": {tag_text(tag): action for tag, action in sorted(profile.own.items())},
        },
        "counts": {
            "instances": len(rows) + len(refusals),
            "deidentified": len(rows),
            "refused": len(refusals),
            "by_action": dict(sorted(Counter(entry["action"] for entry in touched).items())),
            "by_rule": dict(sorted(Counter(entry["rule"] for entry in touched).items())),
        },
        "limits": list(LIMITS),
        "instances": list(rows),
        "refused": refusals,
    }
    return json.dumps(document, indent=1, ensure_ascii=False)
