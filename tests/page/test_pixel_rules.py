"""Rules by rectangles on the page: bands, files of this and other programs, what was drawn."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from playwright.sync_api import expect

from dicom_veil.cli import main
from dicom_veil.devices.rules import load, regions_of
from dicom_veil.read import read
from dicom_veil.redact.region import Region
from tests.core.files import bundled
from tests.core.test_devices import SCRIPT
from tests.page.driver import Tab
from tests.page.test_pixels import boxes, inside, pixels
from tests.page.texts import WITHOUT_SEARCH

CT = "CT_small.dcm"  # 128 × 128, of no kind that often shows text: nothing is searched

pytestmark = pytest.mark.parametrize("edition", ["file"], indirect=True)


@pytest.fixture
def three(tab: Tab, tmp_path: Path) -> list[Path]:
    """Two images of one device and one of another, in "Check the pixels"."""
    paths = []
    for number in range(3):
        dataset = pydicom.dcmread(bundled(CT))
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{number}"
        if number == 2:
            dataset.Manufacturer, dataset.ManufacturerModelName = "ACME  Inc", "ANOTHER"
        paths.append(tmp_path / f"{number}.dcm")
        dataset.save_as(paths[-1])
    tab.choose(*paths)
    tab.settle(3)
    tab.show(tab.rows.first)
    check(tab)
    return paths


def check(tab: Tab) -> None:
    """Opens "Check the pixels", and its rules."""
    tab.page.keyboard.press("x")
    expect(tab.test_id("pixels-honest")).to_be_visible()
    tab.test_id("pixel-rules").evaluate("(details) => { details.open = true; }")
    expect(tab.test_id("rule-what")).to_be_visible()


def ruled(tab: Tab, count: int, images: int) -> None:
    """Waits until there are `count` rules, and the last is about that many images."""
    rules = tab.test_id("rule-list").locator("li")
    expect(rules).to_have_count(count)
    if count:
        said = f"{images} image{'' if images == 1 else 's'}"
        expect(rules.last.locator("small")).to_have_text(said)


def band(tab: Tab, side: str, count: int, reach: str) -> None:
    tab.test_id("rule-what").select_option(side)
    tab.test_id("rule-count").fill(str(count))
    tab.test_id("rule-reach").select_option(reach)
    tab.test_id("rule-add").click()


def test_bands_by_number_and_undo(tab: Tab, three: list[Path]) -> None:
    band(tab, "top", 20, "device")
    ruled(tab, 1, 2)
    band(tab, "right", 30, "all")
    ruled(tab, 2, 3)
    expect(tab.page.locator(".box")).to_have_count(2)
    assert sorted(boxes(tab)) == [(0, 0, 128, 20), (98, 0, 128, 128)]
    tab.page.keyboard.press("Control+z")
    ruled(tab, 1, 2)
    expect(tab.page.locator(".box")).to_have_count(1)
    tab.page.keyboard.press("Control+y")
    ruled(tab, 2, 3)
    tab.test_id("rule-0-remove").click()
    ruled(tab, 1, 3)
    expect(tab.page.locator(".box")).to_have_count(1)
    assert boxes(tab) == [(98, 0, 128, 128)]


def test_what_was_drawn_is_saved_and_the_same_on_the_command_line(
    tab: Tab, three: list[Path], tmp_path: Path
) -> None:
    band(tab, "top", 20, "all")
    ruled(tab, 1, 3)
    tab.page.keyboard.press("d")
    expect(tab.page.locator(".box")).to_have_count(2)
    (drawn,) = [one for one in boxes(tab) if one[0] > 0]
    saved = tab.press("rules-save")
    assert saved.name == "veil-pixel-rules.json"
    expect(tab.message).to_contain_text("2 rules were saved")
    path = tmp_path / "rules.json"
    path.write_bytes(saved.content)
    top, box = Region(0, 0, 128, 20), Region(*drawn)
    for number, wanted in enumerate([{top, box}, {top, box}, {top}]):
        found = regions_of(read(BytesIO(three[number].read_bytes())), load(path))
        assert set(found) == wanted
    tab.clear()
    tab.choose(three[1])
    tab.settle(1)
    tab.show(tab.rows.first)
    check(tab)
    tab.test_id("rules-file").set_input_files(path)
    ruled(tab, 2, 1)
    expect(tab.page.locator(".box")).to_have_count(2)
    after = pixels(tab.press("deidentify").content)
    out = tmp_path / "out"
    arguments = [str(three[1]), "--output", str(out), "--clean-pixels", str(path)]
    assert main(["deidentify", *arguments]) == 0
    (made,) = out.rglob("*.dcm")
    np.testing.assert_array_equal(after, pydicom.dcmread(made).pixel_array)
    before = pixels(three[1].read_bytes())
    gone = inside(before.shape, [(0, 0, 128, 20), drawn])
    assert np.unique(after[gone]).size == 1
    np.testing.assert_array_equal(after[~gone], before[~gone])


def test_a_script_of_ctp_says_what_was_not_taken(
    tab: Tab, three: list[Path], tmp_path: Path
) -> None:
    path = tmp_path / "DicomPixelAnonymizer.script"
    path.write_text(SCRIPT, "utf-8")
    tab.test_id("rules-file").set_input_files(path)
    ruled(tab, 2, 3)
    expect(tab.message).to_contain_text("2 rules were loaded; 2 lines could not be taken over")
    expect(tab.test_id("rule-problems").locator("li").first).to_contain_text("line 4")
    assert boxes(tab) == [(5, 6, 12, 14)]
    tab.choose(bundled("MR_small.dcm"))  # what comes later is under the rules too
    tab.settle(4)
    ruled(tab, 2, 4)


def test_what_is_no_rule_file_is_refused(tab: Tab, three: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"format": 1, "rules": [{"bands": {"middle": 1}}]}))
    tab.test_id("rules-file").set_input_files(path)
    expect(tab.message).to_contain_text("The rules were not loaded. Pixel rule 1: a band is at")
    ruled(tab, 0, 0)
    assert len(three) == 3


def test_what_a_list_of_devices_knows_is_boxed(tab: Tab) -> None:
    """A real ultrasound of which the open lists know where its names stand."""
    tab.choose(bundled("examples_palette.dcm"))
    tab.settle(1)
    tab.show(tab.rows.first)
    tab.evaluate(WITHOUT_SEARCH)
    expect(tab.test_id("scan-stop")).to_be_hidden()
    expect(tab.page.locator(".box")).to_have_count(1)
    assert boxes(tab) == [(0, 0, 800, 59)]
    expect(tab.page.locator(".mark-card")).to_contain_text("Known of this device")
