"""Blanks blocks of a sequential JPEG without decoding and encoding the others.

The entropy-coded bits of every untouched block are copied as they are; a touched block becomes a
constant (its DC coefficient alone), and the DC difference of the block after it is written anew,
since differences chain (ISO 10918-1 F.1.2). So outside the touched blocks no coefficient changes.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dicom_veil.redact.jpeg_tables import (
    EOI,
    SOS,
    Huffman,
    NotEditable,
    Tables,
)

RESTART = re.compile(rb"\xff+[\xd0-\xd7]")
SCAN_END = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
END_OF_BLOCK = 0
BROKEN = 1 << 20  # a step no block can take: bits that are no code

Touched = Callable[[int, int, int, int], bool]  # left, top, right, bottom in pixels


def blank(jpeg: bytes, touched: Touched, level: Sequence[float]) -> bytes:
    """The JPEG with the blocks that are `touched` set to `level`, sample values per component.

    Blocks go together in units of the coarsest sampling (16 × 16 pixels in 4:2:0). Raises
    `NotEditable` for what is not sequential Huffman coding, damaged, or has no room for a code.
    """
    tables = Tables()
    output: list[bytes] = [jpeg[:2]]
    position = 2
    while True:
        start = jpeg.find(b"\xff", position)
        if start < 0 or start + 2 > len(jpeg):
            raise NotEditable
        marker = jpeg[start + 1]
        if marker == 0xFF:  # fill bytes
            position = start + 1
            continue
        if marker == EOI:
            return b"".join((*output, jpeg[start:]))
        end = start + 2 + int.from_bytes(jpeg[start + 2 : start + 4], "big")
        payload = jpeg[start + 4 : end]
        if marker != SOS:
            tables.take(marker, payload)
            output.append(jpeg[start:end])
            position = end
            continue
        scan_end = SCAN_END.search(jpeg, end)
        position = scan_end.start() if scan_end else len(jpeg)
        data = jpeg[end:position]
        scan = _Scan(tables, payload, touched, level)
        edited = scan.edited(data)
        output += [*scan.new_tables(), jpeg[start:end], edited]
        if not scan_end:
            return b"".join(output)


@dataclass(frozen=True)
class _Look:
    """By the next 16 bits: how many to skip with a whole symbol, and what the symbol is."""

    skip: list[int]
    step: list[int]  # AC: coefficients that the symbol stands for
    size: list[int]  # bits of the value after the code
    bits: list[int]  # bits of the code


@lru_cache(maxsize=32)
def _look(table: Huffman) -> _Look:
    skip, step = np.zeros(65536, int), np.full(65536, BROKEN)
    size, bits = np.zeros(65536, int), np.zeros(65536, int)
    for symbol, (code, length) in table.codes().items():
        first, last = code << (16 - length), (code + 1) << (16 - length)
        if last > 65536:
            raise NotEditable
        extra = symbol & 15
        skip[first:last] = length + extra
        step[first:last] = 64 if symbol == END_OF_BLOCK else (symbol >> 4) + 1
        size[first:last], bits[first:last] = extra, length
    return _Look(skip.tolist(), step.tolist(), size.tolist(), bits.tolist())


class _Scan:
    """One scan: which blocks it holds in which order, and its tables."""

    def __init__(
        self, tables: Tables, header: bytes, touched: Touched, level: Sequence[float]
    ) -> None:
        try:
            chosen = [
                (header[1 + 2 * number], header[2 + 2 * number]) for number in range(header[0])
            ]
            by_identifier = {one.identifier: place for place, one in enumerate(tables.components)}
            self._places = [by_identifier[identifier] for identifier, _ in chosen]
            self._components = [tables.components[place] for place in self._places]
            self._dc = [0x00 | selector >> 4 for _, selector in chosen]
            self._ac = [0x10 | selector & 15 for _, selector in chosen]
            self._known = {kind: tables.huffman[kind] for kind in (*self._dc, *self._ac)}
            first = [tables.quantization[one.quantization][0] for one in self._components]
        except (IndexError, KeyError):
            raise NotEditable from None
        self._tables = tables
        self._touched = touched
        middle = 1 << (tables.precision - 1)
        self._target = [
            _away_from_zero((level[place] - middle) * 8 / quantum)
            for place, quantum in zip(self._places, first, strict=True)
        ]
        self._wanted: dict[int, list[int]] = {kind: [] for kind in self._known}
        self._room: dict[int, Huffman] = dict(self._known)

    def new_tables(self) -> list[bytes]:
        """Segments for the tables that had to learn a symbol; later scans see them too."""
        segments = []
        for kind, table in self._room.items():
            if table != self._known[kind]:
                segments.append(table.segment(kind))
                self._tables.huffman[kind] = table
        return segments

    def edited(self, data: bytes) -> bytes:
        """The entropy-coded data with the touched blocks blanked."""
        restarts = list(RESTART.finditer(data))
        starts = [0, *(found.end() for found in restarts)]
        ends = [*(found.start() for found in restarts), len(data)]
        units = self._units()
        output: list[bytes] = []
        interval = self._tables.interval
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            count = interval or -1
            output.append(self._interval(data[start:end], units, count))
            if number < len(restarts):
                output.append(restarts[number].group())
        if next(units, None) is not None:
            raise NotEditable  # fewer intervals than the picture has units
        return b"".join(output)

    def _units(self) -> Iterator[tuple[tuple[int, ...], bool]]:
        """The units of the scan in order: the components of their blocks, and whether touched."""
        frame = self._tables.components
        widest = max(one.across for one in frame)
        highest = max(one.down for one in frame)
        if len(self._components) > 1:
            blocks = tuple(
                place
                for place, one in enumerate(self._components)
                for _ in range(one.across * one.down)
            )
            width, height = 8 * widest, 8 * highest
        else:
            one = self._components[0]
            blocks = (0,)
            width, height = 8 * widest // one.across, 8 * highest // one.down
        # Whole units of the frame go, so that all components agree where the picture is blank.
        across, down = 8 * widest, 8 * highest
        if len(frame) == 1:
            width = height = across = down = 8
        for top in range(0, self._tables.rows, height):
            for left in range(0, self._tables.columns, width):
                x, y = left // across * across, top // down * down
                yield blocks, self._touched(x, y, x + across, y + down)

    def _interval(
        self, data: bytes, units: Iterator[tuple[tuple[int, ...], bool]], count: int
    ) -> bytes:
        """One restart interval: blocks whose DC differences chain."""
        bits = _Bits(data.replace(b"\xff\x00", b"\xff"))
        dc = [_look(self._known[kind]) for kind in self._dc]
        ac = [_look(self._known[kind]) for kind in self._ac]
        was, now = [0] * len(dc), [0] * len(dc)  # the DC before, as read and as written
        window, limit = bits.window, bits.length
        position = copied = 0  # read up to there; in the output up to there
        while count != 0:
            count -= 1
            unit = next(units, None)
            if unit is None:
                break
            places, blanked = unit
            for place in places:
                start = position
                look = dc[place]
                seen = (window[position >> 3] >> (8 - (position & 7))) & 0xFFFF
                size, before = look.size[seen], was[place]
                position += look.bits[seen]
                value = before + (bits.signed(position, size) if size else 0)
                was[place] = value
                position = after_dc = position + size
                skip, step = ac[place].skip, ac[place].step
                coefficient = 1
                while coefficient < 64:
                    seen = (window[position >> 3] >> (8 - (position & 7))) & 0xFFFF
                    position += skip[seen]
                    coefficient += step[seen]
                if position > limit or coefficient >= BROKEN or after_dc == start:
                    raise NotEditable
                if blanked:
                    bits.copy(copied, start)
                    self._write(bits, place, self._target[place] - now[place])
                    bits.write(*self._code(self._ac[place], END_OF_BLOCK))
                    now[place], copied = self._target[place], position
                    continue
                if now[place] != before:
                    bits.copy(copied, start)
                    self._write(bits, place, value - now[place])
                    copied = after_dc
                now[place] = value
        bits.copy(copied, position)
        return bits.finished()

    def _write(self, bits: "_Bits", place: int, difference: int) -> None:
        """A DC difference: its category by code, then its bits (F.1.2.1)."""
        size = abs(difference).bit_length()
        bits.write(*self._code(self._dc[place], size))
        bits.write(difference if difference >= 0 else difference + (1 << size) - 1, size)

    def _code(self, kind: int, symbol: int) -> tuple[int, int]:
        table = self._room[kind]
        code = _codes(table).get(symbol)
        if code is None:
            table = self._room[kind] = table.with_symbols([symbol])
            code = _codes(table)[symbol]
        return code


@lru_cache(maxsize=64)
def _codes(table: Huffman) -> dict[int, tuple[int, int]]:
    return table.codes()


def _away_from_zero(coefficient: float) -> int:
    """Rounded outwards, so that black is black after quantisation and not nearly so."""
    return math.ceil(coefficient) if coefficient > 0 else math.floor(coefficient)


class _Bits:
    """Bits of one interval, read at any place, and the bits that take their place."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.length = 8 * len(data)
        # Each entry holds the 24 bits from one byte on; what follows the end is ones.
        padded = np.frombuffer(data + b"\xff" * 64, np.uint8).astype(np.int64)
        self.window: list[int] = (padded[:-2] << 16 | padded[1:-1] << 8 | padded[2:]).tolist()
        self._pending, self._count = 0, 0  # bits that fill no byte yet
        self._output: list[bytes] = []

    def signed(self, position: int, size: int) -> int:
        """The value of `size` bits (F.2.2.1): below half of their range they count down."""
        value = self._bits(position, position + size)
        return value if value >> (size - 1) else value - (1 << size) + 1

    def copy(self, start: int, end: int) -> None:
        """Writes the bits from `start` to `end` as they are."""
        if end > start:
            self.write(self._bits(start, end), end - start)

    def write(self, value: int, count: int) -> None:
        pending = self._pending << count | value
        total = self._count + count
        self._count = total & 7
        self._output.append((pending >> self._count).to_bytes(total >> 3, "big"))
        self._pending = pending & ((1 << self._count) - 1)

    def finished(self) -> bytes:
        """Filled up with ones, and stuffed (F.1.2.3)."""
        if self._count:
            fill = 8 - self._count
            self.write((1 << fill) - 1, fill)
        return b"".join(self._output).replace(b"\xff", b"\xff\x00")

    def _bits(self, start: int, end: int) -> int:
        if end > self.length:
            raise NotEditable
        part = int.from_bytes(self._data[start >> 3 : (end + 7) >> 3], "big")
        return (part >> (-end & 7)) & ((1 << (end - start)) - 1)
