"""`deidentify --pictures`: a PNG of each frame that was written, of the result as it lies there."""

import json
import os
import signal
import subprocess
import time
import zipfile
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset

from dicom_veil.batch import pool
from dicom_veil.batch.cluster import _do
from dicom_veil.batch.drawing import Draw, Drawn
from dicom_veil.batch.pictures import Pictures, clear, draw, picture_names
from dicom_veil.batch.work import Alive, Handler, Job
from dicom_veil.cli import main
from dicom_veil.errors import CannotWrite
from dicom_veil.export.steady import Steady, automatic_of
from dicom_veil.read import read
from dicom_veil.report_forms import as_csv, as_html
from dicom_veil.shown import Shown
from dicom_veil.storage import Written, digest_of
from tests.core.exported import made
from tests.core.make import header
from tests.core.make import instance as native
from tests.core.outputs import contents, only, outputs, results
from tests.core.schemas import mistakes
from tests.core.studies import instance, write_study
from tests.core.test_studies import ENVIRONMENT, command, report_of

CT, DOSE, COLOUR = "CT_small.dcm", "rtdose.dcm", "SC_rgb_rle_2frame.dcm"
UNDECODABLE, NO_PIXELS = "JPEG2000-embedded-sequence-delimiter.dcm", "rtplan.dcm"


def run(folder: Path, *options: object, out: str = "out") -> int:
    return main(["deidentify", str(folder / "in"), "--output", str(folder / out), "--pictures",
                 *map(str, options)])  # fmt: skip


def put(folder: Path, *kinds: str) -> None:
    """Real files, each in a study of its own."""
    (folder / "in").mkdir()
    for number, kind in enumerate(kinds, 1):
        content = instance(number, kind, study=f"1.2.3.{number}", PatientID=f"P{number}",
                           PatientName=f"Quisquilia{number}^Z")  # fmt: skip
        (folder / "in" / f"{number}").write_bytes(content)


def keyed(folder: Path) -> tuple[str, str]:
    """The same key for several runs."""
    (folder / "key").write_bytes(bytes(range(32)))
    return "--key-file", str(folder / "key")


def drawn(output: Path) -> dict[str, bytes]:
    return {name: one for name, one in contents(output).items() if name.startswith("PICTURES/")}


def of(output: Path, result: Path) -> list[bytes]:
    """The pictures of one result, in the order of their names."""
    start = f"PICTURES/{result.relative_to(output).as_posix().removesuffix('.dcm')}"
    return [one for name, one in drawn(output).items() if name.startswith(start)]


def chunks(content: bytes) -> list[bytes]:
    """The kinds of the chunks of a PNG."""
    found, position = [], 8
    while position < len(content):
        found.append(content[position + 4 : position + 8])
        position += 12 + int.from_bytes(content[position : position + 4], "big")
    return found


def pixels(content: bytes) -> NDArray[Any]:
    with Image.open(BytesIO(content)) as image:
        return np.asarray(image)


def test_names() -> None:
    assert picture_names("SUBJ-A/STUDY-1/SERIES-2/IMG-00017.dcm", 1) == [
        "PICTURES/SUBJ-A/STUDY-1/SERIES-2/IMG-00017.png"
    ]
    several = picture_names("A/STUDY001/SER00001/IM000001", 120)
    assert several[0] == "PICTURES/A/STUDY001/SER00001/IM000001-frame-001.png"
    assert len(set(several)) == 120
    assert several == sorted(several)


def test_pictures_of_real_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is what `export` makes of the result, without metadata; sums and report tell of all."""
    put(tmp_path, CT, DOSE, COLOUR, UNDECODABLE, NO_PIXELS)
    out = tmp_path / "out"
    assert run(tmp_path, "--accept", "all") == 0
    assert "18 pictures of 3 instances; 1 with pixels have none." in capsys.readouterr().err
    report = report_of(out)
    assert mistakes("report", report) == []
    assert report["pictures"] == {"format": "png", "files": 18, "without": [4]}
    assert len(outputs(out)) == 5
    files = {row["number"]: out / row["file"] for row in report["instances"]}
    found = {number: of(out, path) for number, path in files.items()}
    assert {number: len(one) for number, one in found.items()} == {1: 1, 2: 15, 3: 2, 4: 0, 5: 0}
    for number in (1, 3):
        more = ["--format", "png", "--frame", "all", "--output", str(tmp_path / f"{number}")]
        assert main(["export", str(files[number]), *more]) == 0
        exported = sorted((tmp_path / f"{number}").iterdir())
        assert found[number] == [path.read_bytes() for path in exported]
    assert pixels(found[3][0]).shape == (100, 100, 3)
    assert {tuple(chunks(one)) for one in drawn(out).values()} == {(b"IHDR", b"IDAT", b"IEND")}
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=out, check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert all(f"{name}: OK" in done.stdout.splitlines() for name in drawn(out))
    for form in (as_csv(report), as_html(report)):
        assert "Instances with pixels and no picture" in form


def test_frames_without_a_window_have_one_for_all(tmp_path: Path) -> None:
    """That of the frame in the middle, as in a film."""
    put(tmp_path, DOSE)
    assert run(tmp_path) == 0
    result = read(BytesIO(only(tmp_path / "out").read_bytes()))
    steady = Steady(None, automatic_of(Shown(result, 7)))
    expected = [made("png", [steady.shot(result, index)]) for index in range(15)]
    assert list(drawn(tmp_path / "out").values()) == expected
    assert expected[0] != made("png", [Steady(None).shot(result, 0)])


def test_frames_are_counted_in_the_order_in_which_they_belong(tmp_path: Path) -> None:
    groups = []
    for place in (20, 10, 30):
        group, position, orientation = Dataset(), Dataset(), Dataset()
        position.ImagePositionPatient = [0, 0, place]
        orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        group.PlanePositionSequence, group.PlaneOrientationSequence = [position], [orientation]
        groups.append(group)
    dataset = header(2, 2, BitsAllocated=8, BitsStored=8, HighBit=7, NumberOfFrames=3,
                     WindowCenter=128, WindowWidth=256, StudyInstanceUID="1.2.3",
                     PerFrameFunctionalGroupsSequence=groups)  # fmt: skip
    stored = native(dataset, bytes([20] * 4 + [10] * 4 + [30] * 4))
    stored.body.seek(0)
    (tmp_path / "in").write_bytes(stored.body.read())
    assert run(tmp_path) == 0
    names = sorted(path.name for path in (tmp_path / "out").rglob("*.png"))
    assert names == [f"IMG-00001-frame-{number}.png" for number in (1, 2, 3)]
    shades = [int(pixels(one)[0, 0]) for one in drawn(tmp_path / "out").values()]
    assert shades == sorted(shades)
    assert len(set(shades)) == 3


def test_a_header_that_says_more_frames_than_there_are(tmp_path: Path) -> None:
    """Nobody waits for two thousand million frames; the report says that some are missing."""
    (tmp_path / "in").write_bytes(instance(1, NumberOfFrames="2000000000"))
    assert run(tmp_path) == 0
    assert report_of(tmp_path / "out")["pictures"] == {
        "format": "png", "files": 1, "without": [], "partly": [1],
    }  # fmt: skip


def test_a_frame_that_cannot_be_decoded_costs_its_own_picture(tmp_path: Path) -> None:
    content = bytearray(instance(1, COLOUR))
    at = read(BytesIO(content)).pixels
    assert at
    offset, length = at.items[2]
    content[offset : offset + length] = bytes(length)
    (tmp_path / "in").write_bytes(content)
    assert run(tmp_path) == 0
    assert [path.name for path in (tmp_path / "out").rglob("*.png")] == ["IMG-00001-frame-1.png"]
    assert report_of(tmp_path / "out")["pictures"]["partly"] == [1]


def test_pictures_of_the_tree_for_media(tmp_path: Path) -> None:
    put(tmp_path, CT, COLOUR)
    assert run(tmp_path, "--dicomdir") == 0
    out = tmp_path / "out"
    written = [one for one in contents(out) if one.rpartition("/")[2].startswith("IM")]
    stems = [one for one in written if not one.startswith("PICTURES/")]
    report = report_of(out)
    one, two = (row["file"] for row in report["instances"])
    assert sorted(stems) == sorted([one, two])
    expected = [*picture_names(one, 1), *picture_names(two, 2)]
    assert sorted(drawn(out)) == sorted(expected)
    from pydicom.fileset import FileSet

    assert len(list(FileSet(out / "DICOMDIR"))) == 2


def test_pictures_are_packed_with_the_rest(tmp_path: Path) -> None:
    put(tmp_path, CT, COLOUR, COLOUR)
    assert run(tmp_path, *keyed(tmp_path), out="tree") == 0
    assert run(tmp_path, *keyed(tmp_path), "--zip", "42K", out="zip") == 0
    archives = sorted((tmp_path / "zip").glob("*.zip"))
    assert len(archives) > 1
    found: dict[str, bytes] = {}
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            found |= {name: archive.read(name) for name in archive.namelist()}
    assert found == contents(tmp_path / "tree")
    assert not (tmp_path / "zip" / "PICTURES").exists()


def test_resumed_it_is_as_if_it_had_not_been_ended(tmp_path: Path) -> None:
    """Ended among the pictures and before them: byte for byte what an uninterrupted run makes."""
    put(tmp_path, CT, COLOUR, DOSE)
    out, same = tmp_path / "out", (*keyed(tmp_path), "--accept", "all")
    assert run(tmp_path, *same, out="whole") == 0
    whole = results(tmp_path / "whole")
    assert run(tmp_path, *same) == 0
    _first, second, *_others, last = sorted(out.rglob("*.png"))
    last.unlink()
    second.write_bytes(b"another")
    second.with_name(f".{second.name}.999.part").write_bytes(b"half")
    second.with_name("IMG-00001-frame-99.png").write_bytes(b"of nothing that is there")
    for name in ("report.json", "SHA256SUMS"):
        (out / name).unlink()
    outputs(out)[1].unlink()
    assert run(tmp_path, *same, "--resume") == 0
    assert results(out) == whole
    arguments = ["deidentify", str(tmp_path / "in"), "--output", str(out), *same, "--resume"]
    assert main(arguments) == 0
    assert drawn(out) == {}
    assert "pictures" not in report_of(out)
    assert run(tmp_path, *same, "--resume") == 0
    assert results(out) == whole


def test_a_run_that_is_killed_among_the_pictures_goes_on(tmp_path: Path) -> None:
    put(tmp_path, *[DOSE] * 12)
    out = tmp_path / "out"
    same = (*keyed(tmp_path), "--accept", "all", "--pictures", "--workers", "1")
    process = subprocess.Popen(
        command(tmp_path / "in", "--output", out, *same), env=ENVIRONMENT, start_new_session=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    limit = time.monotonic() + 300
    while not list(out.rglob("*.png")) and process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 0 < len(list(out.rglob("*.png"))) < 12 * 15
    assert run(tmp_path, *keyed(tmp_path), "--accept", "all", "--resume") == 0
    assert run(tmp_path, *keyed(tmp_path), "--accept", "all", out="whole") == 0
    assert results(out) == results(tmp_path / "whole")
    assert len(drawn(out)) == 12 * 15


def test_what_is_there_is_replaced_only_by_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, COLOUR)
    mine = tmp_path / "out" / "PICTURES" / "mine.png"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"nobody's business")
    assert run(tmp_path) == 0
    before = set(drawn(tmp_path / "out"))
    assert len(before) == 3
    assert run(tmp_path) == 2
    assert run(tmp_path, "--force") == 0
    after = set(drawn(tmp_path / "out"))
    assert len(after) == 3
    assert before & after == {"PICTURES/mine.png"}
    same = keyed(tmp_path)
    assert run(tmp_path, *same, out="other") == 0
    for name in (".veil-journal.jsonl", only(tmp_path / "other").relative_to(tmp_path / "other")):
        (tmp_path / "other" / name).unlink()
    capsys.readouterr()
    assert run(tmp_path, *same, out="other") == 2
    assert "IMG-00001-frame-1.png exists in the output folder" in capsys.readouterr().err


def test_a_dry_run_draws_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(tmp_path / "in", 1)
    assert run(tmp_path, "--dry-run") == 0
    assert "picture" not in capsys.readouterr().out.lower()
    assert not (tmp_path / "out").exists()


def test_what_was_removed_from_the_pixels_is_in_no_picture(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="the extra dicom-veil[text] is not installed")
    put(tmp_path, CT)
    rules = {"format": 1, "rules": [{"rectangles": [[20, 30, 50, 40]]}]}
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    assert run(tmp_path, "--clean-pixels", tmp_path / "rules.json") == 0
    assert run(tmp_path, out="all") == 0
    (cleaned,), (whole,) = (drawn(tmp_path / one).values() for one in ("out", "all"))
    assert pixels(whole)[30:70, 20:70].max() > 0
    assert pixels(cleaned)[30:70, 20:70].max() == 0
    assert pixels(cleaned)[:30].max() > 0
    stored = pydicom.dcmread(only(tmp_path / "out")).pixel_array
    assert np.ptp(stored[30:70, 20:70]) == 0


@dataclass(frozen=True)
class Dying(Draw):
    """Dies while it writes the second picture of instance 2."""

    def begin(self) -> Handler[Drawn]:
        handle = super().begin()

        def deadly(job: Job, alive: Alive) -> Drawn:
            folder = Path(job.target).parent

            def perhaps() -> None:
                if job.number == 2 and list(folder.glob("*1.png")) and list(folder.glob(".*.part")):
                    os.kill(os.getpid(), signal.SIGKILL)

            return handle(job, perhaps)

        return deadly


def written(folder: Path, *kinds: str) -> tuple[dict[int, str], dict[int, Written]]:
    """Results that are there: names and sizes by number."""
    names = {number: f"{number}/IMG.dcm" for number in range(1, len(kinds) + 1)}
    for (number, name), kind in zip(names.items(), kinds, strict=True):
        folder.joinpath(name).parent.mkdir(parents=True)
        folder.joinpath(name).write_bytes(instance(number, kind))
    return names, {number: digest_of(str(folder / name)) for number, name in names.items()}


def test_a_worker_that_dies_costs_the_pictures_of_one_instance(tmp_path: Path) -> None:
    names, sizes = written(tmp_path, CT, COLOUR, CT)

    def executor(task: Any, jobs: Any) -> Any:
        assert task == Draw()
        return pool.run(Dying(), jobs, workers=1)

    found = draw(names, sizes, str(tmp_path), executor)
    assert found.told() == {"format": "png", "files": 2, "without": [2]}
    assert sorted(drawn(tmp_path)) == ["PICTURES/1/IMG.png", "PICTURES/3/IMG.png"]
    assert not list(tmp_path.rglob(".*.part"))


def test_a_place_that_takes_no_more_stops_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is written stays; the sentence says that pictures are still to be made."""
    write_study(tmp_path / "in", 2)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "PICTURES").write_bytes(b"a file where a folder has to be")
    assert run(tmp_path) == 1
    assert "Pictures are still to be done" in capsys.readouterr().err
    assert len(outputs(tmp_path / "out")) == 2
    assert not (tmp_path / "out" / "report.json").exists()
    names, sizes = written(tmp_path, CT)
    (tmp_path / "PICTURES").write_bytes(b"")
    with pytest.raises(CannotWrite):
        draw(names, sizes, str(tmp_path), partial(pool.run, workers=1))


def test_in_a_store_that_is_no_disk(tmp_path: Path) -> None:
    """As a cluster does it, over `memory://`: the same bytes; what is there can be removed."""
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    names, sizes = written(tmp_path, CT, COLOUR, NO_PIXELS)
    for name in names.values():
        store.pipe(f"/drawn/{name}", (tmp_path / name).read_bytes())

    def here(task: Any, jobs: Any) -> Any:
        for job in jobs:
            yield job, _do(task, job)

    found = draw(names, sizes, "memory://drawn", here)
    assert found == draw(names, sizes, str(tmp_path), partial(pool.run, workers=1))
    assert len(found.digests()) == 3
    for name, content in drawn(tmp_path).items():
        assert store.cat(f"/drawn/{name}") == content
    clear("memory://drawn", [names[2]])
    assert store.find("/drawn/PICTURES") == ["/drawn/PICTURES/1/IMG.png"]
    clear("memory://nothing", names.values())


def test_no_pictures_are_told_as_none() -> None:
    assert Pictures().sentence() == "0 pictures of 0 instances."
