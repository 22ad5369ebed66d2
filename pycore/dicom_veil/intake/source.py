"""Where the bytes of one input are: a file or a member of an archive, opened where needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO, NamedTuple, cast

from dicom_veil.errors import FileGone
from dicom_veil.intake.archives import Archive, opened_archive
from dicom_veil.storage import AT_ONCE, reading


class Source(NamedTuple):
    """One input; small, so that it travels to another process.

    `place` is a file, or an archive in which it is the member at `at` (`archives.Member`).
    `size` is in bytes.
    """

    place: str
    size: int
    at: int | None = None


class Reader:
    """Opens sources; keeps the last archive open, since its members come in their order.

    To be used in a `with`, or closed; in a worker it lives as long as the process.
    """

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __init__(self) -> None:
        self._place = ""
        self._archive: Archive | None = None

    @contextmanager
    def opened(self, source: Source, *, whole: bool = False) -> Iterator[BinaryIO]:
        """A seekable file. `whole`: all of it will be needed. Raises `FileGone`."""
        if source.at is None:
            with reading(source.place, whole=whole) as file:
                yield file
            return
        if self._archive is None or self._place != source.place:
            self.close()
            self._archive = opened_archive(source.place)
            self._place = source.place
        # Going back in a compressed stream means to begin again: what is not large is held.
        with self._archive.member(source.at, source.size) as file:
            if source.size > AT_ONCE:
                yield file
                return
            try:
                content = file.read()
            except Exception as error:  # noqa: BLE001  # zlib's, lzma's, zipfile's own kinds
                raise FileGone(
                    f"The archive is damaged where this file is ({type(error).__name__})."
                ) from None
        yield cast(BinaryIO, BytesIO(content))

    def close(self) -> None:
        if self._archive is not None:
            self._archive.close()
        self._archive = None
