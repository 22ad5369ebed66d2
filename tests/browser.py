"""Real browsers for tests: found as `build.py test` left them, driven under the page's own policy.

The page's policy refuses a driver's `page.evaluate`, as it should; `evaluate` here asks the
debugger instead, which stands outside the page.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Playwright

from pack import serve

CHROMIUM = os.environ.get("VEIL_CHROMIUM") or shutil.which("chromium")
FIREFOX = os.environ.get("VEIL_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
INTRANET = "veil.hospital.test"  # a plain-http name that is no secure context
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {INTRANET} 127.0.0.1",
]
READY_SECONDS = 180

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
needs_firefox = pytest.mark.skipif(FIREFOX is None, reason="no Firefox on this machine")


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A fresh headless Chromium."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def served(site: Path) -> Iterator[int]:
    """The port on which `site` is served as `build.py serve` does it."""
    with serve.server(site) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        try:
            yield running.server_address[1]
        finally:
            running.shutdown()


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address that answers anybody, and the list of what it was asked for."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        try:
            yield f"http://localhost:{listener.server_address[1]}/", asked
        finally:
            listener.shutdown()


def wait_until_ready(page: Page) -> None:
    """Wait for the page's `boot-status` to say Ready."""
    status = page.get_by_test_id("boot-status")
    status.get_by_text("Ready", exact=True).or_(status.filter(has_text="Ready")).first.wait_for(
        timeout=READY_SECONDS * 1000
    )


def evaluate(session: CDPSession, expression: str) -> Any:
    """The value of `expression` (awaited) in the page; an exception there fails the test."""
    options = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    answer = session.send("Runtime.evaluate", options)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


class WorkerSession:
    """The debugger of a page's one worker, whose global scope `evaluate` reaches."""

    def __init__(self, browser: Browser) -> None:
        self.session = browser.new_browser_cdp_session()
        targets = self.session.send("Target.getTargets", {"filter": [{"type": "worker"}]})
        (target,) = targets["targetInfos"]
        attached = self.session.send(
            "Target.attachToTarget", {"targetId": target["targetId"], "flatten": False}
        )
        self.id = attached["sessionId"]
        self.answers: list[dict[str, Any]] = []
        self.session.on(
            "Target.receivedMessageFromTarget",
            lambda event: self.answers.append(json.loads(event["message"])),
        )

    def evaluate(self, page: Page, expression: str) -> Any:
        """The value of `expression` (awaited) in the worker, or the text of what it threw."""
        params = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        message = {"id": 1, "method": "Runtime.evaluate", "params": params}
        self.answers.clear()
        self.session.send(
            "Target.sendMessageToTarget", {"sessionId": self.id, "message": json.dumps(message)}
        )
        for _ in range(READY_SECONDS * 20):
            for answer in self.answers:
                if answer.get("id") == 1:
                    return _value(answer["result"])
            page.wait_for_timeout(50)
        raise TimeoutError("the worker did not answer its debugger")


def _value(result: dict[str, Any]) -> Any:
    if "exceptionDetails" in result:
        return result["exceptionDetails"]["exception"].get("description", "thrown")
    return result["result"].get("value")
