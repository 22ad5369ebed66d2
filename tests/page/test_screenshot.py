"""The picture of the README, made of the sample by the tests' own run.

It is written to `build/screenshot.png`; `web/screenshot.png` is a committed copy of it.
"""

from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, expect

from build import ROOT
from tests.page.driver import Tab

SIZE = (1366, 768)
COLORS = 256  # a palette: a third of the size, and no difference that one sees
LARGEST = 300_000


def test_screenshot_of_the_sample(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark")
    tab = Tab(page, addresses["file"]).open().wait_ready()
    tab.test_id("sample").click()
    expect(tab.rows.first).to_be_visible()
    tab.settle(tab.rows.count())
    tab.show(tab.rows.nth(tab.rows.count() // 2))
    expect(page.locator(".thumb:not(.blank)").first).to_be_visible()
    raw = tmp_path / "raw.png"
    page.screenshot(path=raw)
    target = ROOT / "build" / "screenshot.png"
    target.parent.mkdir(exist_ok=True)
    with Image.open(raw) as image:
        assert image.size == SIZE
        small = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
        small.save(target, optimize=True)
    assert target.stat().st_size <= LARGEST
