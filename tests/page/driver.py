"""A tab with Veil in it, used as a person uses it: files in, buttons, files out."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from tests.page.cdp import Wire

READY_MS = 180_000  # on a machine with much else to do
CANVAS = "document.querySelector('[data-testid=viewer-canvas]')"
IDLE = "[data-state=queued], [data-state=reading], [data-state=working]"
# Resolves with the canvas's RGB as base64: at once when it is what is expected, else after a while.
WATCH = """
(async (expected, patience) => {
  const read = () => {
    const canvas = %(canvas)s;
    const { width, height } = canvas;
    const rgba = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    const rgb = new Uint8Array(width * height * 3);
    for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3) {
      if (rgba[i + 3] !== 255) throw new Error("the canvas is not opaque");
      rgb[j] = rgba[i]; rgb[j + 1] = rgba[i + 1]; rgb[j + 2] = rgba[i + 2];
    }
    return { width, height, rgb };
  };
  const matches = ({ width, height, rgb }) =>
    width === expected.width && height === expected.height && rgb.toBase64() === expected.rgb;
  const end = performance.now() + patience;
  let now = read();
  while (expected && !matches(now) && performance.now() < end) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    now = read();
  }
  return { width: now.width, height: now.height, rgb: now.rgb.toBase64() };
})(%(expected)s, %(patience)d)
"""


@dataclass(frozen=True)
class Download:
    """What the browser saved."""

    name: str
    content: bytes


class Tab:
    """One page of one edition."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        page.set_default_timeout(READY_MS)
        self.wire = Wire(page)
        self.errors: list[str] = []
        self.downloads: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("download", lambda download: self.downloads.append(download.suggested_filename))

    def open(self) -> "Tab":
        """Goes there; returns as soon as the page begins to come."""
        self.page.goto(self.address, wait_until="commit")
        return self

    def wait_ready(self) -> "Tab":
        expect(self.test_id("boot-status")).to_have_text("Ready", timeout=READY_MS)
        return self

    def test_id(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    @property
    def rows(self) -> Locator:
        """The instances of the list."""
        return self.test_id("instance-list").locator("> [data-state]")

    @property
    def message(self) -> Locator:
        return self.test_id("message")

    def choose(self, *paths: Path) -> None:
        self.test_id("file-input").set_input_files(list(paths))

    def drop(self, *paths: Path) -> None:
        """A real drag from outside the browser, let go over the drop zone."""
        box = self.test_id("drop-zone").bounding_box()
        assert box is not None
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.wire.session.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})

    def settle(self, count: int, timeout: float = READY_MS) -> list[str]:
        """Waits until `count` instances are there and none is waiting; their states, in order."""
        expect(self.rows).to_have_count(count, timeout=timeout)
        busy = self.test_id("instance-list").locator(IDLE)
        expect(busy).to_have_count(0, timeout=timeout)
        return self.states()

    def states(self) -> list[str]:
        states = self.evaluate(
            "[...document.querySelectorAll('[data-testid=instance-list] > [data-state]')]"
            ".map((row) => row.dataset.state)"
        )
        return [str(state) for state in states]

    def show(self, row: Locator) -> None:
        """Selects an instance and waits for its picture."""
        row.click()
        if row.get_attribute("aria-selected") != "true":
            row.click()  # the list moved under the pointer: pictures of its series came in
        key = row.get_attribute("data-key")
        shown = f"[data-testid=viewer-canvas][data-shown='{key}/0']:not([data-stale])"
        expect(self.page.locator(shown)).to_be_visible(timeout=READY_MS)
        reset = self.test_id("reset")  # windows are remembered per series, also from another test
        if reset.is_enabled():
            reset.click()

    def clear(self) -> None:
        """An empty list and the settings as after opening."""
        self.next_frame()  # what the test before did last may not be drawn yet
        if self.rows.count():
            self.restore()
            self.test_id("clear-all").click()
        elif self.test_id("left-out").is_visible():
            self.test_id("left-out").click()
            self.test_id("left-out-clear").click()
        expect(self.rows).to_have_count(0)
        expect(self.test_id("left-out")).to_be_hidden()
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def restore(self) -> None:
        """The first profile, a random key, the plain picture."""
        for view in ("tags-close", "pixels-close", "audit-close"):
            if self.test_id(view).is_visible():
                self.test_id(view).click()
        pressed = self.page.locator("[data-testid^=corners-][aria-pressed=true]")
        if pressed.count():
            pressed.click()
        self.test_id("profile-basic").check()
        if "random" not in self.test_id("identity").inner_text():
            self.test_id("identity-change").click()
            expect(self.test_id("identity-dialog")).to_be_visible()
            self.test_id("identity-random").check()
            if self.test_id("patients-keep").is_visible():
                self.test_id("patients-keep").uncheck()
            self.test_id("identity-apply").click()
            expect(self.test_id("identity")).to_contain_text("random")

    def pick(self, profile: str) -> None:
        """Chooses a profile and waits for what it means."""
        self.test_id(f"profile-{profile}").check()
        self.planned()

    def planned(self) -> None:
        """Waits until the plan is that of the chosen profile."""
        self.next_frame()
        expect(self.page.locator("[data-testid=counts]:not([data-stale])")).to_be_visible()
        self.next_frame()

    def evaluate(self, expression: str) -> Any:
        return self.wire.evaluate(expression)

    def next_frame(self) -> None:
        """Waits until what the page was told has been drawn."""
        frame = "new Promise((resolve) => requestAnimationFrame(() => resolve()))"
        self.evaluate(f"{frame}.then(() => {frame})")

    def canvas(self) -> NDArray[np.uint8]:
        """What is on the canvas now: (rows, columns, 3)."""
        return _picture(
            self.evaluate(WATCH % {"canvas": CANVAS, "expected": "null", "patience": 0})
        )

    def assert_canvas(self, expected: NDArray[np.uint8], patience: int = READY_MS) -> None:
        """The canvas comes to show exactly this: (rows, columns) gray or (rows, columns, 3)."""
        rgb = np.repeat(expected[..., None], 3, axis=2) if expected.ndim == 2 else expected
        wanted = json.dumps(
            {
                "width": rgb.shape[1],
                "height": rgb.shape[0],
                "rgb": base64.b64encode(np.ascontiguousarray(rgb).tobytes()).decode(),
            }
        )
        script = WATCH % {"canvas": CANVAS, "expected": wanted, "patience": patience}
        np.testing.assert_array_equal(_picture(self.evaluate(script)), rgb)

    def begin(self) -> None:
        """Presses De-identify, and takes pictures that nobody has checked as they are."""
        button = self.test_id("deidentify")
        expect(button).to_be_enabled(timeout=READY_MS)
        asks = button.get_attribute("aria-haspopup")
        button.click()
        if asks:
            self.test_id("unchecked-without").click()

    def press(self, name: str) -> Download:
        """Presses a button that saves something; what was saved."""
        with self.page.expect_download(timeout=READY_MS) as saved:
            if name == "deidentify":
                self.begin()
            else:
                self.test_id(name).click()
        working = self.page.locator(f"[data-testid={name}]:disabled")
        expect(working).to_have_count(0, timeout=READY_MS)  # the page, too, has finished
        self.next_frame()
        return Download(saved.value.suggested_filename, Path(saved.value.path()).read_bytes())

    def export(self, format_name: str) -> Download:
        """Saves the picture on the screen."""
        self.test_id("export-format").select_option(format_name)
        return self.press("export")

    def set_window(self, center: float, width: float) -> None:
        """Types both numbers."""
        for name, value in (("window-center", center), ("window-width", width)):
            self.test_id(name).fill(str(value))
            self.test_id(name).press("Enter")

    def window(self) -> tuple[float, float]:
        """Center and width as the page shows them."""
        center, width = (self.test_id(f"window-{name}") for name in ("center", "width"))
        return float(center.input_value()), float(width.input_value())


def _picture(answer: dict[str, Any]) -> NDArray[np.uint8]:
    content = np.frombuffer(base64.b64decode(answer["rgb"]), np.uint8)
    return content.reshape(answer["height"], answer["width"], 3)


def results(archive: ZipFile) -> list[str]:
    """Names of the instances in a ZIP of results, in its order; the report stands beside them."""
    return [name for name in archive.namelist() if name.endswith(".dcm")]


def names(paths: Sequence[Path]) -> list[str]:
    return [path.name for path in paths]
