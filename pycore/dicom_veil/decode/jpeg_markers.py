"""The marker segments of a JPEG or JPEG-LS codestream (ISO/IEC 10918-1 B.1, 14495-1 C)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dicom_veil.decode.plugin import Damage

SOI, EOI, SOS, DQT, DHT, DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD
APP0, APP14, SOF55 = 0xE0, 0xEE, 0xF7
NOT_FRAMES = frozenset({DHT, 0xC8, 0xCC})  # and JPG, DAC
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # TEM, RST0 to RST7
FILL = re.compile(rb"\xff+")
MARKER = re.compile(rb"\xff+[^\x00\xff]")


@dataclass(frozen=True)
class Segment:
    """One marker segment; `body` without marker and length.

    `data_start` and `data_end` are the bounds of a scan's entropy-coded data, else 0; `stuffed`
    is how many of its bytes only keep a byte of FF from being a marker (10918-1 F.1.2.3).
    """

    marker: int
    body: bytes
    data_start: int = 0
    data_end: int = 0
    stuffed: int = 0

    @property
    def process(self) -> int | None:
        """The number of a frame header's SOF marker, None for other segments."""
        if self.marker == SOF55:
            return 55
        is_frame = self.marker & 0xF0 == 0xC0 and self.marker not in NOT_FRAMES
        return self.marker & 0x0F if is_frame else None


def segments(codestream: bytes, *, scans: bool = True) -> Iterator[Segment]:
    """All segments up to EOI or the end; bytes between them are passed over, as decoders do.

    Without `scans`, those before the first scan, whose data then need not be searched.
    Raises `Damage` for a segment that is cut short.
    """
    if codestream[:2] != b"\xff\xd8":
        raise Damage("it does not begin as a JPEG codestream")
    position = 2
    while found := MARKER.search(codestream, position):
        position = found.end()
        marker = codestream[position - 1]
        if marker == EOI:
            return
        if marker in STANDALONE:
            continue
        if marker == SOS and not scans:
            return
        length = int.from_bytes(codestream[position : position + 2], "big")
        body = codestream[position + 2 : position + length]
        if length < 2 or len(body) != length - 2:
            raise Damage("a segment of its codestream is cut short")
        position += length
        if marker != SOS:
            yield Segment(marker, body)
            continue
        start = position
        position, stuffed = _data_end(codestream, start)
        yield Segment(marker, body, start, position, stuffed)


def _data_end(codestream: bytes, position: int) -> tuple[int, int]:
    """Where entropy-coded data ends, and how many bytes were stuffed into it.

    It ends with a marker, after any fill bytes, that is neither a stuffed byte nor a restart
    (10918-1 B.1.1.2). JPEG-LS stuffs bits, so there any byte above 0x7F makes a marker.
    """
    stuffed = 0
    while (found := codestream.find(b"\xff", position)) >= 0:  # half the time of an expression
        position = found + 1
        if codestream[position : position + 1] == b"\xff":
            position += len(FILL.match(codestream, position)[0])  # type: ignore[index]
        after = codestream[position : position + 1]
        if after == b"\0":
            stuffed += position - found
        elif after and after[0] & 0xF8 != 0xD0:
            return found, stuffed
        position += 1
    return len(codestream), stuffed
