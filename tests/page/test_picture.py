"""What is on the canvas is, to the bit, what the core draws natively."""

from pathlib import Path

import numpy as np
import pytest

from dicom_veil.presets import PRESETS
from dicom_veil.window import Window
from tests.core.files import bundled, corpus_files, needs_corpus
from tests.page.driver import Tab
from tests.page.reference import core_picture
from tests.page.reference import opened as picture_of

GRAY = ("CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "JPEG2000.dcm", "rtdose_1frame.dcm")
COLOR = ("examples_rgb_color.dcm", "examples_palette.dcm", "SC_rgb_rle_16bit.dcm")
# Two builds of one decoder may differ a little here (ITU-T T.83); the tab's has another libjpeg.
LOSSY = ("examples_ybr_color.dcm", "JPEG-lossy.dcm", "SC_rgb_jpeg_dcmtk.dcm")


def opened(tab: Tab, path: Path) -> None:
    tab.choose(path)
    assert tab.settle(1) == ["ready"]
    tab.show(tab.rows.first)


@pytest.mark.parametrize("name", GRAY + COLOR)
def test_canvas_is_the_cores_picture(tab: Tab, name: str) -> None:
    opened(tab, bundled(name))
    tab.assert_canvas(core_picture(bundled(name)))


@pytest.mark.parametrize("name", LOSSY)
def test_lossy_canvas_is_close_to_the_cores_picture_and_equal_to_the_export(
    tab: Tab, name: str
) -> None:
    opened(tab, bundled(name))
    exported = picture_of(tab.export("png").content)
    tab.assert_canvas(exported)
    difference = np.abs(exported.astype(int) - core_picture(bundled(name)))
    assert difference.mean() < 1
    assert difference.max() < 32


@needs_corpus
@pytest.mark.parametrize("name", ["JPEGProcess14Transfer", "YBR_FULL-RLE", "jpeg-ls-Palette"])
def test_canvas_is_the_cores_picture_in_the_corpus(tab: Tab, name: str) -> None:
    path = next(path for path in corpus_files() if name in path.name)
    opened(tab, path)
    tab.assert_canvas(core_picture(path))


def test_window_by_number(tab: Tab) -> None:
    path = bundled("CT_small.dcm")
    opened(tab, path)
    tab.set_window(center=120, width=333)
    tab.assert_canvas(core_picture(path, window=Window(120, 333)))


@pytest.mark.parametrize("name", ["lung", "bone"])
def test_window_by_preset(tab: Tab, name: str) -> None:
    path = bundled("CT_small.dcm")
    opened(tab, path)
    tab.test_id("window-preset").select_option(name)
    preset = next(one for one in PRESETS if one.name == name)
    tab.assert_canvas(core_picture(path, window=Window(preset.center, preset.width)))
    assert tab.window() == (preset.center, preset.width)


def test_window_by_drag(tab: Tab) -> None:
    path = bundled("CT_small.dcm")
    opened(tab, path)
    before = tab.window()
    box = tab.test_id("viewer-canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = tab.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 70, y - 40, steps=5)
    mouse.up()
    tab.next_frame()
    after = tab.window()
    assert after[1] > before[1]  # right: wider
    assert after[0] < before[0]  # up: brighter
    tab.assert_canvas(core_picture(path, window=Window(*after)))


def test_invert_and_undo(tab: Tab) -> None:
    path = bundled("MR_small.dcm")
    opened(tab, path)
    tab.test_id("invert").click()
    tab.assert_canvas(core_picture(path, invert=True))
    tab.test_id("undo").click()
    tab.assert_canvas(core_picture(path))


def test_every_frame(tab: Tab) -> None:
    path = bundled("rtdose.dcm")
    opened(tab, path)
    slider = tab.test_id("frame-index")
    assert slider.get_attribute("max") == "15"
    for number in (15, 2):
        slider.fill(str(number))
        tab.assert_canvas(core_picture(path, frame_index=number - 1))
