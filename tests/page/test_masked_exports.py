"""What is exported of a clip with a box on it holds none of the pixels under the box."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence
from playwright.sync_api import expect

from tests.page.driver import READY_MS, Tab
from tests.page.films import gray_frames, multi_frame
from tests.page.test_exports import NO_PICKER, choose
from tests.page.test_pixels import boxes
from tests.page.texts import WITHOUT_SEARCH

COUNT, ROWS, COLUMNS = 5, 96, 128
UNDER = 245  # what is burned in; nothing else in the clip is nearly as bright
BRIGHTEST = 160
LEAKED = 205  # brighter than any encoder makes of the rest
BLACK = 12  # a film's encoder may leave so much of a black box


def decoded(name: str, content: bytes) -> list[NDArray[np.uint8]]:
    """Every picture in a file, gray."""
    if name in ("mp4", "webm"):
        with av.open(BytesIO(content)) as container:
            return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    if name == "png":
        with ZipFile(BytesIO(content)) as archive:
            return [gray for one in archive.namelist() for gray in decoded("", archive.read(one))]
    with Image.open(BytesIO(content)) as image:
        return [np.asarray(one.convert("L")) for one in ImageSequence.Iterator(image)]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A wandering disk, and stripes where a key draws a box."""
    frames = (gray_frames(COUNT, ROWS, COLUMNS).astype(float) * BRIGHTEST / 255).astype(np.uint8)
    frames[:, 44:52, 48:80:2] = UNDER
    return multi_frame(tmp_path / "clip.dcm", frames)


@pytest.mark.parametrize("edition", ["file"], indirect=True)
@pytest.mark.parametrize("name", ["mp4", "webm", "gif", "contact-sheet", "png"])
def test_nothing_under_a_box_leaves(tab: Tab, clip: Path, name: str) -> None:
    tab.evaluate(NO_PICKER)
    tab.choose(clip)
    assert tab.settle(1) == ["ready"]
    tab.show(tab.rows.first)

    def exported() -> list[NDArray[np.uint8]]:
        choose(tab, name, "instance")
        expect(tab.test_id("export-save")).to_be_enabled(timeout=READY_MS)
        with tab.page.expect_download(timeout=READY_MS) as saved:
            tab.test_id("export-save").click()
        expect(tab.test_id("export-outcome")).not_to_be_empty(timeout=READY_MS)
        tab.page.keyboard.press("Escape")
        expect(tab.test_id("export-dialog")).to_be_hidden()
        return decoded(name, Path(saved.value.path()).read_bytes())

    open_ones = exported()
    assert all(picture.max() > LEAKED for picture in open_ones)
    tab.evaluate(WITHOUT_SEARCH)
    expect(tab.test_id("scan-stop")).to_be_hidden(timeout=READY_MS)
    tab.page.keyboard.press("d")
    expect(tab.page.locator(".box")).to_have_count(1)
    assert boxes(tab) == [(48, 44, 80, 52)]
    masked = exported()
    assert len(masked) == len(open_ones) == (1 if name == "contact-sheet" else COUNT)
    for before, after in zip(open_ones, masked, strict=True):
        assert after.shape == before.shape
        assert after.max() < LEAKED
        if name != "contact-sheet":
            assert after[44:52, 48:80].max() <= (BLACK if name in ("mp4", "webm") else 0)
            assert after.max() > BRIGHTEST / 2, "the rest of the picture is there"
