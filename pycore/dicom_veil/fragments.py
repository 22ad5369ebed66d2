"""Which fragments of encapsulated pixel data make up which frame (PS3.5 A.4)."""

import struct
from itertools import pairwise
from typing import NamedTuple

from dicom_veil.decoded import value_of
from dicom_veil.read import Instance

EXTENDED_OFFSETS, EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002
# How a frame may begin, where only that tells one from the next.
BEGINNINGS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP", b"\0\0\0\x0cJXL", b"\xff\x0a")


class Fragment(NamedTuple):
    """An item of the pixel data: `start` of its tag, `offset` and `length` of its value."""

    start: int
    offset: int
    length: int


Frames = list[tuple[Fragment, ...]]


def fragments_of(instance: Instance) -> tuple[tuple[int, ...], list[Fragment]]:
    """The Basic Offset Table's values and the fragments after it."""
    pixels = instance.pixels
    if pixels is None or not pixels.items:
        return (), []
    found = [Fragment(offset - 8, offset, length) for offset, length in pixels.items]
    instance.body.seek(found[0].offset)
    count = found[0].length // 4
    return struct.unpack(f"<{count}L", instance.body.read(4 * count)), found[1:]


def frames_of(instance: Instance, count: int) -> Frames:
    """The fragments of each frame, where the header says that there are `count`.

    By an offset table that points at fragments, else by their number, else by how frames begin.
    There may be more or fewer than `count`: then the header is wrong.
    """
    basic, fragments = fragments_of(instance)
    if not fragments:
        return []
    for table in (_extended_offsets(instance), basic):
        if len(table) >= count and (found := _by_table(table, fragments)):
            return found
    if len(fragments) == count:
        return [(fragment,) for fragment in fragments]
    starts = {one.start for one in fragments if _begins(instance, one)} | {fragments[0].start}
    frames: list[list[Fragment]] = []
    for fragment in fragments:
        if fragment.start in starts:
            frames.append([])
        frames[-1].append(fragment)
    return [tuple(frame) for frame in frames]


def content_of(instance: Instance, frame: tuple[Fragment, ...]) -> bytes:
    """The bytes of one frame, of all its fragments."""
    pieces = []
    for fragment in frame:
        instance.body.seek(fragment.offset)
        pieces.append(instance.body.read(fragment.length))
    return b"".join(pieces)


def _extended_offsets(instance: Instance) -> tuple[int, ...]:
    """The Extended Offset Table (PS3.3 C.7.6.3.1.8)."""
    value = value_of(instance.dataset, EXTENDED_OFFSETS)
    table = value if isinstance(value, bytes) else b""
    return struct.unpack(f"<{len(table) // 8}Q", table[: len(table) // 8 * 8])


def _by_table(table: tuple[int, ...], fragments: list[Fragment]) -> Frames:
    """Frames as an offset table has them; none where it leaves a fragment out or points at none."""
    first = fragments[0].start
    places = {fragment.start - first: place for place, fragment in enumerate(fragments)}
    if len(set(table)) != len(table) or 0 not in table or not places.keys() >= set(table):
        return []
    bounds = [*sorted(places[offset] for offset in table), len(fragments)]
    following = dict(pairwise(bounds))
    found = [places[offset] for offset in table]
    return [tuple(fragments[place : following[place]]) for place in found]


def _begins(instance: Instance, fragment: Fragment) -> bool:
    instance.body.seek(fragment.offset)
    return instance.body.read(min(8, fragment.length)).startswith(BEGINNINGS)
