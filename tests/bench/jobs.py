"""One instance de-identified: in the tab through the real worker, natively, and pydicom alone.

The reference is what nobody can do without: reading the file and writing it, by pydicom itself.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from statistics import median

import numpy as np
import pydicom
from playwright.sync_api import Playwright
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from dicom_veil.deidentify import deidentify_instance
from dicom_veil.identity import Identity
from dicom_veil.profile import load
from dicom_veil.read import read
from dicom_veil.sample import sample_study
from dicom_veil.write import Range
from tests.page.driver import Tab

RUNS = 60
WARM_UP = 10
ROWS = COLUMNS = 512
# Calls the page's own worker as the page does, and times each answer.
IN_TAB = """
(async () => {
  const worker = globalThis.veilWorker;
  const call = (id, method, params) => new Promise((resolve) => {
    const hear = ({ data }) => {
      if (data.id !== id) return;
      worker.removeEventListener("message", hear);
      resolve(data);
    };
    worker.addEventListener("message", hear);
    const [file] = globalThis.veilFiles;
    worker.postMessage({ id, method, params: JSON.stringify(params), file });
  });
  const times = [];
  for (let i = 0; i < %(runs)d; i++) {
    const start = performance.now();
    const params = { instance: `b${i}`, number: 1, profile: "basic" };
    const answer = await call(1e6 + i, "deidentify", params);
    if (!answer.ok) throw new Error(answer.error.code);
    times.push(performance.now() - start);
  }
  return times;
})()
"""
# The page's worker and the files that were chosen, kept where the measurement finds them.
KEEP = """
const Original = Worker;
globalThis.Worker = class extends Original {
  constructor(...given) { super(...given); globalThis.veilWorker = this; }
};
document.addEventListener("change", ({ target }) => {
  if (target.files?.length) globalThis.veilFiles = [...target.files];
}, { capture: true });
"""


def ct(target: Path) -> Path:
    """A CT instance of 512 × 512 with a full header: the sample's, with larger pixels."""
    dataset = pydicom.dcmread(BytesIO(sample_study()[0]))
    dataset.Rows, dataset.Columns = ROWS, COLUMNS
    noise = np.random.default_rng(0).integers(0, 2000, (ROWS, COLUMNS), np.uint16)
    dataset.PixelData = noise.tobytes()
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=["bench"])
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(target, enforce_file_format=True)
    return target


def measure(
    playwright: Playwright, chromium: str, single_file: Path, work: Path
) -> dict[str, float]:
    """Medians in ms: `pydicom`, `native`, `tab`."""
    path = ct(work / "ct.dcm")
    content = path.read_bytes()
    profile, identity = load("basic"), Identity(bytes(32))

    def alone() -> None:
        pydicom.dcmread(BytesIO(content)).save_as(BytesIO())

    def native() -> None:
        done = deidentify_instance(read(BytesIO(content)), profile, identity, 1)
        b"".join(
            content[one.start : one.end] if isinstance(one, Range) else one for one in done.parts
        )

    return {
        "pydicom": _median(alone),
        "native": _median(native),
        "tab": _in_tab(playwright, chromium, single_file, path),
    }


def _median(work: Callable[[], None]) -> float:
    times = []
    for _ in range(RUNS + WARM_UP):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return median(times[WARM_UP:])


def _in_tab(playwright: Playwright, chromium: str, single_file: Path, path: Path) -> float:
    with loaded(playwright, chromium, single_file, [path]) as tab:
        tab.show(tab.rows.first)
        times = tab.evaluate(IN_TAB % {"runs": RUNS + WARM_UP})
        return float(median(times[WARM_UP:]))


@contextmanager
def loaded(
    playwright: Playwright, chromium: str, single_file: Path, paths: Sequence[Path]
) -> Iterator[Tab]:
    """A tab with files in it, and its worker and the files where a measurement finds them."""
    browser = playwright.chromium.launch(executable_path=chromium)
    try:
        page = browser.new_context().new_page()
        page.add_init_script(KEEP)
        tab = Tab(page, single_file.as_uri()).open().wait_ready()
        tab.choose(*paths)
        tab.settle(len(paths))
        yield tab
    finally:
        browser.close()
