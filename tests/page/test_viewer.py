"""The viewer as it is used at a workstation: scroll, zoom, pan, turn, flip, clips, overlays."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pydicom import dcmread

from dicom_veil.overlays import overlay_mask
from dicom_veil.read import read
from dicom_veil.window import Window
from tests.core.files import bundled
from tests.core.make import header, instance
from tests.page.card import CARD
from tests.page.clips import STEP, clip
from tests.page.driver import Tab
from tests.page.reference import core_picture, opened

MEGABYTE = 1 << 20
BOUND = 256 * MEGABYTE
# Notes, for every frame that comes on the screen, which and when, and how large the cache then is.
WATCH_FRAMES = """
(() => {
  const [canvas, view] = ["viewer-canvas", "viewer"]
    .map((name) => document.querySelector(`[data-testid=${name}]`));
  globalThis.watching?.disconnect();
  globalThis.frames = [];
  globalThis.watching = new MutationObserver(() => {
    const [, frame] = canvas.dataset.shown?.split("/") ?? [];
    if (frame) frames.push([Number(frame), performance.now(), Number(view.dataset.cacheBytes)]);
  });
  watching.observe(canvas, { attributeFilter: ["data-shown"] });
})()
"""
OVERLAY = """
(() => {
  const canvas = document.querySelector("[data-testid=overlay-canvas]");
  const { width, height } = canvas;
  if (canvas.hidden) return null;
  const rgba = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  return JSON.stringify(Array.from({ length: width * height }, (_, i) => rgba[4 * i + 3] / 255));
})()
"""
# Of every tool: its height on the screen, and how far it sticks out at the right.
PLACES = """
JSON.stringify([...document.querySelectorAll(".tools > *")]
  .map((one) => [one.getBoundingClientRect(), one.parentElement.getBoundingClientRect()])
  .filter(([one]) => one.width > 0 && one.height > 0)
  .map(([one, all]) => [one.top + one.height / 2, one.right - all.right]))
"""
# Six notches in one turn of the wheel, however busy the machine; with Shift they zoom.
TURN = """
(([clientX, clientY]) => {
  const place = document.elementFromPoint(clientX, clientY);
  const notch = { clientX, clientY, deltaY: -100, shiftKey: true, bubbles: true, cancelable: true };
  for (let i = 0; i < 6; i++) place.dispatchEvent(new WheelEvent("wheel", notch));
})(%s)
"""
REDUCED = """
(() => {
  const canvas = document.querySelector("[data-testid=reduced-canvas]");
  const side = Math.min(canvas.width, canvas.height);
  const rgba = canvas.getContext("2d").getImageData(0, 0, side, side).data;
  return JSON.stringify(Array.from({ length: side * side }, (_, i) => rgba[4 * i]));
})()
"""


@pytest.fixture(scope="module")
def page(browser: Browser, addresses: dict[str, str]) -> Any:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield Tab(context.new_page(), addresses["file"]).open().wait_ready()
    context.close()


@pytest.fixture
def viewer(page: Tab) -> Any:
    """A ready page with an empty list."""
    page.clear()
    yield page
    assert page.errors == []


def shown(tab: Tab, path: Path) -> None:
    tab.choose(path)
    assert tab.settle(1) == ["ready"]
    tab.show(tab.rows.first)


def sides(tab: Tab) -> str:
    """The letters at the top, right, bottom and left."""
    tab.next_frame()
    return " ".join(
        tab.test_id(f"side-{side}").inner_text() for side in ("top", "right", "bottom", "left")
    )


def middle(tab: Tab) -> tuple[float, float]:
    box = tab.test_id("viewer").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def read_out(tab: Tab, dx: float = 0, dy: float = 0) -> list[str]:
    x, y = middle(tab)
    tab.page.mouse.move(x + dx, y + dy)
    tab.next_frame()
    return tab.test_id("read-out").inner_text().split("\n")


def test_keys_turn_and_flip_and_can_be_undone(viewer: Tab) -> None:
    path = bundled("CT_small.dcm")
    shown(viewer, path)
    assert sides(viewer) == "A L P R"
    for key, expected in (("r", "R A L P"), ("h", "R P L A"), ("v", "L P R A")):
        viewer.page.keyboard.press(key)
        assert sides(viewer) == expected
    viewer.test_id("undo").click()
    viewer.test_id("undo").click()
    assert sides(viewer) == "R A L P"
    viewer.test_id("redo").click()
    assert sides(viewer) == "R P L A"
    viewer.assert_canvas(core_picture(path))  # how it lies changes no value of it
    viewer.test_id("viewer").focus()
    viewer.page.keyboard.press(" ")
    assert sides(viewer) == "A L P R"


def test_what_is_under_the_pointer_is_told_and_stays_under_it_while_zooming(viewer: Tab) -> None:
    path = bundled("CT_small.dcm")
    shown(viewer, path)
    before = read_out(viewer, 70, -45)
    column, row = (int(number) for number in before[0].replace("x", "").replace("y", "").split())
    dataset = dcmread(path)
    stored = int(dataset.pixel_array[row, column])
    assert before[1:] == [f"stored value {stored}", f"{stored + int(dataset.RescaleIntercept)} HU"]
    x, y = middle(viewer)
    viewer.evaluate(TURN % json.dumps([x + 70, y - 45]))
    expect(viewer.test_id("corner-bl")).to_contain_text("zoom 2.8×")
    assert read_out(viewer, 70, -45) == before
    viewer.test_id("undo").click()  # a turn of the wheel is one step
    expect(viewer.test_id("corner-bl")).not_to_contain_text("zoom")
    viewer.page.mouse.move(x, y)
    viewer.page.keyboard.down("Shift")
    viewer.page.mouse.wheel(0, -100)
    viewer.page.keyboard.up("Shift")
    expect(viewer.test_id("corner-bl")).to_contain_text("zoom 1.2×")


def test_middle_drag_moves_the_picture(viewer: Tab) -> None:
    shown(viewer, bundled("CT_small.dcm"))
    before = read_out(viewer)
    x, y = middle(viewer)
    viewer.page.mouse.down(button="middle")
    viewer.page.mouse.move(x + 90, y + 60, steps=3)
    viewer.page.mouse.up(button="middle")
    assert read_out(viewer, 90, 60) == before
    viewer.test_id("undo").click()
    viewer.next_frame()
    assert read_out(viewer) == before


def test_two_fingers_zoom(viewer: Tab) -> None:
    shown(viewer, bundled("CT_small.dcm"))
    x, y = middle(viewer)

    def touch(kind: str, *apart: int) -> None:
        points = [{"x": x + side * one, "y": y, "id": side} for one in apart for side in (-1, 1)]
        parameters = {"type": kind, "touchPoints": points}
        viewer.wire.session.send("Input.dispatchTouchEvent", parameters)

    touch("touchStart", 50)
    for apart in (60, 80, 100):
        touch("touchMove", apart)
    touch("touchEnd")
    expect(viewer.test_id("corner-bl")).to_contain_text("zoom 2.0×")


def test_the_ruler_is_true_and_follows_the_zoom(viewer: Tab) -> None:
    path = bundled("CT_small.dcm")
    shown(viewer, path)
    with path.open("rb") as stream:
        spacing = float(read(stream).dataset.PixelSpacing[0])
    for _ in range(2):
        ruler = viewer.test_id("ruler")
        told = float(ruler.get_attribute("data-mm") or 0)
        length = float(ruler.get_attribute("data-length") or 0)
        box = viewer.test_id("viewer-canvas").bounding_box()
        assert box is not None
        assert told / length == pytest.approx(spacing * 128 / box["height"], rel=1e-3)
        viewer.page.keyboard.press("+")
        viewer.next_frame()


def test_pixels_that_are_not_square_are_shown_square_unless_not_wanted(
    viewer: Tab, tmp_path: Path
) -> None:
    shown(viewer, clip(tmp_path / "flat.dcm", 1, PixelAspectRatio=["2", "1"]))

    def ratio() -> float:
        viewer.next_frame()
        box = viewer.test_id("viewer-canvas").bounding_box()
        assert box is not None
        return box["height"] / box["width"]

    assert ratio() == pytest.approx(2, rel=0.01)
    viewer.test_id("view-open").click()
    viewer.test_id("draw-square").uncheck()
    assert ratio() == pytest.approx(1, rel=0.01)
    viewer.test_id("draw-square").check()
    viewer.page.keyboard.press("Escape")


def test_overlays_are_drawn_when_wanted_and_never_into_the_picture(viewer: Tab) -> None:
    path = bundled("examples_overlay.dcm")
    shown(viewer, path)
    assert viewer.evaluate(OVERLAY) is None
    viewer.page.keyboard.press("o")
    expect(viewer.test_id("overlay-canvas")).to_be_visible()
    drawn = np.array(json.loads(viewer.evaluate(OVERLAY)))
    with path.open("rb") as stream:
        instance = read(stream)
        size = (int(instance.dataset.Rows), int(instance.dataset.Columns))
        mask = overlay_mask(instance, 0, *size)
    assert mask.any()
    np.testing.assert_array_equal(drawn.reshape(size), mask)
    viewer.assert_canvas(core_picture(path))
    viewer.page.keyboard.press("o")
    expect(viewer.test_id("overlay-canvas")).to_be_hidden()
    np.testing.assert_array_equal(opened(viewer.export("png").content), core_picture(path))


def test_a_clip_shows_every_frame_at_its_own_rate_and_ends_with_the_selection(
    viewer: Tab, tmp_path: Path
) -> None:
    path = clip(tmp_path / "clip.dcm", 24, FrameTime="50")
    viewer.choose(path, bundled("CT_small.dcm"))
    viewer.settle(2)
    viewer.show(viewer.page.locator("[data-key]").filter(has_text="24 frames"))
    expect(viewer.test_id("cine-rate")).to_contain_text("20/s · FrameTime")
    viewer.evaluate(WATCH_FRAMES)
    viewer.page.keyboard.press("c")
    viewer.page.wait_for_timeout(2500)
    viewer.page.keyboard.press("c")
    expect(viewer.test_id("cine")).to_have_attribute("aria-label", "Play")
    frames, times, _ = np.array(viewer.evaluate("frames")).T
    assert len(frames) > 10
    assert set(np.diff(frames) % 24) == {1}
    assert 1000 * (len(times) - 1) / (times[-1] - times[0]) < 21
    viewer.assert_canvas(core_picture(path, frame_index=int(frames[-1])))
    viewer.page.keyboard.press("c")
    viewer.page.locator("[data-state=ready]").filter(has_not_text="24 frames").click()
    expect(viewer.test_id("cine")).to_have_attribute("aria-label", "Play")


def test_a_clip_with_uneven_times_keeps_each(viewer: Tab, tmp_path: Path) -> None:
    stays = np.array([100, 400, 100, 250, 150, 150])  # ms; the last as long as the one before
    vector = [0, *stays[:-1].tolist()]
    path = clip(
        tmp_path / "a.dcm", 6, FrameTimeVector=vector, FrameIncrementPointer=0x00181065
    )  # fmt: skip
    shown(viewer, path)
    expect(viewer.test_id("cine-rate")).to_contain_text("FrameTimeVector")
    viewer.evaluate(WATCH_FRAMES)
    viewer.test_id("cine").click()
    viewer.page.wait_for_timeout(3500)
    viewer.test_id("cine").click()
    frames, times, _ = np.array(viewer.evaluate("frames")).T
    assert len(frames) > 12
    kept = [np.median(np.diff(times)[frames[:-1] == index]) for index in range(6)]
    np.testing.assert_allclose(kept, stays, atol=45)  # a loaded machine draws late


def test_five_hundred_frames_hold_the_bound(viewer: Tab, tmp_path: Path) -> None:
    shown(viewer, clip(tmp_path / "long.dcm", 500, 512, 512))
    viewer.test_id("cine-rate").select_option("60")
    viewer.evaluate(WATCH_FRAMES)
    viewer.test_id("cine").click()
    largest = 0
    for _ in range(1800):  # however slow the machine
        heap = viewer.wire.session.send("Runtime.getHeapUsage")
        largest = max(largest, heap.get("backingStorageSize", 0) + heap["usedSize"])
        if viewer.evaluate("frames.length") >= 510:
            break
        viewer.page.wait_for_timeout(100)
    viewer.test_id("cine").click()
    frames, _, held = np.array(viewer.evaluate("frames")).T
    assert set(np.diff(frames) % 500) == {1}
    assert len(frames) >= 500
    told = viewer.test_id("viewer")
    assert int(told.get_attribute("data-cache-bound") or 0) == BOUND
    peak = int(told.get_attribute("data-cache-peak") or 0)
    assert held.max() <= peak <= BOUND
    assert peak > BOUND * 0.8  # what could not all be kept
    assert largest < BOUND + 96 * MEGABYTE
    viewer.test_id("cine-rate").select_option("")


@pytest.fixture
def card(context: BrowserContext, addresses: dict[str, str]) -> Tab:
    """A page that looks up by WebGL2."""
    fresh = context.new_page()
    fresh.add_init_script(CARD)
    return Tab(fresh, addresses["file"]).open().wait_ready()


def painter(tab: Tab) -> str | None:
    return tab.test_id("viewer-canvas").get_attribute("data-painter")


def with_card(tab: Tab, path: Path, center: float, width: float) -> NDArray[np.uint8]:
    """Shows a file by WebGL2 with a window; what the core makes of it."""
    shown(tab, path)
    expect(tab.page.locator("[data-testid=viewer][data-card]")).to_be_visible()
    tab.set_window(center, width)
    return core_picture(path, window=Window(center, width))


def test_webgl_draws_the_same_bits_and_its_loss_changes_nothing(card: Tab, tmp_path: Path) -> None:
    for path, center, width in (
        (bundled("CT_small.dcm"), 120, 333),
        (bundled("MR_small.dcm"), 400, 900.5),
        (clip(tmp_path / "clip.dcm", 1), STEP, 50),
        (bundled("examples_overlay.dcm"), 500, 700),
    ):
        expected = with_card(card, path, center, width)
        card.assert_canvas(expected)
        assert painter(card) == "webgl2"
        card.clear()
    path = bundled("CT_small.dcm")
    card.assert_canvas(with_card(card, path, 120, 333))
    card.evaluate("globalThis.veilGl.getExtension('WEBGL_lose_context').loseContext()")
    card.set_window(40, 400)
    card.assert_canvas(core_picture(path, window=Window(40, 400)))
    assert painter(card) == "2d"
    assert card.errors == []


def test_a_browser_without_webgl_shows_the_same(
    context: BrowserContext, addresses: dict[str, str]
) -> None:
    fresh: Page = context.new_page()
    fresh.add_init_script("OffscreenCanvas.prototype.getContext = new Proxy("
        "OffscreenCanvas.prototype.getContext, { apply: (real, canvas, given) => "
        "given[0] === 'webgl2' ? null : Reflect.apply(real, canvas, given) })")  # fmt: skip
    tab = Tab(fresh, addresses["file"]).open().wait_ready()
    tab.assert_canvas(with_card(tab, bundled("CT_small.dcm"), 120, 333))
    assert painter(tab) == "2d"


@pytest.mark.parametrize("width", [1366, 1920])
def test_the_tools_take_one_line(viewer: Tab, width: int) -> None:
    viewer.page.set_viewport_size({"width": width, "height": 900})
    shown(viewer, bundled("CT_small.dcm"))
    told = viewer.evaluate(PLACES)
    places = np.array(json.loads(told))
    assert len(places) > 5
    assert np.ptp(places[:, 0]) < 2
    assert places[:, 1].max() <= 0
    viewer.page.set_viewport_size({"width": 1366, "height": 768})


def test_a_picture_larger_than_its_place_shows_no_pattern_that_is_not_there(
    viewer: Tab, tmp_path: Path
) -> None:
    board = (np.indices((1536, 1536)).sum(axis=0) % 2 * 1000).astype(np.uint16)
    dataset = header(1536, 1536, WindowCenter=500, WindowWidth=1000, PatientID="board")
    made = instance(dataset, board.tobytes())
    made.body.seek(0)
    path = tmp_path / "board.dcm"
    path.write_bytes(made.body.read())
    shown(viewer, path)
    expect(viewer.test_id("reduced-canvas")).to_be_visible()
    values = np.array(json.loads(viewer.evaluate(REDUCED)))
    assert 110 < values.mean() < 145
    assert values.std() < 12
    viewer.assert_canvas(core_picture(path))
    for _ in range(4):
        viewer.page.keyboard.press("+")
    expect(viewer.test_id("reduced-canvas")).to_be_hidden()
