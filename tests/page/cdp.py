"""The browser's own instruments: a page and its workers over the DevTools protocol.

The page's policy refuses the `eval` that Playwright's own `evaluate` is made of; the protocol's
`Runtime.evaluate` needs none. Workers are attached to before they run, so that not one of their
requests and console lines is missed.
"""

import json
from typing import Any

from playwright.sync_api import Error, Page

ANSWER_MS = 60_000


class ScriptError(Exception):
    """The script that was evaluated threw; holds the browser's own description."""


class Wire:
    """One page and all workers that it starts, with every request and console line of both."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.workers: list[str] = []  # sessions of those that live, oldest first
        self.requests: list[str] = []  # URLs
        self.console: list[str] = []
        self.prelude = ""  # runs in each worker while it boots
        self.held = False  # whether workers wait, before they run, until they are let go
        self._preludes: set[int] = set()
        self._last_id = 0
        self._answers: dict[int, Any] = {}
        self.session.on("Target.attachedToTarget", self._attached)
        self.session.on("Target.detachedFromTarget", self._detached)
        self.session.on("Target.receivedMessageFromTarget", self._received)
        for event in ("Network.requestWillBeSent", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.session.on(event, lambda params, event=event: self._note(event, params))
        for domain in ("Network", "Runtime", "Log"):
            self.session.send(f"{domain}.enable")
        self.session.send(
            "Target.setAutoAttach",
            {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False},
        )

    def evaluate(self, expression: str) -> Any:
        """The value of `expression` (awaited) in the page."""
        return _value(self.session.send("Runtime.evaluate", _evaluation(expression)))

    def evaluate_in_worker(self, expression: str) -> Any:
        """The value of `expression` (awaited) in the newest worker."""
        answer = self._ask(self.workers[-1], "Runtime.evaluate", _evaluation(expression))
        return _value(answer)

    def _ask(self, session: str, method: str, params: dict[str, Any]) -> Any:
        number = self.tell(session, method, params)
        for _ in range(ANSWER_MS // 5):
            if number in self._answers:
                return self._answers.pop(number)
            self.page.wait_for_timeout(5)  # lets the events in
        raise TimeoutError(method)

    def tell(self, session: str, method: str, params: dict[str, Any]) -> int:
        """Sends a message to a worker; answers with its number, not with its result."""
        self._last_id += 1
        message = json.dumps({"id": self._last_id, "method": method, "params": params})
        parameters = {"sessionId": session, "message": message}
        self.session.send("Target.sendMessageToTarget", parameters)
        return self._last_id

    def let_go(self) -> None:
        """Lets those workers run that were held."""
        self.held = False
        for session in self.workers:
            self.tell(session, "Runtime.runIfWaitingForDebugger", {})

    def _attached(self, event: dict[str, Any]) -> None:
        session = event["sessionId"]
        self.workers.append(session)
        try:
            for domain in ("Network", "Runtime"):
                self.tell(session, f"{domain}.enable", {})
            if not self.held:
                self.tell(session, "Runtime.runIfWaitingForDebugger", {})
            self._teach(session)
        except Error:  # the page was closed meanwhile
            return

    def _teach(self, session: str) -> None:
        if self.prelude:
            expression = {"expression": self.prelude}
            self._preludes.add(self.tell(session, "Runtime.evaluate", expression))

    def _detached(self, event: dict[str, Any]) -> None:
        self.workers = [session for session in self.workers if session != event["sessionId"]]

    def _received(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if message.get("id") in self._preludes:
            self._preludes.remove(message["id"])
            if "exceptionDetails" in message["result"]:  # the worker's globals are not there yet
                self._teach(event["sessionId"])
        elif "id" in message:
            self._answers[message["id"]] = message.get("result", message)
        else:
            self._note(message["method"], message["params"])

    def _note(self, event: str, params: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event in ("Runtime.consoleAPICalled", "Log.entryAdded"):
            self.console.append(json.dumps(params))


def _evaluation(expression: str) -> dict[str, Any]:
    return {
        "expression": expression,
        "awaitPromise": True,
        "returnByValue": True,
        "allowUnsafeEvalBlockedByCSP": False,
    }


def _value(answer: dict[str, Any]) -> Any:
    if "result" not in answer:
        raise ScriptError(json.dumps(answer))
    if details := answer.get("exceptionDetails"):
        raise ScriptError(details.get("exception", {}).get("description") or details["text"])
    return answer["result"].get("value")
