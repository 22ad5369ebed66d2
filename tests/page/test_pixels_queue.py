"""The queue of "Check the pixels": where it begins, and what its rows say."""

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.films import multi_frame
from tests.page.test_pixels import SCAN_MS
from tests.page.texts import WITHOUT_SEARCH, burned

pytestmark = pytest.mark.parametrize("edition", ["file"], indirect=True)
MANY = 5000
CARDS = 60  # shown at once
MOST_TOUCHED = 20  # boxes drawn anew, and things that move, after a key that is about one box
WATCH_BOXES = """
window.touched = new Set();
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const box = target.closest?.(".box");
    if (box) window.touched.add(box);
  }
}).observe(document.body, { subtree: true, childList: true, attributes: true });
"""
CURRENT = "[data-testid=pixel-queue] [aria-current]"


def two(folder: Path) -> list[Path]:
    """A picture with a technical text, and one with a name, which is selected last."""
    series = {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.3.4", "SeriesNumber": 7}
    return [
        burned(folder / "a.dcm", "120 kV", InstanceNumber=1, **series),
        burned(folder / "b.dcm", "SMITH JOHN", InstanceNumber=2, **series),
    ]


def test_it_begins_with_the_worst_though_another_is_on_the_screen(tab: Tab, tmp_path: Path) -> None:
    tab.choose(*two(tmp_path))
    tab.settle(2)
    tab.show(tab.rows.first)
    tab.page.keyboard.press("x")
    expect(tab.page.locator("[data-status=scanned]")).to_have_count(2, timeout=SCAN_MS)
    expect(tab.page.locator(CURRENT)).to_contain_text("Identifies")


def test_it_does_not_move_under_a_hand(tab: Tab, tmp_path: Path) -> None:
    tab.choose(*two(tmp_path))
    tab.settle(2)
    tab.show(tab.rows.first)
    tab.page.keyboard.press("x")
    tab.page.keyboard.press("d")
    expect(tab.page.locator("[data-status=scanned]")).to_have_count(2, timeout=SCAN_MS)
    tab.next_frame()
    expect(tab.page.locator(CURRENT)).not_to_contain_text("Identifies")


def test_rows_that_would_be_alike_say_their_place_and_no_value(tab: Tab, tmp_path: Path) -> None:
    names = {"InstanceNumber": "", "SeriesNumber": "", "StudyInstanceUID": "1.2.3"}
    tab.choose(*(burned(tmp_path / f"{n}.dcm", "120 kV", **names) for n in range(2)))
    tab.settle(2)
    tab.page.keyboard.press("x")
    expect(tab.page.locator("[data-status=scanned]")).to_have_count(2, timeout=SCAN_MS)
    rows = tab.test_id("pixel-queue").locator("li .cut")
    expect(rows).to_have_text(["US · 1st in the list", "US · 2nd in the list"])


def test_a_photograph_says_that_its_face_stays(tab: Tab, tmp_path: Path) -> None:
    tab.choose(burned(tmp_path / "xc.dcm", "120 kV", Modality="XC", BodyPartExamined="FACE"))
    tab.settle(1)
    tab.page.keyboard.press("x")
    expect(tab.test_id("pixels-face")).to_have_text(
        "A photograph can show a face, which is not removed."
    )
    expect(tab.test_id("pixel-queue")).to_contain_text("Face: not removed")
    expect(tab.page.locator("[data-status=scanned]")).to_have_count(1, timeout=SCAN_MS)


@pytest.mark.parametrize("key", [".", "k", "b"])
def test_a_key_touches_few_of_thousands_of_boxes(tab: Tab, tmp_path: Path, key: str) -> None:
    """All were drawn anew at each key, and all faded: it took seconds."""
    frames = np.zeros((1, 1000, 1000), np.uint8)
    rectangles = [[10 * (n % 95), 19 * (n // 95), 8, 6] for n in range(MANY)]
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"format": 1, "rules": [{"rectangles": rectangles}]}))
    tab.choose(multi_frame(tmp_path / "a.dcm", frames, NumberOfFrames=1))
    tab.settle(1)
    tab.show(tab.rows.first)
    tab.evaluate(WITHOUT_SEARCH)
    tab.test_id("rules-file").set_input_files(rules)
    expect(tab.page.locator(".box")).to_have_count(MANY)
    expect(tab.test_id("marks-more")).to_have_text("and 4,940 more")
    tab.page.keyboard.press(".")
    tab.next_frame()
    tab.evaluate(WATCH_BOXES)
    tab.page.keyboard.press(key)
    tab.next_frame()
    assert tab.evaluate("window.touched.size") <= (MANY if key == "b" else MOST_TOUCHED)
    assert tab.evaluate("document.getAnimations().length") <= MOST_TOUCHED
    assert tab.page.locator(".mark-card").count() <= CARDS
    tab.page.keyboard.press("Control+z" if key == "k" else key)
    tab.evaluate("document.querySelector('[data-testid=rule-0-remove]').click()")
    expect(tab.page.locator(".box")).to_have_count(0)


def test_the_first_boxes_are_in_view_on_a_laptop(tab: Tab, tmp_path: Path) -> None:
    tab.choose(*two(tmp_path), bundled("CT_small.dcm"))
    tab.settle(3)
    tab.page.keyboard.press("x")
    expect(tab.page.locator("[data-status=scanned]")).to_have_count(2, timeout=SCAN_MS)
    card = tab.page.locator(".mark-card").first
    expect(card).to_contain_text("SMITH JOHN")
    expect(card).to_be_in_viewport(ratio=1)
    expect(tab.test_id("scan-all")).to_be_in_viewport(ratio=1)
