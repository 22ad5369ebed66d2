"""Prints measurements as one JSON table; exits 1 when a bar is missed.

Each figure stands beside its reference from the same run on the same machine; what counts is the
ratio, since no machine is like another. Rows without a bar are there to be watched.
"""

import json
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Playwright, sync_playwright

from build import serve
from dicom_veil.profile import BUILT_IN
from tests.bench import boots, decoding, exports, floor, jobs, rates, studies, texts, viewing
from tests.page.places import dist, program

LARGEST_MB = 30.0
SLOWEST_BOOT = 1.6
SLOWEST_SHOW_MS = 300.0
ROOM = 4 << 30
SLOWEST_EXPORT = 1.5
SLOWEST_DECODER = 2.0
SMOOTH = {"512²": 60.0, "4096×3328": 30.0}  # pictures a second
SOONEST_MS, SOONEST = 150.0, 2.0
FASTER_NATIVELY, FASTER_IN_TAB = 3.0, 1.5
TURNS = 3
FASTER_STUDIES, MOST_MEMORY_GB, SAME_MEMORY, SOONEST_ANSWER_MS = 2.0, 1.2, 1.15, 100.0


class Bench(NamedTuple):
    """What a part measures with; `work` is a folder of its own."""

    playwright: Playwright
    chromium: str
    dist: Path
    work: Path

    @property
    def single_file(self) -> Path:
        return self.dist / "veil.html"


Rows = list[dict[str, object]]


def main(wanted: list[str]) -> int:
    """Measure everything, or the parts that are named; 1 when a bar is missed."""
    if strange := set(wanted) - set(PARTS):
        print(f"No part of the bench: {', '.join(sorted(strange))}. Parts: {', '.join(PARTS)}.")
        return 2
    chromium = program("VEIL_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    table: Rows = []
    for name in wanted or PARTS:
        with sync_playwright() as playwright, tempfile.TemporaryDirectory(dir=in_memory()) as work:
            table += PARTS[name](Bench(playwright, chromium, dist(), Path(work)))
    print(json.dumps(table, indent=2, ensure_ascii=False))
    return 0 if all(one.get("held", True) for one in table) else 1


def text_in_pixels(bench: Bench) -> Rows:
    """How well and how fast text is found; with 1,200 frames it takes long."""
    return texts.rows(row, *bench[:2], bench.single_file, bench.work)


def started(bench: Bench) -> Rows:
    """Until the page is ready, and one instance through it."""
    boot = boots.measure(*bench[:2], bench.single_file)
    job = jobs.measure(*bench[:2], bench.single_file, bench.work)
    lite = bench.dist / "veil-lite.html"
    return [
        row("boot of veil.html to Ready", boot["ready"], "ms",
            ("bare loadPyodide page", boot["bare"]), bar=SLOWEST_BOOT),
        row("page shows and takes files, after load", boot["accepts_after_load"], "ms",
            bar=SLOWEST_SHOW_MS),
        row("page shows and takes files, after navigation began", boot["accepts"], "ms"),
        row("size of veil-lite.html", lite.stat().st_size / 1e6, "MB", bar=LARGEST_MB),
        row("size of veil.html", bench.single_file.stat().st_size / 1e6, "MB"),
        row("de-identify one CT instance in the tab", job["tab"], "ms",
            ("pydicom's read and write, natively", job["pydicom"])),
        row("de-identify one CT instance natively", job["native"], "ms",
            ("pydicom's read and write, natively", job["pydicom"])),
    ]  # fmt: skip


def decoded(bench: Bench) -> Rows:
    """Decoders in the tab, beside the same library natively and Cornerstone's in the browser."""
    decoders = decoding.measure(*bench[:2], bench.single_file)
    table = []
    for name, took in decoders.items():
        what = f"decode {name}, 512² of 16 bits, in the tab"
        table += [
            row(what, took["tab"], "ms", ("the same library natively", took["native"]),
                bar=SLOWEST_DECODER),
            row(what, took["tab"], "ms",
                ("Cornerstone's codec in the same browser", took["cornerstone"]), bar=1.0),
        ]  # fmt: skip
    return table


def in_memory() -> str | None:
    """A file system in memory if there is room on one, so that no disk decides who is fast."""
    folder = Path("/dev/shm")  # noqa: S108
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free > ROOM else None


def beside_others(bench: Bench) -> Rows:
    """Rates and survivors of other programs, and Veil's as ratios to the first of them.

    All take turns, and medians count: no machine is as fast at the end as it was at the beginning.
    """
    work = bench.work
    files, markers = work / "files", work / "markers"
    files.mkdir()
    markers.mkdir()
    paths = rates.instances(files)
    for kind, one in rates.canaries().items():
        (markers / f"{kind}.dcm").write_bytes(one.content)
    cache = rates.cache_folder()
    runs: dict[str, list[float]] = {
        name: [] for name in (*rates.OTHERS, "basic", "research", "in the tab")
    }
    for turn in range(TURNS):
        for name in rates.OTHERS:
            runs[name].append(rates.other(name, files, work / f"{name}-{turn}", cache))
        for name in ("basic", "research"):
            runs[name].append(rates.native(paths, work / f"veil-{name}-{turn}", name))
        runs["in the tab"].append(rates.in_tab(*bench[:2], bench.single_file, paths))
        for folder in work.glob(f"*-{turn}"):
            shutil.rmtree(folder)
    found = {name: median(each) for name, each in runs.items()}
    reference = (f"{rates.OTHERS[0]}, natively", found[rates.OTHERS[0]])
    unit = "instances/s"
    table = [row(f"{name}, natively", found[name], unit) for name in rates.OTHERS]
    table += [
        row("Veil natively, basic, verified", found["basic"], unit, reference,
            at_least=FASTER_NATIVELY),
        row("Veil natively, research, verified", found["research"], unit, reference),
        row("Veil in the tab, one worker, basic, verified", found["in the tab"], unit, reference,
            at_least=FASTER_IN_TAB),
    ]  # fmt: skip
    table += [
        row(f"canaries left by {name}", rates.left_by(name, markers, work / name, cache), "markers")
        for name in rates.OTHERS
    ]
    for preset in BUILT_IN:
        left, designed = rates.survivors(preset)
        what = f"canaries left by Veil, {preset}"
        table.append(row(what, left - designed, "markers", bar=0))
        table.append(row(f"{what}: kept by design", designed, "markers"))
    return table


def beside_dcmtk(bench: Bench) -> Rows:
    """Time of 100 pictures in the tab, beside dcmtk's; nothing where dcmtk is not installed."""
    if not all(shutil.which(program) for program, *_ in exports.NATIVELY.values()):
        return []
    files = bench.work / "slices"
    files.mkdir()
    paths = exports.slices(files)
    reference = exports.native(paths, bench.work / "pictures")
    found = exports.in_tab(*bench[:2], bench.single_file, paths)
    return [
        row(f"{exports.SLICES} CT slices as {name} in the tab, one worker", found[name], "s",
            (f"{exports.NATIVELY[name][0]}, natively", reference[name]), bar=SLOWEST_EXPORT)
        for name in exports.NATIVELY
    ]  # fmt: skip


def whole_studies(bench: Bench) -> Rows:
    """Rates of whole studies beside others on as many processes, memory, and answers to input."""
    # On a disk: what is written would take the memory that is measured.
    with tempfile.TemporaryDirectory() as folder, serve.server(bench.dist / "site") as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        work = Path(folder)
        (work / "in").mkdir()
        files = studies.instances(work / "in", studies.MANY)
        address = f"http://localhost:{server.server_address[1]}/"
        beside = studies.others(files[: studies.COUNT], work, rates.cache_folder())
        runs = {
            (count, workers): studies.in_tab(
                *bench[:2], address, files[:count], workers, work / f"{count}-{workers}"
            )
            for count, workers in ((studies.COUNT, 1), (studies.COUNT, 2), (studies.MANY, 2))
        }
        server.shutdown()
        thread.join()
        alone = {
            what: floor.rate(*bench[:2], files[: studies.COUNT], work / what, single=single)
            for what, single in (("into a folder", False), ("into one file", True))
        }
    return studies_table(beside, runs, alone)


def studies_table(
    beside: dict[tuple[str, int], float], runs: dict[tuple[int, int], studies.Run],
    alone: dict[str, float],
) -> Rows:  # fmt: skip
    """A row for each figure of whole studies."""
    unit, first = "instances/s", studies.OTHERS[0]
    table = [
        row(f"{studies.COUNT} CT instances, {name}, {processes} processes", rate, unit)
        for (name, processes), rate in beside.items()
    ]
    fastest = (f"{first}, {studies.WORKERS[-1]} processes", beside[first, studies.WORKERS[-1]])
    table += [
        row(f"the same read, summed and written {what} by a page that does nothing else", rate,
            unit, fastest)
        for what, rate in alone.items()
    ]  # fmt: skip
    for (count, workers), run in runs.items():
        what = f"{count} CT instances in the tab, workers: {workers}"
        reference = (f"{first}, {workers} processes", beside[first, workers])
        judged = workers == studies.WORKERS[-1] and count == studies.COUNT
        table += [
            row(f"{what}, verified and written", count / run.seconds, unit, reference,
                at_least=FASTER_STUDIES if judged else None),
            row(f"{what}, with reading of all headers before", count / (run.seconds + run.listing),
                unit, reference),
            row(f"{what}: browser above its idle", run.memory / 1e9, "GB", bar=MOST_MEMORY_GB),
            row(f"{what}: longest task of the page", run.longest, "ms", bar=SOONEST_ANSWER_MS),
        ]  # fmt: skip
    few, many = (runs[count, 2].memory / 1e9 for count in (studies.COUNT, studies.MANY))
    what = f"browser above its idle, {studies.MANY} instances"
    table.append(row(what, many, "GB", (f"{studies.COUNT} instances", few), bar=SAME_MEMORY))
    return table


def looking(bench: Bench) -> Rows:
    """The viewer's figures. WebGL is counted apart: here it may be a program and no card.

    An uncompressed 512² picture has its bar in ms, a compressed one twice its native decoding. A
    small compressed one has both: of what it takes, most is the browser's two pictures of 16 ms
    each and not the decoder, so that what a person feels is told beside the ratio.
    """
    seen = viewing.measure(*bench[:2], bench.single_file, bench.work)
    table = [
        row(f"window drag at {size}, {'WebGL2' if card else 'no WebGL'}", rate, "pictures/s",
            at_least=None if card else SMOOTH[size])
        for (size, card), rate in seen.drag.items()
    ]  # fmt: skip
    for name, waited in seen.first.items():
        what = f"choice to first picture, warm tab, {name}"
        native = ("read and decoded natively", seen.native[name])
        if name.startswith("512"):
            table.append(row(what, waited, "ms", bar=SOONEST_MS))
        if not name.endswith("plain"):
            table.append(row(what, waited, "ms", native, bar=SOONEST))
        elif not name.startswith("512"):
            table.append(row(what, waited, "ms"))
    kept, bound, page = (seen.cache[name] / (1 << 20) for name in ("peak", "bound", "page"))
    what = f"{viewing.FRAMES} frames of 512² played"
    table.append(row(f"{what}: kept at most", kept, "MiB", ("its bound", bound), bar=1.0))
    table.append(row(f"{what}: the page's whole memory for scripts", page, "MiB"))
    return table


def row(
    what: str,
    value: float,
    unit: str,
    reference: tuple[str, float] | None = None,
    bar: float | None = None,
    at_least: float | None = None,
) -> dict[str, object]:
    """One line of the table; a bar is for the ratio where there is a reference, else the value.

    `bar` must not be passed, `at_least` must be reached.
    """
    line: dict[str, object] = {"what": what, "value": round(value, 2), "unit": unit}
    judged = value
    if reference:
        judged = value / reference[1]
        line |= {"reference": reference[0], "reference_value": round(reference[1], 2)}
        line["ratio"] = round(judged, 2)
    if bar is not None:
        line |= {"bar": bar, "held": judged <= bar}
    if at_least is not None:
        line |= {"at_least": at_least, "held": judged >= at_least}
    return line


PARTS: dict[str, Callable[[Bench], Rows]] = {
    "start": started,
    "viewing": looking,
    "rates": beside_others,
    "pictures": beside_dcmtk,
    "decoders": decoded,
    "studies": whole_studies,
    "texts": text_in_pixels,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
