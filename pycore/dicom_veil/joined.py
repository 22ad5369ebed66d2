"""The parts of an output as one seekable file, without copying what stays in the input."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from itertools import islice
from typing import BinaryIO

from dicom_veil.write import Part, Range


class Positioned(RawIOBase):
    """A place in so many bytes: all of a file that is only read, but the reading."""

    def __init__(self, size: int = 0) -> None:
        super().__init__()
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        base = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position


class Joined(Positioned):
    """Reads `parts` one after the other; ranges come from `source`. Pure reading."""

    def __init__(self, parts: Sequence[Part], source: BinaryIO) -> None:
        super().__init__()
        self._source = source
        self._pieces: list[tuple[int, int, Part]] = []
        start = 0
        for part in parts:
            length = len(part) if isinstance(part, bytes) else part.end - part.start
            self._pieces.append((start, start + length, part))
            start += length
        self._starts = [first for first, _, _ in self._pieces]
        self._size = start

    def read(self, size: int | None = -1) -> bytes:
        end = self._size if size is None or size < 0 else min(self._size, self._position + size)
        wanted: list[bytes] = []
        for piece in self.pieces(self._position, end):
            if isinstance(piece, bytes):
                wanted.append(piece)
            else:
                self._source.seek(piece.start)
                wanted.append(self._source.read(piece.end - piece.start))
        self._position = max(self._position, end)
        return b"".join(wanted)

    def pieces(self, start: int, end: int) -> Iterator[Part]:
        """What lies between two positions, as parts of the source."""
        place = max(0, bisect_right(self._starts, start) - 1)
        for first, last, part in islice(self._pieces, place, None):
            if first >= end:
                return
            begin, stop = max(first, start) - first, min(last, end) - first
            if begin >= stop:
                continue
            if isinstance(part, bytes):
                yield part[begin:stop]
            else:
                yield Range(part.start + begin, part.start + stop)
