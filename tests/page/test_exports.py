"""The export dialog: what is saved is what the core makes natively; cancel; failures; clipboard."""

import base64
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from playwright.sync_api import Browser, expect

from dicom_veil.export import jobs
from dicom_veil.export.shot import Shot
from dicom_veil.presets import PRESETS
from dicom_veil.read import read
from dicom_veil.window import Window
from tests.core.files import bundled
from tests.page.driver import Download, Tab
from tests.page.films import gray_frames, multi_frame
from tests.page.reference import opened

# The dialog in which one chooses a file can't be driven; without it a ZIP goes to the downloads.
NO_PICKER = "delete window.showSaveFilePicker, delete Window.prototype.showSaveFilePicker"
# A real file, of the browser's own file system, stands for the one that a person would choose.
OWN_FILE = """
window.showSaveFilePicker = async ({ suggestedName }) =>
  (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
"""
SAVED_FILE = """
(async () => {
  const folder = await navigator.storage.getDirectory();
  const names = [];
  for await (const name of folder.keys()) names.push(name);
  if (names.length !== 1) return names.join();
  const file = await (await folder.getFileHandle(names[0])).getFile();
  return new Uint8Array(await file.arrayBuffer()).toBase64();
})()
"""
CLIPBOARD = """
(async () => {
  const [item] = await navigator.clipboard.read();
  if (item.types.join() !== "image/png") return item.types.join();
  return new Uint8Array(await (await item.getType("image/png")).arrayBuffer()).toBase64();
})()
"""


@pytest.fixture
def series(tmp_path: Path) -> list[Path]:
    """Three slices of one CT series, named by the patient."""
    paths = []
    for number in (1, 2, 3):
        dataset = pydicom.dcmread(bundled("CT_small.dcm"))
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{number}"
        dataset.InstanceNumber = number
        dataset.ImagePositionPatient = [0, 0, 5 * number]
        dataset.PixelData = np.roll(dataset.pixel_array, 9 * number).tobytes()
        paths.append(tmp_path / f"CITIZEN^JAN-{number}.dcm")
        dataset.save_as(paths[-1])
    return paths


def load(tab: Tab, *paths: Path) -> None:
    tab.evaluate(NO_PICKER)
    tab.choose(*paths)
    assert tab.settle(len(paths)) == ["ready"] * len(paths)
    tab.show(tab.rows.first)


def choose(tab: Tab, name: str, what: str) -> None:
    tab.test_id("export-more").click()
    expect(tab.test_id("export-dialog")).to_be_visible()
    tab.test_id(f"export-what-{what}").check()
    tab.page.locator(f".chip:has([data-testid=export-as-{name}])").click()


def save(tab: Tab) -> Download:
    with tab.page.expect_download() as saved:
        tab.test_id("export-save").click()
    expect(tab.test_id("export-outcome")).to_contain_text("saved")
    return Download(saved.value.suggested_filename, Path(saved.value.path()).read_bytes())


def close(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    expect(tab.test_id("export-dialog")).to_be_hidden()


def native(path: Path, name: str, window: Window | None = None, **options: object) -> bytes:
    """The file that the core makes of the first frame."""
    with path.open("rb") as source:
        return bytes(jobs.one(Shot(read(source), 0, window), name, options)[1][0])


@pytest.mark.parametrize(("name", "extension"), [("png", "png"), ("tiff", "tif"), ("npy", "npy")])
def test_a_series_is_saved_as_the_core_makes_it(
    tab: Tab, series: list[Path], name: str, extension: str
) -> None:
    load(tab, *series)
    choose(tab, name, "series")
    if name != "png":
        tab.test_id("option-together").uncheck()
    if name == "npy":  # values, which have no window
        expect(tab.test_id("export-window")).to_be_disabled()
    else:
        tab.test_id("export-window").select_option("own")
    expect(tab.test_id("export-will")).to_contain_text("3 ")
    expect(tab.test_id("export-will")).to_contain_text("in one ZIP")
    saved = save(tab)
    close(tab)
    assert saved.name == "veil-export.zip"
    with zipfile.ZipFile(BytesIO(saved.content)) as archive:
        assert archive.namelist() == [f"IMG-0000{number}.{extension}" for number in (1, 2, 3)]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for member, path in zip(archive.namelist(), series, strict=True):
            assert archive.read(member) == native(path, name)
    assert b"CITIZEN" not in saved.content


def test_preset_and_options_are_those_chosen(tab: Tab, series: list[Path]) -> None:
    load(tab, *series)
    choose(tab, "jpeg", "frame")
    tab.test_id("export-window").select_option("lung")
    tab.test_id("option-quality").fill("60")
    tab.test_id("option-quality").press("Tab")
    lung = next(one for one in PRESETS if one.name == "lung")
    saved = save(tab)
    close(tab)
    assert saved.name == "veil-IMG-00001.jpg"
    expected = native(series[0], "jpeg", Window(lung.center, lung.width), quality=60)
    assert saved.content == expected


def test_a_damaged_picture_in_the_middle_stops_nothing(tab: Tab, series: list[Path]) -> None:
    dataset = pydicom.dcmread(series[1])
    dataset.PixelData = dataset.PixelData[:1000]
    dataset.save_as(series[1])
    load(tab, *series)
    choose(tab, "png", "series")
    saved = save(tab)
    expect(tab.test_id("export-outcome")).to_contain_text("2 pictures were saved")
    expect(tab.test_id("export-outcome").locator("li")).to_have_count(1)
    expect(tab.test_id("export-outcome").locator("li")).to_contain_text("Image 00002")
    close(tab)
    with zipfile.ZipFile(BytesIO(saved.content)) as archive:
        assert archive.namelist() == ["IMG-00001.png", "IMG-00003.png"]


def test_cancel_keeps_nothing_and_the_next_export_works(tab: Tab, tmp_path: Path) -> None:
    load(tab, multi_frame(tmp_path / "a.dcm", gray_frames(120, 256, 256)))
    choose(tab, "png", "instance")
    before = len(tab.downloads)
    tab.test_id("export-save").click()
    expect(tab.test_id("export-will")).to_contain_text("Exporting")
    tab.test_id("export-cancel").click()
    expect(tab.test_id("export-save")).to_be_enabled()
    expect(tab.message).to_contain_text("Cancelled")
    assert len(tab.downloads) == before
    tab.test_id("export-what-frame").check()
    assert save(tab).name == "veil-IMG-00001-frame-001.png"
    close(tab)


def test_copy_puts_the_picture_on_the_clipboard_or_offers_it(tab: Tab) -> None:
    path = bundled("CT_small.dcm")
    load(tab, path)
    if "hospital" in tab.address:
        tab.test_id("copy").click()
        expect(tab.message).to_contain_text("clipboard")
        saved = tab.press("message-offer")
        assert saved.name == "veil-IMG-00001-frame-1.png"
        return
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.keyboard.press("Control+c")
    expect(tab.message).to_contain_text("on the clipboard")
    content = base64.b64decode(tab.evaluate(CLIPBOARD))
    picture = opened(content) if content[:4] == b"\x89PNG" else None
    assert picture is not None
    gray = picture if picture.ndim == 2 else picture[..., 0]
    np.testing.assert_array_equal(gray, opened(native(path, "png")))


@pytest.mark.parametrize("cancelled", [False, True])
def test_zip_goes_to_the_chosen_file_piece_by_piece(
    browser: Browser, addresses: dict[str, str], tmp_path: Path, *, cancelled: bool
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    try:
        context.add_init_script(OWN_FILE)
        tab = Tab(context.new_page(), addresses["localhost"]).open().wait_ready()
        frames = 900 if cancelled else 90  # so many that it can't end before
        path = multi_frame(tmp_path / "a.dcm", gray_frames(frames, 256, 256))
        tab.choose(path)
        tab.settle(1)
        tab.show(tab.rows.first)
        choose(tab, "png", "instance")
        tab.test_id("export-save").click()
        if cancelled:
            expect(tab.test_id("export-will")).to_contain_text("Exporting")
            tab.test_id("export-cancel").click()
            expect(tab.message).to_contain_text("Cancelled")
            expect(tab.test_id("export-save")).to_be_enabled()
            tab.page.wait_for_timeout(300)
            assert tab.evaluate(SAVED_FILE) == ""
            return
        expect(tab.test_id("export-outcome")).to_contain_text("90 pictures")
        with zipfile.ZipFile(BytesIO(base64.b64decode(tab.evaluate(SAVED_FILE)))) as archive:
            assert archive.testzip() is None
            assert archive.namelist()[0] == "IMG-00001-frame-01.png"
            assert len(archive.namelist()) == 90
            assert archive.read("IMG-00001-frame-01.png") == native(path, "png")
    finally:
        context.close()
