"""What goes in: folders, archives, DICOMDIRs, files of all names; limits; who is who."""

import io
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from dicom_veil import errors
from dicom_veil.batch import pool
from dicom_veil.batch.prepare import Batch, prepare
from dicom_veil.batch.tree import media_name, names, tree_name
from dicom_veil.context import same_name
from dicom_veil.identity import Identity
from dicom_veil.intake import archives
from dicom_veil.intake.archives import kind_of, opened_archive
from dicom_veil.intake.find import find
from dicom_veil.intake.grouping import ordered
from dicom_veil.intake.header import header_of
from dicom_veil.intake.questions import questions
from dicom_veil.intake.source import Reader
from dicom_veil.read import read
from tests.core.archives import write_archive
from tests.core.files import BUNDLED, bundled
from tests.core.studies import instance, write_study

ROOT = Path(__file__).resolve().parents[2]
IDENTITY = Identity(bytes(32))
DICOMDIRS = BUNDLED / "test_files" / "dicomdirtests"


def plan_of(*places: Path | str) -> Batch:
    def executor(task, jobs):  # type: ignore[no-untyped-def]
        return pool.run(task, jobs, workers=1)

    return prepare(find(map(str, places)), IDENTITY, executor, tree_name)


ARCHIVES = ("scan.zip", "stored", "scan.tar", "scan.tar.gz", "scan.tar.bz2", "scan.tar.xz")


def archive_of(path: Path, files: dict[str, bytes]) -> Path:
    stored = path.name == "stored"
    return write_archive(path, files, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_are_read_as_they_are(tmp_path: Path, name: str) -> None:
    """Members by content alone: `../`, absolute, Unicode and long names lead nowhere."""
    files = {
        "../../out of here.dcm": instance(1),
        "/etc/passwd": instance(2),
        "患者/Ω\u202etxt": instance(3),
        "x/" * 100 + "deep": instance(4),
        "README.txt": b"no scan",
    }
    path = archive_of(tmp_path / name, files)
    before = sorted(tmp_path.rglob("*"))
    batch = plan_of(path)
    assert sorted(tmp_path.rglob("*")) == before
    assert len(batch.names) == 4
    assert [one.code for one in batch.refused.values()] == ["not-dicom"]
    with Reader() as reader:
        for number, content in zip(batch.names, files.values(), strict=False):
            with reader.opened(batch.sources[number]) as file:
                assert file.read() == content
    # In another order too, as another worker would.
    with Reader() as reader, reader.opened(batch.sources[3]) as file:
        assert file.read() == files["患者/Ω\u202etxt"]


def test_a_large_member_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dicom_veil.intake.source.AT_ONCE", 1000)
    for path in (write_archive(tmp_path / "a.zip", {"a": instance()}),
                 write_archive(tmp_path / "a.tar.gz", {"a": instance()})):  # fmt: skip
        (one,) = find([str(path)])
        with Reader() as reader, reader.opened(one.source) as file:
            assert not isinstance(file, io.BytesIO)
            assert header_of(read(file), IDENTITY).patient_id == "1CT1"


def test_an_archive_in_an_archive_is_left_out_by_name(tmp_path: Path) -> None:
    inner = write_archive(tmp_path / "inner.zip", {"a": instance(2)}).read_bytes()
    outer = write_archive(tmp_path / "outer.zip", {"inner.zip": inner, "b": instance(1)})
    batch = plan_of(outer)
    assert len(batch.names) == 1
    (refusal,) = batch.refused.values()
    assert refusal.code == "left-out"
    assert "archive inside an archive" in refusal.reason


def test_an_encrypted_member_is_refused_by_name(tmp_path: Path) -> None:
    """The flag that says so is set in a plain ZIP: no library here writes encrypted ones."""
    path = write_archive(tmp_path / "a.zip", {"a": instance(1), "b": instance(2)})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    batch = plan_of(path)
    assert len(batch.names) == 1
    assert "encrypted" in batch.refused[1].reason


def test_bombs_are_refused_before_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """12 MB of zeros in a ZIP of 12 KB, with a limit as much smaller than the real one."""
    monkeypatch.setattr(archives, "LARGE", 10 << 20)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(str(number), bytes(1 << 20))
    with pytest.raises(errors.OutOfRange, match="200 times"):
        opened_archive(str(bomb))
    ((one),) = find([str(bomb)])
    assert isinstance(one.error, errors.OutOfRange)


def test_a_tar_bomb_stops_at_its_header(tmp_path: Path) -> None:
    import gzip

    info = tarfile.TarInfo("bomb")
    info.size = 1 << 40
    with gzip.open(tmp_path / "bomb.tar.gz", "wb") as file:
        file.write(info.tobuf() + bytes(10240))
    found = list(find([str(tmp_path / "bomb.tar.gz")]))
    assert [type(one.error) for one in found] == [errors.OutOfRange]


def test_a_tar_header_of_false_length_takes_no_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 33
    (tmp_path / "a.tar").write_bytes(info.tobuf() + bytes(10240))
    found = list(find([str(tmp_path / "a.tar")]))
    assert all(isinstance(one.error, errors.VeilError) for one in found)


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    path = write_archive(tmp_path / "a.tar", {str(n): b"x" for n in range(4)})
    assert isinstance(list(find([str(path)]))[-1].error, errors.OutOfRange)
    stated = write_archive(tmp_path / "a.zip", {"a" * 200: b"x"})
    content = bytearray(stated.read_bytes())
    struct.pack_into("<L", content, content.index(b"PK\5\6") + 12, 1 << 30)
    stated.write_bytes(content)
    assert isinstance(next(find([str(stated)])).error, errors.OutOfRange)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ARCHIVES)
def test_damaged_archives(tmp_path: Path, name: str, share: float) -> None:
    """Cut anywhere: a sentence, no exception of another kind, what is whole is still read."""
    path = archive_of(tmp_path / name, {str(n): instance(n) for n in range(1, 5)})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    batch = plan_of(path)
    assert batch.refused
    assert len(batch.names) + len(batch.refused) == len(batch.labels)


def test_links_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (one,) = find([str(tmp_path / "a.tar")])
    assert "link" in str(one.error)


def test_dicom_with_an_archive_in_its_preamble_is_dicom() -> None:
    content = instance()
    assert kind_of(b"PK\3\4" + content[4:512]) == ""


def test_a_dicomdir_is_followed_and_not_copied(tmp_path: Path) -> None:
    """pydicom's: upper-case names; here on a medium that was copied with lower-case ones."""
    for path in DICOMDIRS.rglob("*"):
        if path.is_file() and (path.name == "DICOMDIR" or path.parent != DICOMDIRS):
            target = tmp_path / Path(str(path.relative_to(DICOMDIRS)).lower())
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    found = list(find([str(tmp_path / "dicomdir")]))
    good = [one for one in found if one.error is None]
    assert len(good) == 31
    assert [type(one.error) for one in found if one.error] == [errors.Directory]
    gone = Path(good[0].source.place)
    gone.unlink()
    again = list(find([str(tmp_path / "dicomdir")]))
    assert [str(one.error) for one in again if isinstance(one.error, errors.FileGone)] == [
        "The DICOMDIR names a file that is not there."
    ]
    # With its folder, every file is there once.
    folder = list(find([str(tmp_path)]))
    places = [one.source.place for one in folder if one.error is None]
    assert len(places) == len(set(places))
    assert {one.source.place for one in good[1:]} < set(places)


def test_a_damaged_dicomdir(tmp_path: Path) -> None:
    content = (DICOMDIRS / "DICOMDIR").read_bytes()
    (tmp_path / "DICOMDIR").write_bytes(content[:3000])
    (one,) = find([str(tmp_path / "DICOMDIR")])
    assert isinstance(one.error, errors.Truncated)


def test_names_of_any_kind_and_length(tmp_path: Path) -> None:
    """Paths of more than 300 characters, Unicode, bytes that are no text."""
    deep = tmp_path.joinpath(*["Ordner mit langem Namen äöü 患者" for _ in range(12)])
    deep.mkdir(parents=True)
    (deep / "a").write_bytes(instance(1))
    with open(os.fsencode(tmp_path) + b"/\xff\xfe.dcm", "wb") as file:  # noqa: PTH123
        file.write(instance(2))
    assert len(str(deep)) > 300
    assert len(plan_of(tmp_path).names) == 2


def test_a_pipe_does_not_make_it_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (one,) = find([str(tmp_path)])
    assert isinstance(one.error, errors.FileGone)


def test_what_an_earlier_run_wrote_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b").write_bytes(instance(2))
    (tmp_path / "outer").write_bytes(instance(1))
    found = list(find([str(tmp_path)], str(tmp_path / "out")))
    assert [Path(one.label).name for one in found] == ["outer"]
    # Unless it is named.
    assert len(list(find([str(tmp_path / "out" / "b")], str(tmp_path)))) == 1


def test_what_the_tab_needs_of_it_imports_no_module_that_the_tab_lacks() -> None:
    code = (
        "import sys\n"
        "for name in ('lzma', 'bz2', 'tarfile', 'multiprocessing', 'numpy', 'tqdm', 'fsspec'):\n"
        "    sys.modules[name] = None\n"
        "import dicom_veil.intake.grouping, dicom_veil.intake.questions, dicom_veil.batch.tree\n"
        "import dicom_veil.audit.spot, dicom_veil.audit.baseline, dicom_veil.audit.manifest\n"
        "import dicom_veil.report_forms\n"
    )
    env = {"PYTHONPATH": str(ROOT / "pycore")}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)


def test_without_preamble_and_extension(tmp_path: Path) -> None:
    (tmp_path / "IM1").write_bytes(instance(1)[128 + 4 :])
    assert len(plan_of(tmp_path).names) == 1


def test_identical_instances_are_written_once_and_different_ones_not_at_all(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").write_bytes(instance(1))
    (tmp_path / "b").write_bytes(instance(1))
    (tmp_path / "c").write_bytes(instance(2))
    (tmp_path / "d").write_bytes(instance(2, StationName="OTHER"))
    batch = plan_of(tmp_path)
    assert list(batch.names) == [1]
    assert {n: one.code for n, one in batch.refused.items()} == {
        2: "repeated", 3: "same-uid", 4: "same-uid",
    }  # fmt: skip


def test_the_tree_is_the_same_in_whatever_order_files_come(tmp_path: Path) -> None:
    places = write_study(tmp_path / "a", 3) + write_study(tmp_path / "b", 2, study="1.2.3.2")
    (tmp_path / "b" / "file 1").write_bytes(instance(11, study="1.2.3.2"))
    (tmp_path / "b" / "file 2").write_bytes(instance(12, study="1.2.3.2"))
    one, other = plan_of(*places), plan_of(*reversed(places))

    def by_place(batch: Batch) -> dict[str, str]:
        return {batch.sources[number].place: name for number, name in batch.names.items()}

    assert by_place(one) == by_place(other)
    found = sorted(name.partition("/")[2] for name in one.names.values())
    assert {name.partition("/")[0] for name in found} == {"STUDY-1", "STUDY-2"}
    assert sum(name.endswith("SERIES-1/IMG-00001.dcm") for name in found) == 2
    assert names(ordered(one.headers, IDENTITY), one.headers, media_name)[1].count("/") == 3


QUESTIONS = {
    "names": ({"PatientID": "1", "PatientName": "Doe^Jane"},
              {"PatientID": "1", "PatientName": "Do^J"}),
    "ids": ({"PatientID": "1", "PatientName": "Doe^Jane", "PatientBirthDate": "19600101"},
            {"PatientID": "2", "PatientName": "DOE^JANE^", "PatientBirthDate": "19600101",
                 "study": "1.2.3.2"}),
    "studies": ({"PatientID": "1", "PatientName": "Doe^Jane"},
                {"PatientID": "2", "PatientName": "Poe^Ann"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_a_person_has_to_answer(kind: str) -> None:
    headers = {
        number: header_of(read(io.BytesIO(instance(number, **attributes))), IDENTITY)
        for number, attributes in enumerate(QUESTIONS[kind], 1)
    }
    (question,) = questions(headers)
    assert (question.kind, question.sides, question.numbers) == (kind, 2, (1, 2))
    said = repr(question) + question.sentence()
    assert "Doe" not in said


def test_what_is_no_question() -> None:
    """Case, carets and a missing name are no other spelling; one patient has many studies."""
    given = [
        {"PatientName": "Doe^Jane"},
        {"PatientName": "DOE^JANE^^", "study": "1.2.3.2"},
        {"PatientName": "", "study": "1.2.3.3"},
    ]
    headers = {
        number: header_of(read(io.BytesIO(instance(number, PatientID="1", **one))), IDENTITY)
        for number, one in enumerate(given, 1)
    }
    assert questions(headers) == []
    assert same_name("Müller^Ä") == same_name("MULLER^A")


def test_bundled_files_come_through() -> None:
    """Every file of pydicom's ends somewhere."""
    batch = plan_of(BUNDLED / "test_files")
    assert len(batch.names) + len(batch.refused) == len(batch.labels) > 100
    assert batch.counts()["instances"] > 40
    assert "internal" not in {one.code for one in batch.refused.values()}
    assert bundled("CT_small.dcm").name == "CT_small.dcm"
