"""Files written by hand, element by element, so that they can be as wrong as any found in the wild.

An element is bytes; a data set is their concatenation (PS3.5 7.1). Explicit VR little endian
unless a function says otherwise.
"""

import struct
import zlib
from collections.abc import Iterable

from dicom_veil.encoding import LONG_VRS

EXPLICIT, IMPLICIT, BIG, DEFLATED = (
    "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99",
)  # fmt: skip
CT = "1.2.840.10008.5.1.4.1.1.2"
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD


def element(
    tag: int, vr: str, value: bytes | str, *, length: int | None = None, implicit: bool = False,
    order: str = "<",
) -> bytes:  # fmt: skip
    """One element; a text is padded to even length, `length` overrides the one that is true."""
    if isinstance(value, str):
        value = value.encode("latin-1")
        value += (b"\0" if vr == "UI" else b" ") * (len(value) % 2)
    size = len(value) if length is None else length
    head = struct.pack(f"{order}HH", tag >> 16, tag & 0xFFFF)
    if implicit:
        return head + struct.pack(f"{order}L", size) + value
    if vr.encode() in LONG_VRS:
        return head + vr.encode() + struct.pack(f"{order}HL", 0, size) + value
    return head + vr.encode() + struct.pack(f"{order}H", size) + value


def mark(tag: int, length: int = 0, *, order: str = "<") -> bytes:
    """An item or a delimiter (PS3.5 7.5)."""
    return struct.pack(f"{order}HHL", tag >> 16, tag & 0xFFFF, length)


def items(contents: Iterable[bytes], *, undefined: bool = False, order: str = "<") -> bytes:
    """The value of a sequence: each content as an item, of its length or delimited."""
    if undefined:
        end = mark(ITEM_END, order=order)
        return b"".join(mark(ITEM, UNDEFINED, order=order) + one + end for one in contents)
    return b"".join(mark(ITEM, len(one), order=order) + one for one in contents)


def sequence(
    tag: int, contents: Iterable[bytes], *, undefined: bool = False, vr: str = "SQ",
    implicit: bool = False, order: str = "<",
) -> bytes:  # fmt: skip
    """A sequence of items."""
    value = items(contents, undefined=undefined, order=order)
    if not undefined:
        return element(tag, vr, value, implicit=implicit, order=order)
    value += mark(SEQUENCE_END, order=order)
    return element(tag, vr, value, length=UNDEFINED, implicit=implicit, order=order)


def file(
    dataset: bytes, *, syntax: str = EXPLICIT, meta: bytes = b"", preamble: bytes = bytes(128)
) -> bytes:
    """A file with the least file meta information, `meta` after the transfer syntax."""
    group = element(0x00020010, "UI", syntax) + meta
    head = preamble + b"DICM" + element(0x00020000, "UL", struct.pack("<L", len(group))) + group
    if syntax == DEFLATED:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        dataset = packer.compress(dataset) + packer.flush()
    return head + dataset + b"\0" * (len(dataset) % 2 if syntax == DEFLATED else 0)


def instance(
    extra: Iterable[tuple[int, bytes]] = (), *, sop_class: str = CT, patient_id: str = "P-4711X",
    implicit: bool = False, syntax: str = "",
) -> bytes:  # fmt: skip
    """A small valid instance, with `extra` elements by tag in their places (or in place of its)."""
    common = {
        0x00080016: element(0x00080016, "UI", sop_class, implicit=implicit),
        0x00080018: element(0x00080018, "UI", "1.2.826.1.77.1", implicit=implicit),
        0x00100010: element(0x00100010, "PN", "Zwiebel^Quirin", implicit=implicit),
        0x00100020: element(0x00100020, "LO", patient_id, implicit=implicit),
        0x0020000D: element(0x0020000D, "UI", "1.2.826.1.77.2", implicit=implicit),
        0x0020000E: element(0x0020000E, "UI", "1.2.826.1.77.3", implicit=implicit),
    }
    for tag, encoded in extra:
        common[tag] = encoded
    content = b"".join(common[tag] for tag in sorted(common))
    return file(content, syntax=syntax or (IMPLICIT if implicit else EXPLICIT))
