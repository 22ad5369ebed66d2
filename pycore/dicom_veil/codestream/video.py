"""Video streams (PS3.5 8.2.5 to 8.2.9): what is said beside the film, overwritten in its place.

Nothing moves: every edit is as long as what it replaces, so that all offsets stay true and all
fragments what they are. In the stream (MPEG-2, H.264, HEVC): user data, and the SEI messages that
carry them. In MP4: all that is neither the film nor tells where it lies, dates, names of tracks and
encoders, and the samples of tracks that are neither picture nor sound. In MPEG-TS: the tables that
name a service and tell the time.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

START = re.compile(rb"\x00\x00\x01")
# Zeros before a 03 that only keeps them from being a start code (H.264 7.4.1): they stay, and the
# 03 with them, or the message would become longer.
ESCAPED = re.compile(rb"\x00\x00\x03")
FILL = b"\x01"
# How units begin that hold user data: in MPEG-2 themselves; SEI, which in HEVC has two bytes.
BEGINS = {
    "MPEG-2": re.compile(rb"\x00\x00\x01\xb2"),
    "H.264": re.compile(rb"\x00\x00\x01[\x06\x26\x46\x66]"),
    "HEVC": re.compile(rb"\x00\x00\x01[\x4e-\x51][\x00-\xff]"),
}
# SEI payloads: user data registered by ITU-T T.35, and unregistered.
USER_DATA = frozenset({4, 5})
PACKET, SYNC = 188, 0x47
# Network, service, event and time of DVB (ETSI EN 300 468).
SERVICE_PIDS = range(0x10, 0x20)
NULL_PACKET = b"\x47\x1f\xff\x10" + b"\xff" * (PACKET - 4)
PARENTS = frozenset(b"moov trak mdia minf stbl edts dinf moof traf mvex mfra".split())
# What a film is and where it lies (ISO 14496-12 Table 1); any other box may say anything.
NEEDED = PARENTS | frozenset(
    (b"ftyp styp mdat sidx ssix pdin mvhd iods tkhd tref trgr elst mdhd hdlr elng vmhd smhd hmhd "
     b"nmhd sthd gmhd dref stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh sdtp stdp padb "
     b"sbgp sgpd subs saiz saio mehd trex leva mfhd tfhd trun tfdt tfra mfro").split()
)  # fmt: skip
DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})


class Edit(NamedTuple):
    """Bytes `start` to `end` of a stream, of a `kind`, and the as many that take their place."""

    start: int
    end: int
    kind: str
    new: bytes


class Box(NamedTuple):
    """A box of MP4 (ISO 14496-12): its content is `body` to `end`."""

    kind: bytes
    start: int
    body: int
    end: int


def edits(stream: bytes, codec: str) -> list[Edit]:
    """What there is to overwrite, in order; `codec` as `video.STREAMS` names it."""
    if stream[4:8] == b"ftyp":
        found = _mp4(stream, codec)
    elif len(stream) > PACKET and stream[0] == stream[PACKET] == SYNC:
        found = _transport(stream, codec)
    else:
        found = _elementary(stream, codec)
    changed = [one for one in found if stream[one.start : one.end] != one.new]
    return sorted(changed)


def _elementary(stream: bytes, codec: str) -> Iterator[Edit]:
    """User data of a stream with start codes."""
    for match in BEGINS[codec].finditer(stream):
        following = START.search(stream, match.end())
        end = len(stream) if following is None else following.start()
        yield from _unit(stream, match.end(), end, codec)


def _unit(stream: bytes, start: int, end: int, codec: str) -> Iterator[Edit]:
    """User data in a unit whose head ends at `start`."""
    if codec != "MPEG-2":
        yield from _messages(stream, start, end)
    elif start < end:
        yield Edit(start, end, "user data", _filled(stream[start:end]))


def _messages(stream: bytes, position: int, end: int) -> Iterator[Edit]:
    """The user data of an SEI unit (H.264 7.3.2.3); its last byte is a stop bit."""
    while position + 2 < end:
        kind, position = _number(stream, position, end)
        size, position = _number(stream, position, end)
        last = _after(stream, position, end, size)
        if kind in USER_DATA and last > position:
            yield Edit(position, last, "user data", _filled(stream[position:last]))
        position = last


def _number(stream: bytes, position: int, end: int) -> tuple[int, int]:
    total = 0
    while position < end:
        total += stream[position]
        position += 1
        if stream[position - 1] != 0xFF:
            break
    return total, position


def _after(stream: bytes, position: int, end: int, size: int) -> int:
    """Where `size` bytes end, those not counted that keep zeros from being a start code."""
    last = position + size
    for match in ESCAPED.finditer(stream, max(position - 2, 0), end):
        if match.start() + 2 >= last:
            break
        if match.start() + 2 >= position:
            last += 1
    return min(last, end)


def _filled(content: bytes) -> bytes:
    """As many bytes that say nothing and begin no unit."""
    made = bytearray(FILL * len(content))
    for match in ESCAPED.finditer(content):
        made[match.start() : match.end()] = match[0]
    return bytes(made)


def _transport(stream: bytes, codec: str) -> Iterator[Edit]:
    """User data of the pictures' packets, and the packets of services, events and time."""
    pieces: dict[int, list[tuple[int, int]]] = {}
    for start in range(0, len(stream) - PACKET + 1, PACKET):
        if stream[start] != SYNC:
            return
        pid = (stream[start + 1] & 0x1F) << 8 | stream[start + 2]
        if pid in SERVICE_PIDS:
            yield Edit(start, start + PACKET, "service table", NULL_PACKET)
            continue
        control = stream[start + 3] >> 4 & 3
        body = start + 4 + (1 + stream[start + 4] if control & 2 else 0)
        if control & 1 and body < start + PACKET:
            pieces.setdefault(pid, []).append((body, start + PACKET))
    for several in pieces.values():
        first = several[0][0]
        if stream[first : first + 3] == b"\0\0\1" and stream[first + 3] & 0xF0 == 0xE0:
            yield from _spread(stream, several, codec)


def _spread(stream: bytes, pieces: list[tuple[int, int]], codec: str) -> Iterator[Edit]:
    """The edits of what lies in pieces, for the stream that they are of."""
    whole = b"".join(stream[start:end] for start, end in pieces)
    for one in _elementary(whole, codec):
        at = 0
        for start, end in placed(pieces, one.start, one.end):
            yield Edit(start, end, one.kind, one.new[at : at + end - start])
            at += end - start


def placed(pieces: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the bytes `start` to `end` of joined pieces lie."""
    starts = list(accumulate((last - first for first, last in pieces), initial=0))
    index = bisect_right(starts, start) - 1
    while start < end and index < len(pieces):
        first, last = pieces[index]
        here = first + start - starts[index]
        length = min(end - start, last - here)
        yield here, here + length
        start, index = start + length, index + 1


def _boxes(stream: bytes, start: int, end: int) -> Iterator[Box]:
    while start + 8 <= end:
        size = int.from_bytes(stream[start : start + 4], "big")
        kind, body = stream[start + 4 : start + 8], start + 8
        if size == 1:
            size, body = int.from_bytes(stream[body : body + 8], "big"), body + 8
        last = end if size == 0 else start + size
        if last > end or last < body:
            return
        yield Box(kind, start, body, last)
        start = last


def _mp4(stream: bytes, codec: str) -> Iterator[Edit]:
    yield from _said(stream, 0, len(stream))
    for movie in _boxes(stream, 0, len(stream)):
        if movie.kind == b"moov":
            for track in _boxes(stream, movie.body, movie.end):
                if track.kind == b"trak":
                    yield from _track(stream, track, codec)


def _said(stream: bytes, start: int, end: int) -> Iterator[Edit]:
    """Metadata becomes free space; dates become none."""
    for box in _boxes(stream, start, end):
        length = box.end - box.body
        if box.kind in PARENTS:
            yield from _said(stream, box.body, box.end)
        elif box.kind not in NEEDED:
            new = stream[box.start : box.start + 4] + b"free" + stream[box.start + 8 : box.body]
            yield Edit(box.start, box.end, "MP4 metadata", new + bytes(length))
        elif box.kind in DATED and length >= 20:
            moments = 16 if stream[box.body] else 8
            yield Edit(box.body + 4, box.body + 4 + moments, "MP4 dates", bytes(moments))
        elif box.kind == b"hdlr" and length > 24:
            yield Edit(box.body + 24, box.end, "MP4 names", bytes(length - 24))


def _inside(stream: bytes, box: Box, *kinds: bytes) -> Box | None:
    """The first box below `box` by the kinds on the way to it."""
    for kind in kinds:
        found = next((one for one in _boxes(stream, box.body, box.end) if one.kind == kind), None)
        if found is None:
            return None
        box = found
    return box


def _track(stream: bytes, track: Box, codec: str) -> Iterator[Edit]:
    """User data in a track of pictures; all of one that is neither picture nor sound."""
    handler = _inside(stream, track, b"mdia", b"hdlr")
    table = _inside(stream, track, b"mdia", b"minf", b"stbl")
    if handler is None or table is None:
        return
    kind = stream[handler.body + 8 : handler.body + 12]
    if kind == b"vide":
        length = 4
        described = _inside(stream, table, b"stsd")
        if described is not None:
            for entry in _boxes(stream, described.body + 8, described.end):
                if entry.end - entry.body >= 78:
                    yield Edit(entry.body + 42, entry.body + 74, "MP4 names", bytes(32))
                    length = _length_size(stream, entry)
        for start, end in _samples(stream, table):
            yield from _lengths(stream, start, end, length, codec)
    elif kind != b"soun":
        for start, end in _samples(stream, table):
            yield Edit(start, end, "MP4 text", bytes(end - start))


def _length_size(stream: bytes, entry: Box) -> int:
    """Bytes of the length before each unit (ISO 14496-15: avcC, hvcC)."""
    for box in _boxes(stream, entry.body + 78, entry.end):
        at = {b"avcC": 4, b"hvcC": 21}.get(box.kind)
        if at is not None and box.body + at < box.end:
            return (stream[box.body + at] & 3) + 1
    return 4


def _lengths(stream: bytes, start: int, end: int, size: int, codec: str) -> Iterator[Edit]:
    """User data in a sample of units that say how long they are; of MPEG-2, with start codes."""
    if codec == "MPEG-2":
        for one in _elementary(stream[start:end], codec):
            yield Edit(one.start + start, one.end + start, one.kind, one.new)
        return
    while start + size < end:
        length = int.from_bytes(stream[start : start + size], "big")
        last = start + size + length
        if last > end:
            return
        head = BEGINS[codec].match(b"\0\0\1" + stream[start + size : start + size + 2])
        if head is not None:
            yield from _unit(stream, start + size + head.end() - 3, last, codec)
        start = last


def _words(stream: bytes, table: Box, kind: bytes, form: str, skipped: int) -> list[int]:
    """The numbers of a table from `skipped` bytes of its content on."""
    box = _inside(stream, table, kind)
    if box is None:
        return []
    content = stream[box.body + skipped : box.end]
    size = struct.calcsize(f">{form}")
    return list(
        struct.unpack(f">{len(content) // size}{form}", content[: len(content) // size * size])
    )


def _samples(stream: bytes, table: Box) -> Iterator[tuple[int, int]]:
    """Where the samples of a track lie (ISO 14496-12 8.7)."""
    chunks = _words(stream, table, b"stco", "L", 8) or _words(stream, table, b"co64", "Q", 8)
    several = _words(stream, table, b"stsc", "L", 8)
    head, sizes = (
        _words(stream, table, b"stsz", "L", 4)[:2],
        _words(stream, table, b"stsz", "L", 12),
    )
    if len(head) < 2 or not several:
        return
    same, count = head
    runs = {several[at]: several[at + 1] for at in range(0, len(several) - 2, 3)}
    sample = each = 0
    for number, position in enumerate(chunks, 1):
        each = runs.get(number, each)
        for _ in range(each):
            if sample >= count or (not same and sample >= len(sizes)):
                return
            size = same or sizes[sample]
            if position + size > len(stream):
                return
            yield position, position + size
            position, sample = position + size, sample + 1
