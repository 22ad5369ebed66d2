"""Where files are read from and written to: a folder of this machine, or any fsspec URL.

A place is text: a path, or something with `://` in it (`s3://`, `gs://`, `file://`, `memory://`),
for which the package fsspec is needed. Reasons are the system's own words, never a file's name.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from dicom_veil.errors import CannotWrite, FileGone, Usage

PART = ".part"
AT_ONCE = 64 << 20
CHUNK = 1 << 20


class Written(NamedTuple):
    """What a file came to: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


def is_url(place: str) -> bool:
    """Whether a place needs fsspec."""
    return "://" in place


def filesystem(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path in it."""
    try:
        fsspec = import_module("fsspec")
    except ImportError:
        raise Usage(
            "Addresses with :// need one more package: pip install dicom-veil[cluster]"
        ) from None
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise Usage(f"This kind of address cannot be opened ({type(error).__name__}).") from None
    return system, str(path)


def reason(error: OSError) -> str:
    """Why the system said no, in its own words; an error's text would also name the file."""
    return (error.strerror or type(error).__name__).lower()


def is_below(place: str, folder: str) -> bool:
    """Whether a file lies below a folder, by their names."""
    if is_url(place) or is_url(folder):
        return place.startswith(folder.rstrip("/") + "/")
    return Path(os.path.abspath(place)).is_relative_to(os.path.abspath(folder))  # noqa: PTH100


def joined(place: str, name: str) -> str:
    """`name`, with `/` between its parts, below a place."""
    return f"{place.rstrip('/')}/{name}" if is_url(place) else str(Path(place, *name.split("/")))


Unreadable = Callable[[str, FileGone], None]


def files_below(place: str, unreadable: Unreadable = lambda _place, _error: None) -> Iterator[str]:
    """A file itself, or every file below a folder, in the order of their names.

    Symbolic links to folders are not followed, so a circle ends nothing. `unreadable` is told of
    each folder that may not be looked into. Raises `FileGone` where nothing is at an address.
    """
    if is_url(place):
        system, path = filesystem(place)
        if not system.exists(path):
            raise FileGone("The file cannot be read: no such file or directory.")
        names = sorted(system.find(path)) if system.isdir(path) else [path]
        yield from (system.unstrip_protocol(name) for name in names)
    elif Path(place).is_dir():

        def tell(error: OSError) -> None:
            folder = str(error.filename or place)
            unreadable(folder, FileGone(f"The folder cannot be read: {reason(error)}."))

        for folder, folders, names in os.walk(place, onerror=tell):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names))  # noqa: PTH118
    else:
        yield place


def names_below(folder: str) -> Iterator[str]:
    """Names of the files below a folder, as `joined` takes them; none where it is not there."""
    if is_url(folder):
        system, path = filesystem(folder)
        system.invalidate_cache()  # others write there, too
        for found in system.find(path) if system.isdir(path) else ():
            yield found.removeprefix(path).lstrip("/")
    elif Path(folder).is_dir():
        for found in files_below(folder):
            yield Path(found).relative_to(folder).as_posix()


def open_file(place: str) -> BinaryIO:
    """A seekable file, to be closed by the caller; `FileGone` with the reason if there is none."""
    try:
        if is_url(place):
            system, path = filesystem(place)
            return cast(BinaryIO, system.open(path, "rb"))
        if not stat.S_ISREG(Path(place).stat().st_mode):
            # Opening a named pipe waits for somebody to write into it.
            raise FileGone("It is no file: a folder, a pipe or a device.")
        return Path(place).open("rb")
    except OSError as error:
        raise FileGone(f"The file cannot be read: {reason(error)}.") from None


@contextmanager
def reading(place: str, *, whole: bool = False) -> Iterator[BinaryIO]:
    """`open_file`, closed afterwards.

    `whole`: all of it will be needed, so one that is not large is read at once.
    """
    file = open_file(place)
    with file:
        try:
            content = BytesIO(file.read()) if whole and _size(file) <= AT_ONCE else None
        except OSError as error:
            raise FileGone(f"The file cannot be read: {reason(error)}.") from None
        yield content or file


def _size(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def size_of(place: str) -> int:
    """Size in bytes; 0 for what is not there (reading it will say why)."""
    try:
        if is_url(place):
            system, path = filesystem(place)
            return int(system.size(path) or 0)
        return Path(place).stat().st_size
    except OSError:
        return 0


def exists(place: str) -> bool:
    if is_url(place):
        system, path = filesystem(place)
        return bool(system.exists(path))
    return os.path.exists(place)  # noqa: PTH110  # also where one may not look


def write(place: str, pieces: Iterable[bytes], alive: Callable[[], None] | None = None) -> Written:
    """Writes a file whole or not at all, its folders first; what stood there is replaced.

    On this machine under a temporary name of this process, then renamed; elsewhere by the file
    system's own commit. `alive` is called after every piece. A loss of power can still cut what
    was renamed (nothing waits for the disk): `resume` reads every file before it counts it.
    Raises `CannotWrite` with the reason.
    """
    size, digest = 0, sha256()

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            size += len(piece)
            digest.update(piece)
            yield piece
            if alive:
                alive()

    try:
        if is_url(place):
            _commit(place, counted())
        else:
            _rename(Path(place), counted())
    except OSError as error:
        raise CannotWrite(f"The output cannot be written: {reason(error)}.") from None
    return Written(size, digest.hexdigest())


def _rename(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path, os.getpid())
    try:
        with temporary.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _temporary(path: Path, process: int) -> Path:
    return path.with_name(f".{path.name}.{process}{PART}")


def remove(place: str, process: int | None = None) -> None:
    """Removes a file if it is there; with `process`, what that one left of it half written."""
    if is_url(place):
        system, path = filesystem(place)
        if process is None and system.exists(path):
            system.rm_file(path)
        return
    file = Path(place) if process is None else _temporary(Path(place), process)
    with suppress(OSError):
        file.unlink(missing_ok=True)


def _commit(place: str, pieces: Iterable[bytes]) -> None:
    system, path = filesystem(place)
    system.makedirs(system._parent(path), exist_ok=True)
    # Within a transaction, what was not written to its end is discarded.
    with system.transaction, system.open(path, "wb") as file:
        for piece in pieces:
            file.write(piece)


def digest_of(source: str | BinaryIO, alive: Callable[[], None] | None = None) -> Written:
    """Size and SHA-256 of an open file or one that is at a place; raises `FileGone`."""
    if isinstance(source, str):
        with reading(source) as file:
            return digest_of(file, alive)
    size, digest = 0, sha256()
    try:
        while piece := source.read(CHUNK):
            size += len(piece)
            digest.update(piece)
            if alive:
                alive()
    except OSError as error:
        raise FileGone(f"The file cannot be read: {reason(error)}.") from None
    return Written(size, digest.hexdigest())


def prune(place: str) -> None:
    """Removes folders below a folder in which nothing is."""
    if is_url(place):
        return
    for folder, _folders, _names in os.walk(place, topdown=False):
        if folder != place and not any(Path(folder).iterdir()):
            Path(folder).rmdir()


def sweep(place: str) -> None:
    """Removes what writers that were killed left under temporary names below a folder."""
    if is_url(place):
        return  # nothing stands there before it is committed
    made = re.compile(rf"\..+\.[0-9]+\{PART}")
    for folder, _folders, names in os.walk(place):
        for name in names:
            if made.fullmatch(name):
                Path(folder, name).unlink(missing_ok=True)
