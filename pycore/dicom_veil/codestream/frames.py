"""Fragments and frames (PS3.5 A.4): every frame scanned, only changed ones written anew."""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from dicom_veil.codestream import boxes, jpeg, jpeg2000
from dicom_veil.codestream.scan import Scan
from dicom_veil.read import ITEM, SEQUENCE_END, Instance, value_of
from dicom_veil.write import Part, Range

FAMILIES: tuple[tuple[re.Pattern[bytes], Callable[[bytes], Scan]], ...] = tuple(
    (family.magic, family.scan) for family in (jpeg, jpeg2000, boxes)
)
EXTENDED_OFFSETS, EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002
# How a frame may begin, where only that tells one from the next.
BEGINNINGS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP", b"\0\0\0\x0cJXL", b"\xff\x0a")


@dataclass(frozen=True)
class CleanedPixels:
    """Encapsulated pixel data without what is not image.

    `parts` take the place of the value with its sequence delimiter (`pixels.offset` to
    `pixels.element_end`); `elements` are new values of the Extended Offset Table and its lengths
    (PS3.3 C.7.6.3.1.8), to be set in the data set. `removed` says what went: (frame from 0, kind).
    """

    parts: tuple[Part, ...]
    elements: dict[int, bytes] = field(repr=False)
    removed: tuple[tuple[int, str], ...]


class Fragment(NamedTuple):
    """An item of the pixel data: `start` of its tag, `offset` and `length` of its value."""

    start: int
    offset: int
    length: int


def clean_pixels(instance: Instance) -> CleanedPixels | None:
    """The pixel data without comments, metadata and appended bytes; None: nothing to remove.

    One frame at a time is in memory; frames that stay are ranges of the input.
    """
    pixels = instance.pixels
    if pixels is None or not pixels.encapsulated:
        return None
    table, fragments = _fragments(instance)
    frames = _frames(instance, table, fragments)
    values: list[tuple[tuple[Fragment, ...], bytes | None]] = []
    removed: list[tuple[int, str]] = []
    for index, frame in enumerate(frames):
        found = _scan(_content(instance, frame))
        values.append((frame, None if found is None else found.clean))
        removed += [(index, piece.kind) for piece in (found.pieces if found else ())]
    if not removed:
        return None
    return _written(instance, values, bool(table), tuple(removed))


def segments(instance: Instance) -> Iterator[tuple[str, bytes]]:
    """Where and what: every piece of compressed frames that is not image, for searching it."""
    if instance.pixels is None or not instance.pixels.encapsulated:
        return
    table, fragments = _fragments(instance)
    for index, frame in enumerate(_frames(instance, table, fragments)):
        content = _content(instance, frame)
        found = _scan(content)
        for piece in found.pieces if found else ():
            yield f"frame {index + 1}, {piece.kind}", content[piece.start : piece.end]


def _scan(content: bytes) -> Scan | None:
    """By what a frame begins with, since transfer syntaxes are not always true."""
    for magic, scan in FAMILIES:
        if magic.match(content):
            return scan(content)
    return None


def _fragments(instance: Instance) -> tuple[tuple[int, ...], list[Fragment]]:
    """The Basic Offset Table's values and the fragments after it."""
    pixels, body = instance.pixels, instance.body
    assert pixels is not None  # noqa: S101  callers have looked
    found: list[Fragment] = []
    position, end = pixels.offset, pixels.offset + pixels.length
    while position + 8 <= end:
        body.seek(position + 4)
        (length,) = struct.unpack("<L", body.read(4))
        found.append(Fragment(position, position + 8, length))
        position += 8 + length
    if not found:
        return (), []
    body.seek(found[0].offset)
    count = found[0].length // 4
    return struct.unpack(f"<{count}L", body.read(4 * count)), found[1:]


def _frames(
    instance: Instance, table: tuple[int, ...], fragments: list[Fragment]
) -> list[tuple[Fragment, ...]]:
    """Fragments by frame: by the offset table, by their number, else by how frames begin."""
    try:
        count = int(str(value_of(instance.dataset, "NumberOfFrames") or 1))
    except ValueError:
        count = 1
    if EXTENDED_OFFSETS in instance.dataset or len(fragments) == count:
        return [(fragment,) for fragment in fragments]
    if not fragments or count == 1:
        return [tuple(fragments)] if fragments else []
    first = fragments[0].start
    starts = {first + offset for offset in table}
    if len(starts) != count or not starts <= {fragment.start for fragment in fragments}:
        starts = {one.start for one in fragments if _begins(instance, one)} | {first}
    frames: list[list[Fragment]] = []
    for fragment in fragments:
        if fragment.start in starts:
            frames.append([])
        frames[-1].append(fragment)
    return [tuple(frame) for frame in frames]


def _begins(instance: Instance, fragment: Fragment) -> bool:
    instance.body.seek(fragment.offset)
    return instance.body.read(min(8, fragment.length)).startswith(BEGINNINGS)


def _content(instance: Instance, frame: tuple[Fragment, ...]) -> bytes:
    pieces = []
    for fragment in frame:
        instance.body.seek(fragment.offset)
        pieces.append(instance.body.read(fragment.length))
    return b"".join(pieces)


def _written(
    instance: Instance,
    values: list[tuple[tuple[Fragment, ...], bytes | None]],
    has_table: bool,
    removed: tuple[tuple[int, str], ...],
) -> CleanedPixels:
    """Items, offset tables and delimiter; a changed frame is one fragment of even length."""
    parts: list[Part] = []
    offsets: list[int] = []
    lengths: list[int] = []
    position = 0
    for frame, clean in values:
        offsets.append(position)
        if clean is None:
            start, end = frame[0].start, frame[-1].offset + frame[-1].length
            parts.append(Range(start, end))
            lengths.append(sum(fragment.length for fragment in frame))
            position += end - start
        else:
            even = clean + b"\0" * (len(clean) % 2)
            parts.append(_item(len(even)) + even)
            lengths.append(len(clean))
            position += 8 + len(even)
    fits = has_table and offsets[-1] < 1 << 32
    table = struct.pack(f"<{len(offsets)}L", *offsets) if fits else b""
    elements: dict[int, bytes] = {}
    if EXTENDED_OFFSETS in instance.dataset:
        elements[EXTENDED_OFFSETS] = struct.pack(f"<{len(offsets)}Q", *offsets)
        elements[EXTENDED_LENGTHS] = struct.pack(f"<{len(lengths)}Q", *lengths)
    end_mark = struct.pack("<HHL", SEQUENCE_END >> 16, SEQUENCE_END & 0xFFFF, 0)
    return CleanedPixels((_item(len(table)) + table, *parts, end_mark), elements, removed)


def _item(length: int) -> bytes:
    return struct.pack("<HHL", ITEM >> 16, ITEM & 0xFFFF, length)
