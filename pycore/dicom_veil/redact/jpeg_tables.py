"""The headers of a JPEG that a block editor needs (ISO 10918-1 Annex B)."""

from dataclasses import dataclass, field

SOI, EOI, SOS, DQT, DHT, DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD
SEQUENTIAL = (0xC0, 0xC1)  # baseline and extended, Huffman coded
OTHER_FRAMES = frozenset(range(0xC2, 0xD0)) - {DHT, 0xC8, 0xCC}
LONGEST = 16  # bits of a Huffman code


class NotEditable(Exception):
    """A JPEG whose blocks cannot be edited one by one; its pixels have to be encoded anew."""


@dataclass(frozen=True)
class Component:
    """One component of the frame: its sampling factors and its quantisation table."""

    identifier: int
    across: int
    down: int
    quantization: int


@dataclass(frozen=True)
class Huffman:
    """A table: symbols by the length of their code, in the order of their codes (C.2)."""

    lengths: tuple[int, ...]  # how many codes of 1 to 16 bits
    symbols: bytes

    def codes(self) -> dict[int, tuple[int, int]]:
        """Symbol to (code, bits)."""
        codes: dict[int, tuple[int, int]] = {}
        code, position = 0, 0
        for length, count in enumerate(self.lengths, 1):
            for symbol in self.symbols[position : position + count]:
                codes[symbol] = (code, length)
                code += 1
            position += count
            code <<= 1
        return codes

    def with_symbols(self, wanted: list[int]) -> "Huffman":
        """With more symbols at its end, so that no present code changes.

        The code of all ones may not be used (C.2), so each table has room at its end unless that
        code is already of 16 bits. Raises `NotEditable` then.
        """
        lengths, symbols = list(self.lengths), bytes(self.symbols)
        known = set(symbols)
        for symbol in wanted:
            if symbol in known:
                continue
            known.add(symbol)
            last = max((bits for bits, count in enumerate(lengths, 1) if count), default=0)
            room = (1 << last) - _used(lengths, last)
            bits = last if room > 1 else last + 1
            if bits > LONGEST:
                raise NotEditable
            lengths[bits - 1] += 1
            symbols += bytes((symbol,))
        return Huffman(tuple(lengths), symbols)

    def segment(self, kind: int) -> bytes:
        """As a DHT segment; `kind` is class and destination."""
        payload = bytes((kind, *self.lengths)) + self.symbols
        return b"\xff\xc4" + (len(payload) + 2).to_bytes(2, "big") + payload


def _used(lengths: list[int], bits: int) -> int:
    """How many codes of `bits` bits the codes up to there take."""
    return sum(count << (bits - length) for length, count in enumerate(lengths[:bits], 1))


@dataclass
class Tables:
    """What has been declared up to some place of the stream."""

    quantization: dict[int, tuple[int, ...]] = field(default_factory=dict)
    huffman: dict[int, Huffman] = field(default_factory=dict)
    interval: int = 0
    precision: int = 8
    rows: int = 0
    columns: int = 0
    components: tuple[Component, ...] = ()

    def take(self, marker: int, payload: bytes) -> None:
        """Reads one segment. Raises `NotEditable`, also where it is damaged."""
        try:
            if marker == DQT:
                self._take_quantization(payload)
            elif marker == DHT:
                self._take_huffman(payload)
            elif marker == DRI:
                self.interval = int.from_bytes(payload[:2], "big")
            elif marker in SEQUENTIAL:
                self._take_frame(payload)
            elif marker in OTHER_FRAMES:
                raise NotEditable
        except (IndexError, ValueError):
            raise NotEditable from None

    def _take_quantization(self, payload: bytes) -> None:
        while payload:
            size = 2 if payload[0] >> 4 else 1
            entries = payload[1 : 1 + 64 * size]
            self.quantization[payload[0] & 15] = tuple(
                int.from_bytes(entries[start : start + size], "big")
                for start in range(0, 64 * size, size)
            )
            payload = payload[1 + 64 * size :]

    def _take_huffman(self, payload: bytes) -> None:
        while payload:
            lengths = tuple(payload[1:17])
            count = sum(lengths)
            self.huffman[payload[0]] = Huffman(lengths, payload[17 : 17 + count])
            payload = payload[17 + count :]

    def _take_frame(self, payload: bytes) -> None:
        if self.components:
            raise NotEditable
        self.precision = payload[0]
        self.rows = int.from_bytes(payload[1:3], "big")
        self.columns = int.from_bytes(payload[3:5], "big")
        self.components = tuple(
            Component(
                payload[start], payload[start + 1] >> 4, payload[start + 1] & 15, payload[start + 2]
            )
            for start in range(6, 6 + 3 * payload[5], 3)
        )
        if not (self.rows and self.columns and self.components) or any(
            not (one.across and one.down) for one in self.components
        ):
            raise NotEditable
