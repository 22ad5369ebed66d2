"""Text in pixels, as a person meets it: found in the tab, boxes drawn, gone from what is saved."""

import base64
import gzip
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, expect

from dicom_veil.read import read
from dicom_veil.text import native
from dicom_veil.text.ask import answered
from dicom_veil.text.instance import scan_instance
from dicom_veil.text.read import characters
from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.test_access import axe, violations  # noqa: F401  # a fixture
from tests.page.texts import US, strip_of_us

SCAN_MS = 180_000
NEAR = 2  # pixels by which a box may differ between the two runtimes
MARGIN = 2  # that goes around a box
MAY_NOT_STAY = {"identifies", "institution", "date"}
Box = tuple[int, int, int, int]


@pytest.fixture
def strip(tmp_path: Path) -> Path:
    return strip_of_us(tmp_path / "strip.dcm")


def scanned(content: bytes) -> list[dict[str, object]]:
    """What the same models find natively."""
    run, known = native.runner()[0], characters()
    found = answered(scan_instance(read(BytesIO(content)), known), run).as_json()
    return [*found["static"], *(box for frame in found["frames"] for box in frame["boxes"])]


def check(tab: Tab, path: Path, scans: bool = True) -> None:
    """Opens "Check the pixels" on one file, and waits for the search to end."""
    tab.choose(path)
    assert tab.settle(1) == ["ready"]
    tab.show(tab.rows.first)
    tab.test_id("pixels-open").click()
    expect(tab.test_id("pixels-honest")).to_be_visible()
    if scans:
        row = tab.page.locator("[data-status=scanned], [data-status=missing]")
        expect(row).to_have_count(1, timeout=SCAN_MS)
    tab.next_frame()


def boxes(tab: Tab) -> list[Box]:
    """The boxes on the screen, in pixels of the picture, which lies as it is stored."""
    found = tab.evaluate(
        "(() => { const canvas = document.querySelector('[data-testid=viewer-canvas]');"
        " const at = canvas.getBoundingClientRect(), unit = at.width / canvas.width;"
        " return [...document.querySelectorAll('.box')].map((box) => {"
        " const r = box.getBoundingClientRect();"
        " return [r.left - at.left, r.top - at.top, r.right - at.left, r.bottom - at.top]"
        ".map((side) => Math.round(side / unit)); }); })()"
    )
    return [tuple(one) for one in found]


def pixels(content: bytes) -> NDArray[np.generic]:
    return pydicom.dcmread(BytesIO(content)).pixel_array


def inside(shape: tuple[int, ...], removed: list[Box]) -> NDArray[np.bool_]:
    mask = np.zeros(shape[:2], bool)
    for left, top, right, bottom in removed:
        mask[max(0, top - MARGIN) : bottom + MARGIN, max(0, left - MARGIN) : right + MARGIN] = True
    return mask


def test_text_is_found_shown_and_gone(tab: Tab, strip: Path) -> None:
    content = strip.read_bytes()
    expected = {
        tuple(int(str(one[side])) for side in ("left", "top", "right", "bottom")): one["kind"]
        for one in scanned(content)
    }
    assert "institution" in expected.values()
    check(tab, strip)
    found = boxes(tab)
    assert len(found) == len(expected)
    for box in expected:
        assert min(max(abs(a - b) for a, b in zip(box, one, strict=True)) for one in found) <= NEAR
    gone = tab.page.locator(".box[data-goes]").count()
    assert gone == sum(kind != "technical" for kind in expected.values())
    expect(tab.test_id("pixels-left")).to_have_text(re.compile("^1 left to see of 1"))
    tab.page.keyboard.press("a")
    expect(tab.test_id("pixels-left")).to_have_text(re.compile("has been seen"))
    saved = tab.press("deidentify").content
    before, after = pixels(content), pixels(saved)
    outside = ~inside(before.shape, [box for box, kind in expected.items() if kind != "technical"])
    near = inside(before.shape, found) & outside  # boxes may differ by NEAR there
    np.testing.assert_array_equal(after[outside & ~near], before[outside & ~near])
    assert not {one["kind"] for one in scanned(saved)} & MAY_NOT_STAY
    header = pydicom.dcmread(BytesIO(saved))
    codes = {item.CodeValue for item in header.DeidentificationMethodCodeSequence}
    assert "113101" in codes


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_boxes_by_mouse_and_by_keys(tab: Tab) -> None:
    """CT: of no kind that often shows text, so nothing is searched until somebody asks."""
    path = bundled("CT_small.dcm")
    check(tab, path, scans=False)
    canvas = tab.test_id("viewer-canvas").bounding_box()
    assert canvas is not None
    unit = canvas["width"] / 128
    mouse, keyboard = tab.page.mouse, tab.page.keyboard
    mouse.move(canvas["x"] + 30.5 * unit, canvas["y"] + 40.5 * unit)
    mouse.down()
    mouse.move(canvas["x"] + 40 * unit, canvas["y"] + 45 * unit)
    mouse.move(canvas["x"] + 59.5 * unit, canvas["y"] + 49.5 * unit)
    mouse.up()
    tab.next_frame()
    assert boxes(tab) == [(30, 40, 60, 50)]
    mouse.move(canvas["x"] + 45.5 * unit, canvas["y"] + 45.5 * unit)
    mouse.down()
    mouse.move(canvas["x"] + 55.5 * unit, canvas["y"] + 35.5 * unit, steps=3)
    mouse.up()
    tab.next_frame()
    assert boxes(tab) == [(40, 30, 70, 40)]
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown"):
        keyboard.press(key)
    tab.next_frame()
    assert boxes(tab) == [(38, 31, 69, 42)]
    keyboard.press("Control+z")
    keyboard.press("Control+z")
    tab.next_frame()
    assert boxes(tab) == [(38, 31, 68, 41)]
    keyboard.press("Control+y")
    keyboard.press("d")
    tab.next_frame()
    assert len(boxes(tab)) == 2
    keyboard.press("Delete")
    tab.next_frame()
    assert boxes(tab) == [(38, 31, 69, 41)]
    assert tab.rows.count() == 1, "Delete takes the box, not the file"
    keyboard.press("b")
    expect(tab.page.locator("[data-after] .box[data-goes]")).to_have_css(
        "background-color", "rgb(0, 0, 0)"
    )
    keyboard.press("b")
    before, after = pixels(path.read_bytes()), pixels(tab.press("deidentify").content)
    hole = inside(before.shape, [(38, 31, 69, 41)])
    assert np.unique(after[hole]).size == 1
    np.testing.assert_array_equal(after[~hole], before[~hole])


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_boxes_follow_the_picture(tab: Tab) -> None:
    """Turned, mirrored, enlarged and moved: the box stays over its pixels, its label upright."""
    check(tab, bundled("CT_small.dcm"), scans=False)
    tab.page.keyboard.press("d")
    tab.page.keyboard.press("Escape")
    for key in ("r", "h", "+", "+"):
        tab.page.keyboard.press(key)
    tab.next_frame()
    box = tab.page.locator(".box")
    seen = box.bounding_box()
    canvas = tab.test_id("viewer-canvas").bounding_box()
    assert seen is not None
    assert canvas is not None
    share = (canvas["width"] / seen["width"], canvas["height"] / seen["height"])
    assert share == pytest.approx((128 / 8, 128 / 32), rel=0.02)
    middle = [(one["x"] + one["width"] / 2, one["y"] + one["height"] / 2) for one in (seen, canvas)]
    assert middle[0] == pytest.approx(middle[1], abs=2)


@pytest.mark.parametrize("edition", ["file"], indirect=True)
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_grave_while_pixels_are_checked(
    tab: Tab,
    strip: Path,
    axe: str,  # noqa: F811  # the fixture
    scheme: str,
) -> None:
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    check(tab, strip)
    assert violations(tab, axe) == []
    tab.test_id("pixel-mode-own").check(force=True)
    tab.page.keyboard.press(".")
    tab.next_frame()
    assert violations(tab, axe) == []
    tab.page.keyboard.press("b")
    assert violations(tab, axe) == []
    tab.page.keyboard.press("b")
    tab.test_id("pixel-mode-default").check(force=True)


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_a_box_for_all_images_of_a_device_and_size(tab: Tab, tmp_path: Path) -> None:
    paths = []
    for number in range(3):
        dataset = pydicom.dcmread(bundled("CT_small.dcm"))
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{number}"
        if number == 2:
            dataset.ManufacturerModelName = "ANOTHER"
        paths.append(tmp_path / f"{number}.dcm")
        dataset.save_as(paths[-1])
    tab.choose(*paths)
    tab.settle(3)
    tab.show(tab.rows.first)
    tab.page.keyboard.press("x")
    tab.page.keyboard.press("d")
    reach = tab.test_id("mark-reach")
    reach.select_option("device")
    expect(reach.locator("option:checked")).to_have_text("all 2 images of this device and size")
    tab.test_id("mark-apply").click()
    counts = []
    for row in tab.rows.all():
        tab.show(row)
        tab.next_frame()
        counts.append(tab.page.locator(".box").count())
    assert sorted(counts) == [0, 1, 1]
    tab.page.keyboard.press("Control+z")
    tab.page.keyboard.press("Control+z")
    for row in tab.rows.all():
        tab.show(row)
        tab.next_frame()
        assert tab.page.locator(".box").count() == 0


def test_the_lite_edition_says_that_it_cannot_look(context: BrowserContext, built: Path) -> None:
    tab = Tab(context.new_page(), (built / "veil-lite.html").as_uri()).open().wait_ready()
    check(tab, bundled(US), scans=False)
    expect(tab.test_id("pixels-lite")).to_contain_text("cannot look for text in pixels")
    for name in ("scan-risky", "scan-all"):
        expect(tab.test_id(name)).to_be_hidden()
    tab.page.keyboard.press("d")
    tab.next_frame()
    assert len(boxes(tab)) == 1
    header = pydicom.dcmread(BytesIO(tab.press("deidentify").content))
    codes = {item.CodeValue for item in header.DeidentificationMethodCodeSequence}
    assert "113101" not in codes, "a box by hand is no search"
    assert tab.errors == []


DAMAGED = gzip.compress(b"no model", mtime=0)
THROWS = gzip.compress(b"self.onmessage = () => { throw new Error('broken'); };", mtime=0)


@pytest.mark.parametrize(
    ("part", "content", "says"),
    [
        ("text-detect.onnx", DAMAGED, "not the one that was tried"),
        ("ocr-worker.js", THROWS, "stopped twice"),
    ],
    ids=["another model", "a worker that dies"],
)
def test_a_search_that_fails_is_missing_and_never_clean(
    context: BrowserContext, built: Path, tmp_path: Path, part: str, content: bytes, says: str
) -> None:
    page = (built / "veil.html").read_text("utf-8")
    place = re.compile(rf'(data-part="{re.escape(part)}">)[^<]*')
    broken = tmp_path / "veil.html"
    broken.write_text(place.sub(lambda at: at[1] + base64.b64encode(content).decode(), page))
    tab = Tab(context.new_page(), broken.as_uri()).open().wait_ready()
    check(tab, bundled(US))
    expect(tab.page.locator("[data-status=missing]")).to_have_count(1)
    expect(tab.test_id("pixels-missing")).to_contain_text("not known to be clean")
    expect(tab.test_id("pixels-missing")).to_contain_text(says)
    expect(tab.test_id("pixels-left")).to_have_text(re.compile("^1 left to see"))
    expect(tab.test_id("deidentify")).to_contain_text("text in 1 image not looked for")
    header = pydicom.dcmread(BytesIO(tab.press("deidentify").content))
    codes = {item.CodeValue for item in header.DeidentificationMethodCodeSequence}
    assert "113101" not in codes
    assert tab.errors == []


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_a_search_that_is_stopped_is_missing_and_a_box_can_be_on_one_frame(tab: Tab) -> None:
    """A real clip of 30 frames: stopped at once, then a box for the frame on the screen alone."""
    check(tab, bundled("examples_ybr_color.dcm"), scans=False)
    expect(tab.test_id("deidentify")).to_be_disabled()
    tab.test_id("scan-stop").click()
    expect(tab.test_id("pixels-missing")).to_contain_text("stopped before it came", timeout=SCAN_MS)
    for _ in range(3):
        tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("d")
    cells = tab.test_id("filmstrip").locator("span")
    expect(cells.locator("xpath=self::*[@data-kind]")).to_have_count(30)
    tab.test_id("mark-reach").select_option("frame")
    tab.test_id("mark-apply").click()
    expect(cells.locator("xpath=self::*[@data-kind]")).to_have_count(1)
    expect(cells.nth(3)).to_have_attribute("data-kind", "drawn")
    tab.test_id("filmstrip").press("ArrowRight")
    expect(tab.page.locator(".box")).to_have_count(0)
    tab.page.keyboard.press("Control+z")
    expect(tab.page.locator(".box")).to_have_count(1)
