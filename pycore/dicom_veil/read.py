"""Stage *read*: from a seekable source of bytes to an `Instance`, without loading its pixels.

Tolerant of what scanners write (no preamble, no file meta information, a data set in another
encoding than the one declared); precise about what it can't take. Every sequence is parsed, at
every depth and whatever its attribute, so that no later stage can walk past one.
"""

import struct
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from dicom_veil import errors
from dicom_veil.decoded import value_of
from dicom_veil.elements import elements
from dicom_veil.encoding import PIXEL_TAGS, UNDEFINED
from dicom_veil.pixel_element import PixelElement, find_pixels
from dicom_veil.quiet import quietly
from dicom_veil.sequences import parse_sequences
from dicom_veil.start import encoding_of, find_start, inflate, read_meta
from dicom_veil.whole import check_whole, truncated

OF_UID = frozenset("0123456789.")
MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"


@dataclass(frozen=True)
class Instance:
    """One SOP Instance as read: everything but the pixels in `dataset`, the pixels by position.

    `dataset` is shared by all stages and never changed by any. `body` is what positions refer to:
    the source itself, or the inflated data set where the transfer syntax is deflated. `doubled` are
    elements that another of the same tag follows, which alone is in `dataset`.
    """

    dataset: Dataset
    body: BinaryIO
    pixels: PixelElement | None
    transfer_syntax: UID
    implicit_vr: bool
    little_endian: bool
    sop_class_uid: str
    sop_instance_uid: str
    notes: tuple[str, ...] = ()
    doubled: tuple[RawDataElement, ...] = ()


def read(source: BinaryIO) -> Instance:
    """Reads one instance (PS3.10 7, PS3.5 7).

    Raises `Empty`, `NotDicom`, `Truncated`, `Damaged`, `Directory` or `OutOfRange`.
    """
    try:
        with quietly():
            return _read(source)
    except errors.VeilError:
        raise
    except OSError as error:
        # pydicom's own OSErrors have no errno; those of a medium that went away have one.
        if error.errno is not None:
            raise errors.FileGone("The file can no longer be read from where it was.") from error
        raise errors.Damaged("The data set is damaged: a sequence does not hold items.") from None
    except (EOFError, struct.error):
        raise errors.Truncated("The file ends in the middle of an attribute.") from None
    except RecursionError:
        raise errors.Damaged("The data set is damaged: sequences are nested too deeply.") from None
    except (
        ArithmeticError, AssertionError, AttributeError, BytesLengthException, LookupError,
        MemoryError, NotImplementedError, TypeError, ValueError,
    ) as error:  # fmt: skip
        # The parser's message may quote a value, so only its kind is passed on.
        raise errors.Damaged(
            f"The data set is damaged and cannot be followed ({type(error).__name__})."
        ) from None


def _read(source: BinaryIO) -> Instance:
    size = source.seek(0, SEEK_END)
    if size == 0:
        raise errors.Empty("The file is empty.")
    notes: list[str] = []
    start = find_start(source, size, notes)
    meta, start = read_meta(source, start, notes)
    if str(meta.get("MediaStorageSOPClassUID", "")) == MEDIA_STORAGE_DIRECTORY:
        raise errors.Directory(
            "This is a DICOMDIR, a list of other files with their patients' names: "
            "it is not an image and is never copied."
        )
    transfer_syntax = UID(_kind(meta, "TransferSyntaxUID"))
    body, origin = source, start
    if transfer_syntax == DeflatedExplicitVRLittleEndian:
        body, origin = inflate(source, start), 0
        size = body.seek(0, SEEK_END)
    if origin >= size:
        raise errors.Truncated("The file ends after its file meta information: no data set.")
    transfer_syntax, implicit, little = encoding_of(body, origin, transfer_syntax, notes)
    dataset, pixels, doubled = _read_body(body, origin, size, implicit, little, notes)
    if 0x00041220 in dataset:
        raise errors.Directory("This is a DICOMDIR: it lists other files and is never copied.")
    if len(dataset) == 0:
        raise errors.NotDicom("No DICOM attribute was found in the file.")
    if pixels is None and 0x00280010 in dataset and 0x00280011 in dataset:
        notes.append("Rows and Columns are given, but there is no pixel data.")
    return Instance(
        dataset=dataset,
        body=body,
        pixels=pixels,
        transfer_syntax=transfer_syntax,
        implicit_vr=implicit,
        little_endian=little,
        sop_class_uid=_kind(dataset, "SOPClassUID") or _kind(meta, "MediaStorageSOPClassUID"),
        sop_instance_uid=_uid(dataset, "SOPInstanceUID")
        or _uid(meta, "MediaStorageSOPInstanceUID"),
        notes=tuple(notes),
        doubled=doubled,
    )


def _uid(dataset: Dataset, keyword: str) -> str:
    value = value_of(dataset, keyword)
    return str(value).strip("\0 ") if isinstance(value, str) else ""


def _kind(dataset: Dataset, keyword: str) -> str:
    """A UID that the result repeats; empty where it is none, but a text (PS3.5 9.1)."""
    text = _uid(dataset, keyword)
    return text if OF_UID.issuperset(text) else ""


def _read_body(
    body: BinaryIO, start: int, size: int, implicit: bool, little: bool, notes: list[str]
) -> tuple[Dataset, PixelElement | None, tuple[RawDataElement, ...]]:
    """The data set without its pixels, where they are (PS3.5 7.1), and what stands there twice."""
    body.seek(start)
    found: dict[BaseTag, RawDataElement | DataElement] = {}
    end = start
    doubled: list[RawDataElement] = []
    element: RawDataElement | DataElement | None = None
    for element in elements(body, implicit, little, PIXEL_TAGS):
        tag = element.tag
        if tag in found and isinstance(earlier := found[tag], RawDataElement):
            doubled.append(earlier)
        found[tag] = element
        if isinstance(element, DataElement) or element.length == UNDEFINED:
            end = body.tell()
        elif len(element.value or b"") < element.length:
            raise truncated(element)
    if isinstance(element, RawDataElement) and element.length != UNDEFINED:
        end = element.value_tell + element.length
    body.seek(end)
    pixels = find_pixels(body, size, implicit, little)
    if pixels is None:
        body.seek(end)
        if body.read(8).strip(b"\0"):
            raise errors.Truncated("The file ends in the middle of an attribute.")
    if pixels is not None:
        body.seek(pixels.element_end)
        trailing: dict[BaseTag, RawDataElement | DataElement] = {}
        try:
            for element in elements(body, implicit, little):
                check_whole(element)
                if element.tag <= pixels.tag:
                    raise errors.Damaged("Attributes are out of order.")
                trailing[element.tag] = element
        except (errors.VeilError, EOFError, OSError, ValueError, struct.error):
            notes.append("What follows the pixel data is no attribute; it is left out.")
        found.update(trailing)
    dataset = Dataset(found)
    dataset.set_original_encoding(implicit, little, dataset._character_set)
    parse_sequences(dataset, implicit, little)
    return dataset, pixels, tuple(doubled)
