"""Folders, files, archives and DICOMDIRs → sources in a stable order, and what is left out.

Only the first bytes of a file are read here. Folders are walked in the order of names, archives
in their own; nothing is listed twice.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dicom_veil.errors import Directory, FileGone, LeftOut, Unsupported, VeilError
from dicom_veil.intake.archives import kind_of, opened_archive
from dicom_veil.intake.directory import found, is_directory, referenced
from dicom_veil.intake.source import Reader, Source
from dicom_veil.storage import files_below, is_below, reading, size_of

HEAD = 512


class Found(NamedTuple):
    """One input: to be read, or left out for a reason. `label` says to the person which it is."""

    label: str
    source: Source
    error: VeilError | None = None


def find(places: Iterable[str], without: str = "") -> Iterator[Found]:
    """Every input that `places` name, each file once.

    What lies below `without`, the output, is no input unless a place in there is named.
    """
    seen: set[str] = set()
    for place in places:
        closed: list[Found] = []
        other = bool(without) and not is_below(place, without)

        def tell(folder: str, error: FileGone, closed: list[Found] = closed) -> None:
            closed.append(Found(folder, Source(folder, 0), error))

        try:
            for one in files_below(place, tell):
                if not (other and is_below(one, without)):
                    yield from _new(one, seen)
        except FileGone as error:
            yield Found(place, Source(place, 0), error)
        yield from closed


def _new(place: str, seen: set[str]) -> Iterator[Found]:
    if place not in seen:
        seen.add(place)
        yield from _file(place, seen)


def _file(place: str, seen: set[str]) -> Iterator[Found]:
    source = Source(place, size_of(place))
    try:
        with reading(place) as file:
            head = file.read(HEAD)
    except (VeilError, OSError) as error:
        gone = error if isinstance(error, VeilError) else FileGone("The file cannot be read.")
        yield Found(place, source, gone)
        return
    if is_directory(head):
        yield from _directory(source, seen)
    elif kind_of(head):
        yield from _archive(place)
    else:
        yield Found(place, source)


def _directory(source: Source, seen: set[str]) -> Iterator[Found]:
    place = source.place
    try:
        with reading(place, whole=True) as file:
            names = referenced(file)
        targets = list(found(place, names))
    except VeilError as error:
        yield Found(place, source, error)
        return
    yield Found(place, source, Directory("This is a DICOMDIR: it was followed and is not copied."))
    for number, target in enumerate(targets, 1):
        if target is None:
            missing = FileGone("The DICOMDIR names a file that is not there.")
            yield Found(f"{place}, reference {number}", Source(place, 0), missing)
        else:
            yield from _new(target, seen)


def _archive(place: str) -> Iterator[Found]:
    try:
        archive = opened_archive(place)
    except VeilError as error:
        yield Found(place, Source(place, size_of(place)), error)
        return
    try:
        for count, member in enumerate(archive.members(), 1):
            label = f"{place}, file {count}"
            source = Source(place, member.size, member.at)
            yield Found(label, source, Unsupported(member.refused) if member.refused else None)
    except VeilError as error:
        yield Found(place, Source(place, size_of(place)), error)
    finally:
        archive.close()


def checked(reader: Reader, source: Source) -> None:
    """Raises `LeftOut` for an archive or a DICOMDIR inside an archive, which are not opened."""
    if source.at is None:
        return
    with reader.opened(source) as file:
        head = file.read(HEAD)
    if is_directory(head):
        raise Directory("This is a DICOMDIR in an archive: all of the archive was read.")
    if kind_of(head):
        raise LeftOut("An archive inside an archive is not opened.")
