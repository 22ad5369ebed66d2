"""DICOMDIR → the files that it names (PS3.3 F.3.2.2, Referenced File ID).

A DICOMDIR is followed, never copied: it holds the patients' names.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, TypeVar

from pydicom import dcmread
from pydicom.dataelem import RawDataElement

from dicom_veil.encoding import UNDEFINED
from dicom_veil.errors import Damaged, Truncated
from dicom_veil.quiet import quietly
from dicom_veil.storage import files_below, is_url

# Media Storage Directory Storage, with the length that it has in file meta information.
CLASS = b"UI\x14\x001.2.840.10008.1.3.10"
DIRECTORY_RECORDS = 0x00041220
Place = TypeVar("Place")


def is_directory(head: bytes) -> bool:
    """Whether a file's first bytes are a DICOMDIR's (PS3.10 8.6): its media storage class."""
    return head[128:132] == b"DICM" and CLASS in head[:512]


def referenced(file: BinaryIO) -> list[tuple[str, ...]]:
    """The File IDs of a DICOMDIR, each as its components; raises `Damaged` or `Truncated`."""
    try:
        with quietly():
            dataset = dcmread(file)
            whole = _is_whole(dataset.get_item(DIRECTORY_RECORDS))
            records: Any = dataset[DIRECTORY_RECORDS].value
            names = list(dict.fromkeys(_file_ids(records)))
    except Exception as error:  # noqa: BLE001  # whatever a damaged one makes the parser raise
        raise Damaged(
            f"The DICOMDIR is damaged and cannot be followed ({type(error).__name__})."
        ) from None
    if not whole:
        raise Truncated("The DICOMDIR ends too early: files that it named may be missing.")
    return names


def _is_whole(element: object) -> bool:
    """Whether all bytes are there that the element, still as it was read, says it has."""
    if not isinstance(element, RawDataElement):
        return True
    return element.length == UNDEFINED or len(element.value or b"") == element.length


def _file_ids(records: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    for record in records:
        value = record.get("ReferencedFileID")
        if value:
            parts = [value] if isinstance(value, str) else list(value)
            yield tuple(str(part).strip() for part in parts)


def found(directory: str, file_ids: Iterable[tuple[str, ...]]) -> Iterator[str | None]:
    """The place of each File ID beside a DICOMDIR, or None where there is no such file.

    Media write upper case, copies of them often lower; a version `;1` of ISO 9660 may follow, or
    a dot. A File ID leads only to what lies below the DICOMDIR's own folder.
    """
    base = directory.rpartition("/")[0] if is_url(directory) else _folder(directory)
    return matched({place[len(base) :]: place for place in files_below(base)}, file_ids)


def matched(
    below: Mapping[str, Place], file_ids: Iterable[tuple[str, ...]]
) -> Iterator[Place | None]:
    """The same for files by their names below the DICOMDIR's folder."""
    known = {_key(name): place for name, place in below.items()}
    for parts in file_ids:
        yield known.get(_key("/".join(parts)))


def _folder(path: str) -> str:
    from pathlib import Path

    return str(Path(path).parent)


def _key(name: str) -> str:
    plain = PurePosixPath(name.replace("\\", "/").strip("/")).as_posix().casefold()
    return plain.partition(";")[0].rstrip(".")
