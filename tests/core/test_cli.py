"""The command line as a person uses it: exit codes, outputs, reasons, nothing overwritten."""

import json
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pydicom
import pytest
from PIL import Image

from dicom_veil import commands
from dicom_veil.cli import main
from tests.core.canary import canary
from tests.core.files import bundled
from tests.core.outputs import contents, outputs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten files in two folders, three of them broken; the names hold a marker."""
    inputs = tmp_path / "inputs"
    (inputs / "deeper").mkdir(parents=True)
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    for number in range(6):
        dataset.SOPInstanceUID = f"1.2.3.{number}"
        dataset.save_as(inputs / f"Doe^Jane {number}.dcm")
    shutil.copy(bundled("rtplan.dcm"), inputs / "deeper" / "plan")
    (inputs / "deeper" / "a text.dcm").write_text("no scan at all")
    (inputs / "deeper" / "empty.dcm").write_bytes(b"")
    content = bundled("MR_small.dcm").read_bytes()
    (inputs / "deeper" / "truncated.dcm").write_bytes(content[: len(content) // 2])
    return inputs


def test_ten_files_three_broken(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seven are written, three are named with a reason, the report knows them by number."""
    output, report = tmp_path / "out", tmp_path / "report.json"
    status = main(["deidentify", str(folder), "--output", str(output), "--report", str(report)])
    said = capsys.readouterr()
    assert status == 1
    written = outputs(output)
    assert len(written) == 7
    name = re.compile(r"SUBJ-[0-9A-Z]{9}/STUDY-1/SERIES-1/IMG-0000[1-6]\.dcm")
    assert all(name.fullmatch(path.relative_to(output).as_posix()) for path in written)
    for number, reason in (
        (7, "not a DICOM file"), (8, "is empty"), (10, "bytes are missing")
    ):  # fmt: skip
        line = next(line for line in said.err.splitlines() if f"input {number} of 10: " in line)
        assert reason in line
    assert "Doe" not in said.err
    assert "Traceback" not in said.err
    document = json.loads(report.read_text())
    assert document["counts"]["deidentified"] == 7
    assert {row["code"] for row in document["refused"]} == {"not-dicom", "empty", "truncated"}
    assert "Doe" not in report.read_text()
    assert str(folder) not in report.read_text()
    for path in written:
        assert pydicom.dcmread(path).PatientIdentityRemoved == "YES"


def test_nothing_is_overwritten_without_force(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    command = ["deidentify", str(folder / "Doe^Jane 1.dcm"), "--output", str(output)]
    assert main(command) == 0
    before = contents(output)
    assert main(command) == 2
    assert contents(output) == before
    assert main([*command, "--force"]) == 0
    after = contents(output)  # with another random key
    assert len(after) == len(before)
    assert set(before) & set(after) == {"SHA256SUMS", "report.json"}
    assert len([path for path in output.iterdir() if path.is_dir()]) == 1


def test_a_key_file_makes_it_repeatable(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    for name in ("a", "b"):
        main(["deidentify", str(bundled("CT_small.dcm")), "--output", str(tmp_path / name),
              "--key-file", str(key)])  # fmt: skip
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["deidentify"],
        ["deidentify", "x"],
        ["deidentify", "x", "--output", "out", "--profile", "nonsense"],
        ["deidentify", "x", "--output", "out", "--key-file", "absent"],
        ["export", "x", "--output", "out"],
        ["export", "x", "--output", "out", "--format", "bmp"],
        ["export", "x", "--output", "out", "--format", "png", "--window", "40"],
        ["export", "x", "--output", "out", "--format", "png", "--window", "40/0"],
        ["export", "x", "--output", "out", "--format", "png", "--frame", "0"],
        ["export", "x", "--output", "o", "--format", "png", "--window", "1/2", "--preset", "lung"],
    ],
)
def test_wrong_usage_is_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_wrong_usage_and_an_absent_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["inspect", str(tmp_path / "empty")]) == 2
    assert main(["inspect", str(tmp_path / "absent.dcm")]) == 1
    said = capsys.readouterr().err
    assert "input 1 of 1: The file cannot be read: no such file" in said
    assert "absent.dcm" not in said
    assert main(["inspect", "--name-inputs", str(tmp_path / "absent.dcm")]) == 1
    assert "absent.dcm): The file cannot be read: no such file" in capsys.readouterr().err


def test_inspect_says_the_rate(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(bundled("examples_ybr_color.dcm"))]) == 0
    assert "   30 frames per second by FrameTime\n" in capsys.readouterr().out


def test_inspect_says_what_identifies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(bundled("CT_small.dcm"))]) == 0
    said = capsys.readouterr().out
    assert "CT Image Storage" in said
    assert "PatientName: CompressedSamples^CT1" in said
    assert main(["inspect", "--json", str(bundled("CT_small.dcm"))]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["instance"]["rows"] == 128
    assert data["counts"]["private"] > 100
    assert any(entry["keyword"] == "PatientID" for entry in data["identifying"])


def test_export_of_one_and_of_all_frames(tmp_path: Path) -> None:
    one, every = tmp_path / "one", tmp_path / "every"
    source = str(bundled("MR_small.dcm"))
    assert (
        main(["export", source, "--output", str(one), "--format", "png", "--window", "-60/150"])
        == 0
    )
    with Image.open(one / "IMG-00001.png") as picture:
        assert picture.size == (64, 64)
    multi = str(bundled("SC_rgb_rle_2frame.dcm"))
    assert (
        main(["export", multi, "--output", str(every), "--format", "jpeg", "--frame", "all"]) == 0
    )
    assert sorted(path.name for path in every.iterdir()) == [
        "IMG-00001-0001.jpg", "IMG-00001-0002.jpg",
    ]  # fmt: skip


def test_export_refuses_what_has_no_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = [str(bundled("rtplan.dcm")), str(bundled("CT_small.dcm"))]
    assert main(["export", *inputs, "--output", str(tmp_path), "--format", "png"]) == 1
    assert "input 1 of 2: This instance holds no pixels." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["IMG-00002.png"]


def test_export_of_a_frame_that_is_not_there(tmp_path: Path) -> None:
    source = str(bundled("CT_small.dcm"))
    assert (
        main(["export", source, "--output", str(tmp_path), "--format", "png", "--frame", "7"]) == 1
    )


def test_no_value_in_any_message(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Whole and damaged canaries through every command: no marker in what is said or named."""
    planted = canary()
    for number, share in enumerate((1.0, 0.2, 0.4, 0.6, 0.8)):
        cut = int(len(planted.content) * share)
        (tmp_path / f"{number}.dcm").write_bytes(planted.content[:cut])
    output, report = tmp_path / "out", tmp_path / "report.json"
    inputs = [str(tmp_path / f"{number}.dcm") for number in range(5)]
    main(["deidentify", *inputs, "--output", str(output), "--report", str(report)])
    main(["export", *inputs, "--output", str(output), "--format", "png"])
    main(["export", *inputs, "--output", str(output), "--format", "jpeg"])
    said = capfd.readouterr()
    everything = (said.out + said.err + report.read_text()).encode()
    files = [path for path in sorted(output.rglob("*")) if path.is_file()]
    everything += " ".join(str(path.relative_to(output)) for path in files).encode()
    for path in files:
        everything += path.read_bytes()
    # One whole canary, its report, sums and journal, two pictures.
    assert len(files) == 6
    assert planted.survivors(everything) == []


COMMANDS = {
    "inspect": ["inspect"],
    "scan": ["scan"],
    "deidentify": ["deidentify", "--output", "OUT"],
    "dry run": ["deidentify", "--output", "OUT", "--dry-run"],
    "quarantine": ["deidentify", "--output", "OUT", "--quarantine", "ASIDE"],
    "export": ["export", "--output", "OUT", "--format", "png"],
    "series": ["export", "--output", "OUT", "--format", "nifti"],
    "verify": ["verify", "--against"],
}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_no_file_name_in_any_message(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders and files are called after patients: nobody reads them in a log, unasked."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "ZYLTHORPE QUIRIN" / "19520708"
    folder.mkdir(parents=True)
    content = bundled("CT_small.dcm").read_bytes()
    files = {"a": b"no scan", "b": content[:9000], "c": content, "d": b"PK\3\4" + b"x" * 99}
    for number, one in files.items():
        (folder / f"ZYLTHORPE_{number}.dcm").write_bytes(one)
    dataset = pydicom.dcmread(folder / "ZYLTHORPE_c.dcm")
    for number, uid, patient in (("e", "1.2.3", "Other^Name"), ("f", "1.2.4", "Third^Name")):
        dataset.SOPInstanceUID, dataset.PatientName = uid, patient
        dataset.save_as(folder / f"ZYLTHORPE_{number}.dcm")
    inputs = [str(folder / "ZYLTHORPE_b.dcm")] * 2 if name == "verify" else [str(folder)]
    assert main([*COMMANDS[name], *inputs]) in (1, 2)
    said = capfd.readouterr()
    assert said.err
    assert "zylthorpe" not in (said.out + said.err).lower()
    if name != "verify":
        again = [one.replace("OUT", "MORE") for one in COMMANDS[name]]
        assert main([*again, "--name-inputs", *inputs]) in (1, 2)
        assert "ZYLTHORPE_a.dcm" in capfd.readouterr().err
    for path in (tmp_path / "OUT").rglob("*"):
        assert "ZYLTHORPE" not in path.name
        assert path.is_dir() or b"ZYLTHORPE" not in path.read_bytes()


def test_an_error_of_the_program_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_options: object) -> int:
        raise ValueError("Zwiebel^Quirin")

    monkeypatch.setattr(commands, "inspect", fails)
    assert main(["inspect", "x"]) == 1
    said = capsys.readouterr().err
    assert "An error in the program (ValueError)" in said
    assert "in fails" in said
    assert "Quirin" not in said.replace('raise ValueError("Zwiebel^Quirin")', "")


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dicom_veil", "--version"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "pycore")},
    )  # fmt: skip
    assert done.stdout.startswith("dicom-veil 0.")


@pytest.mark.parametrize("name", ["MR_small.dcm", "SC_ybr_full_422_uncompressed.dcm"])
@pytest.mark.parametrize("keyword", ["PhotometricInterpretation", "Modality", "PixelPresentation"])
def test_no_code_string_in_any_message(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, keyword: str
) -> None:
    """A marker where only a defined term should stand is not quoted when the picture fails."""
    dataset = pydicom.dcmread(bundled(name))
    setattr(dataset, keyword, "QUISQUILIA")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.save_as(tmp_path / "in.dcm")
    for command in (["export", "--format", "png"], ["deidentify"]):
        main([*command, str(tmp_path / "in.dcm"), "--output", str(tmp_path / "out")])
    said = capfd.readouterr()
    assert "QUISQUILIA" not in said.out + said.err
