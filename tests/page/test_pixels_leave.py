"""What is to go from the pixels is gone on every way out: many workers, a folder, a film."""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.core.studies import write_study
from tests.page.driver import Tab, results
from tests.page.films import AVC, film_instance, gray_frames, stream
from tests.page.reference import opened
from tests.page.studies import CORES, saved, studies_tab, take
from tests.page.test_pixels import Box, boxes, inside, pixels

MANY = 160  # more than a batch for which further workers start
FILM_MARGIN = 3  # whole pixels beside a margin


def box_on_all(tab: Tab, count: int) -> Box:
    """A box by hand on the first picture, then on all of its device and size."""
    tab.settle(count)
    expect(tab.rows.nth(count - 1)).to_be_visible()
    tab.next_frame()
    tab.show(tab.rows.nth(count // 2))
    tab.page.keyboard.press("x")
    stop = tab.test_id("scan-stop")
    if stop.is_visible():
        stop.click()
    tab.page.keyboard.press("d")
    reach = tab.test_id("mark-reach")
    reach.select_option("device")
    expect(reach.locator("option:checked")).to_contain_text(f"all {count} images")
    tab.test_id("mark-apply").click()
    tab.next_frame()
    (box,) = boxes(tab)
    return box


def assert_gone(original: bytes, saved: bytes, box: Box) -> None:
    before, after = pixels(original), pixels(saved)
    mask = inside(before.shape, [box])
    assert len(np.unique(before[mask])) > 1
    assert len(np.unique(after[mask])) == 1
    np.testing.assert_array_equal(after[~mask], before[~mask])


def test_whichever_worker_writes_it(context: BrowserContext, built: Path, tmp_path: Path) -> None:
    """Without models, so that it is the pool alone that is tried."""
    paths = write_study(tmp_path, MANY)
    page = context.new_page()
    page.add_init_script(CORES % 3)
    tab = Tab(page, (built / "veil-lite.html").as_uri()).open().wait_ready()
    tab.choose(*paths)
    tab.settle(MANY)
    box = box_on_all(tab, MANY)
    content = tab.press("deidentify").content
    assert len(tab.wire.workers) > 1
    original = paths[0].read_bytes()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = results(archive)
        assert len(names) == MANY
        for name in names:
            assert_gone(original, archive.read(name), box)
    assert tab.errors == []


def test_results_with_other_boxes_are_not_taken_over(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    """Same files, key and folder: what was made without the box must not stand for what has it."""
    paths = write_study(tmp_path / "in", 3)
    key = tmp_path / "key"
    key.write_bytes(bytes(range(40)))
    found = []
    for boxed, sentence in ((False, "3 de-identified files"), (True, "begun with another")):
        tab = studies_tab(context, addresses["localhost"])
        take(tab, paths, key)
        if boxed:
            box_on_all(tab, 3)
        found.append(saved(tab, sentence))
    assert found[0] == found[1]


def test_a_folder_with_boxes_goes_on_with_the_same(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    """With models: each is read once more before it is written."""
    paths = write_study(tmp_path / "in", 3)
    key = tmp_path / "key"
    key.write_bytes(bytes(range(40)))
    for sentence in ("3 de-identified files were saved", "3 of them before"):
        tab = studies_tab(context, addresses["localhost"])
        take(tab, paths, key)
        box = box_on_all(tab, 3)
        found = saved(tab, sentence)
        written = [content for name, content in found.items() if name.endswith(".dcm")]
        assert len(written) == 3
        for content in written:
            assert_gone(paths[0].read_bytes(), content, box)
            header = pydicom.dcmread(BytesIO(content))
            assert header.PatientIdentityRemoved == "YES"


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_a_box_on_a_film_is_dark_in_what_is_exported(tab: Tab, tmp_path: Path) -> None:
    content = stream(gray_frames(4, 96, 128), "h264")
    tab.choose(film_instance(tmp_path / "film.dcm", content, 4, 96, 128, AVC))
    assert tab.settle(1) == ["ready"]
    tab.show(tab.rows.first)
    tab.page.keyboard.press("x")
    tab.page.keyboard.press("d")
    tab.next_frame()
    (box,) = boxes(tab)
    picture = opened(tab.export("png").content)
    mask = inside(picture.shape, [box])
    assert mask.any()
    assert not picture[mask].any()
    left, top, right, bottom = box
    around = (left - FILM_MARGIN, top - FILM_MARGIN, right + FILM_MARGIN, bottom + FILM_MARGIN)
    assert picture[~inside(picture.shape, [around])].any()
