"""Where exported files go: a folder, or one ZIP in it. A file is there whole or not at all."""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import BinaryIO, Protocol, cast

from dicom_veil.errors import Usage
from dicom_veil.paths import output_folder, write_whole

ZIP_NAME = "export.zip"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a ZIP can hold: it says nothing
PIECE = 1 << 20


class Outputs(Protocol):
    """Takes finished files by name."""

    def put(self, name: str, content: BinaryIO) -> None: ...

    def close(self) -> None: ...


@contextmanager
def draft() -> Iterator[BinaryIO]:
    """An empty file for what is not finished yet, which goes when it is closed.

    tifffile wants it to have a name.
    """
    with NamedTemporaryFile() as file:
        yield cast(BinaryIO, file)


class Folder:
    """Files of their own. Raises `Usage` where one is there and `force` is not given."""

    def __init__(self, folder: Path, *, force: bool) -> None:
        self._folder, self._force = output_folder(folder), force

    def put(self, name: str, content: BinaryIO) -> None:
        content.seek(0)
        write_whole(self._folder / name, iter(lambda: content.read(PIECE), b""), force=self._force)

    def close(self) -> None:
        """Nothing is open."""


class Archive:
    """One ZIP of files that are compressed as they are; named when it is closed."""

    def __init__(self, folder: Path, *, force: bool) -> None:
        self._path, self._force = output_folder(folder) / ZIP_NAME, force
        if self._path.exists() and not force:
            raise Usage(f"{ZIP_NAME} exists in the output folder; --force replaces it.")
        self._file = TemporaryFile()  # noqa: SIM115  # closed with the archive
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)

    def put(self, name: str, content: BinaryIO) -> None:
        entry = zipfile.ZipInfo(name, EPOCH)
        entry.create_system, entry.external_attr = 3, 0o644 << 16
        content.seek(0)
        with self._zip.open(entry, "w", force_zip64=True) as target:
            shutil.copyfileobj(content, target, PIECE)

    def close(self) -> None:
        """An archive of nothing is none."""
        self._zip.close()
        with self._file as file:
            if not self._zip.namelist():
                return
            file.seek(0)
            write_whole(self._path, iter(lambda: file.read(PIECE), b""), force=self._force)
