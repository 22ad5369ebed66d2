"""What all families of codestreams share."""

import re
from dataclasses import dataclass

# Between what does not stand together: more than a search leaps over.
APART = b"\n\n\n\n"
# Text in bytes that are none, and from how many bytes on only such text is looked at.
TEXT = re.compile(rb"[A-Za-z0-9][ -~]{5,}")
LONG = 4096


@dataclass(frozen=True)
class Piece:
    """Something in a frame that is not image: its kind, and its bytes `start` to `end`."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Scan:
    """The pieces of one frame; `clean` is the frame without them, None if there are none.

    `image`: the ranges (start, end) of coded image, in which nothing else can stand.
    """

    pieces: tuple[Piece, ...]
    clean: bytes | None
    image: tuple[tuple[int, int], ...] = ()

    def rest(self, frame: bytes) -> bytes:
        """What of `frame` is neither image nor removed: headers, and what was not understood."""
        known = [*self.image, *((piece.start, piece.end) for piece in self.pieces)]
        kept, position = [], 0
        for start, end in sorted(known):
            kept.append(frame[position:start])
            position = max(position, end)
        return APART.join([*kept, frame[position:]])


def shifted(found: Scan, start: int, frame: bytes) -> Scan:
    """`found` of what begins at `start` in a frame, for the frame: what stands before is no image.

    Padding may stand there.
    """
    head = frame[:start]
    pieces = tuple(Piece(one.kind, one.start + start, one.end + start) for one in found.pieces)
    image = tuple((first + start, last + start) for first, last in found.image)
    if is_padding(head):
        return Scan(pieces, None if found.clean is None else head + found.clean, image)
    before = Piece("before the image", 0, start)
    clean = frame[start:] if found.clean is None else found.clean
    return Scan((before, *pieces), clean, image)


def spliced(frame: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """`frame` with each (start, end, new bytes) put in its place; edits are in order."""
    result, position = [], 0
    for start, end, new in edits:
        result += [frame[position:start], new]
        position = end
    return b"".join([*result, frame[position:]])


def is_padding(tail: bytes, filler: bytes = b"\xff") -> bool:
    """Whether what follows an image is padding alone: zeros, or the FF of unused space."""
    return not tail.strip(b"\0") or not tail.strip(filler)


def readable(rest: bytes) -> bytes:
    """What somebody could read in bytes of a codestream, also in UTF-16; all of it if short."""
    if len(rest) <= LONG:
        return rest
    return APART.join(TEXT.findall(rest.translate(None, b"\0")))
