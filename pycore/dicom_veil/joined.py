"""The parts of an output as one seekable file, without copying what stays in the input."""

from collections.abc import Sequence
from io import SEEK_CUR, SEEK_END, RawIOBase
from typing import BinaryIO

from dicom_veil.write import Part


class Joined(RawIOBase):
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
        self._size = start
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {SEEK_CUR: self._position, SEEK_END: self._size}.get(whence, 0)
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        end = self._size if size is None or size < 0 else min(self._size, self._position + size)
        wanted: list[bytes] = []
        for first, last, part in self._pieces:
            start, stop = max(first, self._position), min(last, end)
            if start >= stop:
                continue
            if isinstance(part, bytes):
                wanted.append(part[start - first : stop - first])
            else:
                self._source.seek(part.start + start - first)
                wanted.append(self._source.read(stop - start))
        self._position = max(self._position, end)
        return b"".join(wanted)
