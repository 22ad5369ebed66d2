"""How the place at the right is shared out on a laptop's screen once a run was saved."""

from itertools import combinations

import pytest
from playwright.sync_api import expect

from tests.core.files import bundled
from tests.page.driver import Tab

SIZES = [(1366, 768, 0.5), (1920, 1080, 0.5), (1024, 768, 0.4)]  # and which part is for attributes
# In CSS pixels, with the panel at its end; boxes are [left, top, right, bottom].
MEASURE = """
(() => {
  const boxOf = (one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const box = (query) => boxOf(document.querySelector(query));
  const controls = [...document.querySelectorAll(".act :is(button, select, label)")]
    .filter((one) => one.offsetHeight);
  const panel = document.querySelector(".what");
  panel.scrollTop = panel.scrollHeight;
  return {
    place: box(".plan"), panel: box(".what"), counts: box(".counts"), end: box(".here"),
    buttons: box(".act"), controls: controls.map(boxOf),
    cut: controls.filter((one) => one.scrollWidth > one.clientWidth + 1).length,
  };
})()
"""


@pytest.mark.parametrize(("width", "height", "part"), SIZES)
def test_what_will_happen_has_half_of_the_height(
    tab: Tab, width: int, height: int, part: float
) -> None:
    """For attributes, below the numbers that stay in sight; and every button is whole."""
    before = tab.page.viewport_size
    assert before is not None
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.choose(bundled("CT_small.dcm"), bundled("MR_small.dcm"))
    tab.settle(2)
    tab.rows.first.click()
    tab.press("deidentify")
    for button in ("download-report", "links-open", "audit-open", "outlet-pictures"):
        expect(tab.test_id(button)).to_be_visible()
    found = tab.evaluate(MEASURE)
    tab.page.set_viewport_size(before)
    bottom = found["panel"][3]
    assert bottom - found["counts"][3] >= height * part
    assert found["end"][3] <= bottom + 1  # fractions of a pixel are rounded
    assert bottom <= found["buttons"][1]
    assert found["cut"] == 0
    left, _, right, bottom = found["place"]
    for box in found["controls"]:
        assert left <= box[0] <= box[2] <= right
        assert box[3] <= bottom
    assert not [pair for pair in combinations(found["controls"], 2) if overlap(*pair)]


def overlap(one: list[float], other: list[float]) -> bool:
    return (
        max(one[0], other[0]) < min(one[2], other[2])
        and max(one[1], other[1]) < min(one[3], other[3])
    )  # fmt: skip
