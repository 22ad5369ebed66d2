"""A real folder of this machine for a page to write into, as if a person had chosen it.

The dialog can't be driven, but a browser also remembers which folders a page may write into, and
a folder that is dropped comes as a handle: what its preferences say it has granted needs no
dialog. Chromium refuses folders of the system, `/dev/shm` among them.
"""

import json
import time
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from tests.page.driver import Tab

# The first folder that is dropped goes to whoever asks for one, and the page sees nothing of it.
CHOSEN = """
globalThis.chosen = new Promise((resolve) => {
  const kinds = ["dragenter", "dragover", "drop"];
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type !== "drop") return;
    for (const kind of kinds) removeEventListener(kind, take, true);
    resolve(event.dataTransfer.items[0].getAsFileSystemHandle());
  };
  for (const kind of kinds) addEventListener(kind, take, true);
});
globalThis.showDirectoryPicker = () => chosen;
"""
EPOCH_S = 11_644_473_600  # from 1601, from where Chromium counts, to 1970


def launch(
    playwright: Playwright, chromium: str, data: Path, address: str, folders: Iterable[Path]
) -> BrowserContext:
    """A browser with its own `data`, in which the page at `address` may write into `folders`.

    Without Safe Browsing, which looks at each file that is closed, for up to a quarter of a second
    where no service answers, one after the other; not at names that it counts as harmless.
    """
    now = str(int((time.time() + EPOCH_S) * 1e6))
    may = {"is-directory": True, "readable": True, "writable": True, "timestamp": now}
    page = f"{address.rstrip('/')},*"
    objects = {"chosen-objects": [{**may, "path": str(folder)} for folder in folders]}
    exceptions = {
        "file_system_access_extended_permission": {page: {"last_modified": now, "setting": 1}},
        "file_system_access_chooser_data": {page: {"last_modified": now, "setting": objects}},
    }
    preferences = {
        "profile": {"content_settings": {"exceptions": exceptions}},
        "safebrowsing": {"enabled": False},
    }
    (data / "Default").mkdir(parents=True)
    (data / "Default" / "Preferences").write_text(json.dumps(preferences), "utf-8")
    return playwright.chromium.launch_persistent_context(data, executable_path=chromium)


def choose(tab: Tab, folder: Path) -> None:
    """What the page gets when it asks for a folder; once for each page, which has `CHOSEN`."""
    tab.drop(folder)
    granted = tab.evaluate("chosen.then((one) => one.queryPermission({ mode: 'readwrite' }))")
    assert granted == "granted"
