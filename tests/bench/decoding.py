"""Decoders in the tab: beside the same library natively, and beside Cornerstone's in one browser.

One 512 × 512 picture of 16 bits with a scanner's noise, coded without loss. In the tab, Veil's own
plug-in is timed inside the worker's Python; Cornerstone's WebAssembly codecs (for lossless JPEG the
JavaScript decoder that it uses) run in another page of the same browser. The best of the runs in
ms, on every side: what else the machine does adds to a run and never takes away.
"""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from playwright.sync_api import Browser, Page, Playwright

from tests.browser import WorkerSession
from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.places import node_module

RUNS, WARM_UP = 25, 8
SIDE = 512
NAMES = {"jpeg2000": "JPEG 2000", "jpegls": "JPEG-LS", "jpeg": "lossless JPEG"}
TIMED = """
import base64, importlib, json, time
from dicom_veil.decode.image_pixel import ImagePixel
image = ImagePixel("PixelData", %(side)d, %(side)d, 1, 16, 16, 15, False, 0, "MONOCHROME2", 1)
plugin = importlib.import_module("dicom_veil.decode.%(plugin)s")
coded = base64.b64decode("%(coded)s")
times = []
for _ in range(%(runs)d):
    start = time.perf_counter()
    values = plugin.decode(coded, image).values
    times.append((time.perf_counter() - start) * 1000)
json.dumps([times, int(values.astype("u8").sum())])
"""
# Decoders of Cornerstone: (codestream) => [bytes of the picture], prepared once.
PREPARED = """
async ({ kind, wasm, script }) => {
  const binary = wasm && Uint8Array.fromBase64(wasm).buffer;
  if (kind === "jpeg") {
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { Decoder } = await import(url);
    globalThis.decode = (bytes) => new Uint8Array(new Decoder().decompress(bytes.buffer));
    return;
  }
  (0, eval)(`${script}; globalThis.factory = ${kind === "jpegls" ? "CharLSWASM" : "OpenJPEGWASM"}`);
  const codec = await globalThis.factory({ wasmBinary: binary });
  const decoder = new codec[kind === "jpegls" ? "JpegLSDecoder" : "J2KDecoder"]();
  globalThis.decode = (bytes) => {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    return new Uint8Array(decoder.getDecodedBuffer());
  };
}
"""
MEASURED = """
async ({ coded, runs }) => {
  const bytes = Uint8Array.fromBase64(coded);
  const times = [];
  let picture;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    picture = globalThis.decode(bytes);
    times.push(performance.now() - start);
  }
  const values = new Uint16Array(picture.slice().buffer);
  return [times, values.reduce((sum, value) => sum + value, 0)];
}
"""
FILES = {
    "jpeg2000": ("@cornerstonejs/codec-openjpeg", "dist/openjpegwasm_decode"),
    "jpegls": ("@cornerstonejs/codec-charls", "dist/charlswasm_decode"),
    "jpeg": ("jpeg-lossless-decoder-js", "release/lossless-min"),
}


def picture() -> np.ndarray:
    """A real slice's values, repeated to 512 × 512."""
    small = pydicom.dcmread(bundled("CT_small.dcm")).pixel_array.astype(np.uint16)
    times = SIDE // small.shape[0]
    return np.ascontiguousarray(np.tile(small, (times, times)))


def codestreams() -> dict[str, tuple[bytes, Callable[[bytes], Any]]]:
    """Plug-in → codestream, and the library's own function for it."""
    values = picture()
    return {
        "jpeg2000": (
            imagecodecs.jpeg2k_encode(values, codecformat="j2k", level=0),
            imagecodecs.jpeg2k_decode,
        ),
        "jpegls": (imagecodecs.jpegls_encode(values), imagecodecs.jpegls_decode),
        "jpeg": (
            imagecodecs.jpeg8_encode(values, lossless=True, predictor=1, bitspersample=16),
            imagecodecs.jpeg8_decode,
        ),
    }


def measure(
    playwright: Playwright, chromium: str, single_file: Path
) -> dict[str, dict[str, float]]:
    """Name of the codec → ms: `native`, `tab`, `cornerstone`."""
    streams = codestreams()
    browser = playwright.chromium.launch(executable_path=chromium)
    try:
        page = browser.new_context().new_page()
        tab = Tab(page, single_file.as_uri()).open().wait_ready()
        found = {}
        for plugin, (coded, decoder) in streams.items():
            total = int(picture().astype(np.uint64).sum())
            found[NAMES[plugin]] = {
                "native": _native(decoder, coded),
                "tab": _checked(in_tab(browser, tab.page, plugin, coded), total),
                "cornerstone": _checked(cornerstone(browser, plugin, coded), total),
            }
        return found
    finally:
        browser.close()


def _native(decoder: Callable[[bytes], Any], coded: bytes) -> float:
    times = []
    for _ in range(RUNS + WARM_UP):
        start = time.perf_counter()
        decoder(coded)
        times.append((time.perf_counter() - start) * 1000)
    return min(times[WARM_UP:])


def _checked(told: tuple[list[float], int], total: int) -> float:
    """The best run, if the right picture was decoded."""
    times, found = told
    if found != total:
        raise AssertionError("a decoder gave another picture")
    return min(times[WARM_UP:])


def in_tab(browser: Browser, page: Page, plugin: str, coded: bytes) -> tuple[list[float], int]:
    """Times of Veil's plug-in in the worker's own Python."""
    script = TIMED % {
        "side": SIDE,
        "plugin": plugin,
        "coded": base64.b64encode(coded).decode(),
        "runs": RUNS + WARM_UP,
    }
    told = WorkerSession(browser).evaluate(page, f"python.runPython({json.dumps(script)})")
    times, total = json.loads(told)
    return times, total


def cornerstone(browser: Browser, plugin: str, coded: bytes) -> tuple[list[float], int]:
    """Times of Cornerstone's decoder in a page of its own."""
    package, stem = FILES[plugin]
    folder = node_module(package)
    wasm = folder / f"{stem}.wasm"
    given = {
        "kind": plugin,
        "script": (folder / f"{stem}.js").read_text("utf-8"),
        "wasm": base64.b64encode(wasm.read_bytes()).decode() if wasm.exists() else "",
    }
    page = browser.new_page()
    try:
        page.evaluate(PREPARED, given)
        told = page.evaluate(
            MEASURED, {"coded": base64.b64encode(coded).decode(), "runs": RUNS + WARM_UP}
        )
    finally:
        page.close()
    return told[0], int(told[1])
