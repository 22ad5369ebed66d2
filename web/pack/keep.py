"""Keeps what takes long to make in the cache, under a name that says what it was made from."""

import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from . import ledger

SUMS = "SHA256SUMS"
Files = dict[str, bytes]


def digest(contents: Iterable[bytes]) -> str:
    """A name for something that is made from these contents, in this order."""
    total = hashlib.sha256()
    for content in contents:
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:16]


def forget_all_but(count: int, cache: Path, pattern: str) -> None:
    """Delete what was kept longest ago, so that the cache does not grow with every change."""
    folders = sorted(cache.glob(pattern), key=lambda folder: folder.stat().st_mtime)
    for folder in folders[:-count]:
        shutil.rmtree(folder, ignore_errors=True)


def kept(folder: Path, make: Callable[[], Files]) -> Files:
    """The files of `folder`, in the order of their names; made, and kept there, if need be.

    What is kept is checked against its own checksums each time; if damaged it is made again.
    """
    if (folder / SUMS).exists():
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != SUMS}
        if ledger.checksums(files) == (folder / SUMS).read_bytes():
            folder.touch()
            return dict(sorted(files.items()))
    files = dict(sorted(make().items()))
    shutil.rmtree(folder, ignore_errors=True)
    ledger.write(folder, files)
    ledger.write(folder, {SUMS: ledger.checksums(files)})
    return files
