"""Fragments and frames (PS3.5 A.4): every frame scanned, only changed ones written anew."""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import prod

from pydicom.uid import RLELossless

from dicom_veil.codestream import boxes, jpeg, jpeg2000, rle
from dicom_veil.codestream.scan import Scan, readable
from dicom_veil.decoded import value_of
from dicom_veil.encoding import ITEM, SEQUENCE_END
from dicom_veil.fragments import (
    EXTENDED_LENGTHS,
    EXTENDED_OFFSETS,
    Fragment,
    Frames,
    content_of,
    fragments_of,
    frames_of,
)
from dicom_veil.read import Instance
from dicom_veil.write import Part, Range

FAMILIES: tuple[tuple[re.Pattern[bytes], Callable[[bytes], Scan]], ...] = tuple(
    (family.magic, family.scan) for family in (jpeg, jpeg2000, boxes)
)


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


def clean_pixels(instance: Instance) -> CleanedPixels | None:
    """The pixel data without comments, metadata and appended bytes; None: nothing to remove.

    One frame at a time is in memory; frames that stay are ranges of the input.
    """
    return looked(instance).cleaned


@dataclass(frozen=True)
class Looked:
    """What a look through all frames finds.

    `rest`: where and what, of bytes that stay and are no image as far as anybody can tell (the
    offset table, headers, whole frames of a kind that is not followed), for searching them.
    """

    cleaned: CleanedPixels | None = None
    rest: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


def looked(instance: Instance) -> Looked:
    """Everything of encapsulated pixel data, each frame read once."""
    pixels = instance.pixels
    if pixels is None or not pixels.encapsulated:
        return Looked()
    values: list[tuple[tuple[Fragment, ...], bytes | None]] = []
    removed: list[tuple[int, str]] = []
    rest: dict[bytes, str] = {}
    for index, frame in enumerate(all_frames(instance)):
        content = content_of(instance, frame)
        found = _scan(instance, content)
        values.append((frame, None if found is None else found.clean))
        removed += [(index, piece.kind) for piece in (found.pieces if found else ())]
        # Frames of one encoder have the same headers.
        rest.setdefault(readable(found.rest(content) if found else content), f"frame {index + 1}")
    table, _ = fragments_of(instance)
    cleaned = written(instance, values, bool(table), tuple(removed)) if removed else None
    if cleaned is None and table:
        rest.setdefault(struct.pack(f"<{len(table)}L", *table), "offset table")
    return Looked(cleaned, tuple((where, content) for content, where in rest.items()))


def segments(instance: Instance) -> Iterator[tuple[str, bytes]]:
    """Where and what: every piece of compressed frames that is not image, for searching it."""
    if instance.pixels is None or not instance.pixels.encapsulated:
        return
    for index, frame in enumerate(all_frames(instance)):
        content = content_of(instance, frame)
        found = _scan(instance, content)
        for piece in found.pieces if found else ():
            yield f"frame {index + 1}, {piece.kind}", content[piece.start : piece.end]


def all_frames(instance: Instance) -> Frames:
    """The fragments of each frame."""
    try:
        count = int(str(value_of(instance.dataset, "NumberOfFrames") or 1))
    except ValueError:
        count = 1
    return frames_of(instance, count)


def _scan(instance: Instance, content: bytes) -> Scan | None:
    """By what a frame begins with, since transfer syntaxes are not always true; RLE by its own."""
    for magic, scan in FAMILIES:
        if magic.match(content):
            return scan(content)
    if instance.transfer_syntax == RLELossless:
        sides = (value_of(instance.dataset, keyword) for keyword in ("Rows", "Columns"))
        return rle.scan(content, prod(side if isinstance(side, int) else 0 for side in sides))
    return None


def written(
    instance: Instance,
    values: list[tuple[tuple[Fragment, ...], bytes | None]],
    has_table: bool,
    removed: tuple[tuple[int, str], ...],
) -> CleanedPixels:
    """Items, offset tables and delimiter; a changed frame is one fragment of even length.

    `values`: each frame's fragments, and what takes their place, or None.
    """
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
