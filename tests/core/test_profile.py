"""Profiles: built-in and from files; what makes no sense is refused with a sentence."""

import json
from pathlib import Path

import pytest

from dicom_veil.errors import Usage
from dicom_veil.profile import from_json, load, resolve, rule_finder
from tests.core.files import bundled
from tests.core.test_deidentify import dataset_of, output_of


@pytest.mark.parametrize(
    ("compound", "single"),
    [("X", "X"), ("X/Z", "Z"), ("X/D", "D"), ("Z/D", "D"), ("X/Z/D", "D"), ("X/Z/U*", "U")],
)
def test_compound_actions_keep_the_instance_valid(compound: str, single: str) -> None:
    assert resolve(compound) == single


@pytest.mark.parametrize(
    ("tag", "vr", "action", "source"),
    [
        (0x00100010, "PN", "Z", "E.1-1"),
        (0x00091001, "LO", "X", "private"),
        (0x60000010, "US", "X", "E.1-1 overlay"),
        (0x50300022, "LO", "X", "E.1-1 curve"),
        (0x00020016, "AE", "X", "group"),
        (0x00080000, "UL", "X", "group"),
        (0x00087777, "LO", "X", "unknown"),
        (0x00080016, "UI", "K", "not listed"),
        (0x00209312, "UI", "U", "VR UI"),
        (0x00140102, "DA", "D", "VR DA"),
        (0x00280010, "US", "K", "not listed"),
    ],
)
def test_which_rule_decides(tag: int, vr: str, action: str, source: str) -> None:
    rule = rule_finder(load("basic")).find(tag, vr)
    assert (rule.action, rule.source) == (action, source)


def test_a_persons_rules_win_and_the_code_is_not_claimed(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    rules = [
        {"attribute": "PatientSex", "action": "K"},
        {"attribute": "(0018,0050)", "action": "X"},
    ]
    path.write_text(json.dumps({"format": 1, "name": "own", "base": "basic", "rules": rules}))
    content = bundled("CT_small.dcm").read_bytes()
    after = dataset_of(output_of(content, load(str(path))))
    assert after.PatientSex == dataset_of(content).PatientSex
    assert "SliceThickness" not in after
    assert "DeidentificationMethodCodeSequence" not in after
    assert after.DeidentificationMethod[-1] == "Profile own"


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"format": 2, "name": "a"}',
        '{"format": 1, "name": "A b"}',
        '{"format": 1, "name": "a", "extra": 1}',
        '{"format": 1, "name": "a", "base": "other"}',
        '{"format": 1, "name": "a", "rules": {}}',
        '{"format": 1, "name": "a", "rules": [{"attribute": "PatientSex"}]}',
        '{"format": 1, "name": "a", "rules": [{"attribute": "NoSuchThing", "action": "X"}]}',
        '{"format": 1, "name": "a", "rules": [{"attribute": "PatientSex", "action": "Q"}]}',
        '{"format": 1, "name": "a", "rules": [{"attribute": "PatientSex", "action": "U"}]}',
        '{"format": 1, "name": "a", "rules": [{"attribute": "PixelData", "action": "X"}]}',
        '{"format": 1, "name": "a", "rules": [{"attribute": "SOPInstanceUID", "action": "K"}]}',
    ],
)
def test_profiles_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Usage, match=r"\.$"):
        from_json(text)


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="basic"):
        load("nonsense")
    with pytest.raises(Usage, match="cannot be read"):
        load(str(tmp_path / "absent.json"))
