"""No byte leaves: not one request after the page has loaded, and the browser refuses to make any.

Three witnesses: the protocol's network log of page and workers, the web server's own log, and
Chromium's NetLog, which is written below all of them and knows every request of every process.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.places import HOSPITAL, program

ELSEWHERE = "leak.veil.test"
# Each attempt resolves to "refused", or says what became of it.
ATTEMPTS = {
    "fetch": "fetch('{url}').then(() => 'sent', () => 'refused')",
    "fetch without cors": "fetch('{url}', {{mode: 'no-cors'}}).then(() => 'sent', () => 'refused')",
    "XMLHttpRequest": """new Promise((resolve) => {{
        const request = new XMLHttpRequest();
        request.onload = () => resolve('sent');
        request.onerror = () => resolve('refused');
        request.open('GET', '{url}');
        request.send();
    }})""",
    "WebSocket": """new Promise((resolve) => {{
        try {{
            const socket = new WebSocket('{url}'.replace('http', 'ws'));
            socket.onopen = () => resolve('sent');
            socket.onerror = () => resolve('refused');
        }} catch {{ resolve('refused'); }}
    }})""",
    "EventSource": """new Promise((resolve) => {{
        const source = new EventSource('{url}');
        source.onopen = () => resolve('sent');
        source.onerror = () => {{ source.close(); resolve('refused'); }};
    }})""",
    "import": "import('{url}x.js').then(() => 'sent', () => 'refused')",
}
VIOLATION = """new Promise((resolve) => {{
        const refused = () => resolve('refused');
        document.addEventListener('securitypolicyviolation', refused, {{once: true}});"""
IN_PAGE = {
    "image": """new Promise((resolve) => {{
        const image = new Image();
        image.onload = () => resolve('sent');
        image.onerror = () => resolve('refused');
        image.src = '{url}x.png';
    }})""",
    "script": """new Promise((resolve) => {{
        const script = document.createElement('script');
        script.onload = () => resolve('sent');
        script.onerror = () => resolve('refused');
        script.src = '{url}x.js';
        document.head.append(script);
    }})""",
    "style": """new Promise((resolve) => {{
        const link = document.createElement('link');
        link.rel = 'stylesheet';
        link.onload = () => resolve('sent');
        link.onerror = () => resolve('refused');
        link.href = '{url}x.css';
        document.head.append(link);
    }})""",
    "frame": VIOLATION
    + """
        const frame = document.createElement('iframe');
        frame.src = '{url}';
        addEventListener('securitypolicyviolation', () => frame.remove(), {{ once: true }});
        document.body.append(frame);
    }})""",
    "beacon": VIOLATION
    + """
        navigator.sendBeacon('{url}', 'x');
    }})""",
}
# Playwright waits for the navigation that the browser refused, so these are tried in a page that is
# closed afterwards.
LAST = {
    "form": VIOLATION
    + """
        const form = document.createElement('form');
        form.action = '{url}';
        document.body.append(form);
        form.submit();
    }})""",
}
IN_WORKER = {
    "importScripts": "(() => {{ try {{ importScripts('{url}x.js'); return 'sent'; }} "
    "catch {{ return 'refused'; }} }})()",
}


def urls(addresses: dict[str, str]) -> list[str]:
    """Another host, and the page's own server."""
    return [f"http://{ELSEWHERE}/", addresses["localhost"], addresses["hospital"]]


def test_the_page_can_reach_nobody(tab: Tab, addresses: dict[str, str]) -> None:
    for what, script in (ATTEMPTS | IN_PAGE).items():
        for url in urls(addresses):
            assert tab.wire.evaluate(script.format(url=url)) == "refused", (what, url)


def test_the_worker_can_reach_nobody(tab: Tab, addresses: dict[str, str]) -> None:
    for what, script in (ATTEMPTS | IN_WORKER).items():
        for url in urls(addresses):
            assert tab.wire.evaluate_in_worker(script.format(url=url)) == "refused", (what, url)


def test_a_form_reaches_nobody(
    context: BrowserContext, addresses: dict[str, str], edition: str
) -> None:
    tab = Tab(context.new_page(), addresses[edition]).open()
    expect(tab.test_id("network-status")).to_contain_text("no longer reach")
    for what, script in LAST.items():
        assert tab.wire.evaluate(script.format(url=f"http://{ELSEWHERE}/")) == "refused", what


def test_text_does_not_become_code(tab: Tab) -> None:
    for code in ("eval('1')", "Function('return 1')()"):
        script = f"(() => {{ try {{ {code}; return 'run'; }} catch {{ return 'refused'; }} }})()"
        assert tab.wire.evaluate(script) == tab.wire.evaluate_in_worker(script) == "refused"


def test_there_are_no_peer_connections(tab: Tab) -> None:
    """No policy speaks of them, so the page has none; a worker never has."""
    for name in ("RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection"):
        script = f"typeof self.{name}"
        assert tab.wire.evaluate(script) == tab.wire.evaluate_in_worker(script) == "undefined"


def test_there_is_no_service_worker(tab: Tab) -> None:
    script = "navigator.serviceWorker?.getRegistrations().then((all) => all.length, () => 0) ?? 0"
    assert tab.wire.evaluate(script) == 0
    assert tab.page.context.service_workers == []


@pytest.fixture
def observed(
    playwright: Playwright, addresses: dict[str, str], edition: str, tmp_path: Path
) -> Iterator[tuple[Tab, Path]]:
    """A tab in a browser of its own, which writes its NetLog to a file when it is closed."""
    log = tmp_path / "net.json"
    path = program("VEIL_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    rules = f"MAP {HOSPITAL} 127.0.0.1, MAP {ELSEWHERE} 127.0.0.1:9"
    arguments = [f"--host-resolver-rules={rules}", f"--log-net-log={log}"]
    browser = playwright.chromium.launch(executable_path=path, args=arguments)
    tab = Tab(
        browser.new_context(viewport={"width": 1366, "height": 768}).new_page(), addresses[edition]
    )
    yield tab, log
    browser.close()


def test_the_whole_job_makes_no_request(
    observed: tuple[Tab, Path], addresses: dict[str, str], edition: str
) -> None:
    tab, log = observed
    tab.open().wait_ready()
    tab.choose(bundled("CT_small.dcm"), bundled("JPEG2000.dcm"), bundled("examples_rgb_color.dcm"))
    expect(tab.rows).to_have_count(3)
    loaded = len(tab.wire.requests)
    assert loaded > 0
    assert tab.settle(3) == ["ready"] * 3
    for index in range(3):
        tab.show(tab.rows.nth(index))
    tab.export("png")
    tab.export("jpeg")
    tab.press("deidentify")
    tab.press("download-report")
    assert tab.settle(3) == ["done"] * 3
    later = [url for url in tab.wire.requests[loaded:] if not url.startswith("blob:")]
    assert later == []
    assert len(tab.wire.workers) == 1
    probe = f"fetch('http://{ELSEWHERE}/').then(() => 'sent', () => 'refused')"
    assert tab.wire.evaluate(probe) == tab.wire.evaluate_in_worker(probe) == "refused"
    page_urls = _urls_of_the_page(tab, log)
    assert not [url for url in page_urls if ELSEWHERE in url]
    own = addresses[edition] if edition != "file" else "file:"
    assert [url for url in page_urls if not url.startswith((own, "blob:", "data:"))] == []
    assert edition == "file" or page_urls


def test_the_witness_sees_what_a_page_without_the_policy_does(
    observed: tuple[Tab, Path], tmp_path: Path
) -> None:
    """Proves the test above: the same probe from an ordinary page is in the NetLog."""
    tab, log = observed
    plain = tmp_path / "plain.html"
    plain.write_text("<!doctype html><title>plain</title>")
    tab.page.goto(plain.as_uri())
    tab.wire.evaluate(f"fetch('http://{ELSEWHERE}/').catch(() => 0)")
    assert [url for url in tab.wire.requests if ELSEWHERE in url]
    assert [url for url in _urls_of_the_page(tab, log) if ELSEWHERE in url]


def _urls_of_the_page(tab: Tab, log: Path) -> list[str]:
    """All requests in the NetLog but the browser's own (updates, accounts), which have no page.

    Ends the browser, so that the log is whole.
    """
    browser = tab.page.context.browser
    assert browser is not None
    browser.close()
    content: dict[str, Any] = json.loads(log.read_text("utf-8"))
    found = []
    for event in content["events"]:
        params = event.get("params", {})
        if "url" in params and not _is_the_browsers_own(params):
            found.append(params["url"])
    return found


def _is_the_browsers_own(params: dict[str, Any]) -> bool:
    return params.get("initiator", "not an origin") == "not an origin" and not any(
        host in params["url"] for host in (ELSEWHERE, HOSPITAL, "localhost", "127.0.0.1")
    )
