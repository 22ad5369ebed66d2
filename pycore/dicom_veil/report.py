"""Stage *report*: what was done, by which edition of which rule, without an original value.

Instances are known by number alone: the report never names a file, a patient or a value.
`data/report.schema.json` describes it; `report_forms` makes a table and a page of it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from io import StringIO
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

from dicom_veil import __version__
from dicom_veil.errors import Quarantined, VeilError
from dicom_veil.plan import Plan, Step, path_text
from dicom_veil.profile import OwnRule, Profile, rule_count
from dicom_veil.read import Instance
from dicom_veil.redact.region import Cleaning
from dicom_veil.risk import may_show_text
from dicom_veil.standard import confidentiality, keyword_of

FORMAT = 3

# Of inputs refused for these reasons there was no instance to write; others are quarantined.
NO_INSTANCE = frozenset({"not-dicom", "empty", "directory", "left-out", "repeated"})

# What this edition does not do, so that nobody reads a promise into a report.
LIMITS = (
    "Faces on photographs, and those that can be rendered from slices, were not removed.",
    "Free text that no rule lists was kept where nothing identifying was found in it.",
    "A stranger's name in a text that is kept word by word stays where it is also a medical term.",
)


NOT_SEARCHED = "Text burned into the pixels was not looked for."
SEARCHED = (
    "Text burned into the pixels was looked for by a program and removed; nobody can promise that "
    "it found all."
)
PARTLY_SEARCHED = "Text burned into the pixels was looked for in some of the instances only."
MAY_SHOW = "{} that {} not searched may show it."
LEFT = "In {} a person left text that identifies or that nobody judged."


class Touched(TypedDict):
    """One attribute that was not kept; `path` counts items from 1."""

    tag: str
    keyword: str
    path: str
    action: str
    rule: str
    method: NotRequired[str]


class PixelRow(TypedDict):
    """What was done to the pixels: whether all were searched, how many regions went, and from

    where they came (`read`, `rule`, `drawn`), with their class where they were read. `stays`: a
    person left text there that identifies (with dates and institutions), or that is unclear.

    A row has one where something was done to the pixels, and where they are of a kind that often
    shows text (`risk.may_show_text`): then nobody can take silence for a search.
    """

    searched: bool
    regions: int
    by_source: dict[str, int]
    stays: NotRequired[str]


class Row(TypedDict):
    """One de-identified instance.

    What a run over whole studies adds: the output's `file` name, `size` in bytes and `sha256`;
    `device` as a number and `modality`, by which samples are drawn; `flags`, the reasons to look
    at its pixels; `private_kept`, paths of the private attributes that stay.
    """

    number: int
    sop_class: str
    transfer_syntax: str
    touched: list[Touched]
    codestream: dict[str, int]
    notes: list[str]
    verified: NotRequired[list[str]]
    file: NotRequired[str]
    size: NotRequired[int]
    sha256: NotRequired[str]
    device: NotRequired[int]
    modality: NotRequired[str]
    flags: NotRequired[list[str]]
    private_kept: NotRequired[list[str]]
    pixels: NotRequired[PixelRow]


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


class Treatment(NamedTuple):
    """What a plan does, for the report: as JSON too, with a name for that, and the paths alone."""

    touched: list[Touched]
    json: str
    name: str
    paths: frozenset[str]


# The instances of a series have one plan.
@lru_cache(maxsize=256)
def treatment_of(steps: Plan) -> Treatment:
    """The steps of a plan as the report has them: one list for all instances of that plan."""
    touched = [touched_of(step) for step in steps]
    text = json.dumps(touched, ensure_ascii=False, separators=(",", ":"))
    name = blake2b(text.encode(), digest_size=16).hexdigest()
    return Treatment(touched, text, name, frozenset(one["path"] for one in touched))


def touched_of(step: Step) -> Touched:
    """One step of a plan, for the report."""
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


def row_of(
    instance: Instance, treatment: Treatment, number: int, removed: Iterable[str] = (),
    cleaning: Cleaning | None = None,
) -> Row:  # fmt: skip
    """The report row of one instance: tags, keywords, rules and actions, never a value.

    `removed`: the kinds of what was taken out of compressed pixel data. `cleaning`: what was done
    to the pixels themselves.
    """
    row: Row = {
        "number": number,
        "sop_class": instance.sop_class_uid
        if instance.sop_class_uid.startswith("1.2.840.10008.")
        else "private",
        "transfer_syntax": str(instance.transfer_syntax),
        "touched": treatment.touched,
        "codestream": dict(sorted(Counter(removed).items())),
        "verified": ["header", "codestream"],
        "notes": list(instance.notes),
    }
    if cleaning is not None:
        row["pixels"] = {
            "searched": cleaning.checked,
            "regions": len(cleaning.regions),
            "by_source": dict(sorted(cleaning.counts.items())),
        }
        if cleaning.stays:
            row["pixels"]["stays"] = cleaning.stays
    elif may_show_text(instance):
        row["pixels"] = {"searched": False, "regions": 0, "by_source": {}}
    return row


def refused_row(number: int, error: VeilError) -> RefusedRow:
    """One input that was not written, with the places where verification found something."""
    row: RefusedRow = {"number": number, "code": error.code, "reason": str(error)}
    if isinstance(error, Quarantined):
        row["hits"] = [{"where": hit[0], "kind": hit[1]} for hit in error.hits]
    return row


def tag_text(tag: int) -> str:
    """A tag as the standard prints it: (0010,0010)."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def state_of(code: str) -> str:
    """Where a refused input ends: `quarantined`, or `left out` where there was no instance."""
    return "left out" if code in NO_INSTANCE else "quarantined"


def report(
    rows: Sequence[Row], refused: Iterable[RefusedRow], profile: Profile, build: str = "",
    audit: Mapping[str, Any] | None = None, review: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """The report of one run as JSON text.

    What was done to an instance stands once, in `treatments`, however many were treated alike.
    `audit`: what a run over whole studies adds (`audit`): date, baseline, questions, sample, and
    what a person checked. `review`: who looked through it, and when.
    """
    treatments = _Treatments()
    numbers = [treatments.number(row) for row in rows]
    refusals = [{**one, "state": state_of(one["code"])} for one in refused]
    states = Counter(one["state"] for one in refusals)
    document = {
        "format": FORMAT,
        "tool": {"name": "Veil", "version": __version__, "build": build},
        "standard": profile.edition,
        "profile": profile_part(profile),
        "counts": {
            "instances": len(rows) + len(refusals),
            "deidentified": len(rows),
            "refused": len(refusals),
            "quarantined": states["quarantined"],
            "left_out": states["left out"],
            "by_action": treatments.count("action"),
            "by_rule": treatments.count("rule"),
        },
        "limits": [_searched(rows), *LIMITS],
        **(audit or {}),
        "treatments": treatments.all,
        "instances": map(_instance, rows, numbers),
        "refused": refusals,
        "review": {"name": "", "date": "", **(review or {})},
    }
    return _text(document)


def _instance(row: Row, treatment: int) -> dict[str, Any]:
    """A row that names its treatment, its other entries in one order."""
    entries = {name: value for name, value in sorted(row.items()) if name != "touched"}
    return {"number": entries.pop("number"), "treatment": treatment, **entries}


def _text(document: Mapping[str, Any]) -> str:
    """As JSON; what is an iterator comes one by one, since all at once takes ten times the text."""
    text = StringIO()
    start = "{"
    for name, value in document.items():
        text.write(f'{start}\n "{name}": ')
        start = ","
        if not isinstance(value, Iterator):
            text.write(_indented(value, 1))
            continue
        before = "["
        for one in value:
            text.write(f"{before}\n  {_indented(one, 2)}")
            before = ","
        text.write("[]" if before == "[" else "\n ]")
    text.write("\n}")
    return text.getvalue()


def _indented(value: object, depth: int) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False).replace("\n", "\n" + " " * depth)


def _searched(rows: Sequence[Row]) -> str:
    """What can be said of text in the pixels, with the number of those where it may be."""
    found = [row["pixels"]["searched"] if "pixels" in row else None for row in rows]
    searched = bool(found) and all(found)
    said = [SEARCHED if searched else PARTLY_SEARCHED if any(found) else NOT_SEARCHED]
    if open_ones := found.count(False):
        said.append(MAY_SHOW.format(open_ones, "was" if open_ones == 1 else "were"))
    if left := sum("stays" in row.get("pixels", {}) for row in rows):
        said.append(LEFT.format(f"{left} {'instance' if left == 1 else 'instances'}"))
    return " ".join(said)


class _Treatments:
    """The different lists of touched attributes, and how many instances each was for."""

    def __init__(self) -> None:
        self.all: list[list[Touched]] = []
        self._instances: list[int] = []
        self._numbers: dict[str, int] = {}
        self._known: dict[int, int] = {}

    def number(self, row: Row) -> int:
        """Of the treatment of one more instance."""
        number = self._number(row["touched"])
        self._instances[number] += 1
        return number

    def _number(self, touched: list[Touched]) -> int:
        # Rows of a run share their lists (`batch.journal.Rows`); others are compared.
        if (number := self._known.get(id(touched))) is not None:
            return number
        number = self._numbers.setdefault(json.dumps(touched, sort_keys=True), len(self.all))
        if number == len(self.all):
            self.all.append(touched)
            self._instances.append(0)
            self._known[id(touched)] = number
        return number

    def count(self, name: Literal["action", "rule"]) -> dict[str, int]:
        """How often each action or rule was applied over all instances."""
        total: Counter[str] = Counter()
        for touched, count in zip(self.all, self._instances, strict=True):
            for entry in touched:
                total[entry[name]] += count
        return dict(sorted(total.items()))


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
