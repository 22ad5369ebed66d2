"""Whole studies on the command line: everything ends somewhere, once, and can be gone on with."""

import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pydicom
import pytest

from dicom_veil.batch import pool
from dicom_veil.batch.journal import Journal, made_with
from dicom_veil.batch.prepare import prepare
from dicom_veil.batch.run import Outcome, perform
from dicom_veil.batch.tree import tree_name
from dicom_veil.cli import main
from dicom_veil.identity import Identity
from dicom_veil.intake.find import find
from dicom_veil.profile import load
from tests.core.files import bundled
from tests.core.outputs import contents, only, outputs, results
from tests.core.schemas import mistakes
from tests.core.studies import FULL, instance, mixed, write_study

ROOT = Path(__file__).resolve().parents[2]
EXECUTOR = partial(pool.run, workers=2)
IDENTITY = Identity(bytes(32))


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "key"
    path.write_bytes(bytes(range(32)))
    return str(path)


def report_of(output: Path) -> Any:
    return json.loads((output / "report.json").read_text("utf-8"))


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "dicom_veil", "deidentify", *map(str, arguments)]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "pycore")}


def test_a_study_of_a_thousand_with_three_broken(tmp_path: Path, key: str) -> None:
    """(200 where tests are short.) The counts add up, the tree is whole, the sums are right."""
    count = 1000 if FULL else 200
    paths = write_study(tmp_path / "in", count)
    paths[10].write_bytes(b"")
    paths[20].write_bytes(paths[20].read_bytes()[:5000])
    paths[30].write_bytes(b"some text that is no scan at all, but long enough to be read")
    out = tmp_path / "out"
    status = main(["deidentify", str(tmp_path / "in"), "--output", str(out), "--key-file", key])
    assert status == 1
    report = report_of(out)
    assert mistakes("report", report) == []
    counts = report["counts"]
    assert (counts["instances"], counts["deidentified"]) == (count, count - 3)
    assert (counts["quarantined"], counts["left_out"]) == (1, 2)
    assert len(outputs(out)) == count - 3
    numbers = [row["number"] for row in report["instances"] + report["refused"]]
    assert sorted(numbers) == list(range(1, count + 1))
    assert len(report["treatments"]) < 5
    assert len(report["sample"]["numbers"]) == max(30, -(-(count - 3) // 10))
    assert report["baseline"]["before"] == report["baseline"]["after"]
    assert len(report["tool"]["build"]) == 64
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=True)


def test_the_audit_for_people(tmp_path: Path) -> None:
    """The page and the table name files by pseudonym, with their hashes, and no input."""
    (tmp_path / "Quisquilia").write_bytes(instance(1, "MR_small.dcm", PatientName="Quisquilia^Z"))
    (tmp_path / "b").write_bytes(instance(2, "SC_rgb_rle_2frame.dcm", study="1.2.3.2"))
    inputs = ["deidentify", str(tmp_path / "Quisquilia"), str(tmp_path / "b")]
    for form in ("html", "csv"):
        out, report = tmp_path / form, tmp_path / f"report.{form}"
        assert main([*inputs, "--output", str(out), "--report", str(report)]) == 0
        text = report.read_text("utf-8")
        assert "uisquilia" not in text
        for row in report_of(out)["instances"]:
            assert row["sha256"] in text
            assert row["file"] in text
    page = (tmp_path / "report.html").read_text("utf-8")
    for heading in ("Originals and results", "Pixels that need eyes", "Spot check", "Manifest"):
        assert f"<h2>{heading}</h2>" in page
    devices = {
        (row["device"], row["modality"]) for row in report_of(tmp_path / "html")["instances"]
    }
    assert {device for device, _modality in devices} == {1, 2}
    assert "MR" in {modality for _device, modality in devices}


def test_private_attributes_that_stay_are_listed(tmp_path: Path) -> None:
    profile = tmp_path / "own.json"
    rules = [{"attribute": "(0019,xx02)", "creator": "GEMS_ACQU_01", "action": "K"}]
    profile.write_text(json.dumps({"format": 1, "name": "own", "base": "basic", "rules": rules}))
    out = tmp_path / "out"
    arguments = ["deidentify", str(bundled("CT_small.dcm")), "--profile", str(profile)]
    assert main([*arguments, "--output", str(out)]) == 0
    (row,) = report_of(out)["instances"]
    made = pydicom.dcmread(only(out))
    stays = [f"({one.tag.group:04X},{one.tag.element:04X})" for one in made if one.tag.is_private]
    assert row["private_kept"] == stays
    assert "(0019,1002)" in stays


def test_numbers_follow_the_series(tmp_path: Path) -> None:
    """IMG-00001 is the instance with InstanceNumber 1, wherever it was found."""
    for number in (3, 1, 2):
        (tmp_path / f"{9 - number}").write_bytes(instance(number))
    out = tmp_path / "out"
    inputs = [str(tmp_path / f"{9 - number}") for number in (3, 1, 2)]
    assert main(["deidentify", *inputs, "--output", str(out), "--profile", "research"]) == 0
    found = [pydicom.dcmread(path).InstanceNumber for path in outputs(out)]
    assert found == [1, 2, 3]


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(tmp_path / "in", 3)
    (tmp_path / "in" / "text").write_text("no scan")
    out = tmp_path / "out"
    arguments = ["deidentify", str(tmp_path / "in"), "--output", str(out), "--dry-run"]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "3 instances in 1 series, 1 studies of 1 patients" in said
    assert "1 left out of 4 inputs" in said
    assert not out.exists()


def test_a_question_stops_until_it_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").write_bytes(instance(1, PatientName="Quisquilia^Zenobia"))
    (tmp_path / "b").write_bytes(instance(2, PatientName="Quisquillia^Zenobia"))
    out = tmp_path / "out"
    inputs = ["deidentify", str(tmp_path / "a"), str(tmp_path / "b"), "--output", str(out)]
    assert main(inputs) == 2
    said = capsys.readouterr().err
    assert "One PatientID has 2 different names" in said
    assert "--accept names" in said
    assert "uisquil" not in said
    assert not out.exists()
    assert main([*inputs, "--accept", "ids"]) == 2
    assert main([*inputs, "--accept", "names"]) == 0
    (question,) = report_of(out)["questions"]
    assert question["kind"] == "names"
    assert "uisquil" not in json.dumps(report_of(out))


def test_what_is_quarantined_can_be_listed_and_copied(tmp_path: Path) -> None:
    paths = write_study(tmp_path / "in", 2)
    paths[1].write_bytes(paths[1].read_bytes()[:5000])
    (tmp_path / "in" / "text").write_text("no scan")
    arguments = ["deidentify", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--force"]
    aside = tmp_path / "aside"
    assert main([*arguments, "--quarantine", str(aside)]) == 1
    assert [path.name for path in aside.iterdir()] == ["quarantine.csv"]
    with (aside / "quarantine.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["state"], row["code"]) for row in rows] == [
        ("quarantined", "truncated"), ("left out", "not-dicom"),
    ]  # fmt: skip
    assert rows[0]["path"] == str(paths[1])
    assert main([*arguments, "--quarantine-originals"]) == 2
    assert main([*arguments, "--quarantine", str(aside), "--quarantine-originals"]) == 1
    assert (aside / "00002").read_bytes() == paths[1].read_bytes()


def test_an_output_that_is_an_input(tmp_path: Path) -> None:
    write_study(tmp_path, 1)
    assert main(["deidentify", str(tmp_path), "--output", f"{tmp_path}/"]) == 2
    assert main(["deidentify", str(tmp_path / "file 1"), "--output", str(tmp_path)]) == 0
    assert len(outputs(tmp_path)) == 1


def test_what_identifies_may_not_lie_in_the_output(tmp_path: Path) -> None:
    write_study(tmp_path / "in", 1)
    arguments = ["deidentify", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    for option in ("--quarantine", "--reidentification"):
        assert main([*arguments, option, str(tmp_path / "out" / "x")]) == 2
    assert not (tmp_path / "out").exists()


def test_zip_out_in_parts(tmp_path: Path, key: str) -> None:
    write_study(tmp_path / "in", 6)
    source = ["deidentify", str(tmp_path / "in"), "--key-file", key]
    assert main([*source, "--output", str(tmp_path / "tree")]) == 0
    (tmp_path / "zip").mkdir()
    (tmp_path / "zip" / "mine.txt").write_text("nobody's business")
    assert main([*source, "--output", str(tmp_path / "zip"), "--zip", "120K"]) == 0
    (tmp_path / "zip" / "mine.txt").unlink()
    archives = sorted((tmp_path / "zip").glob("*.zip"))
    assert len(archives) == 3
    assert {path.name for path in (tmp_path / "zip").iterdir()} == {
        ".veil-journal.jsonl", *(path.name for path in archives),
    }  # fmt: skip
    found: dict[str, bytes] = {}
    for path in archives:
        assert path.stat().st_size <= 120_000
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            found |= {name: archive.read(name) for name in archive.namelist()}
    assert found == contents(tmp_path / "tree")
    assert main([*source, "--output", str(tmp_path / "one"), "--zip"]) == 0
    assert [path.name for path in (tmp_path / "one").glob("*.zip")] == ["veil-001.zip"]


def test_a_dicomdir_out_that_others_read(tmp_path: Path) -> None:
    for number, name in enumerate(("CT_small.dcm", "MR_small.dcm", "rtplan.dcm")):
        for part in range(2):
            content = instance(2 * number + part + 1, name, study=f"1.2.3.{number}")
            (tmp_path / f"{number}-{part}").write_bytes(content)
    out = tmp_path / "out"
    inputs = [str(path) for path in tmp_path.iterdir()]
    assert main(["deidentify", *inputs, "--output", str(out), "--dicomdir"]) == 0
    from pydicom.fileset import FileSet, is_conformant_file_id

    fileset = FileSet(out / "DICOMDIR")
    files = {Path(one.path) for one in fileset}
    written = {path for path in out.rglob("IM*") if path.is_file()}
    assert files == written
    assert len(written) == 6
    assert all(is_conformant_file_id(path.relative_to(out)) for path in written)
    for one in fileset:
        assert pydicom.dcmread(one.path).SOPInstanceUID == one.SOPInstanceUID
    if program := shutil.which("dciodvfy"):
        said = subprocess.run(
            [program, out / "DICOMDIR"], capture_output=True, text=True, check=False
        )
        assert "Error" not in said.stderr
    if program := shutil.which("dcmdump"):
        subprocess.run([program, "-q", out / "DICOMDIR"], capture_output=True, check=True)


def test_resume_needs_the_same_key_and_profile_and_inputs(
    tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write_study(tmp_path / "in", 3)
    out = str(tmp_path / "out")
    arguments = ["deidentify", str(tmp_path / "in"), "--output", out]
    assert main([*arguments, "--key-file", key]) == 0
    assert main([*arguments, "--resume"]) == 2
    assert "--resume needs the key" in capsys.readouterr().err
    assert main([*arguments, "--resume", "--key-file", key, "--profile", "research"]) == 2
    assert "another key, profile or version" in capsys.readouterr().err
    other = tmp_path / "other"
    other.write_bytes(bytes(range(1, 40)))
    assert main([*arguments, "--resume", "--key-file", str(other)]) == 2
    paths[0].unlink()
    assert main([*arguments, "--resume", "--key-file", key]) == 2
    assert "inputs are not those" in capsys.readouterr().err


def test_resume_does_again_what_is_not_as_it_was(
    tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_study(tmp_path / "in", 6)
    out = tmp_path / "out"
    arguments = ["deidentify", str(tmp_path / "in"), "--output", str(out), "--key-file", key]
    assert main(arguments) == 0
    before = contents(out)
    one, two, *_rest = outputs(out)
    one.unlink()
    two.write_bytes(two.read_bytes()[:-1])
    leftover = two.with_name(f".{two.name}.999.part")
    leftover.write_bytes(b"half")
    journal = out / ".veil-journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-10])  # cut in the middle of its last line
    capsys.readouterr()
    assert main([*arguments, "--resume"]) == 0
    assert "6 de-identified (3 of them before)" in capsys.readouterr().err
    assert contents(out) == before


def waiting_for(output: Path, count: int, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 300
    while len(outputs(output)) < count and process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@pytest.mark.parametrize("how", ["all of it", "the command alone", "Ctrl-C"])
def test_a_run_that_is_ended_goes_on_as_if_it_had_not_been(
    tmp_path: Path, key: str, how: str
) -> None:
    """Ended in the middle, resumed: byte for byte what an uninterrupted run makes."""
    (tmp_path / "in").mkdir()
    count = 4000 if FULL else 240
    for number, (content, _whole) in enumerate(mixed(count, 6)):
        (tmp_path / "in" / f"{number:05d}").write_bytes(content)
    out, whole = tmp_path / "out", tmp_path / "whole"
    arguments = [tmp_path / "in", "--key-file", key, "--workers", 2, "--output"]
    process = subprocess.Popen(
        command(*arguments, out), env=ENVIRONMENT, start_new_session=True, stderr=subprocess.PIPE,
        # Tests that run in the background of a shell ignore Ctrl-C, and so would it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    waiting_for(out, count // 6, process)
    workers = children(process.pid)
    assert workers
    if how == "all of it":
        os.killpg(process.pid, signal.SIGKILL)
    elif how == "the command alone":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=300)
    limit = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < limit, "a worker outlived its command"
        time.sleep(0.05)
    assert 0 < len(outputs(out)) < count - 6
    if how == "Ctrl-C":
        assert process.returncode == 1
        assert b"Stopped. What was finished is kept." in said
        assert b"Traceback" not in said
        assert not list(out.rglob(".*.part"))
    resumed = subprocess.run(
        command(*arguments, out, "--resume"), env=ENVIRONMENT, capture_output=True, check=False
    )
    assert resumed.returncode == 1
    assert b"of them before)" in resumed.stderr
    subprocess.run(command(*arguments, whole), env=ENVIRONMENT, capture_output=True, check=False)
    assert results(out) == results(whole)


def performed(tmp_path: Path, spoil: str = "") -> Outcome:
    """A run by its functions, with something that happens between its two halves."""
    output, inputs = tmp_path / "out", tmp_path / "in"
    profile = load("basic")
    batch = prepare(find([str(inputs)]), IDENTITY, EXECUTOR, tree_name)
    journal = Journal(str(output), made_with(profile, IDENTITY, "tree"))
    if spoil == "inputs":
        shutil.rmtree(inputs)
    elif spoil == "output":
        first = next(iter(batch.names.values())).partition("/")[0]
        output.mkdir()
        (output / first).write_text("a file where a folder has to be")
    try:
        return perform(batch, str(output), profile, IDENTITY, journal, EXECUTOR, finished=[])
    finally:
        journal.close()


def test_a_folder_that_vanishes(tmp_path: Path) -> None:
    write_study(tmp_path / "in", 5)
    outcome = performed(tmp_path, "inputs")
    assert {one.code for one in outcome.refused.values()} == {"file-gone"}
    assert list(outcome.states().values()) == ["quarantined"] * 5
    assert "no such file" in outcome.refused[1].reason


def test_an_output_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    write_study(tmp_path / "in", 5)
    outcome = performed(tmp_path, "output")
    assert "cannot be written" in str(outcome.stopped)
    assert outcome.rows == {}


def bound_by_permissions(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """A run for which permissions hold: root's power over them is taken away first."""
    prefix = []
    if os.geteuid() == 0:
        if not (program := shutil.which("setpriv")):
            pytest.skip("permissions do not hold for root, and setpriv is not installed")
        prefix = [program, "--bounding-set=-dac_override,-dac_read_search"]
    return subprocess.run(
        [*prefix, *command(*arguments)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_permission_that_was_taken(tmp_path: Path) -> None:
    """A file and a folder that may not be read cost nothing else; a closed output is said."""
    paths = write_study(tmp_path / "in" / "b", 3)
    closed = tmp_path / "in" / "a"
    closed.mkdir()
    paths[0].chmod(0)
    closed.chmod(0)
    done = bound_by_permissions(tmp_path / "in", "--output", tmp_path / "out")
    closed.chmod(0o700)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "input 1 of 4: The file cannot be read: permission denied." in done.stderr
    assert "input 4 of 4: The folder cannot be read: permission denied." in done.stderr
    counts = report_of(tmp_path / "out")["counts"]
    assert (counts["deidentified"], counts["quarantined"]) == (2, 2)
    (tmp_path / "closed").mkdir(mode=0o500)
    output = tmp_path / "closed" / "out"
    done = bound_by_permissions(paths[1], "--output", output)
    assert done.returncode != 0
    assert "cannot be written: permission denied" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_larger_than_may_be_written(tmp_path: Path, key: str) -> None:
    """The system refuses more bytes in the middle of a file: nothing half stays, resume goes on."""
    (tmp_path / "in").mkdir()
    for number in range(1, 4):
        (tmp_path / "in" / f"{number}").write_bytes(instance(number, "MR_small.dcm"))
    (tmp_path / "in" / "4").write_bytes(instance(4))
    arguments = [tmp_path / "in", "--key-file", key, "--accept", "all", "--output"]
    arguments += [tmp_path / "out", "--workers", 1]

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (25_000, 25_000))

    done = subprocess.run(
        command(*arguments), env=ENVIRONMENT, capture_output=True, text=True, check=False,
        preexec_fn=limited,
    )  # fmt: skip
    assert done.returncode == 1
    assert "cannot be written: file too large" in done.stderr
    assert "--resume goes on" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob(".*.part"))
    subprocess.run(
        command(*arguments, "--resume"), env=ENVIRONMENT, capture_output=True, check=True
    )
    assert len(outputs(tmp_path / "out")) == 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A file system of 300 KB, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(
    tmp_path: Path, small_disk: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_study(tmp_path / "in", 12)
    out = small_disk / "out"
    arguments = ["deidentify", str(tmp_path / "in"), "--output", str(out), "--key-file", key]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert "cannot be written: no space left on device" in said
    assert "--resume goes on" in said
    kept = outputs(out)
    assert 1 <= len(kept) < 12
    assert not list(out.rglob(".*.part"))
    for path in kept:
        assert pydicom.dcmread(path).PatientIdentityRemoved == "YES"
    subprocess.run(["mount", "-o", "remount,size=5m", str(small_disk)], check=True)
    assert main([*arguments, "--resume"]) == 0
    assert len(outputs(out)) == 12


def test_own_pseudonyms_that_would_share_a_folder(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("A,Case\nB,case\n", "utf-8")
    (tmp_path / "a").write_bytes(instance(1, PatientID="A", PatientName="X"))
    (tmp_path / "b").write_bytes(instance(2, PatientID="B", PatientName="Y", study="1.2.3.2"))
    arguments = ["deidentify", str(tmp_path / "a"), str(tmp_path / "b"), "--patients", str(table)]
    assert main([*arguments, "--output", str(tmp_path / "out")]) == 2
    table.write_text("A,con\nB,case\n", "utf-8")
    assert main([*arguments, "--output", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == [
        "SUBJ-con", "case",
    ]  # fmt: skip


def test_long_and_strange_input_names(tmp_path: Path) -> None:
    deep = tmp_path.joinpath("in", *["ö患者 " * 20 for _ in range(4)])
    deep.mkdir(parents=True)
    (deep / "x.dcm").write_bytes(instance(1))
    assert len(str(deep)) > 300
    assert main(["deidentify", str(tmp_path / "in"), "--output", str(tmp_path / "out")]) == 0
    assert only(tmp_path / "out").name == "IMG-00001.dcm"


def test_a_multi_frame_file_larger_than_memory_may_be(tmp_path: Path) -> None:
    """4 GB in full (200 MB else) of pixels, sparse on disk, under a limit of memory."""
    frames, limit = (16384, 1 << 30) if FULL else (800, 700 << 20)
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    del dataset.PixelData
    dataset.Rows = dataset.Columns = 362
    dataset.NumberOfFrames = frames
    head = tmp_path / "head"
    dataset.save_as(head)
    length = 362 * 362 * 2 * frames
    length -= length % 2
    source = tmp_path / "large"
    with source.open("wb") as file:
        file.write(head.read_bytes() + b"\xe0\x7f\x10\0OW\0\0" + length.to_bytes(4, "little"))
        file.truncate(file.tell() + length)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    out = tmp_path / "out"
    done = subprocess.run(
        command(source, "--output", out), env={**ENVIRONMENT, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True, text=True, check=False, preexec_fn=limited,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert only(out).stat().st_size > length
    shutil.rmtree(out)
