"""The audit on the page: seven steps, a spot check with its consequences, a log that holds."""

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zipfile import ZipFile

import numpy as np
import pydicom
import pytest
from playwright.sync_api import BrowserContext, expect

from dicom_veil.audit.spot import sample
from dicom_veil.report_forms import as_csv, as_html
from tests.core.schemas import mistakes
from tests.core.studies import instance
from tests.page.driver import Tab, results
from tests.page.studies import into_folder, studies_tab, tree, wait_done, with_key
from tests.page.test_access import axe, violations  # noqa: F401  # a fixture

NAME, IDENTIFIER = "Kaufmann^Leopoldine", "ID4711-0815"
STEPS = ("baseline", "run", "tags", "private", "pixels", "spot", "log")


def study(folder: Path, count: int) -> list[Path]:
    """CT instances of one person."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"file {number}" for number in range(1, count + 1)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(instance(number, PatientName=NAME, PatientID=IDENTIFIER))
    return paths


def audited(tab: Tab, paths: list[Path]) -> ZipFile:
    """The view after a run; what the run gave."""
    tab.choose(*paths)
    tab.settle(len(paths))
    saved = tab.press("deidentify")
    tab.test_id("audit-open").click()
    expect(tab.test_id("audit-counts")).to_be_visible()
    return ZipFile(BytesIO(saved.content))


def at(tab: Tab, number: int) -> None:
    """Waits until a result of the sample is there, beside its original."""
    for side in ("original", "result"):
        expect(tab.test_id(f"beside-{side}")).to_have_attribute("data-shown", f"{number}/0")
    expect(tab.test_id("spot-position")).to_contain_text(f"number {number}")
    expect(tab.test_id("spot-pass")).to_be_enabled()


def judge(tab: Tab, number: int, key: Literal["p", "f"]) -> None:
    at(tab, number)
    tab.page.keyboard.press(key)


def log(tab: Tab) -> Any:
    tab.test_id("audit-log").click()
    return json.loads(tab.press("audit-save-json").content)


def picture(tab: Tab, side: str) -> Any:
    """The bits of one of the two pictures, as numbers."""
    return tab.evaluate(
        f"(() => {{ const canvas = document.querySelector('[data-testid=beside-{side}]');"
        " const { width, height } = canvas;"
        " return [...canvas.getContext('2d').getImageData(0, 0, width, height).data]; })()"
    )


def row(tab: Tab, path: str) -> list[str]:
    cells = tab.test_id("beside-rows").locator(f"tr[data-path='{path}'] > *")
    expect(cells).to_have_count(3)
    return cells.all_inner_texts()[1:]


def test_seven_steps_from_the_run_to_the_log(tab: Tab, tmp_path: Path) -> None:
    archive = audited(tab, study(tmp_path, 2))
    written = [pydicom.dcmread(BytesIO(archive.read(name))) for name in results(archive)]
    expect(tab.test_id("audit-counts").locator("tr", has_text="Instances")).to_contain_text("22")
    tab.test_id("audit-next").click()
    expect(tab.test_id("audit-facts")).to_contain_text("PS3.15")
    tab.test_id("audit-next").click()
    touched = tab.test_id("audit-touched").locator("tr", has_text="PatientName")
    expect(touched).to_have_count(1)
    tab.test_id("audit-checked").check()
    tab.test_id("audit-next").click()
    expect(tab.test_id("audit-content")).to_contain_text("No private attribute stays")
    tab.test_id("audit-next").click()
    expect(tab.test_id("audit-pixels-left")).to_contain_text("has been looked at")
    tab.test_id("audit-next").click()
    at(tab, 1)
    before, after = row(tab, "PatientName")
    assert (before, after) == (NAME, str(written[0].PatientName))
    np.testing.assert_array_equal(picture(tab, "result"), picture(tab, "original"))
    tab.test_id("beside-changed").click()
    expect(tab.test_id("beside-rows").locator("tr[data-path=Modality]")).to_have_count(0)
    tab.test_id("beside-all").click()
    tab.page.keyboard.press("ArrowRight")
    at(tab, 2)
    tab.page.keyboard.press("ArrowLeft")
    judge(tab, 1, "p")
    judge(tab, 2, "p")
    expect(tab.test_id("spot-state")).to_have_text("Spot check passed")

    tab.test_id("audit-log").click()
    tab.test_id("audit-reviewer").fill("A. Reviewer")
    forms = {form: tab.press(f"audit-save-{form}").content for form in ("json", "csv", "html")}
    document = json.loads(forms["json"])
    assert mistakes("report", document) == []
    assert forms["csv"].decode() == as_csv(document)
    assert forms["html"].decode() == as_html(document)
    drawn = document["sample"]
    strata = {one["number"]: (one["device"], one["modality"]) for one in document["instances"]}
    assert drawn["numbers"] == list(sample(strata, drawn["seed"])) == [1, 2]
    assert [one["passed"] for one in drawn["seen"]] == [True, True]
    assert (drawn["state"], drawn["on_failure"]) == ("passed", "enlarge")
    assert document["review"]["name"] == "A. Reviewer"
    assert len(document["review"]["date"]) == 10
    checked = {"tags": True, "private": False, "pixels_left": 0, "pixels_changed": 0}
    assert document["checked"] == checked
    assert document["tool"]["build"]
    sums = {one["file"]: one["sha256"] for one in document["instances"]}
    assert sums == {name: sha256(archive.read(name)).hexdigest() for name in results(archive)}
    for form in forms.values():
        for value in ("Kaufmann", "Leopoldine", "4711", str(tmp_path)):
            assert value.encode() not in form
    assert tab.page.title() == "Veil"
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Escape")
    expect(tab.test_id("audit-open")).to_have_text("Audit · passed")


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_a_failure_stops_the_release(tab: Tab, tmp_path: Path) -> None:
    audited(tab, study(tmp_path, 3))
    tab.test_id("audit-spot").click()
    at(tab, 1)
    tab.test_id("spot-stop").check(force=True)
    tab.page.keyboard.press("n")
    tab.page.keyboard.type("Frau Kaufmann is named at the top")
    tab.page.keyboard.press("Enter")
    expect(tab.test_id("spot-note-rule")).to_contain_text("the patient’s name")
    tab.test_id("spot-note").fill("A name stands at the top")
    tab.page.keyboard.press("Enter")
    expect(tab.test_id("spot-note-rule")).to_contain_text("Goes into the log")
    judge(tab, 1, "f")
    expect(tab.test_id("spot-state")).to_contain_text("Release stopped")
    expect(tab.message).to_contain_text("The release is stopped")
    expect(tab.test_id("spot-enlarge")).to_be_disabled()
    found = log(tab)
    assert found["sample"]["seen"] == [
        {"number": 1, "passed": False, "note": "A name stands at the top"}
    ]
    assert (found["sample"]["state"], found["sample"]["on_failure"]) == ("stopped", "stop")
    expect(tab.test_id("audit-failed").locator("tbody tr")).to_have_count(1)
    assert "not to be released" in tab.press("audit-save-html").content.decode()


@pytest.mark.parametrize("edition", ["file"], indirect=True)
def test_a_saved_log_goes_on_and_a_failure_enlarges_the_sample(tab: Tab, tmp_path: Path) -> None:
    """Sixty-two results, a sample of 30; all but one were judged before."""
    audited(tab, study(tmp_path / "in", 62))
    before = log(tab)
    first = before["sample"]["numbers"]
    assert len(first) == 30
    *most, last = first
    before["sample"]["seen"] = [{"number": one, "passed": True, "note": "fine"} for one in most]
    before["sample"]["seen"][0]["note"] = "Leopoldine is well"  # written by somebody else
    for name, seed in (("other", "another"), ("mine", before["sample"]["seed"])):
        before["sample"]["seed"] = seed
        (tmp_path / name).write_text(json.dumps(before))
    tab.test_id("audit-spot").click()
    tab.test_id("log-file").set_input_files(tmp_path / "other")
    expect(tab.message).to_contain_text("This is no log of these results")
    tab.test_id("log-file").set_input_files(tmp_path / "mine")
    expect(tab.test_id("spot-state")).to_have_text("29 of 30 results looked at")
    at(tab, last)
    tab.test_id("audit-tags").click()  # and interrupted
    tab.test_id("audit-close").click()
    tab.test_id("audit-open").click()
    tab.test_id("audit-spot").click()
    judge(tab, last, "f")
    expect(tab.test_id("spot-state")).to_have_text("30 of 60 results looked at")
    expect(tab.message).to_contain_text("grew by 30 to 60")
    found = log(tab)["sample"]
    assert (len(found["numbers"]), found["state"]) == (60, "open")
    assert set(first) < set(found["numbers"])
    notes = {one["number"]: one["note"] for one in found["seen"]}
    assert (notes[most[0]], notes[most[1]]) == ("", "fine")


def test_a_log_in_the_folder_is_gone_on_with(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    """The log stands among the results with new sums; another tab takes up what was seen."""
    key = tmp_path / "key"
    key.write_bytes(bytes(range(40)))
    paths = study(tmp_path / "in", 3)
    found: dict[str, bytes] = {}
    seen: list[dict[str, Any]] = []
    for again in (False, True):
        tab = studies_tab(context, addresses["localhost"])
        tab.choose(*paths)
        tab.settle(len(paths))
        with_key(tab, key)
        into_folder(tab)
        wait_done(tab)
        tab.test_id("audit-open").click()
        tab.test_id("audit-spot").click()
        if again:
            expect(tab.test_id("spot-state")).to_have_text("1 of 3 results looked at")
            assert json.loads(tree(tab)["report.json"])["sample"]["seen"] == seen
        judge(tab, 2 if again else 1, "p")
        at(tab, 3 if again else 2)
        expect(tab.test_id("beside-result")).to_be_visible()
        tab.test_id("audit-log").click()
        tab.test_id("audit-put").click()
        expect(tab.message).to_contain_text("The log is in the folder")
        found = tree(tab)
        lines = [line.split("  ") for line in found["SHA256SUMS"].decode().splitlines()]
        sums = {name: digest for digest, name in lines}
        assert sums == {
            name: sha256(one).hexdigest() for name, one in found.items() if name != "SHA256SUMS"
        }
        document = json.loads(found["report.json"])
        assert found["report.csv"].decode() == as_csv(document)
        assert found["report.html"].decode() == as_html(document)
        seen = document["sample"]["seen"]
        assert [one["number"] for one in seen] == ([1, 2] if again else [1])
        if again:
            assert_notices_another_file(tab, document["instances"][2]["file"])
        assert tab.errors == []
        tab.page.close()


def assert_notices_another_file(tab: Tab, name: str) -> None:
    """A result in the folder that is not what the run wrote can't pass."""
    script = (
        "(async () => { let place = await (await navigator.storage.getDirectory())"
        ".getDirectoryHandle('out'); const parts = %s.split('/');"
        " for (const part of parts.slice(0, -1)) place = await place.getDirectoryHandle(part);"
        " const file = await place.getFileHandle(parts.at(-1));"
        " const writable = await file.createWritable({ keepExistingData: true });"
        " await writable.write(new Uint8Array(9).fill(1)); await writable.close();"
        " return true; })()"
    )
    assert tab.evaluate(script % json.dumps(name))
    tab.test_id("audit-spot").click()
    tab.test_id("spot-previous").click()
    at(tab, 2)
    tab.test_id("spot-next").click()
    expect(tab.test_id("beside-trouble")).to_contain_text("not the one that this run wrote")
    expect(tab.test_id("spot-pass")).to_be_disabled()
    expect(tab.test_id("spot-fail")).to_be_enabled()


@pytest.mark.parametrize("edition", ["file"], indirect=True)
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_grave_in_any_step(
    tab: Tab,
    axe: str,  # noqa: F811
    scheme: Literal["dark", "light"],
    tmp_path: Path,
) -> None:
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    audited(tab, study(tmp_path, 2))
    for step in STEPS:
        tab.test_id(f"audit-{step}").click()
        expect(tab.test_id(f"audit-{step}")).to_have_attribute("aria-current", "step")
        if step == "spot":
            judge(tab, 1, "f")
            at(tab, 2)
            tab.test_id("spot-previous").click()
            expect(tab.test_id("spot-verdict")).to_have_text("failed")
        assert violations(tab, axe) == [], step
