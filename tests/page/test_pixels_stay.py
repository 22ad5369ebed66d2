"""Text that a person keeps: nothing says that it is clean, and they are asked before it leaves."""

from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import expect

from tests.page.driver import Download, Tab
from tests.page.test_access import axe, violations  # noqa: F401  # a fixture
from tests.page.test_pixels import check
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
