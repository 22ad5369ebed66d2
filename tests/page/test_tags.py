"""The tag viewer: the whole data set, and rules of one's own; the corners of the viewer."""

import re
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import Locator, expect

from dicom_veil.methods import METHODS
from dicom_veil.tree import rows
from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.reference import transformed

GOOD = "CT_small.dcm"


@pytest.fixture
def viewer(tab: Tab) -> Tab:
    """One CT by the Basic Profile, its attributes on the screen."""
    tab.choose(bundled(GOOD))
    assert tab.settle(1) == ["ready"]
    tab.page.keyboard.press("t")
    expect(tab.test_id("tag-grid")).to_be_visible()
    expect(tab.test_id("tag-count")).to_contain_text("rows")
    return tab


def row(tab: Tab, path: str) -> Locator:
    return tab.page.locator(f"[data-testid=tag-grid] [data-path='{path}']")


def find(tab: Tab, words: str, path: str) -> Locator:
    tab.test_id("tag-search").fill(words)
    expect(row(tab, path)).to_be_visible()
    return row(tab, path)


def choose(tab: Tab, path: str, action: str) -> None:
    """Another action for a row, and what it becomes."""
    row(tab, path).click()
    tab.test_id("tag-action").select_option(action)
    tab.planned()


def test_every_row_is_there_with_what_the_core_does(viewer: Tab) -> None:
    instance, steps, result = transformed(bundled(GOOD))
    expected = rows(instance, steps, result)
    expect(viewer.test_id("tag-count")).to_have_text(f"{len(expected)} rows")
    grid = viewer.test_id("tag-grid")
    assert grid.get_attribute("aria-rowcount") == str(len(expected) + 1)
    assert viewer.page.locator(".tag-body [role=row]").count() < len(expected)
    name = find(viewer, "patient name", "PatientName")
    expect(name).to_contain_text("CompressedSamples^CT1")
    expect(name).to_contain_text("SUBJ-")
    name.click()
    expect(viewer.test_id("tag-detail-rule")).to_have_text("PS3.15 Table E.1-1")
    expect(viewer.test_id("tag-detail-why")).to_contain_text("identify")


def test_filters_show_private_and_touched_rows_only(viewer: Tab) -> None:
    instance, steps, result = transformed(bundled(GOOD))
    expected = rows(instance, steps, result)
    gone = [one["path"] for one in expected if one["action"] in "XZ"]
    touched = {one["path"] for one in expected if one["action"] != "K"}
    touched |= {
        one["path"]
        for one in expected
        if one["path"].startswith(tuple(f"{path}[" for path in gone))
    }
    # What stands in a sequence is shown with it.
    touched |= {
        one["path"]
        for one in expected
        if any(path.startswith((one["path"] + "[", one["path"] + ".")) for path in touched)
    }
    private = {one["path"] for one in expected if one["private"]}
    for hook, wanted in (("private", private), ("touched", touched)):
        viewer.test_id(f"tag-{hook}").click()
        shown = viewer.test_id("tag-count")
        expect(shown).to_have_text(f"{len(wanted)} of {len(expected)} rows")
        viewer.test_id(f"tag-{hook}").click()
    viewer.test_id("tag-search").fill("no such attribute at all")
    expect(viewer.page.locator(".tag-body [role=row]")).to_have_count(0)


def test_a_changed_row_is_a_rule_seen_in_the_plan_and_in_the_file(viewer: Tab) -> None:
    before = viewer.test_id("counts").inner_text()
    find(viewer, "study description", "StudyDescription")
    choose(viewer, "StudyDescription", "K")
    expect(row(viewer, "StudyDescription")).to_have_attribute("data-action", "K")
    expect(viewer.test_id("tag-detail-why")).to_contain_text("You decided")
    assert viewer.test_id("counts").inner_text() != before
    find(viewer, "slice thickness", "SliceThickness")
    choose(viewer, "SliceThickness", "X")
    expect(row(viewer, "SliceThickness")).to_have_attribute("data-action", "X")
    original = pydicom.dcmread(bundled(GOOD))
    after = pydicom.dcmread(BytesIO(viewer.press("deidentify").content))
    assert after.StudyDescription == original.StudyDescription
    assert "SliceThickness" not in after
    expect(viewer.page.locator(".own-rules li")).to_have_count(2)


def test_a_changed_row_is_undone(viewer: Tab) -> None:
    find(viewer, "study description", "StudyDescription")
    choose(viewer, "StudyDescription", "K")
    viewer.page.keyboard.press("Control+z")
    expect(row(viewer, "StudyDescription")).to_have_attribute("data-action", "X")
    expect(viewer.test_id("tag-action")).to_have_value("")
    expect(viewer.test_id("profile-basic")).to_be_checked()
    viewer.test_id("tags-redo").click()
    expect(row(viewer, "StudyDescription")).to_have_attribute("data-action", "K")
    choose(viewer, "StudyDescription", "")
    expect(row(viewer, "StudyDescription")).to_have_attribute("data-action", "X")


def test_a_private_row_is_kept_by_its_creator(viewer: Tab) -> None:
    path = "(0019,1023)"
    find(viewer, "0019,1023", path)
    choose(viewer, path, "K")
    expect(row(viewer, path)).to_have_attribute("data-action", "K")
    after = pydicom.dcmread(BytesIO(viewer.press("deidentify").content))
    before = pydicom.dcmread(bundled(GOOD))
    assert after[0x00191023].value == before[0x00191023].value
    assert [tag for tag in after if tag.tag.is_private and tag.tag.element > 0xFF] == [
        after[0x00191023]
    ]


def test_a_rule_that_cleans_by_a_method(viewer: Tab) -> None:
    path = "PatientAge"
    find(viewer, "patient's age", path)
    row(viewer, path).click()
    viewer.test_id("tag-action").select_option("C")
    method, argument = viewer.test_id("tag-method"), viewer.test_id("tag-argument")
    expect(method).to_be_focused()
    offered = method.locator("option").evaluate_all("all => all.map((one) => one.value)")
    assert offered == ["", *(one.name for one in METHODS.values() if "AS" in one.vrs)]
    method.select_option("age-bracket")
    expect(argument).to_be_focused()
    argument.fill("0")
    argument.press("Enter")
    expect(viewer.test_id("tag-method-error")).to_contain_text("whole number from 1 to 100")
    expect(viewer.test_id("profile-basic")).to_be_checked()
    argument.fill("10")
    argument.press("Enter")
    viewer.planned()
    expect(row(viewer, path)).to_have_attribute("data-action", "C")
    before = pydicom.dcmread(bundled(GOOD))
    after = pydicom.dcmread(BytesIO(viewer.press("deidentify").content))
    assert after.PatientAge == f"{int(before.PatientAge[:3]) // 10 * 10:03d}Y"
    expect(viewer.page.locator(".own-rules li")).to_contain_text("age-bracket:10")
    viewer.page.locator("[data-testid=tag-grid]").focus()
    viewer.test_id("tags-undo").click()
    expect(row(viewer, path)).to_have_attribute("data-action", "X")
    expect(method).to_be_hidden()
    expect(viewer.test_id("profile-basic")).to_be_checked()


def test_a_method_without_argument_by_keyboard(viewer: Tab) -> None:
    find(viewer, "study date", "StudyDate").click()
    keyboard = viewer.page.keyboard
    keyboard.press("Enter")
    expect(viewer.test_id("tag-action")).to_be_focused()
    keyboard.press("c")
    expect(viewer.test_id("tag-method")).to_be_focused()
    keyboard.press("m")
    viewer.planned()
    expect(row(viewer, "StudyDate")).to_have_attribute("data-action", "C")
    after = pydicom.dcmread(BytesIO(viewer.press("deidentify").content))
    assert after.StudyDate == pydicom.dcmread(bundled(GOOD)).StudyDate[:6] + "01"


def test_nothing_can_be_decided_where_no_rule_can_be_made(viewer: Tab) -> None:
    find(viewer, "sop class uid", "SOPClassUID").click()
    expect(viewer.test_id("tag-action")).to_be_disabled()


def test_the_keyboard_walks_and_folds(tab: Tab, tmp_path: Path) -> None:
    dataset = pydicom.dcmread(bundled(GOOD))
    item = pydicom.Dataset()
    item.RequestedProcedureID = "RP-1"
    dataset.RequestAttributesSequence = pydicom.Sequence([item])
    path = tmp_path / "nested.dcm"
    dataset.save_as(path)
    tab.choose(path)
    tab.settle(1)
    tab.test_id("tags-open").click()
    find(tab, "request attributes", "RequestAttributesSequence").click()
    tab.test_id("tag-search").fill("")
    sequence = row(tab, "RequestAttributesSequence")
    sequence.click()
    expect(sequence).to_have_attribute("aria-expanded", "true")
    nested = row(tab, "RequestAttributesSequence[1].RequestedProcedureID")
    expect(nested).to_have_attribute("aria-level", "3")
    tab.page.keyboard.press("ArrowLeft")
    expect(sequence).to_have_attribute("aria-expanded", "false")
    expect(nested).to_have_count(0)
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("ArrowDown")
    expect(row(tab, "RequestAttributesSequence[1]")).to_be_focused()
    tab.page.keyboard.press("End")
    tab.page.keyboard.press("Enter")
    expect(tab.test_id("tag-action")).to_be_focused()
    tab.test_id("tag-search").focus()
    tab.page.keyboard.press("Escape")
    expect(tab.test_id("tag-grid")).to_be_hidden()


def test_five_thousand_rows_stay_few_in_the_page(tab: Tab, tmp_path: Path) -> None:
    dataset = pydicom.dcmread(bundled(GOOD))
    block = dataset.private_block(0x0099, "MANY", create=True)
    for element in range(0x100):
        block.add_new(element, "LO", f"value {element}")
    items = []
    for number in range(1200):
        item = pydicom.Dataset()
        item.ReferencedSOPInstanceUID = f"1.2.3.{number}"
        item.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        item.PurposeOfReferenceCodeSequence = pydicom.Sequence([pydicom.Dataset()])
        items.append(item)
    dataset.SourceImageSequence = pydicom.Sequence(items)
    path = tmp_path / "many.dcm"
    dataset.save_as(path)
    tab.choose(path)
    tab.settle(1)
    tab.test_id("tags-open").click()
    expect(tab.test_id("tag-count")).to_have_text(re.compile("rows$"), timeout=30_000)
    total = int(tab.test_id("tag-count").inner_text().split()[0].replace(",", ""))
    assert total > 5000
    drawn = tab.page.locator(".tag-body [role=row]")
    assert drawn.count() < 80
    drawn.first.click()
    tab.page.keyboard.press("End")
    last = tab.page.locator(f".tag-body [aria-rowindex='{total + 1}']")
    expect(last).to_be_focused()
    assert drawn.count() < 80


def test_corners_show_the_header_as_it_is_and_as_it_will_be(tab: Tab) -> None:
    tab.choose(bundled(GOOD))
    tab.settle(1)
    tab.show(tab.rows.first)
    corner = tab.test_id("corner-tl")
    tab.test_id("corners-original").click()
    expect(corner).to_contain_text("CompressedSamples, CT1")
    expect(corner).to_contain_text("1CT1")
    expect(tab.test_id("corner-tr")).to_contain_text("2004-01-19")
    tab.test_id("corners-result").click()
    expect(corner).to_contain_text("SUBJ-")
    expect(corner).not_to_contain_text("1CT1")
    expect(tab.test_id("corner-tr")).not_to_contain_text("2004")
    before = pydicom.dcmread(bundled(GOOD))
    shown = " ".join(tab.page.locator(".corner").all_inner_texts())
    for keyword in ("PatientName", "InstitutionName", "StudyDescription", "StationName"):
        assert str(before[keyword].value) not in shown
    tab.test_id("corners-result").click()
    expect(tab.test_id("corner-tr")).to_have_text("image 1 of 1")
