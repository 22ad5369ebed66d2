"""Input paths → files in a stable order, and new output files that never replace others unasked.

`storage` for paths of this machine, with what a command says when something cannot be done.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from dicom_veil.errors import CannotWrite, Usage
from dicom_veil.storage import files_below, reading, reason, write


def walk(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file that `paths` name, folders walked recursively, in the order of their names."""
    for path in paths:
        yield from map(Path, files_below(str(path)))


def opened(path: Path, *, whole: bool = False) -> AbstractContextManager[BinaryIO]:
    """A file for reading; `FileGone` with the reason when there is none.

    `whole`: all of it will be needed, so a file that is not large is read at once.
    """
    return reading(str(path), whole=whole)


def output_folder(path: Path) -> Path:
    """The folder for results, made if need be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Usage(f"The output folder cannot be made: {reason(error)}.") from None
    return path


def write_whole(path: Path, pieces: Iterable[bytes], *, force: bool) -> None:
    """Writes a file whole or not at all: under a temporary name first, then renamed.

    Raises `Usage` when `path` exists and `force` is not given, or it cannot be written.
    """
    if path.exists() and not force:
        raise Usage(f"{path.name} exists in the output folder; --force replaces it.")
    try:
        write(str(path), pieces)
    except CannotWrite as error:
        raise Usage(f"{path.name}: {error}") from None
