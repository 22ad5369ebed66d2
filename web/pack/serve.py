"""Serves `dist/site` on this machine only, with the headers that a hosting server should set."""

import http.server
import re
import webbrowser
from functools import partial
from pathlib import Path

_HASHED = re.compile(r"\.[0-9a-f]{16}(\.(js|css))?$")  # named by content: never changes
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",  # which a page cannot set for itself
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files; what is named by its content's hash is cached for good, the page never."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  # as the base class declares it; not the system's
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        "": "application/octet-stream",
    }

    def end_headers(self) -> None:
        """Add what each answer carries."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        is_fixed = _HASHED.search(self.path) is not None
        self.send_header(
            "Cache-Control", "public, max-age=31536000, immutable" if is_fixed else "no-cache"
        )
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: requests for parts are of no interest."""


def server(site: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """A server for `site` on 127.0.0.1, not yet running; port 0 takes a free one."""
    handler = partial(Handler, directory=str(site))
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


def serve(site: Path, port: int, *, open_browser: bool) -> None:
    """Serve until interrupted."""
    with server(site, port) as running:
        address = f"http://localhost:{running.server_address[1]}/"
        print(f"Veil is at {address} (Ctrl-C ends it)", flush=True)
        if open_browser:
            webbrowser.open(address)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()
