"""One browser and one ready tab per edition for the whole run; each test gets an empty list."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from build import serve
from tests.page.driver import READY_MS, Tab
from tests.page.places import HOSPITAL, dist, program

expect.set_options(timeout=READY_MS)  # what is expected comes late on a busy machine

EDITIONS = ("localhost", "hospital", "file")


@pytest.fixture(scope="session")
def built() -> Path:
    return dist()


@pytest.fixture(scope="session")
def port(built: Path) -> Iterator[int]:
    """`dist/site` as `build.py serve` serves it."""
    with serve.server(built / "site") as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def addresses(built: Path, port: int) -> dict[str, str]:
    """The page's address by edition: both that are served, and the single file."""
    return {
        "localhost": f"http://localhost:{port}/",
        "hospital": f"http://{HOSPITAL}:{port}/",
        "file": (built / "veil.html").as_uri(),
    }


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = program("VEIL_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    rules = f"--host-resolver-rules=MAP {HOSPITAL} 127.0.0.1"
    browser = playwright.chromium.launch(executable_path=path, args=[rules])
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile for tests that need a page of their own."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield context
    context.close()


@pytest.fixture(scope="session", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def ready_tab(browser: Browser, addresses: dict[str, str], edition: str) -> Iterator[Tab]:
    """One tab per edition that all its tests share: booting takes seconds."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield Tab(context.new_page(), addresses[edition]).open().wait_ready()
    context.close()


@pytest.fixture
def tab(ready_tab: Tab) -> Iterator[Tab]:
    """A ready page with an empty list; whatever the test did, the page itself did not fail."""
    ready_tab.clear()
    yield ready_tab
    assert ready_tab.errors == []
