"""No value of a patient in the console, a title, a URL, a store, a message, a name, a report."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from dicom_veil.read import read
from tests.core.canary import Canary, canary
from tests.page.driver import Tab

STORES = """
(async () => JSON.stringify([
  Object.entries(localStorage), Object.entries(sessionStorage), document.cookie,
  (await indexedDB.databases()).map((one) => one.name),
  globalThis.caches ? await caches.keys() : [],
  document.title, location.href, history.state, window.name,
]))()
"""
INPUT_NAME = "NACHNAME-VORNAME-19700101"


@pytest.fixture
def marked(tmp_path: Path) -> tuple[Canary, list[Path]]:
    """Two whole instances full of markers, a cut one, and names that tell the patient's."""
    marked = canary()
    whole = tmp_path / f"{INPUT_NAME}.dcm"
    second = tmp_path / f"{INPUT_NAME}-2.dcm"
    cut = tmp_path / f"{INPUT_NAME}-3.dcm"
    whole.write_bytes(marked.content)
    # Another instance, not the same bytes again, which would be taken once.
    uid = bytes(read(BytesIO(marked.content)).dataset.SOPInstanceUID, "ascii")
    second.write_bytes(marked.content.replace(uid, uid[:-1] + bytes([uid[-1] ^ 1])))
    cut.write_bytes(marked.content[: len(marked.content) // 2])
    return marked, [whole, second, cut]


def test_no_marker_comes_out(
    context: BrowserContext,
    addresses: dict[str, str],
    edition: str,
    marked: tuple[Canary, list[Path]],
) -> None:
    planted, paths = marked
    tab = Tab(context.new_page(), addresses[edition]).open().wait_ready()
    said: list[str] = []

    def note() -> None:
        said.extend([tab.message.inner_text(), *tab.page.get_by_role("status").all_inner_texts()])

    tab.choose(*paths)
    assert sorted(tab.settle(3)) == ["quarantined", "ready", "ready"]
    note()
    tab.show(tab.page.locator("[data-state=ready]").first)
    saved = [tab.export("png"), tab.export("jpeg")]
    note()
    saved.append(tab.press("deidentify"))
    note()
    saved.append(tab.press("download-report"))
    note()
    told = {
        "console": "\n".join(tab.wire.console),
        "page errors": "\n".join(tab.errors),
        "stores, title, address": tab.evaluate(STORES),
        "messages": "\n".join(said),
        "names": json.dumps([*tab.downloads, *(one.name for one in saved)]),
        "requests": "\n".join(tab.wire.requests),
        "reasons": "\n".join(tab.page.locator(".reason").all_inner_texts()),
    }
    for place, text in told.items():
        assert planted.survivors(text.encode()) == [], place
        assert INPUT_NAME not in text, place
    for one in saved:
        for content in _contents(one.content):
            assert planted.survivors(content) == [], one.name
            assert INPUT_NAME.encode() not in content, one.name


def test_the_markers_are_on_the_screen_where_they_belong(
    tab: Tab, marked: tuple[Canary, list[Path]]
) -> None:
    """Proves the test above: what it looks for is really there to be leaked."""
    planted, paths = marked
    tab.choose(paths[0])
    tab.settle(1)
    tab.show(tab.rows.first)
    text = tab.page.locator("#app").inner_text()
    assert len(planted.survivors(text.encode())) > 20


def test_nothing_stays_after_the_tab_is_closed(browser: Browser, addresses: dict[str, str]) -> None:
    """A second visit finds an empty list, and another key."""
    context = browser.new_context()
    for _ in range(2):
        page = context.new_page()
        tab = Tab(page, addresses["localhost"]).open().wait_ready()
        assert tab.rows.count() == 0
        assert json.loads(tab.evaluate(STORES))[:5] == [[], [], "", [], []]
        page.close()
    assert context.cookies() == []
    context.close()


def _contents(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK"):
        return [content]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return [content, *(archive.read(name) for name in archive.namelist())]
