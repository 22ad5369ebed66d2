"""What verification sets aside: said with its places, and the way on; the report in three forms."""

import csv
import json
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import expect

from tests.core.canary import canary
from tests.core.files import bundled
from tests.page.driver import Tab, results

GOOD = "CT_small.dcm"
NAME = "Zweigelt"


@pytest.fixture
def leaking(tmp_path: Path) -> list[Path]:
    """One clean instance, and one whose name of a pulse sequence holds the patient's name."""
    paths = []
    for number in (1, 2):
        dataset = pydicom.dcmread(bundled(GOOD))
        dataset.SOPInstanceUID = f"1.2.3.{number}"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.InstanceNumber = number
        dataset.PatientName = f"{NAME}^Rosa"
        if number == 2:
            dataset.SequenceName = f"*tfl {NAME.lower()}"
        paths.append(tmp_path / f"{number}.dcm")
        dataset.save_as(paths[-1])
    return paths


def test_where_it_was_found_is_said_and_the_offered_rule_recovers_it(
    tab: Tab, leaking: list[Path]
) -> None:
    tab.choose(*leaking)
    tab.settle(2)
    tab.press("deidentify")
    assert tab.settle(2) == ["done", "quarantined"]
    aside = tab.page.locator("[data-state=quarantined]")
    expect(aside).to_contain_text("at SequenceName")
    assert NAME.lower() not in aside.inner_text().lower()
    aside.click()
    found = tab.test_id("found-again")
    expect(found.locator("li")).to_have_text(["SequenceNamea word of a name"])
    report = json.loads(tab.press("download-report").content)
    assert report["counts"]["quarantined"] == 1
    assert [hit["where"] for hit in report["refused"][0]["hits"]] == ["SequenceName"]
    saved = tab.press("remove-and-retry")
    assert tab.settle(2) == ["done", "done"]
    expect(tab.page.locator(".profile[data-chosen]")).to_contain_text("1 rule of your own")
    with zipfile.ZipFile(BytesIO(saved.content)) as archive:
        for name in results(archive):
            content = archive.read(name)
            assert NAME.lower().encode() not in content.lower()
            assert "SequenceName" not in pydicom.dcmread(BytesIO(content))
    report = json.loads(tab.press("download-report").content)
    assert report["refused"] == []
    assert {"attribute": "SequenceName", "action": "X"} in report["profile"]["own"]


def test_one_alone_is_recovered_too(tab: Tab, leaking: list[Path]) -> None:
    tab.choose(leaking[1])
    tab.settle(1)
    tab.begin()
    expect(tab.page.locator("[data-state=quarantined]")).to_be_visible()
    expect(tab.message).to_contain_text("Nothing was saved")
    expect(tab.test_id("viewer").locator(".notice")).to_contain_text("SequenceName")
    saved = pydicom.dcmread(BytesIO(tab.press("remove-and-retry").content))
    assert "SequenceName" not in saved
    assert tab.settle(1) == ["done"]


@pytest.mark.parametrize("form", ["json", "csv", "html"])
def test_no_form_of_the_report_holds_a_value(tab: Tab, tmp_path: Path, form: str) -> None:
    marked = canary()
    path = tmp_path / "marked.dcm"
    path.write_bytes(marked.content)
    tab.choose(path)
    tab.settle(1)
    tab.press("deidentify")
    tab.test_id("report-format").select_option(form)
    saved = tab.press("download-report")
    tab.test_id("report-format").select_option("json")
    assert saved.name == f"veil-report.{form}"
    assert marked.survivors(saved.content) == []
    text = saved.content.decode()
    assert "PatientName" in text
    if form == "json":
        assert json.loads(text)["tool"]["build"] == tab.evaluate(
            "document.querySelector('meta[name=veil-build]').content"
        )
    elif form == "csv":
        assert len(list(csv.DictReader(StringIO(text)))) > 20
    else:
        assert text.startswith("<!DOCTYPE html>")
        assert "<script" not in text
        assert "Reviewed by" in text


def test_what_is_and_is_not_verified_is_said(tab: Tab) -> None:
    tab.choose(bundled(GOOD))
    tab.settle(1)
    warning = tab.test_id("pixel-risk")
    expect(warning).to_contain_text("searched again before anything is saved")
    expect(warning).to_contain_text("goes when you check the pixels; faces stay")
    tab.press("deidentify")
    expect(tab.message).to_contain_text(
        "burned-in text only where you checked the pixels, faces nowhere"
    )
