"""The report as a table (CSV) and as a page to print (HTML), both out of its JSON document.

The page is one file that opens offline and loads nothing. Instances to which the same was done
stand together, so that a study of a thousand slices is not a thousand pages.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from pydicom._uid_dict import UID_dictionary

Document = Mapping[str, Any]
COLUMNS = (
    "number", "result", "sop_class", "transfer_syntax", "tag", "keyword", "path", "action", "rule",
    "reason", "file", "sha256",
)  # fmt: skip
ACTIONS = {
    "X": "removed",
    "Z": "emptied",
    "D": "replaced by a dummy",
    "U": "UID replaced",
    "C": "cleaned",
    "K": "kept",
}
DATES = {"remove": "removed", "month": "cut down to the month", "year": "cut down to the year"}
ASKED = {
    "names": "One PatientID, different names",
    "ids": "One name and birth date, different PatientIDs",
    "studies": "One study, different patients",
    "uid": "One SOPInstanceUID, different content",
}
ON_FAILURE = {"enlarge": "the sample is enlarged", "stop": "nothing is released"}
STATES = {
    "open": "not finished",
    "passed": "passed",
    "stopped": "failed: the results are not to be released",
}
CHECKED = {
    "tags": "What was done to the attributes",
    "private": "Private attributes that stay",
    "pixels_left": "Pictures still to be looked at for text",
    "pixels_changed": "Pictures decided otherwise since the run",
}
TEXT_LEFT = {
    "identifies": "<p>Text that identifies was left in the pixels, as a person chose.</p>",
    "unclear": "<p>Text that nobody judged was left in the pixels, as a person chose.</p>",
}
ANSWERS = {"same": "the same person", "different": "different persons", "out": "left out"}
# What is each instance's own.
OWN = frozenset({"number", "file", "size", "sha256", "device"})
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
STYLE = """
:root { color-scheme: light; }
body { font: 10pt/1.45 system-ui, sans-serif; color: #111; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 18pt; margin: 0 0 .2rem; } h2 { font-size: 13pt; margin: 1.6rem 0 .4rem; }
h3 { font-size: 10.5pt; margin: 1.1rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .15rem .5rem .15rem 0;
  border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }
th { border-bottom-color: #111; } td.number, th.number { text-align: right; }
.facts th { width: 14rem; border-bottom-color: #ccc; font-weight: 500; }
.stop { border-left: 4px solid #b00020; padding-left: .7rem; }
.sign { display: flex; gap: 2rem; margin-top: 1rem; break-inside: avoid; }
.sign label { flex: 1; } .sign input { display: block; width: 100%; font: inherit;
  border: 0; border-bottom: 1px solid #111; padding: 1.4rem 0 .2rem; background: none; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 8.5pt; }
  thead { display: table-header-group; } tr, h2, h3 { break-inside: avoid; }
  h2, h3 { break-after: avoid; } @page { margin: 16mm 14mm; } }
"""


def as_csv(document: Document) -> str:
    """One line per attribute that was touched and per input that was not written (RFC 4180)."""
    return "".join(csv_lines(document))


def csv_lines(document: Document) -> Iterator[str]:
    """`as_csv` line by line: of a large study it is large."""
    out = io.StringIO()
    writer = csv.writer(out)
    for cells in _lines(document):
        writer.writerow([_cell(value) for value in cells])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _lines(document: Document) -> Iterator[Sequence[object]]:
    yield COLUMNS
    for row in document["instances"]:
        head = (row["number"], "deidentified", row["sop_class"], row["transfer_syntax"])
        end = ("", row.get("file", ""), row.get("sha256", ""))
        touched = document["treatments"][row["treatment"]]
        for entry in touched:
            step = (entry[name] for name in ("tag", "keyword", "path", "action", "rule"))
            yield (*head, *step, *end)
        if not touched:
            yield (*head, "", "", "", "", "", *end)
    for row in document["refused"]:
        found = [(hit["where"], f"{row['reason']} {hit['kind']}") for hit in row.get("hits", ())]
        for where, reason in found or [("", row["reason"])]:
            yield (row["number"], row["state"], "", "", "", "", where, "", "", reason, "", "")
    if sample := document.get("sample"):
        for number, file, verdict, note in _drawn(sample, document["instances"]):
            yield (number, "spot check", "", "", "", "", "", verdict, "", note, file, "")
        for name, fact in _log(document):
            yield ("", "log", "", "", "", "", name, "", "", fact, "", "")


def _log(document: Document) -> Iterator[tuple[str, object]]:
    """What the table says of the run and its audit as a whole, as name and value."""
    counts, review = document["counts"], document["review"]
    yield "Tool", _tool(document["tool"])
    yield "Date", document.get("date", "")
    yield "Profile", f"{document['profile']['label']} ({document['profile']['name']})"
    yield "Standard", document["standard"]
    for name in ("instances", "deidentified", "quarantined", "left_out"):
        yield name.replace("_", " ").capitalize(), counts[name]
    for name, before in document.get("baseline", {}).get("before", {}).items():
        yield f"Originals, {name}", before
        yield f"Results, {name}", document["baseline"]["after"][name]
    yield from _picture_facts(document)
    yield from _sample_facts(document["sample"])
    yield from _checked_facts(document)
    yield "Reviewed by", review["name"]
    yield "Date of the review", review["date"]


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_html(document: Document) -> str:
    """One page to look through, sign and print; it needs no network and runs no script."""
    counts, profile = document["counts"], document["profile"]
    parts = [
        "<h1>De-identification report</h1>",
        f"<p>{_tool(document['tool'])}</p>",
        _review(document["review"]),
        "<h2>Result</h2>",
        _facts(
            *([("Date", document["date"])] if "date" in document else []),
            ("Inputs", counts["instances"]),
            ("De-identified", counts["deidentified"]),
            ("Quarantined", counts["quarantined"]),
            ("Left out", counts["left_out"]),
        ),
        *audit_parts(document),
        _refused(document["refused"]),
        "<h2>Profile</h2>",
        _profile(profile, document["standard"]),
        "<h2>What was done, by action</h2>",
        _table(
            ("Action", "Meaning", "#Attributes"),
            ((action, ACTIONS[action], count) for action, count in counts["by_action"].items()),
        ),
        "<h2>What was done, by rule</h2>",
        _table(("Rule", "#Attributes"), counts["by_rule"].items()),
        "<h2>What was not done</h2>",
        _list(document["limits"]),
        "<h2>Instances</h2>",
        *(_group(group, document["treatments"]) for group in _groups(document["instances"])),
        *manifest_part(document),
        "<h2>Rules of the standard</h2>",
        _standard(profile),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>De-identification report</title><style>{STYLE}</style></head>\n"
        "<body>" + "\n".join(parts) + "</body></html>\n"
    )


def audit_parts(document: Document) -> Iterator[str]:
    """What an audit of a run over whole studies asks for: counts, flags, questions, sample."""
    if baseline := document.get("baseline"):
        before, after = baseline["before"], baseline["after"]
        yield "<h2>Originals and results</h2>"
        lines = ((name, before[name], after[name]) for name in before)
        yield _table(("", "#Originals", "#Results"), lines)
    if "flagged" in document:
        yield "<h2>Pixels that need eyes</h2>"
        yield _table(("Reason", "#Results"), document["flagged"].items())
    if "pictures" in document:
        yield "<h2>Pictures of the results</h2>"
        yield _facts(*_picture_facts(document))
    if questions := document.get("questions"):
        yield "<h2>Questions that were answered</h2>"
        yield _table(
            ("Question", "Pseudonyms"),
            ((one["sentence"], ", ".join(one["pseudonyms"])) for one in questions),
        )
    if decisions := document.get("decisions"):
        yield "<h2>Questions of who is who</h2>"
        head = ("Question", "#Sides", "#Instances", "Answer")
        yield _table(
            head,
            (
                (
                    ASKED[one["kind"]],
                    one["sides"],
                    one["instances"],
                    ANSWERS.get(one["decision"], one["decision"]),
                )
                for one in decisions
            ),
        )
    if sample := document.get("sample"):
        yield "<h2>Spot check</h2>"
        yield _facts(*_sample_facts(sample))
        drawn = _drawn(sample, document["instances"])
        yield _table(("#Instance", "File", "Pass or fail", "Note"), drawn)
    if "checked" in document:
        yield "<h2>What a person went through</h2>"
        yield _facts(*_checked_facts(document))


def _picture_facts(document: Document) -> Iterator[tuple[str, object]]:
    if pictures := document.get("pictures"):
        yield "Pictures (PNG)", pictures["files"]
        yield "Instances with pixels and no picture", ranges(pictures["without"]) or "none"
        if partly := pictures.get("partly"):
            yield "Instances of which some frames have none", ranges(partly)


def _sample_facts(sample: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield "Method", sample["method"]
    yield "Seed", sample["seed"]
    if "state" in sample:
        drawn = set(sample["numbers"])
        mine = [one["passed"] for one in sample["seen"] if one["number"] in drawn]
        yield "Looked at", f"{len(mine)} of {len(drawn)}, {mine.count(False)} failed"
        yield "After a failure", ON_FAILURE[sample["on_failure"]]
        yield "Outcome", STATES[sample["state"]]


def _checked_facts(document: Document) -> Iterator[tuple[str, object]]:
    for name, value in document.get("checked", {}).items():
        told = {True: "looked through", False: "not looked through"}
        yield CHECKED[name], told[value] if isinstance(value, bool) else value


def _drawn(
    sample: Mapping[str, Any], instances: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, str, str, str]]:
    """Number, file, verdict and note of each instance of the sample."""
    seen = {one["number"]: one for one in sample["seen"]}
    files = {row["number"]: row.get("file", "") for row in instances}
    return ((n, files.get(n, ""), *_seen(seen.get(n))) for n in sample["numbers"])


def _seen(one: Mapping[str, Any] | None) -> tuple[str, str]:
    return ("", "") if one is None else ("pass" if one["passed"] else "fail", one["note"])


def manifest_part(document: Document) -> Iterator[str]:
    """Name, size and SHA-256 of every output, where the run knows them."""
    lines = [
        (row["number"], row["file"], row["size"], row["sha256"])
        for row in document["instances"]
        if "sha256" in row
    ]
    if lines:
        yield "<h2>Manifest</h2>"
        yield _table(("#Instance", "File", "#Bytes", "SHA-256"), lines)


def _tool(tool: Mapping[str, str]) -> str:
    build = f", build {tool['build']}" if tool["build"] else ""
    return escape(f"{tool['name']} {tool['version']}{build}")


def _review(review: Mapping[str, str]) -> str:
    fields = (("Reviewed by", review["name"]), ("Date", review["date"]), ("Signature", ""))
    labels = (
        f'<label>{label}<input autocomplete="off" value="{escape(value)}"></label>'
        for label, value in fields
    )
    return f'<div class="sign">{"".join(labels)}</div>'


def _profile(profile: Mapping[str, Any], standard: str) -> str:
    options = ", ".join(profile["options"]) or "none"
    facts = _facts(
        ("Name", f"{profile['label']} ({profile['name']})"),
        ("What it is for", profile.get("description") or "not said"),
        ("Standard", standard),
        ("Options", options),
        ("Dates that no option retains", DATES[profile["dates"]]),
        ("Elements that no rule lists", _unlisted(profile)),
        ("Rules", profile["rules"]),
    )
    if not profile["own"]:
        return facts
    own = (
        (rule.get("creator", ""), rule["attribute"], rule["action"], rule.get("method", ""))
        for rule in profile["own"]
    )
    head = ("Private creator", "Attribute", "Action", "Method")
    return f"{facts}<h3>Rules of one's own</h3>{_table(head, own)}"


def _unlisted(profile: Mapping[str, Any]) -> str:
    if profile.get("unlisted", "keep") == "keep":
        return "kept where nothing identifying is found in them"
    groups = ", ".join(profile.get("unlisted_groups", ()))
    but = f", or that are of groups {groups}" if groups else ""
    return f"removed, but for those that the IOD requires or that describe pixels{but}"


def _refused(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    lines = []
    for row in rows:
        where = (f"{hit['where']} ({hit['kind']})" for hit in row.get("hits", ()))
        lines.append((row["number"], row["state"], row["code"], row["reason"], "; ".join(where)))
    table = _table(("#Instance", "State", "Code", "Reason", "Found in the output"), lines)
    return f'<div class="stop"><h3>Not written</h3>{table}</div>'


def _groups(rows: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Instances that were treated alike, in the order of their first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        same = repr([value for key, value in sorted(row.items()) if key not in OWN])
        groups.setdefault(same, []).append(row)
    return list(groups.values())


def _group(rows: Sequence[Mapping[str, Any]], treatments: Sequence[Any]) -> str:
    first = rows[0]
    title = f"Instance{'s' * (len(rows) > 1)} {ranges([row['number'] for row in rows])}"
    kind = ", ".join(_uid_name(first[key]) for key in ("sop_class", "transfer_syntax"))
    touched = (
        (entry["tag"], entry["path"], ACTIONS[entry["action"]], entry["rule"])
        for entry in treatments[first["treatment"]]
    )
    places = ", ".join(first.get("verified", ()))
    searched = f"<p>Searched and nothing found: {escape(places)}.</p>" if places else ""
    taken = ", ".join(f"{name} ({count})" for name, count in first.get("codestream", {}).items())
    removed = f"<p>Taken out of the compressed pixel data: {escape(taken)}.</p>" if taken else ""
    table = _table(("Tag", "Attribute", "What was done", "Rule"), touched)
    kept = ", ".join(first.get("private_kept", ()))
    flags = ", ".join(first.get("flags", ()))
    eyes = f"<p>Pixels that need eyes: {escape(flags)}.</p>" if flags else ""
    text = TEXT_LEFT.get(first.get("pixels", {}).get("stays", ""), "")
    private = f"<p>Private attributes that stay: {escape(kept)}.</p>" if kept else ""
    notes = _list(first["notes"])
    said = f"{searched}{removed}{eyes}{text}{private}{notes}"
    return f"<h3>{escape(title)}</h3><p>{escape(kind)}</p>{said}{table}"


def ranges(numbers: Iterable[int]) -> str:
    """Numbers as a person writes them.

    >>> ranges([1, 2, 3, 5, 7, 8])
    '1–3, 5, 7–8'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _standard(profile: Mapping[str, Any]) -> str:
    lines = (
        (
            row["tag"],
            row["keyword"],
            row["basic"],
            ", ".join(f"{name} {action}" for name, action in row.get("options", {}).items()),
        )
        for row in profile["table"]
    )
    return _table(("Tag", "Attribute", "Basic Profile", "Chosen options"), lines)


def _uid_name(uid: str) -> str:
    return str(UID_dictionary[uid][0]) if uid in UID_dictionary else uid


def _facts(*facts: tuple[str, object]) -> str:
    lines = (
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in facts
    )
    return f'<table class="facts"><tbody>{"".join(lines)}</tbody></table>'


def _list(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def _table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A table; a column whose name begins with # holds numbers."""
    kinds = [' class="number"' if name.startswith("#") else "" for name in head]
    names = "".join(
        f"<th{kind}>{escape(name.lstrip('#'))}</th>" for name, kind in zip(head, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{escape(str(cell))}</td>" for cell, kind in zip(line, kinds, strict=True)
        )
        + "</tr>"
        for line in lines
    )
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
