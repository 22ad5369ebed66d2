"""2,000 CT instances of 512 × 512, read, de-identified, verified and written.

In the tab by one and by two workers, out of a real folder into another, beside two other programs
natively on as many processes. The browser runs without Safe Browsing (`tests.page.real`), which
asks about each file that is closed and, where nothing answers, makes them wait one for another.
Memory is that of the whole browser above its idle; what other browsers share with it counts in
parts, so that none should run beside it. How soon the page answers is what the browser itself
notes of long tasks while it works.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pydicom
from playwright.sync_api import Playwright, expect

from tests.bench.jobs import ct
from tests.bench.rates import HERE, python_of
from tests.core.files import bundled
from tests.page import real
from tests.page.driver import Tab
from tests.page.studies import CORES, into_folder

COUNT, MANY = 2_000, 10_000
SERIES = 100
OTHERS = ("dicom-anonymizer", "dicognito")
WORKERS = (1, 2)
PATIENCE_S = 1_800
SAMPLES_EVERY = 0.25
# What keeps the page from answering: the longest task of its own thread, in ms.
WATCH = """
globalThis.longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
}).observe({ type: "longtask", buffered: true });
"""


@dataclass(frozen=True)
class Run:
    """One batch in the tab: seconds from the button to the end, and from the choice of the files

    to where the button can be pressed; bytes above idle, ms.
    """

    seconds: float
    listing: float
    memory: int
    longest: float


def instances(folder: Path, count: int = COUNT) -> list[Path]:
    """CT instances of half a megabyte with a real scanner's header, in series of a hundred."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    plain = pydicom.dcmread(ct(folder / "ct.dcm"))
    (folder / "ct.dcm").unlink()
    dataset.Rows, dataset.Columns, dataset.PixelData = plain.Rows, plain.Columns, plain.PixelData
    paths = []
    for number in range(count):
        series = number // SERIES
        dataset.PatientID, dataset.PatientName = f"P{series // 4:04d}", f"Bench^{series // 4}"
        dataset.StudyInstanceUID = f"1.2.826.8.{series // 2}"
        dataset.SeriesInstanceUID = f"1.2.826.8.{series // 2}.{series}"
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = (
            f"1.2.826.9.{number}"
        )
        dataset.InstanceNumber = number % SERIES + 1
        paths.append(folder / f"{number:05d}.dcm")
        dataset.save_as(paths[-1])
    return paths


def others(files: list[Path], work: Path, cache: Path) -> dict[tuple[str, int], float]:
    """Instances per second of each other program on one and on two processes."""
    found = {}
    for name in OTHERS:
        python = python_of(name, cache)
        for processes in WORKERS:
            running = []
            for at in range(processes):
                folder = _linked(files[at::processes], work / f"{name}-{processes}-{at}")
                out = Path(f"{folder}-out")
                out.mkdir()
                command = [python, str(HERE / "other.py"), name, str(folder), str(out)]
                running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            # Each says its seconds, without its start; the slowest ends the job.
            said = [process.communicate()[0] for process in running]
            found[name, processes] = len(files) / max(map(float, said))
    return found


def _linked(files: list[Path], folder: Path) -> Path:
    folder.mkdir()
    for path in files:
        (folder / path.name).hardlink_to(path)
    return folder


def in_tab(
    playwright: Playwright, chromium: str, address: str, files: list[Path], workers: int, data: Path
) -> Run:
    """One batch by so many workers, out of a folder that is dropped, into another. `data`: of the

    browser, on a disk as a person's is, since what is written in a private window stays in memory.
    """
    source, out = (data.with_name(f"{data.name}-{name}") for name in ("in", "out"))
    _linked(files, source)
    out.mkdir()
    context = real.launch(playwright, chromium, data, address, [out])
    try:
        page = context.new_page()
        page.add_init_script(real.CHOSEN + CORES % (workers + 1) + WATCH)
        tab = Tab(page, address).open().wait_ready()
        real.choose(tab, out)
        page.wait_for_timeout(5_000)  # what pictures need has been imported
        before = memory(data)
        tab.evaluate("longest = 0")  # of starting
        start = time.perf_counter()
        tab.drop(source.resolve())
        read = tab.page.locator("[data-testid=deidentify]:enabled")
        peak = _watch(data, read.is_visible, 0)
        listing = time.perf_counter() - start
        start = time.perf_counter()
        into_folder(tab)
        peak = _watch(data, lambda: not tab.test_id("cancel").is_visible(), peak)
        seconds = time.perf_counter() - start
        expect(tab.message).to_contain_text(f"{len(files):,} de-identified")
        return Run(seconds, listing, peak - before, float(tab.evaluate("longest")))
    finally:
        context.close()
        shutil.rmtree(out)


def _watch(data: Path, is_over: Callable[[], bool], peak: int) -> int:
    """The most memory until something is over, looked at a few times a second."""
    limit = time.monotonic() + PATIENCE_S
    while not is_over():
        if time.monotonic() > limit:
            raise TimeoutError
        peak = max(peak, memory(data))
        time.sleep(SAMPLES_EVERY)
    return peak


def memory(data: Path) -> int:
    """Bytes of all processes of the browser with this data; shared ones count once (PSS)."""
    parents: dict[int, int] = {}
    mine: set[int] = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(folder.name)] = int(stat[1])
        if str(data).encode() in command and b"chrom" in command:
            mine.add(int(folder.name))
    while more := {one for one, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(map(_share, mine))


def _share(process: int) -> int:
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0
