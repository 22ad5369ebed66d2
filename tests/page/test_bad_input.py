"""Bad input: a clear sentence each, the right state, and the other files unharmed."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from playwright.sync_api import BrowserContext, expect
from pydicom.encaps import encapsulate

from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.reference import core_picture

GOOD = "CT_small.dcm"


def text_file() -> bytes:
    return b"Dear colleague, please find the scan attached.\n" * 20


def truncated() -> bytes:
    return bundled(GOOD).read_bytes()[:-5000]


def cut_in_header() -> bytes:
    return bundled(GOOD).read_bytes()[:700]


def without_pixels() -> bytes:
    dataset = pydicom.dcmread(bundled(GOOD))
    del dataset.PixelData
    return _written(dataset)


def damaged_codestream() -> bytes:
    dataset = pydicom.dcmread(bundled("JPEG2000.dcm"))
    noise = np.random.default_rng(1).integers(0, 256, 5000, np.uint8).tobytes()
    dataset.PixelData = encapsulate([b"\xff\x4f\xff\x51" + noise])
    dataset["PixelData"].is_undefined_length = True
    return _written(dataset)


def zero_length_element() -> bytes:
    """Elements without a value, among them ones that the picture needs."""
    dataset = pydicom.dcmread(bundled(GOOD))
    for keyword in ("WindowCenter", "WindowWidth", "RescaleSlope", "PatientName", "SeriesNumber"):
        setattr(dataset, keyword, None)
    return _written(dataset)


def zero_length_rows() -> bytes:
    dataset = pydicom.dcmread(bundled(GOOD))
    dataset.Rows = None
    return _written(dataset)


def _written(dataset: pydicom.FileDataset) -> bytes:
    buffer = BytesIO()
    dataset.save_as(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (truncated, "ends too early"),
        (cut_in_header, "ends too early"),
    ],
    ids=["truncated", "cut in the header"],
)
def test_what_is_no_whole_file_is_set_aside_with_its_reason(
    tab: Tab, tmp_path: Path, make: Callable[[], bytes], sentence: str
) -> None:
    path = tmp_path / "MUSTERMANN^ERIKA.dcm"
    path.write_bytes(make())
    tab.choose(path, bundled(GOOD))
    assert sorted(tab.settle(2)) == ["quarantined", "ready"]
    expect(tab.message).to_contain_text(sentence)
    expect(tab.message).not_to_contain_text("MUSTERMANN")
    expect(tab.page.locator("[data-state=quarantined]")).to_contain_text(sentence)
    tab.show(tab.page.locator("[data-state=ready]"))
    tab.assert_canvas(core_picture(bundled(GOOD)))
    assert tab.press("deidentify").name.endswith(".dcm")
    assert sorted(tab.settle(2)) == ["done", "quarantined"]


def test_without_pixels_the_header_is_still_deidentified(tab: Tab, tmp_path: Path) -> None:
    path = tmp_path / "header.dcm"
    path.write_bytes(without_pixels())
    tab.choose(path)
    assert tab.settle(1) == ["ready"]
    expect(tab.test_id("viewer").locator(".notice")).to_contain_text("no picture")
    saved = pydicom.dcmread(BytesIO(tab.press("deidentify").content))
    assert saved.PatientIdentityRemoved == "YES"
    assert tab.settle(1) == ["done"]


@pytest.mark.parametrize(
    "make", [damaged_codestream, zero_length_rows], ids=["codestream", "no rows"]
)
def test_a_picture_that_cannot_be_decoded_is_said(
    tab: Tab, tmp_path: Path, make: Callable[[], bytes]
) -> None:
    path = tmp_path / "damaged.dcm"
    path.write_bytes(make())
    tab.choose(path)
    tab.settle(1)
    expect(tab.message).to_contain_text("picture")
    expect(tab.page.locator(".notice[data-kind=trouble]")).to_be_visible()
    expect(tab.test_id("export")).to_be_disabled()
    tab.choose(bundled(GOOD))
    tab.settle(2)
    tab.show(tab.rows.filter(has_not_text="picture unreadable").first)
    tab.assert_canvas(core_picture(bundled(GOOD)))


def test_elements_without_a_value_are_no_obstacle(tab: Tab, tmp_path: Path) -> None:
    path = tmp_path / "empty-elements.dcm"
    path.write_bytes(zero_length_element())
    tab.choose(path)
    assert tab.settle(1) == ["ready"]
    tab.show(tab.rows.first)
    tab.assert_canvas(core_picture(path))
    saved = pydicom.dcmread(BytesIO(tab.press("deidentify").content))
    assert saved.PixelData == pydicom.dcmread(path).PixelData


def test_a_file_that_vanishes_before_it_is_read(
    context: BrowserContext, addresses: dict[str, str], edition: str, tmp_path: Path
) -> None:
    gone, stays = tmp_path / "gone.dcm", tmp_path / "stays.dcm"
    for path in (gone, stays):
        path.write_bytes(bundled(GOOD).read_bytes())
    tab = Tab(context.new_page(), addresses[edition]).open()
    tab.choose(gone, stays)
    expect(tab.rows).to_have_count(2)
    gone.unlink()
    tab.wait_ready()
    assert sorted(tab.settle(2)) == ["quarantined", "ready"]
    expect(tab.message).to_contain_text("moved or changed")


@pytest.mark.parametrize("others", [0, 2], ids=["alone", "among others"])
@pytest.mark.parametrize("what", ["deleted", "changed"])
def test_a_file_that_vanishes_after_it_was_read(
    tab: Tab, tmp_path: Path, others: int, what: str
) -> None:
    paths = [tmp_path / f"{number}.dcm" for number in range(others + 1)]
    for number, path in enumerate(paths):
        dataset = pydicom.dcmread(bundled(GOOD))
        dataset.SOPInstanceUID = f"1.2.{number + 1}"
        dataset.save_as(path)
    tab.choose(*paths)
    tab.settle(len(paths))
    tab.show(tab.rows.first)
    if what == "deleted":
        paths[-1].unlink()
    else:
        paths[-1].write_bytes(paths[-1].read_bytes()[:3000])
    if others:
        tab.press("deidentify")
    else:
        tab.begin()
    expect(tab.page.locator("[data-state=quarantined]")).to_contain_text("moved or changed")
    assert sorted(tab.settle(len(paths))) == ["done"] * others + ["quarantined"]


def test_ten_files_of_which_three_are_broken(tab: Tab, tmp_path: Path) -> None:
    paths = []
    for number in range(7):
        dataset = pydicom.dcmread(bundled(GOOD))
        dataset.SOPInstanceUID = f"1.2.3.{number + 1}"
        paths.append(tmp_path / f"good-{number}.dcm")
        dataset.save_as(paths[-1])
    for number, make in enumerate((text_file, truncated, bytes)):
        paths.insert(2 * number + 1, tmp_path / f"bad-{number}.dcm")
        paths[2 * number + 1].write_bytes(make())
    tab.drop(*paths)
    assert sorted(tab.settle(8)) == ["quarantined"] + ["ready"] * 7
    expect(tab.message).to_contain_text("ends too early")
    expect(tab.test_id("left-out")).to_have_text("2 left out")
    tab.press("deidentify")
    assert sorted(tab.settle(8)) == ["done"] * 7 + ["quarantined"]
    expect(tab.message).to_contain_text("7 de-identified files were saved")
