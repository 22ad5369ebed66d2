"""De-identify pressed while pictures that may carry text were not checked."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pydicom
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.core.files import bundled
from tests.page.driver import Tab
from tests.page.studies import CORES
from tests.page.test_access import axe, violations  # noqa: F401  # a fixture
from tests.page.texts import US, strip_of_us

SCAN_MS = 180_000


@pytest.fixture
def asked(tab: Tab, tmp_path: Path) -> Iterator[Tab]:
    """A small real ultrasound and a CT; De-identify is pressed."""
    tab.choose(strip_of_us(tmp_path / "us.dcm"), bundled("CT_small.dcm"))
    tab.settle(2)
    expect(tab.test_id("deidentify")).to_be_enabled()
    tab.test_id("deidentify").click()
    expect(tab.test_id("unchecked-dialog")).to_be_visible()
    tab.downloads.clear()
    yield tab
    if tab.test_id("unchecked-dialog").is_visible():
        tab.page.keyboard.press("Escape")


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_without_is_asked_once_and_said_in_the_report(asked: Tab) -> None:
    expect(asked.test_id("unchecked-title")).to_have_text(
        "1 picture may carry text, and nobody has checked it"
    )
    row = asked.test_id("unchecked-list").locator("li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("names and dates")
    assert asked.downloads == []
    with asked.page.expect_download() as saved:
        asked.test_id("unchecked-without").click()
    with ZipFile(saved.value.path()) as archive:
        report = json.loads(archive.read("report.json"))
    assert report["limits"][0].endswith("1 that was not searched may show it.")
    told = [one.get("pixels") for one in report["instances"]]
    assert told == [{"searched": False, "regions": 0, "by_source": {}}, None]
    expect(asked.test_id("deidentify")).to_be_enabled()
    expect(asked.test_id("deidentify")).not_to_have_attribute("aria-haspopup", "dialog")
    with asked.page.expect_download():
        asked.test_id("deidentify").click()
    expect(asked.test_id("unchecked-dialog")).to_be_hidden()


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_the_keyboard_checks_by_default_and_escape_does_nothing(asked: Tab) -> None:
    expect(asked.test_id("unchecked-check")).to_be_focused()
    asked.page.keyboard.press("Escape")
    expect(asked.test_id("unchecked-dialog")).to_be_hidden()
    expect(asked.test_id("deidentify")).to_be_focused()
    asked.page.keyboard.press("Enter")
    expect(asked.test_id("unchecked-check")).to_be_focused()
    asked.page.keyboard.press("Enter")
    expect(asked.test_id("pixels-honest")).to_be_visible()
    expect(asked.page.locator("[data-status=scanned]")).to_have_count(1, timeout=SCAN_MS)
    with asked.page.expect_download() as saved:
        asked.test_id("deidentify").click()  # checked: nothing is asked
    with ZipFile(saved.value.path()) as archive:
        (told, _) = json.loads(archive.read("report.json"))["instances"]
    assert told["pixels"]["searched"] is True


@pytest.mark.parametrize("edition", ["file"], indirect=True)
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_grave_in_the_question(
    asked: Tab,
    axe: str,  # noqa: F811  # the fixture
    scheme: str,
) -> None:
    asked.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    assert violations(asked, axe) == []
    asked.test_id("unchecked-list").get_by_role("button").click()
    expect(asked.test_id("unchecked-dialog")).to_be_hidden()
    expect(asked.rows.and_(asked.page.locator("[aria-selected=true]"))).to_have_count(1)
    assert asked.downloads == []


def test_the_lite_edition_asks_for_eyes(context: BrowserContext, built: Path) -> None:
    tab = Tab(context.new_page(), (built / "veil-lite.html").as_uri()).open().wait_ready()
    tab.choose(bundled(US))
    tab.settle(1)
    tab.test_id("deidentify").click()
    tab.test_id("unchecked-check").click()
    expect(tab.test_id("pixels-missing")).to_contain_text("not known to be clean")
    expect(tab.test_id("pixels-left")).to_contain_text("1 left to see of 1")
    tab.test_id("pixels-accept").click()
    expect(tab.test_id("pixels-left")).to_contain_text("has been seen")
    with tab.page.expect_download() as saved:
        tab.test_id("deidentify").click()  # a person has seen it
    header = pydicom.dcmread(BytesIO(Path(saved.value.path()).read_bytes()))
    assert "113101" not in {one.CodeValue for one in header.DeidentificationMethodCodeSequence}
    assert tab.errors == []


def test_boxes_rest_while_a_run_is_on(context: BrowserContext, built: Path, tmp_path: Path) -> None:
    """A run that is paused, by the page's own button."""
    paths = []
    for number in range(40):
        dataset = pydicom.dcmread(bundled("CT_small.dcm"))
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{number}"
        paths.append(tmp_path / f"{number}.dcm")
        dataset.save_as(paths[-1])
    page = context.new_page()
    page.add_init_script(CORES % 2)
    tab = Tab(page, (built / "veil-lite.html").as_uri()).open().wait_ready()
    tab.choose(*paths)
    tab.settle(40)
    tab.show(tab.rows.first)
    tab.page.keyboard.press("x")
    tab.page.keyboard.press("d")
    turn = tab.page.locator("[data-testid$=-turn]")
    expect(turn).to_be_enabled()
    tab.evaluate(
        "document.querySelector('[data-testid=deidentify]').click(),"
        " document.querySelector('[data-testid=pause]').click()"
    )
    controls = (turn, tab.test_id("mark-apply"), tab.test_id("rule-add"), tab.test_id("rules-file"),
                tab.test_id("pixel-mode-strict"))  # fmt: skip
    for one in controls:
        expect(one).to_be_disabled()
    expect(tab.page.locator(".boxes[data-fixed]")).to_have_count(1)
    tab.page.keyboard.press("d")
    tab.page.keyboard.press("Control+z")
    tab.next_frame()
    expect(tab.page.locator(".box")).to_have_count(1)
    with tab.page.expect_download():
        tab.test_id("pause").click()
    for one in controls:
        expect(one).to_be_enabled()
    assert tab.errors == []


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_which_of_several_files_is_broken(tab: Tab, tmp_path: Path) -> None:
    """Told by its place among them, never by its name; its row is a click away."""
    broken = tmp_path / "MUSTERMANN.dcm"
    broken.write_bytes(bundled("CT_small.dcm").read_bytes()[:700])
    tab.choose(bundled("MR_small.dcm"), bundled("CT_small.dcm"), broken)
    states = tab.settle(3)
    assert states.count("quarantined") == 1
    expect(tab.message).to_contain_text("The 3rd file: ")
    assert "MUSTERMANN" not in tab.message.inner_text()
    tab.show(tab.rows.and_(tab.page.locator("[data-state=ready]")).first)
    tab.test_id("message-place").click()
    bad = tab.page.locator("[data-state=quarantined]")
    expect(bad).to_have_attribute("aria-selected", "true")
    expect(bad).to_be_in_viewport()
