"""What all families of codestreams share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """Something in a frame that is not image: its kind, and its bytes `start` to `end`."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Scan:
    """The pieces of one frame; `clean` is the frame without them, None if there are none."""

    pieces: tuple[Piece, ...]
    clean: bytes | None


def spliced(frame: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """`frame` with each (start, end, new bytes) put in its place; edits are in order."""
    result, position = [], 0
    for start, end, new in edits:
        result += [frame[position:start], new]
        position = end
    return b"".join([*result, frame[position:]])


def is_padding(tail: bytes) -> bool:
    """Whether what follows an image is padding alone: zeros, or the FF of unused space."""
    return not tail.strip(b"\0") or not tail.strip(b"\xff")
