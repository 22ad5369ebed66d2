"""Makes `dist/` out of `web/`, `pycore/` and pinned parts; standard library only.

Each module is one step: pins (what), fetch and clients (from where), wheel (the core),
tab (Python for the tab, made inside Pyodide), link (page modules), policy (Content Security
Policy), editions (`veil.html`, `site/`), ledger (hashes, bill of materials), make (all of it),
serve. A step that cannot go on raises `BuildError` with one sentence for the person.
"""


class BuildError(Exception):
    """The build cannot go on; the message is one sentence that says what to do."""
