"""Prints measurements as one JSON table; exits 1 when a bar is missed.

Each figure stands beside its reference from the same run on the same machine; what counts is the
ratio, since no machine is like another. Rows without a bar are there to be watched.
"""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import boots, jobs
from tests.page.places import dist, program

LARGEST_MB = 30.0
SLOWEST_BOOT = 1.6
SLOWEST_SHOW_MS = 300.0


def main() -> int:
    """Measure everything; 1 when a bar is missed."""
    chromium = program("VEIL_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    single_file = dist() / "veil.html"
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as work:
        boot = boots.measure(playwright, chromium, single_file)
        job = jobs.measure(playwright, chromium, single_file, Path(work))
    table = [
        row("boot of veil.html to Ready", boot["ready"], "ms",
            ("bare loadPyodide page", boot["bare"]), bar=SLOWEST_BOOT),
        row("page shows and takes files, after load", boot["accepts_after_load"], "ms",
            bar=SLOWEST_SHOW_MS),
        row("page shows and takes files, after navigation began", boot["accepts"], "ms"),
        row("size of veil.html", single_file.stat().st_size / 1e6, "MB", bar=LARGEST_MB),
        row("de-identify one CT instance in the tab", job["tab"], "ms",
            ("pydicom's read and write, natively", job["pydicom"])),
        row("de-identify one CT instance natively", job["native"], "ms",
            ("pydicom's read and write, natively", job["pydicom"])),
    ]  # fmt: skip
    print(json.dumps(table, indent=2, ensure_ascii=False))
    return 0 if all(one.get("held", True) for one in table) else 1


def row(
    what: str,
    value: float,
    unit: str,
    reference: tuple[str, float] | None = None,
    bar: float | None = None,
) -> dict[str, object]:
    """One line of the table; a bar is for the ratio where there is a reference, else the value."""
    line: dict[str, object] = {"what": what, "value": round(value, 2), "unit": unit}
    judged = value
    if reference:
        judged = value / reference[1]
        line |= {"reference": reference[0], "reference_value": round(reference[1], 2)}
        line["ratio"] = round(judged, 2)
    if bar is not None:
        line |= {"bar": bar, "held": judged <= bar}
    return line


if __name__ == "__main__":
    sys.exit(main())
