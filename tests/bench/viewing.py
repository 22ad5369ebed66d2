"""Looking at pictures: how smoothly a window is dragged, how soon a file is seen, what is kept.

The window is dragged by a real pointer of the browser, which is told not to wait for its screen's
60 refreshes a second; what counts are pictures drawn a second. Made data: soft shapes with noise,
as compressible as scans are.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Playwright
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless

from dicom_veil.decode import decode_frame
from dicom_veil.read import read
from tests.core.make import encapsulated, header, instance
from tests.page.card import CARD
from tests.page.clips import clip
from tests.page.driver import Tab

SLICE, MAMMOGRAM = (512, 512), (4096, 3328)
DRAG_STEPS = 150
UNHURRIED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]
RUNS = 7
FRAMES = 500
# Notes when the picture is drawn, whoever looks the values up.
COUNT = """
globalThis.painted = [];
for (const name of ["putImageData", "drawImage"]) {
  const real = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...given) {
    if (this.canvas.dataset?.testid === "viewer-canvas") painted.push(performance.now());
    return real.apply(this, given);
  };
}
"""
# The time from the choice of a file to its picture, with the browser's next picture after it.
SOON = """
document.addEventListener("change", ({ target }) => {
  if (!target.files?.length) return;
  const start = performance.now();
  const canvas = document.querySelector("[data-testid=viewer-canvas]");
  const before = canvas.dataset.shown;
  const look = () => {
    const { shown } = canvas.dataset;
    if (shown && shown !== before) globalThis.seen = performance.now() - start;
    else requestAnimationFrame(look);
  };
  globalThis.seen = null;
  look();
}, { capture: true });
"""


@dataclass(frozen=True)
class Viewing:
    """Pictures a second by (size, WebGL), ms to the picture by file, bytes of the 500 frames."""

    drag: dict[tuple[str, bool], float]
    first: dict[str, float]
    native: dict[str, float]
    cache: dict[str, int]


def cells(shape: tuple[int, int]) -> NDArray[np.uint16]:
    """12-bit values: (rows, columns)."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]] / min(shape)
    soft = 1500 * (np.sin(7 * rows) * np.cos(5 * columns) + 1)
    noise = np.random.default_rng(0).normal(0, 12, shape)
    return np.clip(soft + noise, 0, 4095).astype(np.uint16)


def files(work: Path) -> dict[str, Path]:
    """The same two pictures, plain and compressed without loss."""
    made: dict[str, Path] = {}
    for name, shape in (("512²", SLICE), ("4096×3328", MAMMOGRAM)):
        values = cells(shape)
        for kind in ("plain", "JPEG-LS", "JPEG 2000"):
            made[f"{name} {kind}"] = work / f"{name}-{kind}.dcm"
            made[f"{name} {kind}"].write_bytes(_content(values, kind))
    return made


def _content(values: NDArray[np.uint16], kind: str) -> bytes:
    dataset = header(
        *values.shape, BitsStored=12, HighBit=11, PatientID="bench", Modality="MG",
        StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.3.1", InstanceNumber=1,
        WindowCenter=2048, WindowWidth=4096, PixelSpacing=[0.5, 0.5],
    )  # fmt: skip
    if kind == "plain":
        made = instance(dataset, values.tobytes(), transfer_syntax=ExplicitVRLittleEndian)
    elif kind == "JPEG-LS":
        made = encapsulated(dataset, [imagecodecs.jpegls_encode(values)], JPEGLSLossless)
    else:
        frame = imagecodecs.jpeg2k_encode(values, reversible=True, level=0, codecformat="j2k")
        made = encapsulated(dataset, [frame], JPEG2000Lossless)
    made.body.seek(0)
    return made.body.read()


def measure(playwright: Playwright, chromium: str, single_file: Path, work: Path) -> Viewing:
    """All of it; each drag and each first picture is the median of several."""
    paths = files(work)
    drag: dict[tuple[str, bool], float] = {}
    browser = playwright.chromium.launch(executable_path=chromium)
    try:
        tab = _tab(browser, single_file, [SOON])
        first = {name: _first(tab, path) for name, path in paths.items()}
    finally:
        browser.close()
    for card in (False, True):
        browser = playwright.chromium.launch(executable_path=chromium, args=UNHURRIED)
        try:
            tab = _tab(browser, single_file, [COUNT, *([CARD] if card else [])])
            for name in ("512²", "4096×3328"):
                drag[name, card] = _drag(tab, paths[f"{name} plain"])
        finally:
            browser.close()
    return Viewing(drag, first, {name: _native(path) for name, path in paths.items()},
                   _scroll(playwright, chromium, single_file, work))  # fmt: skip


def _tab(browser: Browser, single_file: Path, scripts: list[str]) -> Tab:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    for script in scripts:
        page.add_init_script(script)
    return Tab(page, single_file.as_uri()).open().wait_ready()


def _show(tab: Tab, path: Path) -> None:
    tab.clear()
    tab.choose(path)
    tab.settle(1)
    tab.show(tab.rows.first)


def _first(tab: Tab, path: Path) -> float:
    """ms; the first of the runs warms up."""
    times = []
    for _ in range(RUNS):
        tab.clear()
        tab.choose(path)
        _until(tab, "seen !== null")
        times.append(float(tab.evaluate("seen")))
        tab.settle(1)
    return median(times[1:])


def _drag(tab: Tab, path: Path) -> float:
    """Pictures a second while the pointer moves without a pause."""
    _show(tab, path)
    tab.page.wait_for_timeout(800)  # thumbnail, and the card
    box = tab.test_id("viewer").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = tab.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 20, y, steps=10)
    tab.evaluate("painted.length = 0")
    for part in range(3):
        mouse.move(x + 100 * (part % 2), y + 60 - 40 * part, steps=DRAG_STEPS // 3)
    times = tab.evaluate("painted")
    mouse.up()
    return 1000 * (len(times) - 1) / (times[-1] - times[0])


def _native(path: Path) -> float:
    """ms for the core, natively, to read a file and decode its frame."""

    def work() -> None:
        with path.open("rb") as stream:
            decode_frame(read(stream), 0)

    return _median(work)


def _median(work: Callable[[], None]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return median(times[1:])


def _scroll(playwright: Playwright, chromium: str, single_file: Path, work: Path) -> dict[str, int]:
    """Bytes after all frames of a long series have been on the screen."""
    browser = playwright.chromium.launch(executable_path=chromium)
    try:
        tab = _tab(browser, single_file, [COUNT])
        _show(tab, clip(work / "long.dcm", FRAMES, *SLICE))
        tab.test_id("cine-rate").select_option("60")
        tab.evaluate("painted.length = 0")
        tab.test_id("cine").click()
        largest = 0
        while tab.evaluate("painted.length") < FRAMES:
            heap = tab.wire.session.send("Runtime.getHeapUsage")
            largest = max(largest, int(heap["backingStorageSize"] + heap["usedSize"]))
            tab.page.wait_for_timeout(100)
        told = tab.test_id("viewer")
        names = ("peak", "bound")
        sizes = {name: int(told.get_attribute(f"data-cache-{name}") or 0) for name in names}
        return {**sizes, "page": largest}
    finally:
        browser.close()


def _until(tab: Tab, expression: str) -> None:
    for _ in range(6000):
        if tab.evaluate(expression):
            return
        tab.page.wait_for_timeout(10)
    raise TimeoutError(expression)
