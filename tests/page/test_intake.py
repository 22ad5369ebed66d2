"""What comes in: folders, archives, DICOMDIRs; what is left out, there twice; who is who."""

import base64
import io
import json
import shutil
import zipfile
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.core.archives import write_archive
from tests.core.files import BUNDLED, bundled
from tests.core.studies import instance, write_study
from tests.page.driver import Tab
from tests.page.reference import core_picture
from tests.page.studies import studies_tab

DICOMDIRS = BUNDLED / "test_files" / "dicomdirtests"
CT = bundled("CT_small.dcm")
# Writes a file (folder, name, content in base64) into a folder of the browser's own.
PUT = """
(async ([folder, name, content]) => {
  const storage = await navigator.storage.getDirectory();
  const root = await storage.getDirectoryHandle("in", { create: true });
  const place = await root.getDirectoryHandle(folder, { create: true });
  const writable = await (await place.getFileHandle(name, { create: true })).createWritable();
  await writable.write(Uint8Array.fromBase64(content));
  await writable.close();
})(%s)
"""
# Presses Close, where it is open, and in the same moment the button that opens it.
REOPEN = """
for (const one of [".modal[open] .bar-head button", "[data-testid=left-out]"]) {
  document.querySelector(one)?.click();
}
"""


def left_out(tab: Tab) -> list[tuple[str, str]]:
    """Name and reason of what was left out, as the list says them."""
    count = int(tab.test_id("left-out").inner_text().split()[0])
    tab.test_id("left-out").click()
    rows = tab.test_id("left-out-dialog").locator("tbody tr")
    expect(rows).to_have_count(count)
    cells = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    found = rows.evaluate_all(cells)
    tab.page.keyboard.press("Escape")
    return [(str(name), str(why)) for name, why in found]


def choose_folder(tab: Tab, folder: Path) -> None:
    tab.test_id("folder-input").set_input_files(str(folder))


def deep(tmp_path: Path) -> Path:
    """Instances at several depths, one without preamble and ending, among what is none."""
    top = tmp_path / "Köln 東京"
    below = top / "a" / "b" / ("c" * 100)
    below.mkdir(parents=True)
    (top / "IM1").write_bytes(instance(1))
    (below / "x.y.z").write_bytes(instance(2))
    (below / "bare").write_bytes(instance(3)[132:])
    (top / "notes.txt").write_text("Dear colleague\n" * 40)
    (top / "empty").write_bytes(b"")
    return top


def test_a_folder_is_walked_to_the_bottom_and_what_is_none_is_left_out(
    tab: Tab, tmp_path: Path
) -> None:
    tab.drop(deep(tmp_path))
    assert tab.settle(3) == ["ready"] * 3
    expect(tab.test_id("left-out")).to_have_text("2 left out")
    found = dict(left_out(tab))
    assert "not a DICOM" in found["notes.txt"]
    assert "empty" in found["empty"]
    expect(tab.message).not_to_contain_text("DICOM file")


def test_a_chosen_folder(tab: Tab, tmp_path: Path) -> None:
    choose_folder(tab, deep(tmp_path))
    assert tab.settle(3) == ["ready"] * 3
    expect(tab.test_id("left-out")).to_have_text("2 left out")


def test_a_folder_chosen_as_a_handle_is_walked_where_the_browser_has_them(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    """The browser's dialog can't be driven: a folder of its own is what was chosen in it."""
    tab = studies_tab(context, addresses["localhost"], "in")
    for path in filter(Path.is_file, deep(tmp_path).rglob("*")):
        place = [path.parent.name, path.name, base64.b64encode(path.read_bytes()).decode()]
        tab.evaluate(PUT % json.dumps(place))
    tab.page.locator("label[for=veil-folder]").click()
    assert tab.settle(3) == ["ready"] * 3
    expect(tab.test_id("left-out")).to_have_text("2 left out")
    assert tab.errors == []


def test_many_files_are_dropped_at_once(tab: Tab, tmp_path: Path) -> None:
    """More than the browser is asked for at one go."""
    paths = write_study(tmp_path / "many", 220)
    tab.drop(*paths)
    assert tab.settle(220) == ["ready"] * 220


def test_only_what_is_none(tab: Tab, tmp_path: Path) -> None:
    (tmp_path / "MUSTERMANN.txt").write_text("Dear colleague\n" * 40)
    (tmp_path / "other").write_bytes(b"\x89PNG" + bytes(500))
    tab.choose(tmp_path / "MUSTERMANN.txt", tmp_path / "other")
    expect(tab.test_id("left-out")).to_have_text("2 left out")
    expect(tab.message).to_contain_text("None of 2 files is a DICOM instance")
    expect(tab.rows).to_have_count(0)


KINDS = {
    "deflated.zip": zipfile.ZIP_DEFLATED,
    "stored.zip": zipfile.ZIP_STORED,
    "bzip2.zip": zipfile.ZIP_BZIP2,
    "plain.tar": 0,
    "packed.tar.gz": 0,
    "packed.tar.bz2": 0,
}


@pytest.mark.parametrize("name", KINDS)
def test_an_archive_is_read_as_it_is(tab: Tab, tmp_path: Path, name: str) -> None:
    whole = CT.read_bytes()
    files = {"../../evil.dcm": whole, "DOE^JANE/x": instance(2), "readme.txt": b"hello " * 90}
    files["inner.zip"] = write_archive(tmp_path / "inner.zip", {"z": whole}).read_bytes()
    tab.drop(write_archive(tmp_path / name, files, KINDS[name]))
    tab.settle(2)
    expect(tab.test_id("left-out")).to_have_text("2 left out")
    reasons = dict(left_out(tab))
    assert "not a DICOM" in reasons[f"{name}, 3"]
    assert "inside an archive" in reasons[f"{name}, 4"]
    tab.show(tab.rows.first)
    tab.assert_canvas(core_picture(CT))
    saved = tab.press("deidentify")
    with zipfile.ZipFile(io.BytesIO(saved.content)) as results:
        written = [one for one in results.namelist() if one.endswith(".dcm")]
        assert len(written) == 2
        for one in written:
            dataset = pydicom.dcmread(io.BytesIO(results.read(one)))
            assert dataset.PatientIdentityRemoved == "YES"
            assert dataset.PixelData == pydicom.dcmread(CT).PixelData
    assert not (tmp_path.parent / "evil.dcm").exists()


def test_archives_that_are_refused_say_why(tab: Tab, tmp_path: Path) -> None:
    encrypted = bytearray(write_archive(tmp_path / "one.zip", {"a": CT.read_bytes()}).read_bytes())
    encrypted[encrypted.find(b"PK\1\2") + 8] |= 1
    bomb = bytearray(write_archive(tmp_path / "two.zip", {"a": bytes(1 << 20)}).read_bytes())
    at = bomb.rfind(b"PK\1\2") + 24
    bomb[at : at + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    # Says that it is small, and is not: what is too much is not inflated.
    liar = bytearray(write_archive(tmp_path / "liar.zip", {"a": CT.read_bytes()}).read_bytes())
    at = liar.rfind(b"PK\1\2") + 24
    liar[at : at + 4] = (5000).to_bytes(4, "little")
    cut = write_archive(tmp_path / "c.zip", {"a": b"x"}).read_bytes()[:-9]
    files = {"encrypted": encrypted, "bomb": bomb, "liar": liar, "cut": cut}
    for name, content in files.items():
        (tmp_path / f"{name}.zip").write_bytes(content)
    tab.choose(*(tmp_path / f"{name}.zip" for name in files), CT)
    assert sorted(tab.settle(2)) == ["quarantined", "ready"]
    expect(tab.page.locator("[data-state=quarantined]")).to_contain_text("damaged")
    reasons = dict(left_out(tab))
    assert "encrypted" in reasons["encrypted.zip, 1"]
    assert "unpack to more than" in reasons["bomb.zip"]
    assert "damaged" in reasons["cut.zip"]


def test_a_dicomdir_is_followed_and_what_is_missing_is_said(tab: Tab, tmp_path: Path) -> None:
    shutil.copytree(DICOMDIRS, tmp_path / "disc", ignore=shutil.ignore_patterns("DICOMDIR-*"))
    gone = sorted((tmp_path / "disc" / "98892003").rglob("*"))[-1]
    gone.unlink()
    tab.drop(tmp_path / "disc")
    expect(tab.test_id("left-out")).to_be_visible(timeout=60_000)
    expect(tab.message).to_contain_text("of which 1 is not here", timeout=60_000)
    reasons = [why for name, why in left_out(tab) if name == "DICOMDIR"]
    assert any("1 of them not here" in reason for reason in reasons)
    tab.test_id("clear-all").click()
    expect(tab.rows).to_have_count(0)
    expect(tab.test_id("left-out")).to_be_hidden()
    tab.choose(tmp_path / "disc" / "DICOMDIR")
    expect(tab.test_id("left-out")).to_have_text("1 left out")
    expect(tab.message).to_contain_text("DICOMDIR")


def test_identical_files_are_taken_once(tab: Tab, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).write_bytes(CT.read_bytes())
    tab.choose(*(tmp_path / name for name in ("one", "two", "three")))
    assert tab.settle(1) == ["ready"]
    expect(tab.message).to_contain_text("2 files were there twice")
    assert [why for _name, why in left_out(tab)] == [
        "The same instance is in the list already."
    ] * 2
    expect(tab.test_id("deidentify")).to_be_enabled()


def test_a_dialog_that_is_closed_can_be_opened_again_at_once(tab: Tab, tmp_path: Path) -> None:
    """In the same moment, before the browser has told that it was closed."""
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(b"no scan")
    tab.choose(tmp_path / "one", tmp_path / "two")
    expect(tab.test_id("left-out")).to_have_text("2 left out")
    dialog = tab.test_id("left-out-dialog")
    for _ in range(2):
        tab.evaluate(REOPEN)
        tab.next_frame()
        tab.next_frame()
        expect(dialog).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_files_that_differ_under_one_uid_are_a_question(tab: Tab, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(instance(1, SeriesDescription="first"))
    (tmp_path / "two").write_bytes(instance(1, SeriesDescription="second"))
    tab.choose(tmp_path / "one", tmp_path / "two")
    tab.settle(2)
    expect(tab.test_id("questions")).to_contain_text("1 question for you")
    expect(tab.test_id("deidentify")).to_be_disabled()
    tab.test_id("answer-keep").nth(1).check()
    expect(tab.test_id("deidentify")).to_be_enabled()
    expect(tab.page.locator("[data-out]")).to_have_count(1)
    saved = pydicom.dcmread(io.BytesIO(tab.press("deidentify").content))
    assert saved.PatientIdentityRemoved == "YES"


def persons(tmp_path: Path) -> list[Path]:
    """One PatientID with two names, and one of the names under another ID."""
    people = (("A1", "Doe^Jane"), ("A1", "Roe^Jane"), ("B2", "DOE^JANE"))
    paths = []
    for number, (patient_id, name) in enumerate(people, 1):
        paths.append(tmp_path / f"{number}.dcm")
        paths[-1].write_bytes(
            instance(number, study=f"1.2.{number}", PatientID=patient_id, PatientName=name,
                     PatientBirthDate="19500101"))  # fmt: skip
    return paths


def pseudonyms(tab: Tab) -> list[str]:
    return tab.page.locator(".row-patient .becomes").all_inner_texts()


def test_who_is_who_is_asked_and_can_be_undone(tab: Tab, tmp_path: Path) -> None:
    tab.choose(*persons(tmp_path))
    tab.settle(3)
    expect(tab.test_id("question")).to_have_count(2)
    expect(tab.test_id("deidentify")).to_contain_text("Answer 2 questions first")
    names, ids = (tab.page.locator(f"[data-testid=question][data-kind={kind}]")
                  for kind in ("names", "ids"))  # fmt: skip
    before = set(pseudonyms(tab))
    assert len(before) == 2
    names.get_by_test_id("answer-different").check()
    expect(tab.test_id("questions")).to_contain_text("1 question for you")
    ids.get_by_test_id("answer-same").check()
    expect(tab.test_id("deidentify")).to_be_enabled()
    with zipfile.ZipFile(io.BytesIO(tab.press("deidentify").content)) as results:
        found = sorted(
            str(pydicom.dcmread(io.BytesIO(results.read(one))).PatientID)
            for one in results.namelist() if one.endswith(".dcm")
        )  # fmt: skip
        report = results.read("report.json").decode()
    assert len(set(found)) == 2
    assert sorted(found.count(one) for one in set(found)) == [1, 2]
    decisions = json.loads(report)["decisions"]
    assert decisions == [
        {"kind": "names", "sides": 2, "instances": 2, "decision": "different"},
        {"kind": "ids", "sides": 2, "instances": 2, "decision": "same"},
    ]
    assert "Doe" not in report
    assert "19500101" not in report
    tab.page.keyboard.press("Control+z")
    expect(tab.test_id("questions")).to_contain_text("1 question for you")
    expect(tab.test_id("deidentify")).to_be_disabled()
    tab.page.keyboard.press("Control+y")
    expect(tab.test_id("deidentify")).to_be_enabled()
    ids.get_by_test_id("answer-out").check()
    expect(tab.page.locator("[data-out]")).to_have_count(2)


def test_reading_can_be_stopped(tab: Tab, tmp_path: Path) -> None:
    write_study(tmp_path / "many", 400)
    tab.drop(tmp_path / "many")
    expect(tab.page.locator("[data-state=ready]").first).to_be_visible(timeout=60_000)
    tab.test_id("stop-reading").click()
    expect(tab.message).to_contain_text("Stopped")
    expect(tab.page.locator("[data-state=queued], [data-state=reading]")).to_have_count(0)
    assert 0 < tab.rows.count() < 400
    expect(tab.test_id("deidentify")).to_be_enabled(timeout=60_000)
