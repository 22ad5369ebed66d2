"""The finished tree as ZIP files (ZIP64 where need be), each whole by itself, streamed.

Stored, not deflated: most of DICOM that is large is compressed or will be by whoever reads it.
The same tree gives the same bytes. A part is written under a temporary name, and what is in it is
removed only after it has its own, so that an interruption loses nothing.
"""

import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from dicom_veil.errors import CannotWrite
from dicom_veil.storage import CHUNK, PART, prune, reason

ZIPS = "veil-[0-9][0-9][0-9]*.zip"
# The date that ZIP begins with: when files were made says when patients were worked on.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16
# What a member costs beside its content and twice its name, at most: headers with ZIP64 fields.
HEADERS, DIRECTORY = 200, 200


def pack(folder: Path, names: Iterable[str], limit: int = 0) -> list[str]:
    """Puts `names` below `folder` into `veil-001.zip` and so on, and answers with those.

    What else lies in the folder is not touched. `limit`: the most bytes of one ZIP, unless a
    single file is larger; 0 means one ZIP. Raises `CannotWrite`.
    """
    made: list[str] = []
    for number, files in enumerate(list(parts(folder, names, limit)), 1):
        target = folder / f"veil-{number:03d}.zip"
        try:
            _write(target, folder, files)
            for path in files:
                path.unlink()
        except OSError as error:
            raise CannotWrite(f"The ZIP cannot be written: {reason(error)}.") from None
        made.append(target.name)
    prune(str(folder))
    return made


def parts(folder: Path, names: Iterable[str], limit: int) -> Iterator[list[Path]]:
    """The files of each ZIP, in the order of `names`."""
    part: list[Path] = []
    total = DIRECTORY
    for name in names:
        path = folder / name
        size = path.stat().st_size + 2 * len(name) + HEADERS
        if limit and part and total + size > limit:
            yield part
            part, total = [], DIRECTORY
        part.append(path)
        total += size
    if part:
        yield part


def _write(target: Path, folder: Path, files: Iterable[Path]) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}{PART}")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            for path in files:
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
                info.external_attr = READABLE
                info.file_size = path.stat().st_size
                with path.open("rb") as source, archive.open(info, "w") as member:
                    while piece := source.read(CHUNK):
                        member.write(piece)
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
