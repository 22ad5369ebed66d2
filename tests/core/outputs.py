"""What a run of the command line wrote."""

import json
from pathlib import Path
from typing import Any


def outputs(folder: Path) -> list[Path]:
    """Every instance in an output folder, in the order of the tree."""
    return sorted(folder.rglob("IMG-*.dcm"))


def only(folder: Path) -> Path:
    """The one instance in an output folder."""
    (found,) = outputs(folder)
    return found


def results(folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """`contents` but for what says when and by which build they were made, and the report."""
    found = contents(folder)
    report = json.loads(found.pop("report.json"))
    del report["date"], report["tool"]["build"]
    sums = found.pop("SHA256SUMS").splitlines()
    found["SHA256SUMS"] = b"\n".join(line for line in sums if not line.endswith(b"report.json"))
    return found, report


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in an output folder by its name, without the order-dependent journal."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".veil-journal.jsonl"
    }
