"""What is downloaded: clean DICOM, pictures that are the screen's, a report without values."""

import json
import re
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from playwright.sync_api import expect
from pydicom.dataset import FileDataset

from tests.core.files import bundled
from tests.page.driver import Tab, results
from tests.page.reference import core_picture, jpeg_markers, opened, png_chunks

ALLOWED_CHUNKS = {"IHDR", "PLTE", "IDAT", "IEND"}
# SOI, APP0 (JFIF), DQT, SOF0, SOF2, DHT, DRI, SOS: all that a picture needs (ITU-T T.81 B.1.1.3).
ALLOWED_MARKERS = {0xD8, 0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD, 0xDA}


def ready(tab: Tab, *paths: Path) -> None:
    tab.choose(*paths)
    assert tab.settle(len(paths)) == ["ready"] * len(paths)


def parsed(content: bytes) -> FileDataset:
    return pydicom.dcmread(BytesIO(content))


@pytest.fixture
def study(tmp_path: Path) -> list[Path]:
    """Three slices of one patient's series; the second refers to the first."""
    paths = []
    for number in (1, 2, 3):
        dataset = pydicom.dcmread(bundled("CT_small.dcm"))
        dataset.SOPInstanceUID = f"1.2.3.{number}"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.InstanceNumber = number
        reference = pydicom.Dataset()
        reference.ReferencedSOPClassUID = dataset.SOPClassUID
        reference.ReferencedSOPInstanceUID = "1.2.3.1"
        dataset.ReferencedImageSequence = pydicom.Sequence([reference])
        listed = pydicom.Dataset()  # so that references are structural, and stay (PS3.3 C.12.2)
        listed.SeriesInstanceUID = dataset.SeriesInstanceUID
        listed.ReferencedInstanceSequence = pydicom.Sequence([reference])
        dataset.ReferencedSeriesSequence = pydicom.Sequence([listed])
        paths.append(tmp_path / f"CITIZEN^JAN-{number}.dcm")
        dataset.save_as(paths[-1])
    return paths


def test_one_instance_is_saved_as_one_file(tab: Tab) -> None:
    path = bundled("CT_small.dcm")
    ready(tab, path)
    pseudonym = tab.page.locator(".becomes").inner_text().split()[-1]
    saved = tab.press("deidentify")
    assert tab.settle(1) == ["done"]
    assert re.fullmatch(r"veil-IMG-\d{5}\.dcm", saved.name)
    before, after = pydicom.dcmread(path), parsed(saved.content)
    assert str(after.PatientName) == pseudonym
    assert pseudonym
    assert after.PatientIdentityRemoved == "YES"
    assert after.SOPInstanceUID != before.SOPInstanceUID
    assert after.file_meta.MediaStorageSOPInstanceUID == after.SOPInstanceUID
    assert not [element for element in after.iterall() if element.tag.is_private]
    assert after.PixelData == before.PixelData
    expect(tab.message).to_contain_text("1 de-identified file was saved")


def test_several_instances_are_saved_as_one_zip(tab: Tab, study: list[Path]) -> None:
    ready(tab, *study)
    saved = tab.press("deidentify")
    assert tab.settle(3) == ["done"] * 3
    assert saved.name == "veil.zip"
    with zipfile.ZipFile(BytesIO(saved.content)) as archive:
        assert archive.testzip() is None
        folders = {name.rpartition("/")[0] for name in results(archive)}
        assert len(folders) == 1
        assert re.fullmatch(r"SUBJ-\w+/STUDY-1/SERIES-1", folders.pop())
        names = [name.rpartition("/")[2] for name in results(archive)]
        assert names == ["IMG-00001.dcm", "IMG-00002.dcm", "IMG-00003.dcm"]
        assert archive.namelist() == [*results(archive), "report.json", "SHA256SUMS"]
        sums = dict(
            line.split("  ")[::-1]
            for line in archive.read("SHA256SUMS").decode().split("\n")
            if line
        )
        assert sums == {
            name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()[:-1]
        }
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        outputs = [parsed(archive.read(name)) for name in results(archive)]
    assert [output.InstanceNumber for output in outputs] == [1, 2, 3]
    for shared in ("PatientName", "PatientID", "StudyInstanceUID", "SeriesInstanceUID"):
        assert len({str(output[shared].value) for output in outputs}) == 1
    assert len({output.SOPInstanceUID for output in outputs}) == 3
    for output in outputs:  # a reference still leads to the instance that it meant
        referred = output.ReferencedImageSequence[0].ReferencedSOPInstanceUID
        assert referred == outputs[0].SOPInstanceUID
        assert output.PixelData == pydicom.dcmread(study[0]).PixelData


def test_compressed_pixels_are_saved_as_they_were(tab: Tab) -> None:
    path = bundled("JPEG2000.dcm")
    ready(tab, path)
    before, after = pydicom.dcmread(path), parsed(tab.press("deidentify").content)
    assert after.file_meta.TransferSyntaxUID == before.file_meta.TransferSyntaxUID
    np.testing.assert_array_equal(after.pixel_array, before.pixel_array)


@pytest.mark.parametrize("name", ["CT_small.dcm", "examples_rgb_color.dcm"])
def test_png_is_the_canvas(tab: Tab, name: str) -> None:
    ready(tab, bundled(name))
    tab.show(tab.rows.first)
    saved = tab.export("png")
    picture = opened(saved.content)
    canvas = tab.canvas()
    np.testing.assert_array_equal(
        canvas, picture if picture.ndim == 3 else picture[..., None].repeat(3, 2)
    )
    np.testing.assert_array_equal(picture, core_picture(bundled(name)))
    assert set(png_chunks(saved.content)) <= ALLOWED_CHUNKS
    assert re.fullmatch(r"veil-IMG-\d{5}-frame-1\.png", saved.name)


def test_png_is_the_canvas_at_another_window(tab: Tab) -> None:
    ready(tab, bundled("CT_small.dcm"))
    tab.show(tab.rows.first)
    before = tab.canvas()
    tab.test_id("window-preset").select_option("lung")
    tab.test_id("invert").click()
    picture = opened(tab.export("png").content)
    tab.assert_canvas(picture)
    assert not np.array_equal(picture, before[..., 0])


@pytest.mark.parametrize("name", ["CT_small.dcm", "examples_rgb_color.dcm"])
def test_jpeg_is_close_to_the_canvas_and_carries_nothing_else(tab: Tab, name: str) -> None:
    ready(tab, bundled(name))
    tab.show(tab.rows.first)
    saved = tab.export("jpeg")
    picture = opened(saved.content).astype(int)
    canvas = tab.canvas()
    difference = np.abs(canvas - (picture if picture.ndim == 3 else picture[..., None]))
    assert difference.mean() < 3
    assert set(jpeg_markers(saved.content)) <= ALLOWED_MARKERS
    assert re.fullmatch(r"veil-IMG-\d{5}-frame-1\.jpe?g", saved.name)


def test_report_tells_rules_and_no_values(tab: Tab, study: list[Path]) -> None:
    ready(tab, *study)
    tab.press("deidentify")
    saved = tab.press("download-report")
    report = json.loads(saved.content)
    assert saved.name == "veil-report.json"
    assert "PatientName" in saved.content.decode() or "0010,0010" in saved.content.decode()
    before = pydicom.dcmread(study[0])
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "InstitutionName", "StudyDate"):
        value = str(before.get(keyword, ""))
        assert not value or value not in saved.content.decode(), keyword
    assert "CITIZEN" not in json.dumps(report)


def test_sample_goes_the_whole_way(tab: Tab) -> None:
    tab.test_id("sample").click()
    expect(tab.rows.first).to_be_visible()
    count = tab.rows.count()
    assert tab.settle(count) == ["ready"] * count
    tab.show(tab.rows.first)
    assert opened(tab.export("png").content).ndim == 2
    saved = tab.press("deidentify")
    assert tab.settle(count) == ["done"] * count
    with zipfile.ZipFile(BytesIO(saved.content)) as archive:
        outputs = [parsed(archive.read(name)) for name in results(archive)]
    assert len(outputs) == count
    assert all(output.PatientIdentityRemoved == "YES" for output in outputs)
    assert all(output.pixel_array.max() > output.pixel_array.min() for output in outputs)
