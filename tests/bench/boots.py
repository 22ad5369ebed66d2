"""How long the page takes to come up, beside a page that does nothing but `loadPyodide`.

Each figure is the median of alternating runs, each in a browser that starts with nothing cached.
"""

import http.server
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import CDPSession, Playwright

from build import fetch
from pack import pins, tab

RUNS = 7
PATIENCE_MS = 60_000
BARE = """<!doctype html><meta charset="utf-8"><title>bare</title>
<script type="module">
import { loadPyodide } from "./pyodide.mjs";
await loadPyodide();
globalThis.marks = { ready: performance.now() };
</script>
"""
# Marks when the page shows its drop zone and file input, and when it says Ready.
OBSERVE = """
globalThis.marks = {};
const look = () => {
  const at = (name) => document.querySelector(`[data-testid="${name}"]`);
  if (at("file-input") && at("drop-zone")) marks.accepts ??= performance.now();
  if (at("boot-status")?.textContent === "Ready") marks.ready ??= performance.now();
};
const everything = { childList: true, subtree: true, characterData: true };
new MutationObserver(look).observe(document, everything);
"""
LOADED = 'performance.getEntriesByType("navigation")[0].loadEventEnd'


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Static files, with the types that streaming compilation wants."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  # as the base class declares it
        ".html": "text/html",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        "": "application/octet-stream",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def bare_page() -> Iterator[str]:
    """The address of a page with the same Pyodide and nothing else."""
    pinned = pins.load()
    archive = fetch.obtain(pinned, pinned.by_name["pyodide"], fetch.cache_folder())
    with tempfile.TemporaryDirectory() as folder:
        for name in (*tab.RUNTIME, "pyodide-lock.json"):
            (Path(folder) / name).write_bytes(tab.npm_file(archive, name))
        (Path(folder) / "index.html").write_text(BARE)
        handler = partial(Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://localhost:{server.server_address[1]}/"
            server.shutdown()


def measure(playwright: Playwright, chromium: str, single_file: Path) -> dict[str, float]:
    """Medians in ms: `bare`, `ready`, `accepts` and `accepts_after_load`."""
    figures: dict[str, list[float]] = {name: [] for name in ("bare", "ready", "accepts", "load")}
    with bare_page() as address:
        for _ in range(RUNS):
            figures["bare"].append(_marks(playwright, chromium, address, "")["ready"])
            marks = _marks(playwright, chromium, single_file.as_uri(), OBSERVE)
            for name in ("ready", "accepts", "load"):
                figures[name].append(marks[name])
    late = [max(0.0, a - b) for a, b in zip(figures["accepts"], figures["load"], strict=True)]
    return {name: median(values) for name, values in figures.items()} | {
        "accepts_after_load": median(late)
    }


def _marks(playwright: Playwright, chromium: str, address: str, script: str) -> dict[str, float]:
    """Times in ms since navigation began, in a fresh browser with a fresh profile."""
    browser = playwright.chromium.launch(executable_path=chromium)
    try:
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        session = page.context.new_cdp_session(page)
        if script:
            page.add_init_script(script)
        page.goto(address, wait_until="commit")
        ready = "globalThis.marks?.ready"
        wait_for(session, page.wait_for_timeout, ready)
        return {**_value(session, "globalThis.marks"), "load": _value(session, LOADED)}
    finally:
        browser.close()


def wait_for(session: CDPSession, rest: Callable[[float], None], expression: str) -> None:
    """Until `expression` is true in the page; asks seldom, so as not to take its time."""
    for _ in range(PATIENCE_MS // 100):
        if _value(session, f"Boolean({expression})"):
            return
        rest(100)
    raise TimeoutError(expression)


def _value(session: CDPSession, expression: str) -> object:
    parameters = {"expression": expression, "returnByValue": True, "awaitPromise": True}
    return session.send("Runtime.evaluate", parameters)["result"].get("value")
