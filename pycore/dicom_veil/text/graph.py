"""The graph of a model file (ONNX), read so far that it can be changed, and written again.

Field numbers are those of onnx.proto, the encoding is that of Protocol Buffers. Constants keep
their bytes. Standard library only: the build changes models too.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

WHOLE, BYTES = 0, 2  # how a field's value is encoded
FIXED = {1: 8, 5: 4}  # likewise: numbers of so many bytes
GRAPH, NODES, CONSTANTS, INPUT, VALUES, NOTE = 7, 1, 5, 11, 13, 6
FLOAT, INT64 = 1, 7  # types of a tensor
KINDS: dict[type, int] = {float: 1, int: 2, str: 3}  # types of an attribute
MANY_INTS = 7
Value = float | int | str | Sequence[int]


@dataclass(eq=False)
class Node:
    """One operation. `attributes`: their encoded forms by their names."""

    kind: str
    inputs: list[str]
    outputs: list[str]
    attributes: dict[str, bytes] = field(default_factory=dict)

    def ints(self, name: str) -> list[int]:
        """An attribute that is a list of whole numbers."""
        raw = self.attributes.get(name, b"")
        return [value for number, value in _fields(raw) if number == 8 and isinstance(value, int)]


class Graph:
    """A model's operations, in an order in which they can be done, and its constants."""

    def __init__(self, content: bytes) -> None:
        self._model = list(_fields(content))
        self.nodes: list[Node] = []
        self.constants: dict[str, bytes] = {}  # tensors without their names
        self._numbers = count(1)
        graph = next(value for number, value in self._model if number == GRAPH)
        self._rest: list[tuple[int, int | bytes]] = []
        for number, value in _fields(_bytes(graph)):
            if number == NODES:
                self._take(_node(_bytes(value)))
            elif number == CONSTANTS:
                fields = [(at, one) for at, one in _fields(_bytes(value)) if at != 8]
                name = next(_bytes(one) for at, one in _fields(_bytes(value)) if at == 8)
                self.constants[name.decode()] = b"".join(_encoded(*one) for one in fields)
            elif number != VALUES:
                self._rest.append((number, value))

    def _take(self, node: Node) -> None:
        if node.kind != "Constant":
            self.nodes.append(node)
            return
        tensor = next(value for number, value in _fields(node.attributes["value"]) if number == 5)
        self.constants[node.outputs[0]] = _bytes(tensor)

    def users(self, name: str) -> list[Node]:
        return [node for node in self.nodes if name in node.inputs]

    def maker(self, name: str) -> Node | None:
        return next((node for node in self.nodes if name in node.outputs), None)

    def is_fixed(self, name: str) -> bool:
        """Whether it is a constant or made of nothing but constants."""
        maker = self.maker(name)
        if maker is None:
            return name in self.constants
        return all(self.is_fixed(one) for one in maker.inputs)

    def number(self, name: str) -> float | None:
        """The value of a constant that is one float, or None for anything else."""
        tensor = self.constants.get(name)
        if tensor is None:
            return None
        found = list(_fields(tensor))
        content = next((_bytes(value) for number, value in found if number == 9), b"")
        if (2, FLOAT) not in found or len(content) != 4:
            return None
        return float(struct.unpack("<f", content)[0])

    def floats(self, values: Sequence[float], *shape: int) -> str:
        """A new constant; returns its name."""
        return self._constant(FLOAT, struct.pack(f"<{len(values)}f", *values), shape)

    def whole(self, *values: int) -> str:
        return self._constant(INT64, struct.pack(f"<{len(values)}q", *values), (len(values),))

    def _constant(self, kind: int, content: bytes, shape: Sequence[int]) -> str:
        name = f"veil.{next(self._numbers)}"
        dims = b"".join(_encoded(1, side) for side in shape)
        self.constants[name] = dims + _encoded(2, kind) + _encoded(9, content)
        return name

    def add(self, kind: str, *inputs: str, at: int | None = None, **attributes: Value) -> str:
        """A new operation, the last one or the one `at` a place; returns its output's name."""
        output = f"veil.{next(self._numbers)}"
        encoded = {name: _attribute(name, value) for name, value in attributes.items()}
        place = len(self.nodes) if at is None else at
        self.nodes.insert(place, Node(kind, list(inputs), [output], encoded))
        return output

    def replace(self, name: str, other: str) -> None:
        """Who uses `name` uses `other`, but for the graph itself."""
        for node in self.users(name):
            node.inputs = [other if one == name else one for one in node.inputs]

    def prune(self, output: str) -> None:
        """Takes out what the graph's output does not need."""
        needed, kept = {output}, list[Node]()
        for node in reversed(self.nodes):
            if not needed.isdisjoint(node.outputs):
                needed.update(node.inputs)
                kept.append(node)
        self.nodes = kept[::-1]

    def takes(self, name: str, kind: int, sides: Sequence[int | str]) -> None:
        """Changes the type and shape of what the graph takes; a text stands for any size."""
        dims = b"".join(
            _encoded(1, _encoded(1, side) if isinstance(side, int) else _encoded(2, side.encode()))
            for side in sides
        )
        tensor = _encoded(1, _encoded(1, kind) + _encoded(2, dims))
        value = _encoded(1, name.encode()) + _encoded(2, tensor)
        self._rest = [*(one for one in self._rest if one[0] != INPUT), (INPUT, value)]

    def content(self, note: str) -> bytes:
        """The model as a file, without constants that nobody uses; `note` says what was done."""
        used = {name for node in self.nodes for name in node.inputs}
        graph = b"".join(
            [*(_encoded(NODES, _content(node)) for node in self.nodes),
             *(_encoded(CONSTANTS, tensor + _encoded(8, name.encode()))
               for name, tensor in self.constants.items() if name in used),
             *(_encoded(number, value) for number, value in self._rest)]
        )  # fmt: skip
        rest = [one for one in self._model if one[0] not in (GRAPH, NOTE)]
        whole = [*rest, (NOTE, note.encode()), (GRAPH, graph)]
        return b"".join(_encoded(number, value) for number, value in whole)


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        how = key & 7
        if how == WHOLE:
            value, place = _varint(content, place)
            yield key >> 3, value
            continue
        length = FIXED.get(how, 0)
        if how == BYTES:
            length, place = _varint(content, place)
        yield key >> 3, content[place : place + length]
        place += length


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value, place


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise TypeError("A number stands where bytes belong.")
    return value


def _node(content: bytes) -> Node:
    texts: dict[int, list[str]] = {1: [], 2: [], 4: []}
    attributes: dict[str, bytes] = {}
    for number, value in _fields(content):
        if number in texts:
            texts[number].append(_bytes(value).decode())
        elif number == 5:
            raw = _bytes(value)
            name = next(_bytes(one) for at, one in _fields(raw) if at == 1)
            attributes[name.decode()] = raw
    return Node(texts[4][0], texts[1], texts[2], attributes)


def _content(node: Node) -> bytes:
    return b"".join(
        [*(_encoded(1, name.encode()) for name in node.inputs),
         *(_encoded(2, name.encode()) for name in node.outputs),
         _encoded(4, node.kind.encode()),
         *(_encoded(5, raw) for raw in node.attributes.values())]
    )  # fmt: skip


def _attribute(name: str, value: Value) -> bytes:
    start = _encoded(1, name.encode())
    if isinstance(value, float):
        return start + b"\x15" + struct.pack("<f", value) + _encoded(20, KINDS[float])
    if isinstance(value, int):
        return start + _encoded(3, value) + _encoded(20, KINDS[int])
    if isinstance(value, str):
        return start + _encoded(4, value.encode()) + _encoded(20, KINDS[str])
    return start + b"".join(_encoded(8, one) for one in value) + _encoded(20, MANY_INTS)


def _encoded(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint_of(number << 3 | WHOLE) + _varint_of(value)
    return _varint_of(number << 3 | BYTES) + _varint_of(len(value)) + value


def _varint_of(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
