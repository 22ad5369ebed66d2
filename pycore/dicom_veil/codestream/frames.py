"""Fragments and frames (PS3.5 A.4): every frame scanned, only changed ones written anew."""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import prod
from operator import itemgetter

from pydicom.uid import RLELossless

from dicom_veil.codestream import boxes, jpeg, jpeg2000, rle, video
from dicom_veil.codestream.scan import Scan, is_padding, readable, shifted, spliced
from dicom_veil.decoded import value_of
from dicom_veil.encoding import ITEM
from dicom_veil.fragments import (
    EXTENDED_LENGTHS,
    EXTENDED_OFFSETS,
    Fragment,
    Frames,
    content_of,
    fragments_of,
    frames_of,
)
from dicom_veil.frame_bytes import expected_bytes
from dicom_veil.pixel_element import PixelElement
from dicom_veil.read import Instance
from dicom_veil.video import codec_of
from dicom_veil.write import END_OF_ITEMS, Part, Range

Families = tuple[tuple[re.Pattern[bytes], Callable[[bytes], Scan]], ...]
FAMILIES: Families = tuple((family.magic, family.scan) for family in (jpeg, jpeg2000, boxes))
# Transfer syntaxes whose frames have such a beginning, wherever it is: all of JPEG and JPEG-LS;
# JPEG 2000 and HTJ2K, bare or in boxes.
BEGINS = (
    (re.compile(r"1\.2\.840\.10008\.1\.2\.4\.(?:[56]\d|70|8[01])"), FAMILIES[:1]),
    (re.compile(r"1\.2\.840\.10008\.1\.2\.4\.(?:9[0-3]|20[1-3])"), FAMILIES[1:]),
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

    `rest`: where and what, of bytes that stay and are no image as far as anybody can tell (headers,
    whole frames of a kind that is not followed), for searching them. `strange`: the first frame,
    from 0, that is not of the kind that the transfer syntax says. `bare`: a compressed picture in
    the place of uncompressed pixels, of which it has not the length.
    """

    cleaned: CleanedPixels | None = None
    rest: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    strange: int | None = None
    bare: bool = False


def looked(instance: Instance) -> Looked:
    """Everything of encapsulated pixel data, each frame read once."""
    pixels = instance.pixels
    if pixels is None:
        return Looked()
    if not pixels.encapsulated:
        return Looked(bare=_is_bare(instance, pixels))
    codec = codec_of(instance)
    if codec is not None:
        return _film(instance, codec)
    values: list[tuple[tuple[Fragment, ...], bytes | None]] = []
    removed: list[tuple[int, str]] = []
    rest: dict[bytes, str] = {}
    strange: int | None = None
    found_frames = all_frames(instance)
    several = len(found_frames) < _count(instance)
    for index, frame in enumerate(found_frames):
        content = content_of(instance, frame)
        found = _scan(instance, content, several=several)
        if found is None and strange is None and _is_strange(instance, content):
            strange = index
        values.append((frame, None if found is None else found.clean))
        removed += [(index, piece.kind) for piece in (found.pieces if found else ())]
        # Frames of one encoder have the same headers.
        rest.setdefault(readable(found.rest(content) if found else content), f"frame {index + 1}")
    frames = [frame for frame, _clean in values]
    has_table = pixels.items[:1] != () and pixels.items[0][1] > 0
    removed += _untrue(instance, frames)
    cleaned = written(instance, values, has_table, tuple(removed)) if removed else None
    found_rest = tuple((where, content) for content, where in rest.items())
    return Looked(cleaned, found_rest, strange)


def _film(instance: Instance, codec: str) -> Looked:
    """One stream, however many frames and fragments: overwritten where it lies."""
    table, fragments = fragments_of(instance)
    whole = tuple(fragments)
    if not whole:
        return Looked()
    stream = content_of(instance, whole)
    found = video.edits(stream, codec)
    rest = spliced(stream, [(one.start, one.end, one.new) for one in found]) if found else stream
    searched = (("frame 1", readable(rest)),)
    removed = [*dict.fromkeys((0, one.kind) for one in found), *_untrue(instance, [whole])]
    if not removed:
        return Looked(rest=searched)
    cleaned = written(instance, [(whole, None)], bool(table), tuple(removed))
    pieces = [(one.offset, one.offset + one.length) for one in whole]
    changes: list[tuple[int, int, bytes]] = []
    for one in found:
        at = 0
        for start, end in video.placed(pieces, one.start, one.end):
            changes.append((start, end, one.new[at : at + end - start]))
            at += end - start
    parts = tuple(part for one in cleaned.parts for part in _changed(one, changes))
    return Looked(replace(cleaned, parts=parts), searched)


def _changed(part: Part, changes: list[tuple[int, int, bytes]]) -> Iterator[Part]:
    """A range of the input with all `changes` in it, in pieces."""
    if isinstance(part, bytes):
        yield part
        return
    position = part.start
    for start, end, new in changes:
        if position < start:
            yield Range(position, start)
        yield new
        position = end
    yield Range(position, part.end)


def _is_bare(instance: Instance, pixels: PixelElement) -> bool:
    instance.body.seek(pixels.offset)
    head = instance.body.read(min(16, pixels.length))
    begun = any(magic.match(head) for magic, _scan in FAMILIES)
    return begun and pixels.length - expected_bytes(instance) not in (0, 1)


def _starts(frames: Frames) -> tuple[int, ...]:
    """Where each frame's first item begins, counted from the first fragment's (PS3.5 A.4)."""
    first = min((frame[0].start for frame in frames), default=0)
    return tuple(frame[0].start - first for frame in frames)


def _untrue(instance: Instance, frames: Frames) -> Iterator[tuple[int, str]]:
    """The offset tables that say anything else than where the frames are."""
    pixels = instance.pixels
    has_table = pixels is not None and pixels.items[:1] != () and pixels.items[0][1] > 0
    if has_table and not _is_true(instance, frames):
        yield 0, "offset table"
    if not _are_true(instance, frames):
        yield 0, "extended offset table"


def _is_true(instance: Instance, frames: Frames) -> bool:
    """Whether the Basic Offset Table says where the frames begin, and nothing else."""
    pixels = instance.pixels
    table, _ = fragments_of(instance)
    whole = pixels is not None and pixels.items[0][1] == 4 * len(table)
    return whole and table == tuple(start & 0xFFFFFFFF for start in _starts(frames))


def _are_true(instance: Instance, frames: Frames) -> bool:
    """The same of the Extended Offset Table, and of its lengths, which may leave out padding."""
    offsets, lengths = (_numbers(instance, tag) for tag in (EXTENDED_OFFSETS, EXTENDED_LENGTHS))
    sizes = [sum(fragment.length for fragment in frame) for frame in frames]
    return offsets in (None, _starts(frames)) and (
        lengths is None
        or (len(lengths) == len(sizes)
            and all(size - one in (0, 1) for size, one in zip(sizes, lengths, strict=True)))
    )  # fmt: skip


def _numbers(instance: Instance, tag: int) -> tuple[int, ...] | None:
    """The values of an OV; none at all where its length is no multiple of theirs."""
    value = value_of(instance.dataset, tag)
    if not isinstance(value, bytes):
        return None
    return struct.unpack(f"<{len(value) // 8}Q", value) if len(value) % 8 == 0 else ()


def segments(instance: Instance) -> Iterator[tuple[str, bytes]]:
    """Where and what: every piece of compressed frames that is not image, for searching it."""
    if instance.pixels is None or not instance.pixels.encapsulated:
        return
    codec = codec_of(instance)
    if codec is not None:
        stream = content_of(instance, tuple(fragments_of(instance)[1]))
        for one in video.edits(stream, codec):
            yield f"frame 1, {one.kind}", stream[one.start : one.end]
        return
    for index, frame in enumerate(all_frames(instance)):
        content = content_of(instance, frame)
        found = _scan(instance, content)
        for piece in found.pieces if found else ():
            yield f"frame {index + 1}, {piece.kind}", content[piece.start : piece.end]


def all_frames(instance: Instance) -> Frames:
    """The fragments of each frame."""
    return frames_of(instance, _count(instance))


def _count(instance: Instance) -> int:
    """How many frames the header says that there are."""
    try:
        return int(str(value_of(instance.dataset, "NumberOfFrames") or 1))
    except ValueError:
        return 1


def hides_frames(instance: Instance) -> bool:
    """Whether the pixel data holds more frames than the header says: nobody is shown those."""
    pixels = instance.pixels
    if pixels is None or codec_of(instance) is not None:
        return False
    if pixels.encapsulated:
        return len(all_frames(instance)) > _count(instance)
    expected = expected_bytes(instance)
    over = pixels.length - expected
    # The byte that makes an odd length even is no frame, however small frames are.
    return expected > 0 and over > 1 and over >= expected // max(_count(instance), 1)


def _scan(instance: Instance, content: bytes, *, several: bool = False) -> Scan | None:
    """By what a frame begins with, since transfer syntaxes are not always true; RLE by its own.

    `several`: there are fewer frames than the header says, so that some may hold more than one.
    """
    if several and jpeg.magic.match(content):
        return jpeg.scan_several(content)
    for magic, scan in FAMILIES:
        if magic.match(content):
            return scan(content)
    if instance.transfer_syntax == RLELossless:
        sides = (value_of(instance.dataset, keyword) for keyword in ("Rows", "Columns"))
        return rle.scan(content, prod(side if isinstance(side, int) else 0 for side in sides))
    begins = [
        (match.start(), scan)
        for magic, scan in _beginnings(instance)
        if (match := magic.search(content))
    ]
    if not begins:
        return None
    start, scan = min(begins, key=itemgetter(0))
    return shifted(scan(content[start:]), start, content)


def _beginnings(instance: Instance) -> Families:
    return next(
        (families for uid, families in BEGINS if uid.fullmatch(instance.transfer_syntax)), ()
    )


def _is_strange(instance: Instance, content: bytes) -> bool:
    """Whether something stands where a codestream that can be followed has to be."""
    known = _beginnings(instance) or instance.transfer_syntax == RLELossless
    return bool(known) and not is_padding(content)


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
    for tag, numbers in ((EXTENDED_OFFSETS, offsets), (EXTENDED_LENGTHS, lengths)):
        if tag in instance.dataset:
            elements[tag] = struct.pack(f"<{len(numbers)}Q", *numbers)
    return CleanedPixels((_item(len(table)) + table, *parts, END_OF_ITEMS), elements, removed)


def _item(length: int) -> bytes:
    return struct.pack("<HHL", ITEM >> 16, ITEM & 0xFFFF, length)
