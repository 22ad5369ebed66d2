"""100 CT slices as PNG and as JPEG: in the tab on one worker, and by dcmtk natively.

Slices of 512 × 512 with noise as a scanner has it, seen at 40/400 by both. dcmtk's programs take
one file each and write it; the tab's worker reads the page's File and answers with the bytes that
the browser would write. Both see the same files, in memory where there is room.
"""

import subprocess
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from playwright.sync_api import Playwright

from dicom_veil.sample import sample_study
from tests.bench.jobs import loaded

SLICES = 100
CENTER, WIDTH = 40, 400
NOISE = 12  # HU, of a body CT
NATIVELY = {"png": ("dcm2pnm", "+on"), "jpeg": ("dcmj2pnm", "+oj", "+Jq", "95")}
IN_TAB = """
(async () => {
  const worker = globalThis.veilWorker;
  const call = (id, file, format) => new Promise((resolve, reject) => {
    const hear = ({ data }) => {
      if (data.id !== id) return;
      worker.removeEventListener("message", hear);
      if (data.ok) resolve(data);
      else reject(new Error(data.error.code));
    };
    worker.addEventListener("message", hear);
    const window = { center: %(center)d, width: %(width)d };
    const params = { instance: `e${id}`, frame_index: 0, window, invert: false, format };
    worker.postMessage({ id, method: "export", params: JSON.stringify(params), file });
  });
  const [first, ...files] = globalThis.veilFiles;
  const seconds = {};
  let id = 3e6;
  for (const format of %(formats)s) {
    await call(id++, first, format);
    const start = performance.now();
    for (const file of files) await call(id++, file, format);
    seconds[format] = (performance.now() - start) / 1000;
  }
  return seconds;
})()
"""


def slices(folder: Path) -> list[Path]:
    """The sample's phantom at twice its size with noise; one more to warm up."""
    chance = np.random.default_rng(0)
    samples = sample_study()
    paths = []
    for number in range(SLICES + 1):
        dataset = pydicom.dcmread(BytesIO(samples[number % len(samples)]))
        large = np.kron(dataset.pixel_array, np.ones((2, 2)))
        noisy = large + chance.normal(0, NOISE, large.shape)
        cells = np.clip(np.rint(noisy), 0, (1 << dataset.BitsStored) - 1).astype(np.uint16)
        dataset.Rows, dataset.Columns = cells.shape
        dataset.PixelData = cells.tobytes()
        uid = f"1.2.826.8.{number}"
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid
        paths.append(folder / f"{number:04d}.dcm")
        dataset.save_as(paths[-1])
    return paths


def native(paths: list[Path], target: Path) -> dict[str, float]:
    """Seconds of dcmtk by format, for all but the first."""
    target.mkdir()
    found = {}
    for name, (program, *options) in NATIVELY.items():
        window = ["+Ww", str(CENTER), str(WIDTH)]
        commands = [
            [program, *options, *window, str(path), str(target / f"{path.stem}.{name}")]
            for path in paths
        ]
        subprocess.run(commands[0], check=True, capture_output=True)
        start = time.perf_counter()
        for command in commands[1:]:
            subprocess.run(command, check=True, capture_output=True)
        found[name] = time.perf_counter() - start
    return found


def in_tab(
    playwright: Playwright, chromium: str, single_file: Path, paths: list[Path]
) -> dict[str, float]:
    """Seconds of one worker by format, for all but the first."""
    with loaded(playwright, chromium, single_file, paths) as tab:
        told = {"center": CENTER, "width": WIDTH, "formats": str(list(NATIVELY))}
        seconds: dict[str, float] = tab.evaluate(IN_TAB % told)
        return seconds
