"""Rules by rectangles over the wire: files of three kinds, and their boxes on a real instance."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from dicom_veil import errors, tab
from dicom_veil.deidentify import deidentify
from dicom_veil.devices.conditions import checked, holds, of_device
from dicom_veil.devices.rules import from_json, regions_of
from dicom_veil.identity import Identity
from dicom_veil.profile import load
from dicom_veil.report import Row, report
from tests.core.files import bundled
from tests.core.test_devices import RECIPE, SCRIPT, rules, ultrasound
from tests.core.test_tab import File

PALETTE = "examples_palette.dcm"  # 350 × 800, of which the open lists know the band on top
BASIC = load("basic")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    yield
    tab.handle("forget", json.dumps({"instance": "i1"}), None)


def ask(method: str, **params: Any) -> dict[str, Any]:
    told = {"instance": "i1", **params}
    found = tab.handle(method, json.dumps(told), File(bundled(PALETTE).read_bytes()))[0]
    answer: dict[str, Any] = json.loads(found)
    return answer


@pytest.mark.parametrize(("text", "lines"), [(SCRIPT, [4, 5]), (RECIPE, [9, 14, 16, 19])])
def test_rules_of_other_programs_with_what_was_not_taken(text: str, lines: list[int]) -> None:
    found = ask("pixel_rules_file", text=text)
    assert len(found["rules"]) == 2
    assert [one["line"] for one in found["problems"]] == lines
    assert all(one["reason"] for one in found["problems"])


def test_a_rule_file_comes_back_as_it_is() -> None:
    rule = {"name": "mine", "when": {"attribute": "Rows", "is": "350"}, "bands": {"top": 5}}
    text = "\ufeff" + rules(rule)
    assert ask("pixel_rules_file", text=text) == {"rules": [rule], "problems": []}


@pytest.mark.parametrize("text", ["", "[]", rules({"what": 1})])
def test_what_is_no_rule_file_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(errors.Usage):
        ask("pixel_rules_file", text=text)


def test_boxes_say_by_which_rule() -> None:
    mine = [{"rectangles": [[1, 2, 3, 4]]}, {"bands": {"right": 200}},
            {"when": {"attribute": "Rows", "is": "1"}, "bands": {"top": 9}}]  # fmt: skip
    found = ask("pixel_rules", rules=mine, known=True)["boxes"]
    assert found == [
        {"left": 1, "top": 2, "right": 4, "bottom": 6, "rule": 0},
        {"left": 600, "top": 0, "right": 800, "bottom": 350, "rule": 1},
        {"left": 0, "top": 0, "right": 800, "bottom": 59, "rule": None},
    ]
    assert ask("pixel_rules", rules=mine[2:])["boxes"] == []


def test_a_condition_for_the_device_fits_it_and_its_size_only() -> None:
    rule = {"rectangles": [[0, 0, 5, 5]]}
    for sized in (True, False):
        when = ask("pixel_rules_when", sized=sized)["when"]
        found = ask("pixel_rules", rules=[{**rule, "when": when}])["boxes"]
        assert [one["rule"] for one in found] == [0]
        assert regions_of(ultrasound(), from_json(rules({**rule, "when": when}))) == ()
        assert ("Rows" in json.dumps(when)) == sized
    empty = of_device(ultrasound(), sized=True)
    assert {"attribute": "Manufacturer", "empty": True} in empty["all"]
    assert holds(checked(empty), ultrasound())


def row(name: str) -> Row:
    return deidentify(BytesIO(bundled(name).read_bytes()), BASIC, Identity(bytes(32)), 1).row


def test_a_report_says_of_how_many_nobody_knows_what_they_show() -> None:
    risky, plain = row("examples_rgb_color.dcm"), row("CT_small.dcm")
    assert risky["pixels"] == {"searched": False, "regions": 0, "by_source": {}}
    assert "pixels" not in plain
    searched: Row = {**risky, "pixels": {"searched": True, "regions": 0, "by_source": {}}}
    left: Row = {**searched, "pixels": {**searched["pixels"], "stays": "identifies"}}
    for rows, sentence in [
        ([risky, risky], "not looked for. 2 that were not searched may show it."),
        ([risky, plain], "not looked for. 1 that was not searched may show it."),
        ([searched, risky], "in some of the instances only. 1 that was not searched may show it."),
        ([plain], "was not looked for."),
        ([left, searched], "a person left text that identifies or that nobody judged."),
    ]:
        assert json.loads(report(rows, [], BASIC))["limits"][0].endswith(sentence)
