"""What comes into the tab and who is who: the command line's own functions over sliced files."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pydicom
import pytest

from dicom_veil import tab, tab_batch
from dicom_veil.errors import Damaged, Directory, LeftOut, NoJob, NotDicom, OutOfRange, VeilError
from tests.core.archives import tarred, zipped
from tests.core.files import BUNDLED, bundled
from tests.core.schemas import mistakes
from tests.core.studies import instance

ROOT = Path(__file__).resolve().parents[2]
KEY = "11" * 32
CT = bundled("CT_small.dcm").read_bytes()


class Content:
    """A file of the page."""

    def __init__(self, content: bytes) -> None:
        self.content, self.size = content, len(content)

    def read(self, start: int, end: int) -> Any:
        piece = self.content[start:end]

        class Piece:
            def to_bytes(self) -> bytes:
                return piece

        return Piece()


def ask(method: str, content: bytes | None = None, **params: Any) -> Any:
    return answer(method, content, **params)[0]


def answer(method: str, content: bytes | None = None, **params: Any) -> tuple[Any, list[Any]]:
    file = None if content is None else Content(content)
    result, buffers = tab.handle(method, json.dumps(params), file)
    return json.loads(result), buffers


FILES = {"../../evil": CT, "a/text.txt": b"nothing", "b/ct": CT[:3000]}
ARCHIVES = {
    "stored": zipped(FILES, zipfile.ZIP_STORED),
    "deflated": zipped(FILES),
    "bzip2 in a ZIP": zipped(FILES, zipfile.ZIP_BZIP2),
    "tar": tarred(FILES),
    "tar.gz": tarred(FILES, "gz"),
    "tar.xz": tarred(FILES, "xz"),
}


def test_a_file_is_told_from_an_archive_and_a_directory() -> None:
    assert ask("take", CT) == {"kind": "instance"}
    assert ask("take", b"Dear colleague") == {"kind": "instance"}  # `inspect` says what it is
    directory = (BUNDLED / "test_files" / "dicomdirtests" / "DICOMDIR").read_bytes()
    found = ask("take", directory)
    assert found["kind"] == "directory"
    assert ["77654033", "CR1", "6154"] in found["names"]
    with pytest.raises(Directory):
        ask("take", directory, inside=True)
    with pytest.raises(LeftOut, match="inside an archive"):
        ask("take", zipped(FILES), inside=True)


@pytest.mark.parametrize("kind", ARCHIVES)
def test_no_archive_is_taken_for_an_instance(kind: str) -> None:
    with pytest.raises(NotDicom):
        ask("inspect", ARCHIVES[kind], instance=kind, brief=True)


@pytest.mark.parametrize("kind", ARCHIVES)
def test_members_are_read_where_they_stand(kind: str) -> None:
    archive = ARCHIVES[kind]
    found = ask("take", archive)
    assert found["kind"] == "archive"
    contents = []
    for member in found["members"]:
        assert member["refused"] == ""
        if place := member["range"]:
            raw = archive[place["start"] : place["end"]]
            content = raw if place["crc"] is None else zlib.decompress(raw, -15)
            assert place["crc"] in (None, zlib.crc32(content))
        else:
            content = bytes(answer("member", archive, at=member["at"], size=member["size"])[1][0])
        assert len(content) == member["size"]
        contents.append(content)
    assert contents == list(FILES.values())
    sliced = {"stored", "deflated", "tar"}
    assert all((one["range"] is not None) == (kind in sliced) for one in found["members"])


def test_what_an_archive_may_not_be() -> None:
    bomb = zipped({"bomb": bytes(1 << 20)})
    grown = bytearray(bomb)
    # The directory says that there is a terabyte.
    at = grown.rfind(b"PK\1\2")
    grown[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    with pytest.raises(OutOfRange):
        ask("take", bytes(grown))
    with pytest.raises(VeilError):
        ask("take", zipped(FILES)[:-30])
    cut = ask("take", tarred(FILES)[:2000])["members"]
    assert cut == [] or cut[-1]["refused"]
    with pytest.raises(Damaged):
        ask("member", tarred(FILES, "gz")[:-200], at=10**6, size=100)


def test_an_encrypted_member_is_refused_by_name() -> None:
    archive = bytearray(zipped({"secret": CT, "open": CT}))
    archive[archive.find(b"PK\1\2") + 8] |= 1
    first, second = ask("take", bytes(archive))["members"]
    assert "encrypted" in first["refused"]
    assert second["refused"] == ""


def test_missing_references_are_counted() -> None:
    names = [["DIR", "IMG1"], ["DIR", "IMG2"], ["OTHER", "X"]]
    below = ["dir/img1;1", "DIR/IMG2.", "README"]
    assert ask("directory_found", names=names, below=below) == {"named": 3, "missing": 1}


def headers(*people: tuple[str, str, str], study: str = "1.2") -> dict[str, list[Any]]:
    """(PatientID, PatientName, PatientBirthDate) of each input."""
    tab.handle("init", json.dumps({"key": KEY}), None)
    found = [_header(number, one, study) for number, one in enumerate(people)]
    common, *own = (list(column) for column in zip(*found, strict=True))
    numbers = list(range(len(found)))
    return {"common": common, "numbers": numbers, "of": numbers,
            **dict(zip(("uids", "new_uids", "places"), own, strict=True))}  # fmt: skip


def _header(number: int, person: tuple[str, str, str], study: str = "") -> list[Any]:
    patient_id, name, birth = person
    content = instance(
        PatientID=patient_id, PatientName=name, PatientBirthDate=birth,
        StudyInstanceUID=study or f"1.2.{number + 1}", SOPInstanceUID=f"1.2.9.{number + 1}",
    )  # fmt: skip
    inspected = ask("inspect", content, instance=f"h{number}-{person}-{study}", brief=True)
    return list(inspected["header"])


DOE, ROE, DOE2 = ("A1", "Doe^Jane", "19500101"), ("A1", "Roe^Jane", "19500101"), (
    "B2", "DOE^JANE^^", "19500101")  # fmt: skip
CASES = {
    "names": (DOE, ROE, DOE),
    "ids": (DOE, DOE2, DOE2),
    "studies": (DOE, ("C3", "Poe^Ann", "19600101")),
}


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("choice", ["same", "different", "out"])
def test_answers_make_people(kind: str, choice: str) -> None:
    people = CASES[kind]
    given = headers(*people, study="1.2" if kind == "studies" else "")
    (question,) = ask("questions", headers=given)["questions"]
    assert question["kind"] == kind
    concerned = sorted(number for side in question["inputs"] for number in side)
    assert concerned == list(range(len(people)))
    decided = ask("people", headers=given, choices={question["key"]: choice})
    assert decided["out"] == (concerned if choice == "out" else [])
    assert pseudonyms(decided["people"], people) == {"same": 1, "different": 2, "out": (
        1 if kind == "names" else 2)}[choice]  # fmt: skip


def pseudonyms(decided: list[list[str]], people: Iterable[tuple[str, str, str]]) -> int:
    tab.handle("init", json.dumps({"key": KEY, "people": decided}), None)
    made = {_made(number, one) for number, one in enumerate(people)}
    tab.handle("init", json.dumps({"key": KEY}), None)
    return len(made)


def _made(number: int, person: tuple[str, str, str]) -> tuple[str, str]:
    """PatientID and StudyDate of the result, which moves with the patient."""
    content = instance(
        PatientID=person[0], PatientName=person[1], PatientBirthDate=person[2],
        SOPInstanceUID=f"1.2.9.{number + 1}", StudyDate="20240105",
    )  # fmt: skip
    result, buffers = answer(
        "deidentify", content, instance=f"d{number}-{person}-{id(content)}", number=number,
        profile={"format": 1, "name": "dates", "label": "Dates", "description": "",
                 "options": ["retain_long_modified_dates"], "dates": "remove", "rules": []},
    )  # fmt: skip
    whole = b"".join(
        bytes(buffers[part["buffer"]]) if "buffer" in part else content[part["start"]:part["end"]]
        for part in result["parts"]
    )  # fmt: skip
    from pydicom import dcmread

    made = dcmread(io.BytesIO(whole))
    return str(made.PatientID), str(made.StudyDate)


def test_a_table_does_not_tell_two_persons_apart_under_one_id() -> None:
    given = headers(DOE, ROE)
    (question,) = ask("questions", headers=given)["questions"]
    people = ask("people", headers=given, choices={question["key"]: "different"})["people"]
    patients = "PatientID,pseudonym\nA1,P-01\n"
    tab.handle("init", json.dumps({"key": KEY, "patients": patients, "people": people}), None)
    content = instance(PatientID="A1", PatientName="Doe^Jane")
    told = ask("inspect", content, instance="table", brief=True)
    assert told["header"] is None
    assert told["patient"]["pseudonym"] == ""
    tab.handle("init", json.dumps({"key": KEY}), None)


def test_keys_of_questions_are_stable_and_say_nothing() -> None:
    (first,) = ask("questions", headers=headers(DOE, ROE))["questions"]
    (more,) = ask("questions", headers=headers(ROE, DOE, DOE, ROE))["questions"]
    assert first["key"] == more["key"]
    assert "A1" not in first["key"]


def test_repeats_and_conflicts() -> None:
    sums = {"1": "a", "2": "a", "3": "b", "7": "c", "9": "c"}
    found = ask("repeated", groups=[[1, 2, 3], [7, 9]], sums=sums)
    assert found == {"repeats": [2, 9], "differing": [[1, 3]]}


def test_the_spot_check_says_what_is_open() -> None:
    tab.handle("init", json.dumps({"key": KEY}), None)
    strata = {str(n): [n % 2, "CT"] for n in range(100)}
    first = ask("spot", strata=strata, seen=[], on_failure="enlarge")
    assert len(first["numbers"]) == 30
    assert first["open"] == first["numbers"]
    bad = [{"number": n, "passed": n != first["numbers"][0], "note": ""} for n in first["numbers"]]
    grown = ask("spot", strata=strata, seen=bad, on_failure="enlarge")
    assert (grown["state"], len(grown["numbers"]), len(grown["open"])) == ("open", 60, 30)
    assert ask("spot", strata=strata, seen=bad, on_failure="stop")["state"] == "stopped"


def test_archives_without_what_the_python_of_a_browser_may_lack() -> None:
    code = (
        "import sys\n"
        "for name in ('lzma', 'bz2'):\n"
        "    sys.modules[name] = None\n"
        "import dicom_veil.tab\n"
        "assert 'tarfile' not in sys.modules\n"
        "from io import BytesIO\n"
        "from dicom_veil.errors import Unsupported\n"
        "from dicom_veil.intake.archives import archive_in\n"
        "try:\n"
        "    archive_in(BytesIO(b'BZh' + bytes(600)), 603)\n"
        "except Unsupported:\n"
        "    print('said')\n"
    )
    env = {"PYTHONPATH": str(ROOT / "pycore")}
    run = subprocess.run([sys.executable, "-c", code], check=True, env=env, capture_output=True)
    assert run.stdout == b"said\n"


def test_answers_stand_in_the_report_without_values() -> None:
    given = headers(DOE, ROE)
    decisions = [{"kind": "names", "sides": 2, "instances": 2, "decision": "different"}]
    audit = ask("batch_audit", headers=given, rows=[], decisions=decisions)
    params = {"rows": [], "refused": [], "profile": "basic", "audit": audit}
    text = bytes(answer("report", **params)[1][0]).decode()
    assert json.loads(text)["decisions"] == decisions
    assert mistakes("report", json.loads(text)) == []
    page = bytes(answer("report", **params, format="html")[1][0]).decode()
    assert "different persons" in page
    assert "Jane" not in page + text


def test_a_directory_is_made_result_by_result() -> None:
    """Each as the page gives it; a worker that does not know the earlier ones says so."""
    tab.handle("init", json.dumps({"key": KEY}), None)
    names = [f"SUBJ/STUDY1/SER1/IMG{number}" for number in range(3)]
    for number, name in enumerate(names):
        assert ask("directory_add", instance(number + 1), name=name, first=number == 0) == {}
    told, [content] = answer("directory_finish")
    assert told == {"without": []}
    records = pydicom.dcmread(io.BytesIO(content)).DirectoryRecordSequence
    files = [one.ReferencedFileID for one in records if "ReferencedFileID" in one]
    assert ["/".join(one) for one in files] == names
    tab_batch._directory = None  # as in a worker that has replaced another
    with pytest.raises(NoJob):
        ask("directory_add", instance(4), name="SUBJ/STUDY1/SER1/IMG3", first=False)
    with pytest.raises(NoJob):
        ask("directory_finish")
