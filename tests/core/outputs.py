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


def assert_accounted(report: dict[str, Any], whole: list[bool], kills: int, died: str) -> None:
    """Every input of a run whose workers were killed is in exactly one place, by its report.

    `whole`: whether each input is. Whole ones that were not written met a killed worker twice
    (`died` is the code), which chance allows.
    """
    written = [row["number"] for row in report["instances"]]
    refused = [row["number"] for row in report["refused"]]
    assert sorted(written + refused) == list(range(1, len(whole) + 1))
    counts = report["counts"]
    assert counts["deidentified"] == len(written)
    assert counts["quarantined"] + counts["left_out"] == counts["refused"] == len(refused)
    assert not [number for number in written if not whole[number - 1]]
    unlucky = [row for row in report["refused"] if whole[row["number"] - 1]]
    assert {row["code"] for row in unlucky} <= {died}
    assert len(unlucky) <= kills // 2


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
