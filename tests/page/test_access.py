"""For everyone: no serious violation that axe finds, and the whole job without a mouse."""

import json
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.core.files import bundled
from tests.core.studies import instance
from tests.page.driver import Download, Tab
from tests.page.places import node_module
from tests.page.reference import core_picture

GRAVE = ("serious", "critical")


@pytest.fixture(scope="session")
def axe() -> str:
    return (node_module("axe-core") / "axe.min.js").read_text("utf-8")


def violations(tab: Tab, axe: str) -> list[str]:
    """What axe finds that is grave, each with the first element concerned."""
    if tab.evaluate("typeof axe") == "undefined":
        tab.evaluate(f"{axe}; 1")
    found = json.loads(tab.evaluate("axe.run().then((all) => JSON.stringify(all.violations))"))
    grave = [one for one in found if one["impact"] in GRAVE]
    return [f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:200]})" for one in grave]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_grave(tab: Tab, axe: str, scheme: Literal["dark", "light"]) -> None:
    # Without motion: the colours in the middle of a transition are nobody's choice.
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert violations(tab, axe) == []
    tab.choose(bundled("CT_small.dcm"), bundled("MR_small.dcm"), Path(__file__))
    tab.settle(2)
    tab.show(tab.page.locator("[data-state=ready]").first)
    assert violations(tab, axe) == []
    tab.press("deidentify")
    assert violations(tab, axe) == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_grave_in_what_opens(
    tab: Tab, axe: str, scheme: Literal["dark", "light"]
) -> None:
    """The tag viewer, Adjust, and every dialog, in each of their states."""
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.choose(bundled("CT_small.dcm"))
    tab.settle(1)
    tab.show(tab.rows.first)
    if tab.test_id("adjust").get_attribute("open") is None:
        tab.test_id("adjust").locator("summary").click()
    tab.test_id("unlisted-remove").check()
    tab.planned()
    assert violations(tab, axe) == []
    tab.page.keyboard.press("t")
    age = tab.page.locator("[data-path='PatientAge']")
    tab.test_id("tag-search").fill("patient's age")
    age.click()
    tab.test_id("tag-action").select_option("C")
    tab.test_id("tag-method").select_option("age-bracket")
    assert violations(tab, axe) == []
    tab.test_id("tag-argument").fill("x")
    tab.test_id("tag-argument").press("Enter")
    expect(tab.test_id("tag-method-error")).to_be_visible()
    assert violations(tab, axe) == []
    tab.test_id("tags-close").click()
    tab.test_id("identity-change").click()
    for kind in ("passphrase", "file"):
        tab.test_id(f"identity-{kind}").check()
        assert violations(tab, axe) == [], kind
    tab.test_id("identity-apply").click()
    expect(tab.test_id("identity-error")).to_be_visible()
    assert violations(tab, axe) == []
    tab.page.keyboard.press("Escape")
    tab.page.get_by_role("button", name="Keys and mouse").click()
    expect(tab.test_id("keys-dialog")).to_be_visible()
    assert violations(tab, axe) == []
    tab.page.keyboard.press("Escape")
    tab.test_id("export-more").click()
    expect(tab.test_id("export-dialog")).to_be_visible()
    assert violations(tab, axe) == []
    tab.page.keyboard.press("Escape")
    tab.press("deidentify")
    tab.test_id("links-open").click()
    expect(tab.test_id("links-dialog")).to_be_visible()
    assert violations(tab, axe) == []
    tab.page.keyboard.press("Escape")
    # Looked at below, where something was left out, in test_unchecked and in test_pixels_stay.
    elsewhere = {"left-out-dialog", "unchecked-dialog", "staying-dialog"}
    opened = {"identity-dialog", "keys-dialog", "links-dialog", "export-dialog"} | elsewhere
    every = tab.page.locator("dialog").evaluate_all("all => all.map((one) => one.dataset.testid)")
    assert set(every) == opened, "a dialog that nobody looks at"


def focus_on(tab: Tab, name: str, most: int = 60) -> None:
    """Presses Tab until the focus is there."""
    wanted = f"document.activeElement?.dataset.testid === '{name}'"
    for _ in range(most):
        if tab.evaluate(wanted):
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


def press_enter(tab: Tab) -> Download:
    with tab.page.expect_download() as saved:
        tab.page.keyboard.press("Enter")
    return Download(saved.value.suggested_filename, Path(saved.value.path()).read_bytes())


def test_the_whole_job_by_keyboard(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    with tab.page.expect_file_chooser() as chooser:
        focus_on(tab, "file-input")
        keyboard.press("Enter")
    chooser.value.set_files([bundled("CT_small.dcm"), bundled("MR_small.dcm")])
    assert tab.settle(2) == ["ready", "ready"]
    tab.page.locator("[role=treeitem][tabindex='0']").focus()
    keyboard.press("End")
    selected = tab.page.locator("[role=treeitem][aria-selected=true]")
    expect(selected).to_have_count(1)
    last = selected.get_attribute("data-key")
    keyboard.press("Home")
    for _ in range(3):  # patient, study, series: then the first instance
        keyboard.press("ArrowDown")
    expect(selected).not_to_have_attribute("data-key", last or "")
    keyboard.press("End")
    expect(selected).to_have_attribute("data-key", last or "")
    focus_on(tab, "invert")
    keyboard.press("Enter")
    expect(tab.test_id("invert")).to_have_attribute("aria-pressed", "true")
    path = bundled("CT_small.dcm" if last == "i1" else "MR_small.dcm")
    tab.assert_canvas(core_picture(path, invert=True))
    keyboard.press("Enter")
    focus_on(tab, "deidentify")
    keyboard.press("Enter")
    expect(tab.test_id("unchecked-dialog")).to_be_visible()  # one of them may carry text
    focus_on(tab, "unchecked-without")
    assert press_enter(tab).name == "veil.zip"
    expect(tab.page.locator("[data-state=done]")).to_have_count(2)
    focus_on(tab, "export")
    saved = press_enter(tab)
    assert saved.name.endswith(".png")
    expect(tab.message).to_contain_text("saved as PNG")
    keyboard.press("Escape")
    expect(tab.message).to_be_empty()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_grave_in_questions_and_what_was_left_out(
    tab: Tab, axe: str, scheme: Literal["dark", "light"], tmp_path: Path
) -> None:
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for number, name in enumerate(("Doe^Jane", "Roe^Jane"), 1):
        (tmp_path / str(number)).write_bytes(instance(number, PatientID="A1", PatientName=name))
    tab.choose(tmp_path / "1", tmp_path / "2", Path(__file__))
    tab.settle(2)
    expect(tab.test_id("question")).to_be_visible()
    assert violations(tab, axe) == []
    tab.test_id("left-out").click()
    expect(tab.test_id("left-out-dialog").locator("tbody tr")).to_have_count(1)
    assert violations(tab, axe) == []
    tab.page.keyboard.press("Escape")
