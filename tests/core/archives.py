"""Archives for tests, made of files by name."""

import io
import tarfile
import zipfile
from pathlib import Path

PACKINGS = {".gz": "gz", ".bz2": "bz2", ".xz": "xz"}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def tarred(files: dict[str, bytes], packing: str = "") -> bytes:
    """A TAR, as it is or packed ("gz", "bz2", "xz")."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def write_archive(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A TAR where the name says so, packed as it ends; else a ZIP by `method`."""
    tar = ".tar" in path.suffixes
    path.write_bytes(tarred(files, PACKINGS.get(path.suffix, "")) if tar else zipped(files, method))
    return path
