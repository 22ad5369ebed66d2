"""Text that a person keeps: nothing says that it is clean, and they are asked before it leaves."""

import re
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import expect

from tests.page.driver import Download, Tab
from tests.page.reference import opened
from tests.page.test_access import axe, violations  # noqa: F401  # a fixture
from tests.page.test_exports import NO_PICKER, choose
from tests.page.test_pixels import SCAN_MS, check
from tests.page.texts import burned

pytestmark = pytest.mark.parametrize("edition", ["file"], indirect=True)


def header(saved: Download) -> tuple[str, set[str]]:
    """Burned In Annotation, and the codes of what was done."""
    dataset = pydicom.dcmread(BytesIO(saved.content))
    codes = {str(item.CodeValue) for item in dataset.DeidentificationMethodCodeSequence}
    return str(dataset.get("BurnedInAnnotation", "")), codes


def keep(tab: Tab, kind: str) -> None:
    tab.page.locator(f".box[data-kind={kind}]").first.focus()
    tab.page.keyboard.press("k")
    tab.next_frame()


def let_go(tab: Tab) -> Download:
    """De-identifies, and says once more that the text stays."""
    tab.test_id("deidentify").click()
    expect(tab.test_id("staying-title")).to_have_text(
        "In 1 image text that identifies stays, as you chose."
    )
    with tab.page.expect_download() as saved:
        tab.test_id("staying-go").click()
    expect(tab.test_id("deidentify")).to_be_enabled()
    expect(tab.message).to_contain_text(
        "file was saved. In 1 image text that identifies stays, as you chose. Header"
    )
    return Download(saved.value.suggested_filename, Path(saved.value.path()).read_bytes())


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_name_that_is_kept_is_asked_about_once_and_never_called_clean(
    tab: Tab,
    tmp_path: Path,
    axe: str,  # noqa: F811  # the fixture
    scheme: str,
) -> None:
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    check(tab, burned(tmp_path / "name.dcm", "SMITH JOHN", "120 kV"))
    keep(tab, "identifies")
    expect(tab.test_id("pixels-stays")).to_contain_text("Text that identifies stays here")
    tab.page.keyboard.press("a")
    button = tab.test_id("deidentify")
    expect(button).to_have_attribute("aria-haspopup", "dialog")
    tab.downloads.clear()
    button.click()
    expect(tab.test_id("staying-back")).to_be_focused()
    assert violations(tab, axe) == []
    tab.page.keyboard.press("Enter")
    expect(tab.test_id("staying-dialog")).to_be_hidden()
    expect(tab.test_id("pixels-honest")).to_be_visible()
    assert tab.downloads == []
    burned_in, codes = header(let_go(tab))
    assert burned_in == "YES"
    assert "113101" not in codes
    expect(button).not_to_have_attribute("aria-haspopup", "dialog")
    keep(tab, "identifies")  # goes after all
    expect(tab.test_id("pixels-stays")).to_have_count(0)
    burned_in, codes = header(tab.press("deidentify"))
    assert burned_in == "NO"
    assert "113101" in codes
    expect(tab.message).to_contain_text("1 de-identified file was saved. Header")


def test_classes_that_are_unticked_stay_and_are_said(tab: Tab, tmp_path: Path) -> None:
    check(tab, burned(tmp_path / "name.dcm", "SMITH JOHN"))
    tab.test_id("pixel-mode-own").check(force=True)
    tab.test_id("pixel-kind-identifies").uncheck()
    tab.page.keyboard.press("a")
    burned_in, codes = header(let_go(tab))
    tab.test_id("pixel-kind-identifies").check()
    tab.test_id("pixel-mode-default").check(force=True)
    assert burned_in == "YES"
    assert "113101" not in codes


def test_what_is_unclear_and_kept_counts_as_harmless(tab: Tab, tmp_path: Path) -> None:
    check(tab, burned(tmp_path / "word.dcm", "QUIBBLE FROB"))
    keep(tab, "unknown")
    tab.page.keyboard.press("a")
    burned_in, codes = header(tab.press("deidentify"))
    assert burned_in == "NO"
    assert "113101" in codes


def refuse(tab: Tab, how: str) -> None:
    """Goes back, or cancels: nothing leaves."""
    tab.downloads.clear()
    expect(tab.test_id("staying-lead")).to_contain_text("No header goes along")
    tab.test_id(f"staying-{how}").click()
    expect(tab.page.locator("dialog[open]")).to_have_count(0)
    tab.next_frame()
    assert tab.downloads == []
    expect(tab.message).to_have_text("")


def agree(tab: Tab, word: str) -> None:
    expect(tab.test_id("staying-go")).to_have_text(word)
    tab.test_id("staying-go").click()


def test_a_quick_export_of_a_name_that_is_kept_is_asked_about_once(
    tab: Tab, tmp_path: Path
) -> None:
    check(tab, burned(tmp_path / "name.dcm", "SMITH JOHN"))
    export, copy = tab.test_id("export"), tab.test_id("copy")
    expect(export).not_to_have_attribute("aria-haspopup", "dialog")  # the name goes
    keep(tab, "identifies")
    tab.page.keyboard.press("a")
    tab.test_id("pixels-close").click()
    expect(export).to_have_attribute("aria-haspopup", "dialog")
    export.click()
    refuse(tab, "cancel")
    copy.click()
    expect(tab.test_id("staying-go")).to_have_text("Copy so")
    refuse(tab, "back")
    expect(tab.test_id("pixels-honest")).to_be_visible()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.keyboard.press("Control+c")
    agree(tab, "Copy so")
    expect(tab.message).to_contain_text("on the clipboard")
    expect(copy).not_to_have_attribute("aria-haspopup", "dialog")
    picture = opened(tab.export("png").content)
    assert picture.max() > 200, "the name is in it"
    assert "113101" not in header(tab.press("deidentify"))[1]


@pytest.mark.parametrize("name", ["png", "mp4", "contact-sheet"])
def test_a_bulk_export_is_asked_about_what_is_in_it(tab: Tab, tmp_path: Path, name: str) -> None:
    """Two images of one series: in one the name is kept, in the other it goes."""
    tab.evaluate(NO_PICKER)
    one = {"SeriesInstanceUID": "1.2.3.4", "StudyInstanceUID": "1.2.3"}
    paths = [
        burned(tmp_path / f"{number}.dcm", "SMITH JOHN", InstanceNumber=number, **one)
        for number in (1, 2)
    ]
    tab.choose(*paths)
    assert tab.settle(2) == ["ready"] * 2
    tab.show(tab.rows.first)
    choose(tab, name, "series")
    with tab.page.expect_download():  # nobody has searched them: nothing is known, nothing asked
        tab.test_id("export-save").click()
    expect(tab.test_id("export-outcome")).to_contain_text("2 pictures were saved")
    tab.page.keyboard.press("Escape")
    tab.test_id("pixels-open").click()
    expect(tab.page.locator("[data-status=scanned]")).to_have_count(2, timeout=SCAN_MS)
    tab.show(tab.rows.first)
    keep(tab, "identifies")
    tab.page.keyboard.press("a")
    choose(tab, name, "series")
    tab.test_id("export-save").click()
    expect(tab.test_id("staying-list").locator("li")).to_have_count(1)
    expect(tab.test_id("staying-list")).to_contain_text("Identifies")
    refuse(tab, "cancel")
    choose(tab, name, "series")
    with tab.page.expect_download():
        tab.test_id("export-save").click()
        agree(tab, "Export so")
    expect(tab.test_id("export-outcome")).to_contain_text("2 pictures were saved")
    expect(tab.test_id("export-save")).to_be_enabled()
    with tab.page.expect_download():
        tab.test_id("export-save").click()
    expect(tab.test_id("export-outcome")).to_contain_text("2 pictures were saved")
    tab.page.keyboard.press("Escape")


def test_an_export_of_another_image_is_not_asked_about(tab: Tab, tmp_path: Path) -> None:
    one = {"SeriesInstanceUID": "1.2.3.4", "StudyInstanceUID": "1.2.3"}
    check(tab, burned(tmp_path / "name.dcm", "SMITH JOHN", InstanceNumber=1, **one))
    keep(tab, "identifies")
    tab.choose(burned(tmp_path / "other.dcm", "120 kV", InstanceNumber=2, **one))
    tab.settle(2)
    tab.test_id("pixels-close").click()
    tab.show(tab.rows.last)
    tab.export("png")
    expect(tab.message).to_have_text(re.compile("^The picture was saved"))
    tab.show(tab.rows.first)
    tab.test_id("export").click()
    refuse(tab, "cancel")
