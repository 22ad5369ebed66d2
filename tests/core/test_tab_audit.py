"""The audit in the tab: the sample, the written result beside its original, notes, the log."""

import csv
import io
import json
from io import BytesIO
from typing import Any

import pydicom
import pytest

from dicom_veil import tab
from dicom_veil.audit.spot import sample
from dicom_veil.deidentify import deidentify
from dicom_veil.identity import Identity
from dicom_veil.profile import load
from dicom_veil.read import read
from dicom_veil.report_forms import as_csv, as_html
from tests.core.schemas import mistakes
from tests.core.studies import instance
from tests.core.test_tab_studies import KEY, answer, ask

ROWS: Any = [
    {
        "number": number,
        "sop_class": "1.2.840.10008.5.1.4.1.1.2",
        "transfer_syntax": "1.2.840.10008.1.2.1",
        "touched": [],
        "codestream": {},
        "notes": [],
        "file": f"SUBJ-A/IMG-{number:05d}.dcm",
        "size": 1,
        "sha256": "0" * 64,
        "device": 1,
        "modality": "CT",
        "flags": [],
    }
    for number in (1, 2)
]


@pytest.fixture(autouse=True)
def ready() -> None:
    ask("init", key=KEY, build="0123abc")


def test_the_sample_is_the_run_s_whatever_the_key_is_now() -> None:
    strata = dict.fromkeys(range(1, 400), (1, "CT"))
    params: dict[str, Any] = {"strata": strata, "seen": [], "on_failure": "enlarge"}
    mine = ask("spot", **params)
    again = ask("spot", **params, seed="another")
    assert mine["numbers"] == list(sample(strata, mine["seed"]))
    assert again["numbers"] == list(sample(strata, "another")) != mine["numbers"]


def test_the_result_stands_beside_its_original() -> None:
    content = instance(PatientName="Doe^Jane")
    original = read(BytesIO(content))
    done = deidentify(BytesIO(content), load("basic"), Identity(bytes(32)), 1)
    result = b"".join(done.stream(original))
    found = ask("beside", content + result, split=len(content), profile="basic")["rows"]
    rows = {row["path"]: row for row in found}
    written = pydicom.dcmread(BytesIO(result))
    assert rows["PatientName"]["value"] == "Doe^Jane"
    assert rows["PatientName"]["result"] == str(written.PatientName)
    assert rows["PatientIdentityRemoved"]["result"] == "YES"
    assert "InstitutionName" not in written or rows["InstitutionName"]["result"] == ""


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("Nothing to be seen at the edge", []),
        ("the name DOE stands at the top", ["PatientName"]),
        ("ID 4711-0815 at the bottom", ["PatientID"]),
        ("born 17.08.1970", ["PatientBirthDate"]),
    ],
)
def test_a_note_with_a_value_of_the_original_is_noticed(text: str, attributes: list[str]) -> None:
    content = instance(PatientName="Doe^Jane", PatientID="47110815", PatientBirthDate="19700817")
    assert ask("note", content, text=text)["attributes"] == attributes


def test_the_log_says_who_looked_and_what_was_seen_in_every_form() -> None:
    audit = {
        "date": "2026-11-21",
        "sample": {
            "method": "all", "seed": "s", "numbers": [1, 2], "on_failure": "stop",
            "state": "stopped", "seen": [{"number": 2, "passed": False, "note": "=a name above"}],
        },
        "checked": {"tags": True, "private": False, "pixels_left": 3, "pixels_changed": 0},
    }  # fmt: skip
    review = {"name": "A. Reviewer", "date": "2026-11-22"}
    given = {"rows": ROWS, "refused": [], "profile": "basic", "audit": audit, "review": review}
    forms = {form: answer("report", **given, format=form)[1][0] for form in ("json", "csv", "html")}
    document = json.loads(forms["json"])
    assert mistakes("report", document) == []
    assert forms["csv"].decode() == as_csv(document)
    assert forms["html"].decode() == as_html(document)
    lines = list(csv.DictReader(io.StringIO(as_csv(document), newline="")))
    verdicts = [(one["number"], one["action"], one["reason"]) for one in lines
                if one["result"] == "spot check"]  # fmt: skip
    assert verdicts == [("1", "", ""), ("2", "fail", "'=a name above")]
    log = {one["path"]: one["reason"] for one in lines if one["result"] == "log"}
    assert log["Reviewed by"] == "A. Reviewer"
    assert log["Looked at"] == "1 of 2, 1 failed"
    assert log["Tool"].endswith("build 0123abc")
    for said in ("A. Reviewer", "not to be released", "looked through", "=a name above"):
        assert said in as_html(document)
    assert tab.handle("report", json.dumps({**given, "review": None}), None)
