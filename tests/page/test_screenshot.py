"""The picture of the README, made of the sample by the tests' own run.

It is written to `screenshots/` beside the built page; `web/screenshot.png` is a committed copy.
"""

from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.page.driver import Tab

SIZE = (1366, 768)
COLORS = 256  # a palette: a third of the size, and no difference that one sees
LARGEST = 300_000


def test_screenshot_of_the_sample(
    context: BrowserContext, addresses: dict[str, str], built: Path
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark")
    tab = Tab(page, addresses["file"]).open().wait_ready()
    tab.test_id("sample").click()
    expect(tab.rows.first).to_be_visible()
    tab.settle(tab.rows.count())
    tab.show(tab.rows.nth(tab.rows.count() // 2))
    expect(page.locator(".thumb:not(.blank)").first).to_be_visible()
    folder = built / "screenshots"
    folder.mkdir(exist_ok=True)
    raw = folder / "raw.png"
    page.screenshot(path=raw)
    with Image.open(raw) as image:
        assert image.size == SIZE
        small = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
        small.save(folder / "veil.png", optimize=True)
    raw.unlink()
    assert (folder / "veil.png").stat().st_size <= LARGEST
