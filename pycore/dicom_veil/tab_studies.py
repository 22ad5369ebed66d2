"""Methods of the tab about what comes in and who is who: the command line's own functions.

Like `tab_batch` they remember nothing: the page gives headers by number, as it does there.
Archives' modules are imported by the first call that needs them.
"""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from dicom_veil.errors import VeilError
from dicom_veil.tab_batch import Answer, Asked, headers_of

if TYPE_CHECKING:
    from dicom_veil.intake.questions import Question


def _take(asked: Asked) -> Answer:
    """What a file is: `instance`, `archive` with its members, or `directory` with its File IDs.

    `inside`: it is in an archive, where neither of the others is opened.
    """
    from dicom_veil.errors import Directory, LeftOut
    from dicom_veil.intake.directory import is_directory, referenced

    file = asked.content(4096)
    head = file.read(512)
    inside = bool(asked.params.get("inside"))
    if is_directory(head):
        if inside:
            raise Directory("This is a DICOMDIR in an archive: all of the archive was read.")
        whole = BytesIO(head + file.read())
        return {"kind": "directory", "names": [list(one) for one in referenced(whole)]}, []
    if not _is_archive(head):
        return {"kind": "instance"}, []
    if inside:
        raise LeftOut("An archive inside an archive is not opened.")
    return {"kind": "archive", "members": _members(asked)}, []


def _is_archive(head: bytes) -> bool:
    # Not the module's own function yet: most files are none, and it brings much with it.
    if head[128:132] == b"DICM":
        return False
    from dicom_veil.intake.archives import kind_of

    return bool(kind_of(head))


def _members(asked: Asked) -> list[dict[str, Any]]:
    from dicom_veil.intake.archives import archive_in

    file = cast(BinaryIO, asked.content(4096))
    archive = archive_in(file, asked.size())
    found: list[dict[str, Any]] = []
    try:
        for one in archive.members():
            member: dict[str, Any] = {"at": one.at, "size": one.size, "range": None}
            try:
                where = None if one.refused else archive.range(one)
                member["range"] = where and where._asdict()
                member["refused"] = one.refused
            except VeilError as error:
                member["refused"] = str(error)
            found.append(member)
    except VeilError as error:
        # What was there before the damage is read all the same.
        found.append({"at": -1, "size": 0, "range": None, "refused": str(error)})
    finally:
        archive.close()
    return found


def _member(asked: Asked) -> Answer:
    """The bytes of one member that only the archive's own reader can give."""
    from dicom_veil.errors import Damaged
    from dicom_veil.intake.archives import archive_in

    archive = archive_in(cast(BinaryIO, asked.content(1 << 16)), asked.size())
    try:
        size = int(asked.params["size"])
        with archive.member(int(asked.params["at"]), size) as file:
            return {}, [file.read(size)]
    except VeilError:
        raise
    except Exception as error:  # noqa: BLE001  # zlib's, lzma's, zipfile's own kinds
        kind = type(error).__name__
        raise Damaged(f"The archive is damaged where this file is ({kind}).") from None
    finally:
        archive.close()


def _directory_found(asked: Asked) -> Answer:
    """How many of a DICOMDIR's File IDs are not among files by their names below its folder."""
    from dicom_veil.intake.directory import matched

    below = {str(name): True for name in asked.params["below"]}
    names = [tuple(map(str, one)) for one in asked.params["names"]]
    return {"named": len(names), "missing": sum(not one for one in matched(below, names))}, []


def _questions(asked: Asked) -> Answer:
    """What a person has to answer; `key` stands for the same question, and stays in the tab."""
    return {
        "questions": [
            {"key": key, "kind": one.kind, "inputs": [list(side) for side in one.inputs]}
            for key, one in _keyed(asked).items()
        ]
    }, []


def _keyed(asked: Asked) -> "dict[str, Question]":
    from hashlib import sha256

    from dicom_veil.intake.questions import questions

    found = questions(headers_of(asked))
    return {sha256(f"{one.kind}\0{one.about}".encode()).hexdigest()[:16]: one for one in found}


def _people(asked: Asked) -> Answer:
    """What follows from `choices` by question: what `init` takes as `people`, and who is out."""
    from dicom_veil.intake.people import Choice, decided

    known = _keyed(asked)
    choices = cast("dict[str, Choice]", asked.params["choices"])
    answers = [(known[key], choice) for key, choice in choices.items() if key in known]
    people, out = decided(headers_of(asked), answers)
    return {"people": [[*place, name] for place, name in people.items()], "out": list(out)}, []


def _repeated(asked: Asked) -> Answer:
    """Of inputs that share a UID: which are identical to an earlier one, and which differ."""
    from dicom_veil.intake.grouping import same

    sums = {int(n): str(one) for n, one in asked.params["sums"].items()}
    found = [same(group, sums.__getitem__) for group in asked.params["groups"]]
    return {
        "repeats": [number for one in found for number in one.repeats],
        "differing": [list(one.differing) for one in found if one.differing],
    }, []


METHODS: dict[str, Callable[[Asked], Answer]] = {
    "take": _take,
    "member": _member,
    "directory_found": _directory_found,
    "questions": _questions,
    "people": _people,
    "repeated": _repeated,
}
