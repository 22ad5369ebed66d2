"""Damage to bytes, the same each time: what storage, networks and bad writers do to them."""

import random
from collections.abc import Callable

HEAD = 96  # how much of a stream counts as its header


def mutated(content: bytes, number: int) -> tuple[str, bytes]:
    """Kind and result of damage `number` to `content`."""
    chance = random.Random(number)
    name, damage = KINDS[number % len(KINDS)]
    return name, damage(bytearray(content), chance)


def _flip(data: bytearray, chance: random.Random, end: int | None = None) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 8))):
        data[chance.randrange(min(len(data), end or len(data)))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _flip_head(data: bytearray, chance: random.Random) -> bytes:
    return _flip(data, chance, HEAD)


def _truncate(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def _cut_tail(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: max(1, len(data) - chance.randrange(1, 40))])


def _zero_span(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    length = min(chance.choice((2, 16, 200)), len(data) - start)
    data[start : start + length] = bytes(length)
    return bytes(data)


def _noise_span(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    length = min(chance.choice((2, 16, 64)), len(data) - start)
    data[start : start + length] = chance.randbytes(length)
    return bytes(data)


def _marker(data: bytearray, chance: random.Random) -> bytes:
    """A marker where none belongs, or another in the place of one."""
    places = [i for i in range(len(data) - 1) if data[i] == 0xFF and data[i + 1] > 0x4E]
    place = chance.choice(places) if places and chance.random() < 0.7 else None
    if place is None:
        place = chance.randrange(max(1, len(data) - 1))
        data[place] = 0xFF
    data[min(place + 1, len(data) - 1)] = chance.randrange(256)
    return bytes(data)


def _length(data: bytearray, chance: random.Random) -> bytes:
    """Two or four bytes after a marker, or anywhere in the header, as large or small as can be."""
    places = [i + 2 for i in range(min(len(data), 700) - 6) if data[i] == 0xFF and data[i + 1] > 0]
    place = chance.choice(places) if places else chance.randrange(min(HEAD, len(data)))
    value = chance.choice((b"\0\0", b"\xff\xff", b"\0\1", b"\x7f\xff\xff\xff", b"\0\0\0\0"))
    data[place : place + len(value)] = value
    return bytes(data)


def _size_field(data: bytearray, chance: random.Random) -> bytes:
    place = chance.randrange(min(HEAD, len(data)))
    width = chance.choice((1, 2, 4))
    data[place : place + width] = chance.choice((b"\xff", b"\0", b"\x7f", b"\x80")) * width
    return bytes(data)


def _repeat(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randrange(1, 64)]
    return bytes(data[:start] + piece + data[start:])


def _remove(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return bytes(data[:start] + data[start + chance.randrange(1, 64) :])


KINDS: tuple[tuple[str, Callable[[bytearray, random.Random], bytes]], ...] = (
    ("bits", _flip),
    ("bits in the header", _flip_head),
    ("truncated", _truncate),
    ("tail cut", _cut_tail),
    ("zeros", _zero_span),
    ("noise", _noise_span),
    ("marker", _marker),
    ("length", _length),
    ("size", _size_field),
    ("repeated", _repeat),
    ("removed", _remove),
)
