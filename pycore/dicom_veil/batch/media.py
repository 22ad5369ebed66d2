"""A DICOMDIR for a finished tree whose names are File IDs (PS3.3 F, PS3.10 8).

Records are made by pydicom's recorders out of the results, never out of the originals. What a
record must hold and de-identification emptied gets a value that says nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset

# Which kind of record stands for an instance is not among what pydicom offers by name.
from pydicom.fileset import DIRECTORY_RECORDERS, _four_level_record_type
from pydicom.uid import UID, ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from dicom_veil.identity import Identity
from dicom_veil.quiet import quietly
from dicom_veil.write import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME

NAME = "DICOMDIR"
NO_DATE, NO_TIME = "19000101", "000000"
DATES = ("StudyDate", "ContentDate", "PresentationCreationDate", "RTPlanDate", "TreatmentDate")
TIMES = ("StudyTime", "ContentTime", "PresentationCreationTime", "RTPlanTime", "TreatmentTime")
LEVELS = ("PATIENT", "STUDY", "SERIES")


class Made(NamedTuple):
    """The bytes of a DICOMDIR, and the names of the instances that it cannot hold."""

    content: bytes
    without: tuple[str, ...]


def directory(folder: Path, names: Iterable[str], identity: Identity) -> Made:
    """The DICOMDIR of the results `names`, in their order, below `folder`."""
    made = Directory()
    for name in names:
        with folder.joinpath(*name.split("/")).open("rb") as file:
            made.add(name, file)
    return made.made(identity)


class _Node:
    """A record and those one level below it."""

    def __init__(self, record: Dataset) -> None:
        self.record = record
        self.below: list[_Node] = []

    def walk(self) -> "Iterator[_Node]":
        yield self
        for node in self.below:
            yield from node.walk()


class Directory:
    """A DICOMDIR in the making: results are added in their order."""

    def __init__(self) -> None:
        self._roots: list[_Node] = []
        self._known: dict[tuple[str, ...], _Node] = {}
        self._without: list[str] = []

    def add(self, name: str, file: BinaryIO) -> None:
        """One result; its pixels are not read."""
        with quietly():
            try:
                self._add(tuple(name.split("/")), file)
            except (KeyError, ValueError):
                self._without.append(name)

    def made(self, identity: Identity) -> Made:
        """The file."""
        with quietly():
            uid = identity.uid("\n".join(str(key) for key in self._known))
            return Made(_written(self._roots, uid), tuple(self._without))

    def _add(self, parts: tuple[str, ...], file: BinaryIO) -> None:
        """The records of one instance, those above it only once."""
        dataset = dcmread(file, stop_before_pixels=True)
        _complete(dataset, parts)
        leaf = _four_level_record_type(dataset)
        records = {level: DIRECTORY_RECORDERS[level](dataset) for level in (*LEVELS, leaf)}
        siblings = self._roots
        for depth, (level, record) in enumerate(records.items(), 1):
            key = parts[:depth]
            if key not in self._known:
                self._known[key] = _Node(_linked(record, level, dataset))
                siblings.append(self._known[key])
            siblings = self._known[key].below
        record = self._known[parts].record
        record.ReferencedFileID = list(parts)
        record.ReferencedSOPClassUIDInFile = dataset.SOPClassUID
        record.ReferencedSOPInstanceUIDInFile = dataset.SOPInstanceUID
        record.ReferencedTransferSyntaxUIDInFile = dataset.file_meta.TransferSyntaxUID


def _complete(dataset: Dataset, parts: tuple[str, ...]) -> None:
    """Values that say nothing where a record needs one and the result has none (PS3.3 F.5)."""
    numbers = [int("".join(c for c in part if c.isdigit())[-6:] or 0) for part in parts]
    needed: Mapping[str, Any] = {
        **dict.fromkeys(DATES, NO_DATE), **dict.fromkeys(TIMES, NO_TIME),
        "StudyID": numbers[1], "SeriesNumber": numbers[2], "InstanceNumber": numbers[3],
        "Modality": "OT",
    }  # fmt: skip
    for keyword, value in needed.items():
        if not dataset.get(keyword):
            setattr(dataset, keyword, str(value))


def _linked(record: Dataset, level: str, dataset: Dataset) -> Dataset:
    record.OffsetOfTheNextDirectoryRecord = 0
    record.RecordInUseFlag = 0xFFFF
    record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    record.DirectoryRecordType = level
    if "SpecificCharacterSet" in dataset:
        record.SpecificCharacterSet = dataset.SpecificCharacterSet
    return record


def _written(roots: list[_Node], uid: str) -> bytes:
    """The file: once to learn where records lie, once more with the offsets (PS3.3 F.3.2.2)."""
    nodes = [node for root in roots for node in root.walk()]
    whole = Dataset()
    whole.FileSetID = "VEIL"
    whole.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = 0
    whole.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = 0
    whole.FileSetConsistencyFlag = 0
    whole.DirectoryRecordSequence = [node.record for node in nodes]
    parsed: Any = dcmread(BytesIO(_bytes(whole, uid))).DirectoryRecordSequence
    at = {id(node): item.seq_item_tell for node, item in zip(nodes, parsed, strict=True)}
    for siblings in [roots, *(node.below for node in nodes)]:
        for node, following in pairwise(siblings):
            node.record.OffsetOfTheNextDirectoryRecord = at[id(following)]
    for node in nodes:
        if node.below:
            node.record.OffsetOfReferencedLowerLevelDirectoryEntity = at[id(node.below[0])]
    if roots:
        whole.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = at[id(roots[0])]
        whole.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = at[id(roots[-1])]
    return _bytes(whole, uid)


def _bytes(dataset: Dataset, uid: str) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    meta.MediaStorageSOPInstanceUID = UID(uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    dataset.file_meta = meta
    target = BytesIO()
    dcmwrite(target, dataset, enforce_file_format=True)
    return target.getvalue()
