"""Bridge and worker in a real Chromium: boot, calls, death and replacement, no network."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom
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
# The bytes [start, end) of the chosen file, each changed by `change`, given ahead of the call.
AHEAD = """(async () => {
  const file = document.querySelector("input").files[0];
  const pieces = await Promise.all(%s.map(async ([start, end]) =>
    ({ start, bytes: new Uint8Array(await file.slice(start, end).arrayBuffer()).map(%s) })));
  await %s;
  try {
    const { result, buffers } = await bridge.call("deidentify", %s, file, pieces);
    const bytes = (part) => new Uint8Array(buffers[part.buffer]).toBase64();
    const kept = result.parts.map((part) => "buffer" in part ? bytes(part) : part);
    return { kept, row: result.row };
  } catch (error) {
    return { code: error.code };
  }
})()"""
# Reading beyond WebAssembly's memory traps: the interpreter is gone, as after a bad codestream.
KILL = "import ctypes; ctypes.string_at(0xFFFFFF00, 16)"
LATER = """() => new Promise((go) => setTimeout(go, 4000)).then(() => python.runPython(`%s`))"""
PENDING = """Promise.allSettled([bridge.call("sample"), bridge.call("forget", { instance: "a" })])
  .then((all) => all.map(({ reason }) => reason?.code ?? "answered"))"""
# How many workers have died, as soon as one has.
DIED = """new Promise((resolve) => {
  const look = () => (deaths.length ? resolve(deaths.length) : setTimeout(look, 20));
  look();
})"""


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
    assert evaluate(session, DIED) == 1
    assert call(session, "sample")["result"]["count"] > 0
    assert len(evaluate(session, "deaths")) == 1


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
      const other = createBridge({ parts: broken, secret: { key: "00".repeat(32) } });
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


def ahead(
    session: CDPSession,
    pieces: list[tuple[int, int]],
    change: str = "(byte) => byte",
    wait: str = "0",
) -> dict[str, Any]:
    """The answer to `deidentify` where `pieces` of the file were read before."""
    params = {"instance": secrets.token_hex(4), "number": 1, "profile": "basic"}
    script = AHEAD % (json.dumps(pieces), change, wait, json.dumps(params))
    answer: dict[str, Any] = evaluate(session, script)
    return answer


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A header, pixels beyond every piece, and an attribute behind them."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    dataset.Rows = dataset.Columns = 512
    dataset.PixelData = bytes(range(256)) * 2048
    dataset.save_as(tmp_path / "large.dcm")
    return tmp_path / "large.dcm"


@pytest.mark.parametrize("page", ["file"], indirect=True)
@pytest.mark.parametrize(
    "pieces",
    [[(0, 1 << 16)], [(0, 1 << 16), (-4096, 0)], [(0, 1000)], [(0, 1), (-1, 0)], [(700, 1 << 18)]],
    ids=["head", "head and end", "less than the header", "a byte of both", "not the start"],
)
def test_what_was_read_ahead_makes_no_difference(
    page: Page, session: CDPSession, large: Path, pieces: list[tuple[int, int]]
) -> None:
    choose(page, session, large)
    size = large.stat().st_size
    given = [(start % size, end if end > 0 else size + end) for start, end in pieces]
    plain = ahead(session, [])
    assert [sorted(part) for part in plain["kept"] if isinstance(part, dict)] == [["end", "start"]]
    assert ahead(session, given) == plain


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_what_was_read_ahead_is_what_is_read(page: Page, session: CDPSession, large: Path) -> None:
    """Other bytes in the pieces than in the file: they must be the ones that count."""
    choose(page, session, large)
    assert ahead(session, [(0, 1 << 16)], change="() => 0") == {"code": "not-dicom"}
    assert "kept" in ahead(session, [(100_000, 110_000)], change="() => 0")


@pytest.mark.parametrize("page", ["file"], indirect=True)
def test_file_that_disappears_after_it_was_read_ahead(
    page: Page, session: CDPSession, large: Path
) -> None:
    """Its header is there, what is behind its pixels is not; the next call works."""
    choose(page, session, large)
    page.expose_function("remove", lambda: large.unlink())
    assert ahead(session, [(0, 1 << 16)], wait="remove()") == {"code": "file-gone"}
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
