"""Where the data set of a file begins, and how it is really encoded (PS3.10 7, PS3.5 A)."""

import struct
import zlib
from io import BytesIO
from typing import BinaryIO

from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from dicom_veil import errors
from dicom_veil.elements import elements
from dicom_veil.encoding import LONG_VRS, PRIVATE_GE
from dicom_veil.standard import vr_of
from dicom_veil.whole import check_whole

# Also the largest length that Python in 32-bit WebAssembly can name.
MAX_INFLATED = (1 << 31) - 1


class _NotMeta:
    """The tags of all groups but that of the file meta information (PS3.10 7.1)."""

    def __contains__(self, tag: object) -> bool:
        return isinstance(tag, int) and tag >> 16 != 2


NOT_META = _NotMeta()


def find_start(source: BinaryIO, size: int, notes: list[str]) -> int:
    """The position of the first attribute: after the preamble if there is one (PS3.10 7.1)."""
    source.seek(0)
    head = source.read(140)
    # Without a preamble those four letters can stand in a value (a StationName beginning with
    # DICM): what follows them decides.
    if head[128:132] == b"DICM" and (head[132:134] == b"\2\0" or not _plausible(head[:12], size)):
        return 132
    if head[:4] == b"DICM":
        notes.append("The preamble is missing.")
        return 4
    if _plausible(head[:12], size):
        notes.append("The preamble is missing.")
        return 0
    raise errors.NotDicom("This is not a DICOM file.")


def _plausible(head: bytes, size: int) -> bool:
    """Whether bytes look like the first attribute of a data set, in any encoding of PS3.5 7.1."""
    if len(head) < 8:
        return False
    for order in ("<", ">"):
        group, element = struct.unpack(f"{order}HH", head[:4])
        if group not in (0x0002, 0x0004, 0x0008) or element > 0x1FFF:
            continue
        if head[4:6] in LONG_VRS or vr_of(group << 16 | element) == head[4:6].decode("latin-1"):
            return True
        (length,) = struct.unpack(f"{order}L", head[4:8])
        if length <= size - 8 and (length % 2 == 0):
            return True
    return False


def read_meta(source: BinaryIO, start: int, notes: list[str]) -> tuple[Dataset, int]:
    """The file meta information (PS3.10 7.1: explicit VR little endian) and where it ends."""
    source.seek(start)
    head = source.read(6)
    if head[:2] != b"\x02\x00":
        notes.append("The file meta information is missing.")
        return Dataset(), start
    implicit = not head[4:6].isalpha()
    source.seek(start)
    found = elements(source, implicit, True, NOT_META)
    meta = Dataset({element.tag: element for element in found})
    for element in meta._dict.values():
        check_whole(element)
    return meta, source.tell()


def inflate(source: BinaryIO, start: int) -> BytesIO:
    """The data set of a deflated file (PS3.5 A.5: a raw deflate stream)."""
    source.seek(start)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = stream.decompress(source.read(), MAX_INFLATED)
    except zlib.error:
        raise errors.Damaged("The deflated data set is damaged and cannot be inflated.") from None
    if stream.unconsumed_tail:
        raise errors.OutOfRange("The deflated data set inflates to more than 2 GB.")
    if not stream.eof:
        raise errors.Truncated("The deflated data set ends too early.")
    return BytesIO(data)


def encoding_of(
    body: BinaryIO, start: int, declared: UID, notes: list[str]
) -> tuple[UID, bool, bool]:
    """The transfer syntax as it really is: (UID, implicit VR, little endian).

    What the file meta information declares is held against the first attribute, since files
    exist that declare one encoding and use another.
    """
    body.seek(start)
    head = body.read(8)
    explicit = len(head) >= 6 and head[4:6].isalpha() and head[4:6].isupper()
    big = declared == ExplicitVRBigEndian
    if not declared:
        notes.append("The transfer syntax is not declared; it was recognised from the data set.")
        # Groups at the start of a data set are below 0x0400, read in the right byte order.
        big = explicit and len(head) >= 2 and int.from_bytes(head[:2], "little") >= 0x0400
        if big:
            return ExplicitVRBigEndian, False, False
        return (ExplicitVRLittleEndian if explicit else ImplicitVRLittleEndian), not explicit, True
    expects_implicit = declared in (ImplicitVRLittleEndian, PRIVATE_GE)
    if expects_implicit == explicit:
        used = "explicit" if explicit else "implicit"
        notes.append(f"The data set is in {used} VR, other than its transfer syntax says.")
        if declared == ImplicitVRLittleEndian:
            return ExplicitVRLittleEndian, False, True
        if declared == ExplicitVRLittleEndian:
            return ImplicitVRLittleEndian, True, True
    return declared, not explicit, not big
