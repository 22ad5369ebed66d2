"""How long a clip of ultrasound is searched for text: natively on one thread, and in the tab."""

import resource
import time
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Playwright, expect
from pydicom.dataset import Dataset

from dicom_veil.read import read
from dicom_veil.text import native
from dicom_veil.text.ask import answered
from dicom_veil.text.instance import scan_instance
from tests.bench.studies import memory
from tests.core.make import header, instance
from tests.page.driver import Tab
from tests.page.studies import CORES

ROWS, COLUMNS, FRAMES = 600, 800, 60
SCAN_MS = 600_000
# The page's queue of scans, and when each instance came to be what it is.
WATCH = """
globalThis.veilTimes = {};
new MutationObserver(() => {
  for (const { dataset } of document.querySelectorAll(".queue-row"))
    (globalThis.veilTimes[dataset.key] ??= {})[dataset.status] ??= performance.now() / 1000;
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def written(given: Dataset, picture: NDArray[np.uint8]) -> bytes:
    """A file of a header and pixels of 8 bits."""
    body = instance(given, picture.tobytes()).body
    body.seek(0)
    return body.read()


def clips() -> dict[str, bytes]:
    """60 frames whose picture moves, and 60 that stand still, as ultrasound clips."""
    still = [moving(0)] * FRAMES
    return {
        name: written(
            header(ROWS, COLUMNS, BitsAllocated=8, BitsStored=8, HighBit=7, NumberOfFrames=FRAMES,
                   Modality="US", SOPInstanceUID=f"1.2.3.{number}"),
            np.stack(frames),
        )
        for number, (name, frames) in enumerate(
            {"still": still, "moving": [moving(index) for index in range(FRAMES)]}.items()
        )
    }  # fmt: skip


def moving(index: int) -> NDArray[np.uint8]:
    """A frame of ultrasound: a sector of new speckle each time, text that stays, a counter."""
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    down, across = rows - 40, columns - COLUMNS // 2
    inside = (np.hypot(down, across) < 480) & (np.abs(across) < 0.7 * down)
    speckle = np.random.default_rng(index).rayleigh(25, (ROWS, COLUMNS))
    image = Image.fromarray(np.where(inside, speckle, 0).clip(0, 255).astype(np.uint8))
    drawing = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    drawing.text((10, 8), "MUELLER ANNA  4711081  07.03.1956", fill=220, font=font)
    drawing.text((10, 570), f"Frame {index + 1}", fill=220, font=font)
    return np.asarray(image)


def natively(files: dict[str, bytes]) -> dict[str, float]:
    """Seconds for each clip on one thread, models loaded; and the most memory so far, in MB."""
    run, characters = native.runner()
    found: dict[str, float] = {}
    for name, content in files.items():
        start = time.perf_counter()
        answered(scan_instance(read(BytesIO(content)), characters), run)
        found[name] = time.perf_counter() - start
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def in_tab(
    playwright: Playwright, chromium: str, single_file: Path, files: dict[str, bytes], work: Path,
    cores: int,
) -> dict[str, float]:  # fmt: skip
    """Seconds for each clip by "Check the pixels" in the tab, and of a single frame before them,

    which loads the models; on a machine of so many cores, of which each has a worker for models.
    `memory`: what the browser holds above its idle afterwards, in MB; a
    WebAssembly program gives none back, so that it is the most there was.
    """
    data = work / f"browser-{cores}"
    context = playwright.chromium.launch_persistent_context(data, executable_path=chromium)
    try:
        page = context.new_page()
        page.add_init_script(WATCH + CORES % cores)
        tab = Tab(page, single_file.as_uri()).open().wait_ready()
        before = memory(data)
        first = written(header(ROWS, COLUMNS, BitsAllocated=8, BitsStored=8, HighBit=7,
                               Modality="US", SOPInstanceUID="1.2.4"), moving(0))  # fmt: skip
        found: dict[str, float] = {}
        known: set[str] = set()
        for number, (name, content) in enumerate({"first": first, **files}.items(), 1):
            path = work / f"{name}.dcm"
            path.write_bytes(content)
            tab.choose(path)
            tab.settle(number)
            tab.show(tab.rows.nth(number - 1))
            tab.test_id("pixels-open").click()
            if number > 1:  # what came later is searched when a person says so
                tab.test_id("scan-risky").click()
            ended = page.locator("[data-status=scanned]")
            expect(ended).to_have_count(number, timeout=SCAN_MS)
            times = tab.evaluate("globalThis.veilTimes")
            [new] = times.keys() - known
            known.add(new)
            found[name] = times[new]["scanned"] - times[new]["scanning"]
            tab.test_id("pixels-close").click()
            expect(tab.test_id("pixels-honest")).to_be_hidden()
        found["memory"] = (memory(data) - before) / (1 << 20)
        return found
    finally:
        context.close()
