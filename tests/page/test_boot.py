"""The page comes up, says so, and takes files from the first moment."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.core.files import bundled
from tests.page.driver import Tab


def test_files_given_before_ready_wait_and_are_read(
    context: BrowserContext, addresses: dict[str, str], edition: str
) -> None:
    tab = Tab(context.new_page(), addresses[edition])
    tab.wire.held = True
    tab.open()
    tab.choose(bundled("CT_small.dcm"), bundled("MR_small.dcm"))
    expect(tab.rows).to_have_count(2)
    expect(tab.test_id("boot-status")).not_to_have_text("Ready")
    assert tab.states() == ["queued", "queued"]
    tab.wire.let_go()
    tab.wait_ready()
    assert tab.settle(2) == ["ready", "ready"]
    assert tab.errors == []


def test_says_that_the_network_is_shut(tab: Tab) -> None:
    expect(tab.test_id("network-status")).to_contain_text("no longer reach any network")


WIDTHS = "[...document.querySelectorAll('.steps li')].map((one) => one.offsetWidth)"


def test_the_first_screen_gives_its_three_steps_the_same_room(tab: Tab) -> None:
    widths = tab.evaluate(WIDTHS)
    assert len(widths) == 3
    assert max(widths) - min(widths) <= 1


def test_is_what_it_claims_to_be(tab: Tab, edition: str) -> None:
    assert tab.evaluate("isSecureContext") is (edition != "hospital")
    assert tab.page.title() == "Veil"


@pytest.mark.parametrize("way", ["choose", "drop"])
def test_files_come_in(tab: Tab, way: str) -> None:
    paths = [bundled("CT_small.dcm"), bundled("MR_small.dcm"), bundled("examples_rgb_color.dcm")]
    getattr(tab, way)(*paths)
    assert tab.settle(3) == ["ready"] * 3
