"""Profiles on the page: presets, options, files of others; what is chosen is what is done."""

import json
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import expect

from dicom_veil import profile
from dicom_veil.inspect import inspect
from dicom_veil.plan import plan
from dicom_veil.read import read
from tests.core.files import bundled
from tests.page.driver import Tab

GOOD = "CT_small.dcm"
CTP = """<script>
<p t="DATEINC">-3</p>
<e en="T" t="00100010" n="PatientName">@param(@NOBODY)</e>
<e en="T" t="00080080" n="InstitutionName">@keep()</e>
<e en="T" t="00081030" n="StudyDescription">@remove()</e>
</script>
"""


@pytest.fixture
def chosen(tab: Tab) -> Tab:
    """One CT, by the Basic Profile, whatever the tests before chose."""
    tab.choose(bundled(GOOD))
    assert tab.settle(1) == ["ready"]
    tab.pick("basic")
    return tab


def counts(tab: Tab) -> tuple[int, ...]:
    texts = tab.test_id("counts").locator("b").all_inner_texts()
    return tuple(int(text.replace(",", "")) for text in texts)


def by_core(name: str) -> tuple[int, int, int]:
    """The counts that the core has for a preset."""
    with bundled(GOOD).open("rb") as stream:
        instance = read(stream)
        found = inspect(instance, plan(instance, profile.load(name)))["counts"]
    return found["identifying"], found["private"], found["uids"]


def adjust(tab: Tab) -> None:
    if tab.test_id("adjust").get_attribute("open") is None:
        tab.test_id("adjust").locator("summary").click()


def saved_profile(tab: Tab) -> dict[str, object]:
    saved = tab.press("save-profile")
    assert saved.name == "veil-profile.json"
    return dict(json.loads(saved.content))


def test_each_preset_plans_what_the_core_plans(chosen: Tab) -> None:
    seen = {}
    for name in profile.BUILT_IN:
        chosen.pick(name)
        seen[name] = counts(chosen)
        assert seen[name] == by_core(name), name
        expect(chosen.page.locator(".profile[data-chosen]")).to_contain_text("Risks:")
    assert len(set(seen.values())) >= 3


def test_an_option_changes_the_plan_and_the_result(chosen: Tab) -> None:
    adjust(chosen)
    chosen.test_id("option-retain_device").click()
    chosen.planned()
    expect(chosen.page.locator(".profile[data-chosen]")).to_contain_text("Basic, adjusted")
    after = pydicom.dcmread(BytesIO(chosen.press("deidentify").content))
    before = pydicom.dcmread(bundled(GOOD))
    assert after.StationName == before.StationName
    codes = [item.CodeValue for item in after.DeidentificationMethodCodeSequence]
    assert "113109" in codes
    adjust(chosen)
    chosen.test_id("option-retain_device").click()
    expect(chosen.test_id("profile-basic")).to_be_checked()


def test_full_and_moved_dates_cannot_both_be_chosen(chosen: Tab) -> None:
    adjust(chosen)
    for name in ("retain_long_full_dates", "retain_long_modified_dates"):
        chosen.test_id(f"option-{name}").check()
        chosen.planned()
        made = saved_profile(chosen)
        assert made["options"] == [name]
        assert made["dates"] == "remove"
    chosen.test_id("dates-year").check()
    chosen.planned()
    made = saved_profile(chosen)
    assert (made["options"], made["dates"]) == ([], "year")
    expect(chosen.test_id("adjust")).to_contain_text("real dates beside moved ones")


def test_dates_to_the_year(chosen: Tab) -> None:
    adjust(chosen)
    chosen.test_id("dates-year").check()
    chosen.planned()
    after = pydicom.dcmread(BytesIO(chosen.press("deidentify").content))
    assert after.StudyDate == pydicom.dcmread(bundled(GOOD)).StudyDate[:4] + "0101"


def test_what_no_rule_lists_can_go(chosen: Tab) -> None:
    adjust(chosen)
    chosen.test_id("unlisted-remove").check()
    chosen.planned()
    assert saved_profile(chosen)["unlisted"] == "remove"
    after = pydicom.dcmread(BytesIO(chosen.press("deidentify").content))
    assert "GantryDetectorTilt" in pydicom.dcmread(bundled(GOOD))
    assert "GantryDetectorTilt" not in after
    assert "Modality" in after
    chosen.test_id("unlisted-keep").check()
    expect(chosen.test_id("profile-basic")).to_be_checked()


def test_a_saved_profile_loads_again_and_is_the_command_line_s(chosen: Tab, tmp_path: Path) -> None:
    chosen.pick("research")
    adjust(chosen)
    chosen.test_id("option-retain_institution").click()
    chosen.planned()
    made = saved_profile(chosen)
    path = tmp_path / "own.json"
    path.write_text(json.dumps(made))
    assert "retain_institution" in profile.load(str(path)).options
    before = counts(chosen)
    chosen.pick("basic")
    chosen.test_id("profile-file").set_input_files(path)
    expect(chosen.test_id("profile-own")).to_be_checked()
    chosen.planned()
    assert counts(chosen) == before
    assert saved_profile(chosen)["rules"] == made["rules"]


def test_a_ctp_script_is_loaded_and_what_changed_is_said_line_by_line(
    chosen: Tab, tmp_path: Path
) -> None:
    path = tmp_path / "trial.script"
    path.write_text(CTP)
    chosen.test_id("profile-file").set_input_files(path)
    expect(chosen.test_id("profile-own")).to_be_checked()
    remarks = chosen.test_id("profile-problems")
    expect(remarks).to_contain_text("line 4")
    expect(remarks).to_contain_text("InstitutionName")
    expect(remarks.locator("[data-kind=looser]")).to_have_count(1)
    chosen.planned()
    after = pydicom.dcmread(BytesIO(chosen.press("deidentify").content))
    assert after.InstitutionName == pydicom.dcmread(bundled(GOOD)).InstitutionName
    assert "StudyDescription" not in after


def test_a_dictionary_of_dicom_anonymizer_is_loaded(chosen: Tab, tmp_path: Path) -> None:
    path = tmp_path / "dictionary.json"
    path.write_text(json.dumps({"(0x0008, 0x0080)": "keep", "(0x0008, 0x103e)": "delete"}))
    chosen.test_id("profile-file").set_input_files(path)
    expect(chosen.test_id("profile-own")).to_be_checked()
    rules = saved_profile(chosen)["rules"]
    assert {"attribute": "InstitutionName", "action": "K"} in rules  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"format": 1,\n "name" }', "line 2"),
        ('{"format": 1, "name": "x", "options": ["retain_nothing"]}', "no option"),
        ('{"format": 1, "name": "x", "rules": [{"attribute": "Nobody", "action": "K"}]}', "Rule 1"),
    ],
)
def test_a_profile_that_makes_no_sense_changes_nothing(
    chosen: Tab, tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    chosen.test_id("profile-file").set_input_files(path)
    expect(chosen.message).to_contain_text(sentence)
    expect(chosen.test_id("profile-basic")).to_be_checked()


def test_undo_brings_the_profile_back(chosen: Tab) -> None:
    before = counts(chosen)
    chosen.pick("research")
    assert counts(chosen) != before
    chosen.test_id("undo").click()
    expect(chosen.test_id("profile-basic")).to_be_checked()
    chosen.planned()
    assert counts(chosen) == before
    chosen.test_id("redo").click()
    expect(chosen.test_id("profile-research")).to_be_checked()


def test_other_instances_follow_when_they_are_looked_at(tab: Tab, tmp_path: Path) -> None:
    second = tmp_path / "second.dcm"
    dataset = pydicom.dcmread(bundled(GOOD))
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.save_as(second)
    tab.choose(bundled(GOOD), second)
    tab.settle(2)
    tab.pick("research")
    tab.show(tab.rows.nth(1))
    tab.planned()
    assert counts(tab) == by_core("research")
