"""Stage *report*: what was done, by which edition of which rule, without an original value.

Instances are known by number alone: the report never names a file, a patient or a value.
`data/report.schema.json` describes it; `report_forms` makes a table and a page of it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NotRequired, TypedDict

from dicom_veil import __version__
from dicom_veil.errors import Quarantined, VeilError
from dicom_veil.plan import Plan, Step, path_text
from dicom_veil.profile import OwnRule, Profile, rule_count
from dicom_veil.read import Instance
from dicom_veil.standard import confidentiality, keyword_of

FORMAT = 2

# What this edition does not do, so that nobody reads a promise into a report.
LIMITS = (
    "Text burned into the pixels was not looked for.",
    "Faces that can be rendered from slices were not removed.",
    "Free text that no rule lists was kept where nothing identifying was found in it.",
    "A stranger's name in a text that is kept word by word stays where it is also a medical term.",
)


class Touched(TypedDict):
    """One attribute that was not kept; `path` counts items from 1."""

    tag: str
    keyword: str
    path: str
    action: str
    rule: str
    method: NotRequired[str]


class Row(TypedDict):
    """One de-identified instance."""

    number: int
    sop_class: str
    transfer_syntax: str
    touched: list[Touched]
    codestream: dict[str, int]
    notes: list[str]
    verified: NotRequired[list[str]]


class Hit(TypedDict):
    """Where in an output something of the original was found, and of what kind it is."""

    where: str
    kind: str


class RefusedRow(TypedDict):
    """One input that was not written, by number and reason; with `hits`, it was quarantined."""

    number: int
    code: str
    reason: str
    hits: NotRequired[list[Hit]]


def row_of(instance: Instance, steps: Plan, number: int, removed: Iterable[str] = ()) -> Row:
    """The report row of one instance: tags, keywords, rules and actions, never a value.

    `removed`: the kinds of what was taken out of compressed pixel data.
    """
    touched = [touched_of(step) for step in steps]
    return {
        "number": number,
        "sop_class": instance.sop_class_uid
        if instance.sop_class_uid.startswith("1.2.840.10008.")
        else "private",
        "transfer_syntax": str(instance.transfer_syntax),
        "touched": touched,
        "codestream": dict(sorted(Counter(removed).items())),
        "verified": ["header", "codestream"],
        "notes": list(instance.notes),
    }


@lru_cache(maxsize=16384)
def touched_of(step: Step) -> Touched:
    """One step of a plan, for the report. Remembered: instances of a series repeat their steps."""
    touched: Touched = {
        "tag": tag_text(step.tag),
        "keyword": keyword_of(step.tag),
        "path": path_text(step.path, step.tag),
        "action": step.action,
        "rule": step.rule,
    }
    if step.method:
        # Its argument can be out of the file: the code whose meaning is looked up.
        touched["method"] = step.method.partition(":")[0]
    return touched


def refused_row(number: int, error: VeilError) -> RefusedRow:
    """One input that was not written, with the places where verification found something."""
    row: RefusedRow = {"number": number, "code": error.code, "reason": str(error)}
    if isinstance(error, Quarantined):
        row["hits"] = [{"where": hit[0], "kind": hit[1]} for hit in error.hits]
    return row


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
        "format": FORMAT,
        "tool": {"name": "Veil", "version": __version__, "build": build},
        "standard": profile.edition,
        "profile": profile_part(profile),
        "counts": {
            "instances": len(rows) + len(refusals),
            "deidentified": len(rows),
            "refused": len(refusals),
            "quarantined": sum(refusal["code"] == "quarantined" for refusal in refusals),
            "by_action": dict(sorted(Counter(entry["action"] for entry in touched).items())),
            "by_rule": dict(sorted(Counter(entry["rule"] for entry in touched).items())),
        },
        "limits": list(LIMITS),
        "instances": list(rows),
        "refused": refusals,
        "review": {"name": "", "date": ""},
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def profile_part(profile: Profile) -> dict[str, Any]:
    """A profile with every rule: one's own, and the table's with the chosen options."""
    return {
        "name": profile.name,
        "label": profile.label,
        "description": profile.description,
        "options": list(profile.options),
        "dates": profile.dates,
        "unlisted": profile.unlisted,
        "unlisted_groups": [f"{group:04X}" for group in profile.unlisted_groups],
        "rules": rule_count(profile),
        "own": [own_part(rule) for rule in profile.own],
        "table": [
            {
                "tag": tag_text(row.tag),
                "keyword": row.keyword,
                "basic": row.basic,
                "options": {
                    name: row.options[name] for name in profile.options if name in row.options
                },
            }
            for row in confidentiality().values()
        ],
    }


def own_part(rule: OwnRule) -> dict[str, str]:
    """A rule of one's own, as a profile file has it."""
    if rule.creator:
        attribute = f"({rule.tag >> 16:04X},xx{rule.tag & 0xFF:02X})"
    else:
        attribute = ".".join(keyword_of(tag) or tag_text(tag) for tag in (*rule.parents, rule.tag))
    part = {"attribute": attribute, "action": rule.action}
    if rule.method:
        part["method"] = rule.method
    if rule.creator:
        part["creator"] = rule.creator
    return part
