"""Pictures beside the results, in a folder and in a ZIP: those of the results, and none besides."""

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from dicom_veil.picture import render
from dicom_veil.read import read
from tests.core.files import bundled
from tests.core.studies import write_study
from tests.page.driver import READY_MS, Tab
from tests.page.films import gray_frames, multi_frame
from tests.page.studies import begin, saved, studies_tab, take, tree, wait_done
from tests.page.test_pixels import inside
from tests.page.test_pixels_leave import box_on_all

FRAMES = 12
CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_bytes(bytes(range(40)))
    return path


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Gray, in colour, a clip, and one that has no pixels."""
    names = ("CT_small.dcm", "SC_rgb_rle_2frame.dcm", "rtplan.dcm")
    clip = multi_frame(tmp_path / "clip.dcm", gray_frames(FRAMES, 64, 96))
    return [*map(bundled, names), clip]


def picture(content: bytes) -> NDArray[np.uint8]:
    with Image.open(BytesIO(content)) as image:
        return np.asarray(image)


def chunks(content: bytes) -> set[bytes]:
    """The kinds of chunks of a PNG."""
    found, at = set(), 8
    while at < len(content):
        found.add(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return found


def beside(name: str, frames: int) -> list[str]:
    base = f"PICTURES/{PurePosixPath(name).with_suffix('')}"
    digits = len(str(frames))
    numbered = [f"{base}-frame-{at + 1:0{digits}}.png" for at in range(frames)]
    return [f"{base}.png"] if frames == 1 else numbered


def assert_whole(found: dict[str, bytes]) -> dict[str, bytes]:
    """Each result with pixels has its pictures, each listed; answers with the pictures."""
    pictures: dict[str, bytes] = {}
    for name, content in found.items():
        if not name.endswith(".dcm"):
            continue
        instance = read(BytesIO(content))
        if instance.pixels is None:
            continue
        count = int(instance.dataset.get("NumberOfFrames", 1) or 1)
        for frame, one in enumerate(beside(name, count)):
            assert chunks(found[one]) <= CHUNKS
            shown = render(instance, frame)
            np.testing.assert_array_equal(picture(found[one]), shown)
            pictures[one] = found[one]
    assert {name for name in found if name.endswith(".png")} == pictures.keys()
    lines = found["SHA256SUMS"].decode().splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert sums == {name: sha256(one).hexdigest() for name, one in found.items()
                    if name != "SHA256SUMS"}  # fmt: skip
    told = json.loads(found["report.json"])["pictures"]
    assert told == {"format": "png", "files": len(pictures), "without": []}
    return pictures


def wish(tab: Tab) -> None:
    tab.test_id("outlet-pictures").check()


def test_in_a_folder(
    context: BrowserContext, addresses: dict[str, str], paths: list[Path], key: Path
) -> None:
    """And again over what is finished: they are made anew, to the same bytes."""
    found = []
    for wished, sentence in (
        (True, "4 de-identified files were saved"), (True, "of them before"),
        (False, "of them before"),
    ):  # fmt: skip
        tab = studies_tab(context, addresses["localhost"])
        take(tab, paths, key)
        if wished:
            wish(tab)
        found.append(saved(tab, sentence))
        assert tab.errors == []
    assert len(assert_whole(found[0])) == 1 + 2 + FRAMES
    assert found[0] == found[1]
    assert not [name for name in found[2] if name.endswith(".png")]


def test_in_a_zip_without_what_goes(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    count = 6
    tab = studies_tab(context, addresses["localhost"])
    tab.choose(*write_study(tmp_path / "in", count))
    box = box_on_all(tab, count)
    wish(tab)
    content = tab.press("deidentify").content
    expect(tab.message).to_contain_text(f"{count} pictures are beside them.")
    with ZipFile(BytesIO(content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    pictures = assert_whole(found)
    assert len(pictures) == count
    for one in pictures.values():
        gray = picture(one)
        assert len(np.unique(gray[inside(gray.shape, [box])])) == 1
    assert tab.errors == []


def test_what_can_not_be_drawn_is_written_and_told(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, key: Path
) -> None:
    """Its pixels end in the middle: the file is as it was, and of it there is no picture."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    dataset.Rows *= 2
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    broken = tmp_path / "broken.dcm"
    dataset.save_as(broken)
    tab = studies_tab(context, addresses["localhost"])
    take(tab, [bundled("CT_small.dcm"), broken], key)
    wish(tab)
    sentence = "1 picture is beside them; 1 file has none that could be drawn."
    found = saved(tab, sentence)
    told = json.loads(found["report.json"])["pictures"]
    assert told == {"format": "png", "files": 1, "without": [2]}
    assert len([name for name in found if name.endswith(".png")]) == 1
    assert len([name for name in found if name.endswith(".dcm")]) == 2


def test_cancelled_among_the_pictures(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, key: Path
) -> None:
    """What is written stays, with the report and the sums of the pictures that there are."""
    clip = multi_frame(tmp_path / "clip.dcm", gray_frames(400, 256, 256))
    tab = studies_tab(context, addresses["localhost"])
    take(tab, [bundled("CT_small.dcm"), clip], key)
    wish(tab)
    tab.test_id("outlet").select_option("folder")
    begin(tab)
    expect(tab.test_id("progress")).to_contain_text("Pictures", timeout=READY_MS)
    tab.test_id("cancel").click()
    wait_done(tab)
    expect(tab.message).to_contain_text("2")
    found = tree(tab)
    pictures = [name for name in found if name.endswith(".png")]
    assert len(pictures) < 401
    assert json.loads(found["report.json"])["pictures"]["files"] == len(pictures)
    assert len(found["SHA256SUMS"].decode().splitlines()) == len(found) - 1
