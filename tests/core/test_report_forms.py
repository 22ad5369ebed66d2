"""The report's schema, its table and its page."""

import csv
import io
import json
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest

from dicom_veil.deidentify import deidentify
from dicom_veil.identity import Identity
from dicom_veil.plan import Step
from dicom_veil.profile import BUILT_IN, Profile, from_json, load
from dicom_veil.report import report, touched_of
from dicom_veil.report_forms import COLUMNS, as_csv, as_html, ranges
from tests.core.canary import canary
from tests.core.schemas import mistakes

OWN = from_json(
    json.dumps(
        {
            "format": 1,
            "name": "own",
            "label": "A <b>bold</b> one",
            "options": ["retain_device"],
            "rules": [
                {"attribute": "PatientAge", "action": "C", "method": "age-cap:89"},
                {"attribute": "(0029,xx10)", "creator": "ACME & SONS", "action": "K"},
                {"attribute": "RequestAttributesSequence.ScheduledProcedureStepID", "action": "X"},
            ],
        }
    )
)


def row(number: int, *, action: str = "X") -> Any:
    touched = [
        {
            "tag": "(0010,0010)",
            "keyword": "PatientName",
            "path": "PatientName",
            "action": "Z",
            "rule": "E.1-1",
        },
        {
            "tag": "(0009,1001)",
            "keyword": "",
            "path": "ReferencedImageSequence[1].(0009,1001)",
            "action": action,
            "rule": "private",
        },
    ]
    return {
        "number": number,
        "sop_class": "1.2.840.10008.5.1.4.1.1.2",
        "transfer_syntax": "1.2.840.10008.1.2.1",
        "touched": touched,
        "codestream": {"COM": 2},
        "notes": [],
        "verified": ["header", "codestream segments"],
    }


QUARANTINED: Any = {
    "number": 5,
    "code": "quarantined",
    "reason": "Something of the original was found in the output.",
    "hits": [{"where": "ImageComments", "kind": "name"}, {"where": "(0029,1010)", "kind": "ID"}],
}
REFUSED: Any = {"number": 6, "code": "empty", "reason": "The file is empty."}


def document(profile: Profile = OWN) -> Any:
    rows = [row(1), row(2), row(3, action="D"), row(4)]
    return json.loads(report(rows, [QUARANTINED, REFUSED], profile, "0123abc"))


def test_a_report_keeps_to_its_schema() -> None:
    made = document()
    assert mistakes("report", made) == []
    assert made["counts"]["quarantined"] == 1
    assert made["counts"]["instances"] == 6
    assert [rule["attribute"] for rule in made["profile"]["own"]] == [
        "PatientAge",
        "(0029,xx10)",
        "RequestAttributesSequence.ScheduledProcedureStepID",
    ]
    assert len(made["profile"]["table"]) > 600
    assert {"retain_device": "K"} in [line["options"] for line in made["profile"]["table"]]


@pytest.mark.parametrize("key", ["tool", "profile", "instances", "treatments", "review", "limits"])
def test_the_schema_misses_what_is_missing(key: str) -> None:
    made = document()
    del made[key]
    assert mistakes("report", made)


def test_the_schema_has_no_place_for_a_value() -> None:
    made = document()
    made["treatments"][0][0]["value"] = "Doe^Jane"
    assert mistakes("report", made)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_real_report_keeps_to_its_schema_and_says_no_value(name: str) -> None:
    planted, profile = canary(), load(name)
    made = deidentify(BytesIO(planted.content), profile, Identity(bytes(32)), 1).row
    text = report([made], [], profile)
    real = json.loads(text)
    assert mistakes("report", real) == []
    for form in (text, as_csv(real), as_html(real)):
        assert planted.survivors(form.encode()) == []


def test_a_code_of_the_file_stays_out_of_the_report() -> None:
    step = Step((), 0x00080104, "C", "E.1-1 clean_descriptors", "meaning:DCM:121008")
    assert touched_of(step)["method"] == "meaning"


def test_the_rules_in_a_report_make_the_same_profile() -> None:
    part = document()["profile"]
    again = {"format": 1, **{key: part[key] for key in ("name", "label", "options", "dates")}}
    assert from_json(json.dumps({**again, "rules": part["own"]})) == OWN


def test_the_table_has_a_line_per_attribute_and_per_refusal() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(document()))))
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == 4 * 2 + 2 + 1
    assert [line["result"] for line in lines[-3:]] == ["quarantined", "quarantined", "left out"]
    assert lines[-3]["path"] == "ImageComments"
    assert lines[1]["path"] == "ReferencedImageSequence[1].(0009,1001)"


def test_no_cell_is_a_formula() -> None:
    made = document()
    made["refused"][1]["reason"] = "=HYPERLINK(1)"
    assert "'=HYPERLINK(1)" in as_csv(made)


class Page(HTMLParser):
    """Collects the tags, their attributes and the text of a page; notes what does not close."""

    VOID = frozenset({"meta", "input", "br", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def test_the_page_is_whole_and_loads_nothing() -> None:
    page = Page(as_html(document()))
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "b", "object", "form"}
    for _, attributes in page.tags:
        assert not {"src", "href", "style", "onclick"} & set(attributes)
    assert "default-src 'none'" in as_html(document())
    assert "url(" not in as_html(document())
    assert sum(tag == "input" for tag, _ in page.tags) == 3


def test_the_page_says_what_was_done() -> None:
    text = Page(as_html(document())).text
    for said in (
        "A <b>bold</b> one (own)", "ACME & SONS", "age-cap:89", "PS3.15 2026d", "0123abc",
        "Instances 1–2, 4", "Instance 3", "CT Image Storage", "Explicit VR Little Endian",
        "ImageComments (name); (0029,1010) (ID)", "Reviewed by", "Signature", "The file is empty.",
        "Searched and nothing found: header, codestream segments.", "retain_device K",
        "Taken out of the compressed pixel data: COM (2).",
    ):  # fmt: skip
        assert said in text


def test_alike_instances_stand_together() -> None:
    rows = [row(number) for number in range(1, 1001)]
    page = as_html(json.loads(report(rows, [], OWN)))
    assert page.count("ReferencedImageSequence[1]") == 1
    assert "Instances 1–1000" in page


def test_ranges() -> None:
    assert ranges([]) == ""
    assert ranges([9, 1, 2, 3]) == "1–3, 9"
