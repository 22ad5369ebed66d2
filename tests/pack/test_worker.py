"""Bridge and worker in a real Chromium: boot, calls, death and replacement, no network."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser import (
    INTRANET,
    WorkerSession,
    evaluate,
    listening,
    needs_chromium,
    served,
    wait_until_ready,
)
from tests.core.files import bundled

pytestmark = needs_chromium
EDITIONS = ["file", "localhost", "intranet"]

CALL = """(async () => {
  const file = document.querySelector("input")?.files[0];
  try {
    const { result, buffers } = await bridge.call(%s, %s, file);
    return { result, sizes: buffers.map((buffer) => buffer.byteLength) };
  } catch (error) {
    return { code: error.code };
  }
})()"""
# Reading beyond WebAssembly's memory traps: the interpreter is gone, as after a bad codestream.
KILL = "import ctypes; ctypes.string_at(0xFFFFFF00, 16)"
LATER = """() => new Promise((go) => setTimeout(go, 1000)).then(() => python.runPython(`%s`))"""
PENDING = """Promise.allSettled([bridge.call("sample"), bridge.call("forget", { instance: "a" })])
  .then((all) => all.map(({ reason }) => reason?.code ?? "answered"))"""


def call(session: CDPSession, method: str, **params: object) -> dict[str, Any]:
    answer: dict[str, Any] = evaluate(session, CALL % (json.dumps(method), json.dumps(params)))
    return answer


@pytest.fixture(params=EDITIONS)
def page(request: pytest.FixtureRequest, browser: Browser, small: Path) -> Iterator[Page]:
    """The small page, ready, in each way that it may be opened."""
    with served(small / "site") as port:
        host = {"localhost": "localhost", "intranet": INTRANET}.get(request.param)
        address = f"http://{host}:{port}/" if host else (small / "veil.html").as_uri()
        opened = browser.new_page()
        opened.goto(address)
        wait_until_ready(opened)
        yield opened
        opened.close()


@pytest.fixture
def session(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def choose(page: Page, session: CDPSession, path: Path) -> None:
    """Give the page a real File of `path`."""
    evaluate(
        session,
        "document.body.append(Object.assign(document.createElement('input'), {type: 'file'}))",
    )
    page.locator("input").set_input_files(path)


def test_boots_in_named_stages_and_answers(page: Page, session: CDPSession) -> None:
    stages = [entry.split()[0] for entry in evaluate(session, "seen")]
    assert stages == ["unpack", "python", "core", "ready"]
    choose(page, session, bundled("CT_small.dcm"))
    inspected = call(session, "inspect", instance="a")["result"]
    assert (inspected["instance"]["rows"], inspected["instance"]["columns"]) == (128, 128)
    frame = call(session, "frame", instance="a", frame_index=0)
    assert frame["sizes"] == [128 * 128 * 2]


def test_page_and_worker_have_no_network(page: Page, session: CDPSession, browser: Browser) -> None:
    with listening() as (address, asked):
        attempt = f"fetch('{address}').then(() => 'open', () => 'refused')"
        assert evaluate(session, "networkIsShut()") is True
        assert evaluate(session, attempt) == "refused"
        own = "fetch(location.href.startsWith('http') ? '/index.html' : location.href)"
        assert evaluate(session, f"{own}.then(() => 'open', () => 'refused')") == "refused"
        worker = WorkerSession(browser)
        assert worker.evaluate(page, attempt) == "refused"
        python = f"from js import fetch\nawait fetch('{address}')"
        assert "Failed to fetch" in worker.evaluate(page, f"python.runPythonAsync({python!r})")
    assert asked == []


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_dead_interpreter_is_replaced(page: Page, session: CDPSession, browser: Browser) -> None:
    first = evaluate(session, "seen.length")
    WorkerSession(browser).evaluate(page, f"void (queue = queue.then({LATER % KILL}).catch(die))")
    assert evaluate(session, PENDING) == ["worker-died", "worker-died"]
    assert call(session, "sample")["result"]["count"] > 0
    assert len(evaluate(session, "deaths")) == 1
    assert evaluate(session, "seen.length") == 2 * first


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_worker_error_event_is_a_death(page: Page, session: CDPSession, browser: Browser) -> None:
    WorkerSession(browser).evaluate(page, "setTimeout(() => { throw new Error(); }) && 0")
    pending = evaluate(session, PENDING)
    assert set(pending) <= {"worker-died", "answered"}
    page.wait_for_timeout(200)
    assert len(evaluate(session, "deaths")) == 1
    assert call(session, "sample")["result"]["count"] > 0


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_cancel_ends_what_waits(page: Page, session: CDPSession) -> None:
    attempt = 'bridge.call("sample").then(() => "answered", (error) => error.code)'
    assert evaluate(
        session, f"(() => {{ const p = {attempt}; bridge.cancel(); return p; }})()"
    ) == ("cancelled")
    assert call(session, "sample")["result"]["count"] > 0
    assert evaluate(session, "deaths") == []


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_close_then_call_starts_again(page: Page, session: CDPSession) -> None:
    evaluate(session, "bridge.close()")
    assert call(session, "sample")["result"]["count"] > 0


@pytest.mark.parametrize("page", ["file"], indirect=True)
@pytest.mark.parametrize(
    "part", ["pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip", "boot.py", "worker.js"]
)
def test_failed_boot_says_so_and_can_be_tried_again(session: CDPSession, part: str) -> None:
    attempt = """(async (name) => {
      const broken = new Map(parts).set(name, new Blob(["no gzip"]));
      const other = createBridge({ parts: broken, key: "00".repeat(32) });
      const codes = [];
      for (let round = 0; round < 2; round++) {
        codes.push(await other.call("forget", { instance: "a" }).then(() => "ok", (e) => e.code));
        broken.set(name, parts.get(name));
      }
      other.close();
      return codes;
    })("%s")"""
    assert evaluate(session, attempt % part) == ["boot-failed", "ok"]


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_file_that_disappears(page: Page, session: CDPSession, tmp_path: Path) -> None:
    path = tmp_path / "slice.dcm"
    path.write_bytes(bundled("CT_small.dcm").read_bytes())
    choose(page, session, path)
    path.unlink()
    assert call(session, "inspect", instance="a") == {"code": "file-gone"}
    assert "result" in call(session, "forget", instance="a")
    assert evaluate(session, "deaths") == []


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_worker_says_nothing_on_the_console(page: Page, session: CDPSession) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    choose(page, session, bundled("JPEG-lossy.dcm"))
    call(session, "inspect", instance="a")
    call(session, "frame", instance="a", frame_index=0)
    assert said == []
