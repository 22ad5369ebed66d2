"""Images that no search has gone through are counted and said as long as there are any."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.films import AVC, film_instance, gray_frames, stream
from tests.page.test_pixels import SCAN_MS
from tests.page.texts import burned

pytestmark = pytest.mark.parametrize("edition", ["file"], indirect=True)


def test_an_image_without_a_reason_is_not_taken_for_searched(tab: Tab, tmp_path: Path) -> None:
    tab.choose(
        burned(tmp_path / "us.dcm", "120 kV", name="CompressedSamples^CT1"), bundled("CT_small.dcm")
    )
    tab.settle(2)
    tab.page.keyboard.press("x")
    scanned = tab.page.locator("[data-status=scanned]")
    expect(scanned).to_have_count(1, timeout=SCAN_MS)
    expect(tab.test_id("scan-status")).to_have_text(
        "1 image was not searched: nothing in its header says that it may carry text."
    )
    tab.page.keyboard.press("a")
    left, note = tab.test_id("pixels-left"), tab.test_id("deidentify")
    expect(left).to_have_text("The queue has been seen; 1 image was not searched")
    expect(note).to_contain_text("text in 1 image not looked for")
    expect(note).not_to_have_attribute("aria-haspopup", "dialog")
    tab.test_id("scan-all").click()
    expect(scanned).to_have_count(2, timeout=SCAN_MS)
    expect(left).to_have_text("Everything that was found has been seen")
    expect(note).not_to_contain_text("not looked for")


def test_a_film_that_was_seen_is_still_one_that_nobody_searched(tab: Tab, tmp_path: Path) -> None:
    content = stream(gray_frames(4, 96, 128), "h264")
    tab.choose(film_instance(tmp_path / "film.dcm", content, 4, 96, 128, AVC))
    tab.settle(1)
    tab.page.keyboard.press("x")
    missing = tab.test_id("pixels-missing")
    expect(missing).to_contain_text("Films of this kind can’t be searched for text here")
    expect(missing).not_to_contain_text("decode")
    expect(tab.test_id("scan-risky")).to_be_hidden()
    tab.page.keyboard.press("a")
    expect(tab.test_id("pixels-left")).to_have_text(re.compile("1 image was not searched$"))
    button = tab.test_id("deidentify")
    expect(button).to_contain_text("text in 1 image not looked for")
    expect(button).to_have_attribute("aria-haspopup", "dialog")
    button.click()
    expect(tab.test_id("unchecked-list")).to_contain_text("Films of this kind")
    with tab.page.expect_download():
        tab.test_id("unchecked-without").click()
    expect(button).to_be_enabled()
