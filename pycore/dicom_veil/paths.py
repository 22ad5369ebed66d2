"""Input paths → files in a stable order, and new output files that never replace others unasked."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from dicom_veil.errors import FileGone, Usage

AT_ONCE = 64 << 20


def walk(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file that `paths` name, folders walked recursively, in the order of their names.

    Symbolic links to folders are not followed below a named folder, so a circle ends nothing.
    """
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders.sort()
                yield from (Path(folder, name) for name in sorted(names))
        else:
            yield path


@contextmanager
def opened(path: Path, *, whole: bool = False) -> Iterator[BinaryIO]:
    """A file for reading; `FileGone` with the reason when there is none.

    `whole`: all of it will be needed, so a file that is not large is read at once.
    """
    try:
        file = path.open("rb")
        at_once = whole and os.fstat(file.fileno()).st_size <= AT_ONCE
        content = BytesIO(file.read()) if at_once else None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise FileGone(f"The file cannot be read: {reason}.") from None
    with file:
        yield content or file


def output_folder(path: Path) -> Path:
    """The folder for results, made if need be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise Usage(f"The output folder cannot be made: {reason}.") from None
    return path


def write_whole(path: Path, pieces: Iterable[bytes], *, force: bool) -> None:
    """Writes a file whole or not at all: under a temporary name first, then renamed.

    Raises `Usage` when `path` exists and `force` is not given.
    """
    if path.exists() and not force:
        raise Usage(f"{path.name} exists in the output folder; --force replaces it.")
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        temporary.replace(path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise Usage(f"{path.name} cannot be written: {reason}.") from None
    finally:
        temporary.unlink(missing_ok=True)
