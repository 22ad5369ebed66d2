"""A list of more rows than are there as elements: read, walked by keyboard, told in full."""

import pytest
from playwright.sync_api import Browser, expect

from tests.core.studies import instance
from tests.page.driver import READY_MS, Tab
from tests.page.test_access import axe, violations

COUNT, PER_SERIES = 640, 80
HERE = "document.activeElement"
__all__ = ["axe"]


@pytest.fixture(scope="module")
def long(
    browser: Browser, addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Tab:
    """A tab with two patients' series, all read."""
    folder = tmp_path_factory.mktemp("long")
    for number in range(COUNT):
        patient, series = number * 2 // COUNT, number // PER_SERIES
        content = instance(
            number + 1, study=f"1.2.3.{patient}", series=f"1.2.3.{patient}.{series}",
            PatientID=f"P{patient}", PatientName=f"Doe{patient}", SeriesNumber=str(series),
        )  # fmt: skip
        (folder / f"{number:04d}").write_bytes(content)
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    tab = Tab(page, addresses["file"]).open().wait_ready()
    tab.choose(*sorted(folder.iterdir()))
    expect(tab.page.locator("[data-testid=deidentify]:enabled")).to_be_visible(timeout=READY_MS)
    expect(tab.test_id("deidentify")).to_contain_text(f"{COUNT} images of 2 patients")
    return tab


def test_only_what_is_in_sight_is_there(long: Tab) -> None:
    assert 10 < long.rows.count() < 100
    whole = long.evaluate("document.querySelector('[role=tree]').scrollHeight")
    assert whole > 27 * COUNT
    long.evaluate("document.querySelector('[role=tree]').scrollTop = 4000")
    long.next_frame()
    seen = long.evaluate(
        "[...document.querySelectorAll('[role=tree] > [data-state]')].filter((one) => {"
        "  const [a, b] = [one, one.parentElement].map((two) => two.getBoundingClientRect());"
        "  return a.bottom > b.top && a.top < b.bottom; }).length"
    )
    assert seen > 8


def test_the_keyboard_walks_through_all_of_it(long: Tab) -> None:
    long.evaluate("document.querySelector('[role=tree]').scrollTop = 0")
    long.next_frame()
    long.rows.first.click()
    long.page.keyboard.press("End")
    place = "[{0}.ariaLevel, {0}.getAttribute('aria-posinset'), {0}.getAttribute('aria-setsize')]"
    assert long.evaluate(place.format(HERE)) == ["4", str(PER_SERIES), str(PER_SERIES)]
    assert long.evaluate(f"{HERE}.getAttribute('aria-selected')") == "true"
    for _ in range(PER_SERIES):
        long.page.keyboard.press("ArrowUp")
    assert long.evaluate(place.format(HERE)) == ["3", "4", "4"]
    long.page.keyboard.press("Home")
    assert long.evaluate(place.format(HERE)) == ["1", "1", "2"]
    box = long.page.locator("[role=treeitem][tabindex='0']").bounding_box()
    assert box is not None
    assert 0 < box["y"] < 768


# Two keys within one animation frame, as a fast hand or a slow machine makes them.
KEYS = """
for (const key of ["ArrowDown", "Home"]) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}
"""


def test_keys_faster_than_the_screen_keep_the_focus(long: Tab) -> None:
    long.evaluate("document.querySelector('[role=tree]').scrollTop = 0")
    long.next_frame()
    long.rows.first.click()
    long.page.keyboard.press("End")
    long.page.keyboard.press("ArrowUp")
    long.evaluate(f"(() => {{ {KEYS} }})()")
    for _ in range(3):
        long.next_frame()
    assert long.evaluate(f"[{HERE}.ariaLevel, {HERE}.getAttribute('aria-posinset')]") == ["1", "1"]


def test_what_is_looked_at_says_what_identifies(long: Tab) -> None:
    """In a long list that is asked for only then."""
    long.rows.nth(5).click()
    long.planned()
    expect(long.page.get_by_text("What identifies the patient")).to_be_visible()


def test_axe_finds_nothing_grave(long: Tab, axe: str) -> None:
    assert violations(long, axe) == []
