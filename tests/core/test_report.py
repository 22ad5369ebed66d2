"""The report and the inspection: what they say, and that the report never says a value."""

import json
from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from dicom_veil.deidentify import deidentify
from dicom_veil.identity import Identity
from dicom_veil.inspect import inspect, shown
from dicom_veil.plan import plan
from dicom_veil.profile import load
from dicom_veil.read import read
from dicom_veil.report import report
from tests.core.canary import canary
from tests.core.files import bundled

BASIC = load("basic")


def test_report_counts_and_names_rules() -> None:
    planted = canary()
    row = deidentify(BytesIO(planted.content), BASIC, Identity(bytes(32)), 1).row
    text = report([row], [{"number": 2, "code": "empty", "reason": "The file is empty."}], BASIC)
    assert planted.survivors(text.encode()) == []
    document = json.loads(text)
    assert document["standard"] == "PS3.15 2026d"
    assert document["counts"]["instances"] == 2
    assert document["counts"]["by_rule"]["private"] >= 5
    assert sum(document["counts"]["by_action"].values()) == len(row["touched"])
    assert document["limits"]
    paths = {entry["path"] for entry in row["touched"]}
    assert "CTAcquisitionDetailsSequence[1].CTExposureSequence[1].OperatorsName" in paths


def test_inspection_shows_values_to_the_person_alone() -> None:
    planted = canary()
    instance = read(BytesIO(planted.content))
    found = inspect(instance, plan(instance, BASIC))
    assert found["patient"]["name"].encode() == planted.markers["PatientName"]
    shown_paths = {entry["path"]: entry["value"] for entry in found["identifying"]}
    nested = "CTAcquisitionDetailsSequence[1].CTExposureSequence[1].OperatorsName"
    assert shown_paths[nested].encode() == planted.markers["nested two deep: OperatorsName"]
    assert found["counts"]["attributes"] > len(found["identifying"])


def test_names_in_other_alphabets_are_shown_as_written() -> None:
    with bundled("chrH31.dcm").open("rb") as file:
        instance = read(file)
    assert inspect(instance, ())["patient"]["name"] == "Yamada^Tarou=山田^太郎=やまだ^たろう"


def test_values_are_shown_as_one_short_line() -> None:
    assert shown("a\r\n  b\0") == "a b"
    assert shown(b"1234") == "4 bytes"
    assert shown(None) == ""
    assert shown(Sequence([Dataset()])) == "1 item"
    assert len(shown("x" * 1000)) == 120
