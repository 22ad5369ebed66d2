"""Keys, own pseudonyms and the way back."""

import csv
import shutil
import subprocess
from io import BytesIO, StringIO
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import expect

from dicom_veil import profile
from dicom_veil.deidentify import deidentify
from dicom_veil.identity import Identity, identity_from_file, key_from_passphrase
from tests.core.files import bundled
from tests.page.driver import Tab

GOOD = "CT_small.dcm"
PASSPHRASE = "vier zufällige Wörter genügen"


@pytest.fixture
def loaded(tab: Tab) -> Tab:
    tab.choose(bundled(GOOD))
    assert tab.settle(1) == ["ready"]
    return tab


def apply(
    tab: Tab,
    *,
    passphrase: str = "",
    again: str | None = None,
    table: Path | None = None,
    key_file: Path | None = None,
    table_passphrase: str = "",
) -> None:
    """Fills the dialog in and presses its button."""
    tab.test_id("identity-change").click()
    expect(tab.test_id("identity-dialog")).to_be_visible()
    kind = "passphrase" if passphrase else "file" if key_file else "random"
    tab.test_id(f"identity-{kind}").check()
    if key_file:
        tab.test_id("key-file").set_input_files(key_file)
    if passphrase:
        tab.test_id("passphrase-first").fill(passphrase)
        tab.test_id("passphrase-again").fill(passphrase if again is None else again)
    if table:
        tab.test_id("patients-file").set_input_files(table)
    if table_passphrase:
        tab.test_id("table-passphrase").fill(table_passphrase)
    tab.test_id("identity-apply").click()


def applied(tab: Tab, words: str) -> None:
    expect(tab.test_id("identity-dialog")).to_be_hidden(timeout=30_000)
    expect(tab.test_id("identity")).to_contain_text(words)
    tab.planned()


def native(identity: Identity) -> pydicom.FileDataset:
    """What the core makes of the file outside of a browser."""
    with bundled(GOOD).open("rb") as stream:
        content = stream.read()
    from dicom_veil.read import read

    result = deidentify(BytesIO(content), profile.load("basic"), identity, 1)
    return pydicom.dcmread(BytesIO(b"".join(result.stream(read(BytesIO(content))))))


def test_a_passphrase_gives_what_the_core_gives(loaded: Tab) -> None:
    expect(loaded.test_id("identity")).to_have_text("random, gone with this tab")
    apply(loaded, passphrase=PASSPHRASE)
    applied(loaded, "passphrase")
    after = pydicom.dcmread(BytesIO(loaded.press("deidentify").content))
    expected = native(Identity(key_from_passphrase(PASSPHRASE)))
    for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        assert after[keyword].value == expected[keyword].value, keyword
    expect(loaded.page.locator(".becomes").first).to_contain_text(str(expected.PatientID))


def test_the_key_holds_for_the_worker_that_follows(loaded: Tab) -> None:
    apply(loaded, passphrase=PASSPHRASE)
    applied(loaded, "passphrase")
    pseudonym = loaded.page.locator(".becomes").first.inner_text().split()[-1]
    loaded.wire.evaluate_in_worker("self.postMessage({ event: 'died', params: { kind: 'fatal' } })")
    expect(loaded.message).to_contain_text("started again")
    loaded.wait_ready()
    after = pydicom.dcmread(BytesIO(loaded.press("deidentify").content))
    assert after.PatientID == pseudonym


@pytest.mark.parametrize(
    ("passphrase", "again", "sentence"),
    [("short", "short", "at least 12"), (PASSPHRASE, PASSPHRASE + ".", "not the same")],
)
def test_a_passphrase_that_will_not_do(
    loaded: Tab, passphrase: str, again: str, sentence: str
) -> None:
    apply(loaded, passphrase=passphrase, again=again)
    expect(loaded.test_id("identity-error")).to_contain_text(sentence)
    loaded.page.keyboard.press("Escape")
    expect(loaded.test_id("identity-dialog")).to_be_hidden()
    expect(loaded.test_id("identity")).to_have_text("random, gone with this tab")
    expect(loaded.test_id("identity-dialog")).to_be_hidden()
    loaded.test_id("identity-change").click()
    expect(loaded.test_id("identity-dialog")).to_be_visible()
    loaded.test_id("identity-passphrase").check()
    expect(loaded.test_id("passphrase-first")).to_have_value("")
    loaded.page.keyboard.press("Escape")
    expect(loaded.test_id("identity-dialog")).to_be_hidden()


def test_own_pseudonyms(loaded: Tab, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("PatientID,pseudonym\n1CT1,TRIAL-007\n")
    apply(loaded, table=table)
    applied(loaded, "1 patient")
    expect(loaded.page.locator(".becomes").first).to_contain_text("TRIAL-007")
    after = pydicom.dcmread(BytesIO(loaded.press("deidentify").content))
    assert (str(after.PatientName), after.PatientID) == ("TRIAL-007", "TRIAL-007")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1CT1,A\n1CT1,B\n", "Line 2 of the table of patients names a PatientID a second time"),
        ("1CT1,A\n2CT2,A\n", "Line 2 of the table of patients gives a pseudonym a second time"),
        ("1CT1\n", "Line 1"),
        ("", "is empty"),
        ("1CT1,M\xfcller\n", "UTF-8"),
    ],
)
def test_a_table_that_will_not_do_is_refused_whole(
    loaded: Tab, tmp_path: Path, text: str, sentence: str
) -> None:
    table = tmp_path / "patients.csv"
    table.write_bytes(text.encode("latin-1"))
    apply(loaded, table=table)
    error = loaded.test_id("identity-error")
    expect(error).to_contain_text(sentence)
    expect(error).not_to_contain_text("1CT1")
    loaded.page.keyboard.press("Escape")
    expect(loaded.test_id("identity-dialog")).to_be_hidden()
    expect(loaded.test_id("identity")).to_have_text("random, gone with this tab")


def test_who_is_not_in_the_table_is_said_and_set_aside(loaded: Tab, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("somebody else;TRIAL-001\n")
    apply(loaded, table=table)
    applied(loaded, "from your table")
    expect(loaded.test_id("identity-missing")).to_contain_text("1 patient is not in your table")
    expect(loaded.page.locator(".becomes").first).to_have_text("not in your table")
    loaded.begin()
    expect(loaded.page.locator("[data-state=quarantined]")).to_contain_text("no pseudonym")
    table.write_text("1CT1;TRIAL-001\n")
    apply(loaded, table=table)
    applied(loaded, "from your table")
    expect(loaded.test_id("identity-missing")).to_be_hidden()
    assert pydicom.dcmread(BytesIO(loaded.press("deidentify").content)).PatientID == "TRIAL-001"


def test_the_way_back_is_an_age_file(loaded: Tab) -> None:
    pyrage = pytest.importorskip("pyrage")
    pseudonym = loaded.page.locator(".becomes").first.inner_text().split()[-1]
    after = pydicom.dcmread(BytesIO(loaded.press("deidentify").content))
    loaded.test_id("links-open").click()
    loaded.test_id("links-first").fill(PASSPHRASE)
    loaded.test_id("links-again").fill(PASSPHRASE + "?")
    loaded.test_id("links-save").click()
    expect(loaded.test_id("links-error")).to_contain_text("not the same")
    loaded.test_id("links-again").fill(PASSPHRASE)
    saved = loaded.press("links-save")
    expect(loaded.test_id("links-dialog")).to_be_hidden()
    assert saved.name == "veil-reidentification.csv.age"
    assert b"1CT1" not in saved.content
    text = pyrage.passphrase.decrypt(saved.content, PASSPHRASE).decode()
    (row,) = csv.DictReader(StringIO(text))
    before = pydicom.dcmread(bundled(GOOD))
    assert row["PatientID"] == before.PatientID
    assert row["PatientName"] == str(before.PatientName)
    assert row["pseudonym"] == pseudonym
    assert row["StudyInstanceUID"] == before.StudyInstanceUID
    assert row["new StudyInstanceUID"] == after.StudyInstanceUID


def test_the_age_command_opens_it(loaded: Tab, tmp_path: Path) -> None:
    if not shutil.which("age") or not shutil.which("script"):
        pytest.skip("the age command is not installed")
    loaded.press("deidentify")
    loaded.test_id("links-open").click()
    for which in ("first", "again"):
        loaded.test_id(f"links-{which}").fill("correct horse battery staple")
    path, out = tmp_path / "table.csv.age", tmp_path / "table.csv"
    path.write_bytes(loaded.press("links-save").content)
    # age asks its terminal for the passphrase; `script` is one.
    subprocess.run(
        ["script", "--quiet", "--command", f"age --decrypt --output {out} {path}", "/dev/null"],
        input=b"correct horse battery staple\n",
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert out.read_text().splitlines()[0].startswith("PatientID,")


def test_a_key_file_gives_what_the_command_line_gives(loaded: Tab, tmp_path: Path) -> None:
    path = tmp_path / "project.key"
    path.write_bytes(bytes(range(7, 60)))
    apply(loaded, key_file=path)
    applied(loaded, "from your key file")
    after = pydicom.dcmread(BytesIO(loaded.press("deidentify").content))
    expected = native(identity_from_file(path))
    for keyword in ("PatientID", "StudyInstanceUID", "SOPInstanceUID"):
        assert after[keyword].value == expected[keyword].value, keyword


@pytest.mark.parametrize("content", [None, bytes(31)], ids=["none", "short"])
def test_a_key_file_that_will_not_do(loaded: Tab, tmp_path: Path, content: bytes | None) -> None:
    loaded.test_id("identity-change").click()
    expect(loaded.test_id("identity-dialog")).to_be_visible()
    loaded.test_id("identity-file").check()
    if content is not None:
        path = tmp_path / "short.key"
        path.write_bytes(content)
        loaded.test_id("key-file").set_input_files(path)
    loaded.test_id("identity-apply").click()
    sentence = "Choose the key file" if content is None else "at least 32 bytes"
    expect(loaded.test_id("identity-error")).to_contain_text(sentence)
    loaded.page.keyboard.press("Escape")
    expect(loaded.test_id("identity-dialog")).to_be_hidden()
    expect(loaded.test_id("identity")).to_have_text("random, gone with this tab")


def test_the_way_back_is_a_way_on(loaded: Tab, tmp_path: Path) -> None:
    """A second session reads the encrypted table, and its patients keep their pseudonyms."""
    loaded.press("deidentify")
    pseudonym = loaded.page.locator(".becomes").first.inner_text().split()[-1]
    loaded.test_id("links-open").click()
    for which in ("first", "again"):
        loaded.test_id(f"links-{which}").fill(PASSPHRASE)
    path = tmp_path / "veil-reidentification.csv.age"
    path.write_bytes(loaded.press("links-save").content)
    expect(loaded.test_id("links-dialog")).to_be_hidden()
    loaded.page.reload()
    loaded.wait_ready()
    loaded.choose(bundled(GOOD))
    assert loaded.settle(1) == ["ready"]
    expect(loaded.page.locator(".becomes").first).not_to_contain_text(pseudonym)
    apply(loaded, table=path)
    error = loaded.test_id("identity-error")
    expect(error).to_contain_text("encrypted table")
    expect(loaded.test_id("table-passphrase")).to_be_visible()
    loaded.test_id("table-passphrase").fill(PASSPHRASE + "?")
    loaded.test_id("identity-apply").click()
    expect(error).to_contain_text("another passphrase", timeout=30_000)
    loaded.test_id("table-passphrase").fill(PASSPHRASE)
    loaded.test_id("identity-apply").click()
    applied(loaded, "from your table (1 patient)")
    after = pydicom.dcmread(BytesIO(loaded.press("deidentify").content))
    assert (after.PatientID, str(after.PatientName)) == (pseudonym, pseudonym)
