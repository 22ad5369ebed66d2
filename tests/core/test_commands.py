"""Keys, tables, reports, verification and imports on the command line, with real outside tools."""

import csv
import json
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pydicom
import pytest

from dicom_veil.cli import main
from dicom_veil.identity import Identity, key_from_passphrase
from dicom_veil.patients import table_from_text
from tests.core.files import bundled
from tests.core.outputs import only, outputs

PASSPHRASE = "a long and unlikely passphrase"
CT = str(bundled("CT_small.dcm"))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("".join(f"{line}\n" for line in lines)))


def test_a_passphrase_repeats_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        typed(monkeypatch, PASSPHRASE)
        assert main(["deidentify", CT, "--output", str(tmp_path / name), "--passphrase"]) == 0
    one, other = (only(tmp_path / name).read_bytes() for name in ("a", "b"))
    assert one == other
    made = pydicom.dcmread(only(tmp_path / "a")).SOPInstanceUID
    original = pydicom.dcmread(CT).SOPInstanceUID
    assert made == Identity(key_from_passphrase(PASSPHRASE)).uid(original)


def test_a_short_passphrase_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "short")
    assert main(["deidentify", CT, "--output", str(tmp_path / "out"), "--passphrase"]) == 2
    assert not (tmp_path / "out").exists()


def test_own_pseudonyms_and_a_clear_stop_where_one_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("PatientID,pseudonym\n1CT1,Case 7\n", "utf-8")
    command = ["deidentify", CT, str(bundled("MR_small.dcm")), "--patients", str(table)]
    assert main([*command, "--output", str(tmp_path / "out")]) == 1
    made = pydicom.dcmread(only(tmp_path / "out"))
    assert (made.PatientID, made.PatientName) == ("Case 7", "Case 7")
    said = capsys.readouterr().err
    assert "input 2 of 2: The table of patients has no pseudonym" in said
    assert "4MR1" not in said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("A,x\nA,y\n", "Line 2 .* second time"),
        ("A,x\nB,x\n", "Line 2 .* second time"),
        ("A\n", "Line 1 .* two entries"),
        ("A,x,y\n", "two entries"),
        ("A,\n", "two entries"),
        ("A,x^y\n", "1 to 64 letters"),
    ],
)
def test_tables_that_make_no_sense(text: str, reason: str) -> None:
    from dicom_veil.errors import Usage

    with pytest.raises(Usage, match=reason) as caught:
        table_from_text(text)
    assert "x" not in str(caught.value).replace("exist", "")


def test_the_way_back_leaves_only_encrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyrage = pytest.importorskip("pyrage", reason="pyrage is not installed")
    typed(monkeypatch, PASSPHRASE)
    target = tmp_path / "back.age"
    status = main(
        ["deidentify", CT, "--output", str(tmp_path / "out"), "--reidentification", str(target)]
    )
    assert status == 0
    content = target.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert b"1CT1" not in content
    rows = list(csv.DictReader(StringIO(pyrage.passphrase.decrypt(content, PASSPHRASE).decode())))
    made = pydicom.dcmread(only(tmp_path / "out"))
    assert rows[0]["PatientID"] == "1CT1"
    assert rows[0]["pseudonym"] == made.PatientID
    assert rows[0]["new StudyInstanceUID"] == made.StudyInstanceUID


@pytest.mark.skipif(
    not (shutil.which("age") and shutil.which("script")),
    reason="the age command, or script to type for it, is not installed",
)
def test_the_age_command_opens_it(tmp_path: Path) -> None:
    pytest.importorskip("pyrage", reason="pyrage is not installed")
    from dicom_veil.patients import encrypted

    (tmp_path / "table.age").write_bytes(encrypted(b"PatientID\r\n", PASSPHRASE))
    # age reads a passphrase from a terminal alone; script gives it one.
    done = subprocess.run(
        ["script", "-qec", f"age -d -o {tmp_path}/table.csv {tmp_path}/table.age", "/dev/null"],
        input=f"{PASSPHRASE}\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (tmp_path / "table.csv").read_bytes() == b"PatientID\r\n", done.stdout


@pytest.mark.parametrize("ending", ["json", "csv", "html"])
def test_reports_in_three_forms(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"report.{ending}"
    out = str(tmp_path / "out")
    assert main(["deidentify", CT, "--output", out, "--report", str(target)]) == 0
    text = target.read_text("utf-8")
    assert "PatientName" in text
    assert "CompressedSamples" not in text
    assert main(["deidentify", CT, "--output", out, "--report", str(tmp_path / "r.txt")]) == 2


def test_verify_finds_what_another_program_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    main(["deidentify", CT, "--output", str(out)])
    good = only(out)
    assert main(["verify", str(good), "--against", CT]) == 0
    dataset = pydicom.dcmread(good)
    dataset.ImageComments = "scan of CT1 CompressedSamples, done"
    dataset.save_as(tmp_path / "bad.dcm")
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "bad.dcm"), "--against", CT]) == 1
    said = capsys.readouterr()
    assert "ImageComments" in said.out
    assert "CompressedSamples" not in said.out + said.err
    assert main(["verify", str(tmp_path / "absent.dcm"), "--against", CT]) == 2


def test_a_hit_quarantines_and_is_in_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A kept attribute that holds the patient's name: not written, and said where."""
    dataset = pydicom.dcmread(CT)
    dataset.PatientName = "Quisquilia^Zenobia"
    dataset.SequenceName = "QUISQUILIA 1"
    dataset.save_as(tmp_path / "in.dcm")
    report = tmp_path / "report.json"
    arguments = ["deidentify", str(tmp_path / "in.dcm"), "--report", str(report), "--force"]
    assert main([*arguments, "--output", str(tmp_path / "out")]) == 1
    assert outputs(tmp_path / "out") == []
    said = capsys.readouterr().err
    assert "in SequenceName" in said
    assert "QUISQUILIA" not in said.upper()
    refused = json.loads(report.read_text("utf-8"))["refused"][0]
    assert refused["code"] == "quarantined"
    assert refused["hits"][0]["where"] == "SequenceName"
    own = tmp_path / "own.json"
    rules = [{"attribute": "SequenceName", "action": "X"}]
    own.write_text(json.dumps({"format": 1, "name": "own", "base": "basic", "rules": rules}))
    assert main([*arguments, "--output", str(tmp_path / "out"), "--profile", str(own)]) == 0


def test_import_of_a_ctp_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "anonymizer.script"
    script.write_text(
        '<script>\n<e en="T" t="00100040" n="PatientSex">@keep()</e>\n'
        '<e en="T" t="00180015" n="BodyPartExamined">@scramble(x)</e>\n</script>\n'
    )
    target = tmp_path / "own.json"
    assert main(["import", str(script), "--output", str(target)]) == 0
    said = capsys.readouterr().err
    assert "line 3" in said
    rules = json.loads(target.read_text("utf-8"))["rules"]
    assert {"attribute": "PatientSex", "action": "K"} in rules
    arguments = ["deidentify", CT, "--profile", str(target), "--output", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert pydicom.dcmread(only(tmp_path / "out")).PatientSex == "O"
