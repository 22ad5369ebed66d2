"""ZIP and TAR read as they are: members by number, as streams; nothing is unpacked to a disk.

Names of members are never used, so a name with `../` leads nowhere. What an archive may hold is
limited before any of it is read; a file in it that is itself an archive is not opened.
"""

import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from io import SEEK_END
from typing import IO, Any, BinaryIO, NamedTuple, Protocol, cast

from dicom_veil.errors import Damaged, FileGone, OutOfRange, Unsupported
from dicom_veil.storage import open_file, size_of

MAX_MEMBERS = 1_000_000
# Deflated DICOM shrinks to a third; empty masks to a hundredth. More is a bomb, once it is large.
MAX_RATIO, LARGE = 200, 1 << 30
MAX_AT_ONCE = 64 << 20
MAGIC = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\0": "xz"}
MODULES = {"gz": "gzip", "bz2": "bz2", "xz": "lzma"}
OPENERS: dict[str, Callable[..., Any]] = {}
for _kind, _name in MODULES.items():
    with suppress(ImportError):  # C libraries that the Python of a browser may lack
        OPENERS[_kind] = import_module(_name).open
BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError,
    IndexError, ValueError, struct.error,
)  # fmt: skip
with suppress(ImportError):
    BROKEN += (import_module("lzma").LZMAError,)


class Member(NamedTuple):
    """One file in an archive: its number in a ZIP or where it begins in a TAR, its size in bytes,

    and why it is not read, if so.
    """

    at: int
    size: int
    refused: str = ""


class Range(NamedTuple):
    """Where the bytes of a member stand in its archive: from `start` to before `end`.

    `crc` is the CRC-32 of what they are once inflated; None where they are stored as they are.
    """

    start: int
    end: int
    crc: int | None


class Archive(Protocol):
    """An archive that was opened; `member` gives a seekable stream."""

    def members(self) -> Iterator[Member]: ...
    def member(self, at: int, size: int) -> BinaryIO: ...
    def range(self, member: Member) -> Range | None:
        """None where only `member` can read it: compressed as a whole, or by another method."""
        ...

    def close(self) -> None: ...


def kind_of(head: bytes) -> str:
    """`zip`, `tar`, `gz`, `bz2`, `xz` or nothing, by a file's first 512 bytes.

    What has DICM where DICOM has it is DICOM, whatever stands in its preamble (PS3.10 7.1).
    """
    if head[128:132] == b"DICM":
        return ""
    if head[257:262] == b"ustar":
        return "tar"
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), "")


def opened_archive(place: str) -> Archive:
    """The archive at a place; raises `Damaged`, `OutOfRange` or `FileGone`."""
    return archive_in(open_file(place), size_of(place))


def archive_in(file: BinaryIO, size: int) -> Archive:
    """The archive that a seekable file of `size` bytes is; closes the file with it."""
    try:
        kind = kind_of(file.read(512))
        file.seek(0)
        _check_kind(kind)
        return _Zip(file, size) if kind == "zip" else _Tar(file, size, kind)
    except BROKEN as error:
        file.close()
        raise Damaged(f"The archive is damaged ({type(error).__name__}).") from None
    except BaseException:
        file.close()
        raise


def _check_kind(kind: str) -> None:
    if kind in MODULES and kind not in OPENERS:
        raise Unsupported("Archives that are compressed in this way cannot be opened here.")


def _check_size(total: int, archive: int) -> None:
    if total > LARGE and total > archive * MAX_RATIO:
        raise OutOfRange(
            f"The archive would unpack to more than {MAX_RATIO} times its size: it is not opened."
        )


class _Zip:
    """A ZIP file (also ZIP64)."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        _check_directory(file)
        self._file = file
        self._zip = zipfile.ZipFile(file)
        self._infos = [info for info in self._zip.infolist() if not info.is_dir()]
        _check_size(sum(info.file_size for info in self._infos), size)

    def members(self) -> Iterator[Member]:
        for number, info in enumerate(self._infos):
            encrypted = "The file is encrypted inside its ZIP." if info.flag_bits & 1 else ""
            yield Member(number, info.file_size, encrypted)

    def member(self, at: int, size: int) -> BinaryIO:
        try:
            info = self._infos[at]
            if info.file_size != size:
                raise FileGone("The archive is another one than before.")
            return cast(BinaryIO, self._zip.open(info))
        except RuntimeError:
            raise Unsupported("The file is encrypted inside its ZIP.") from None
        except BROKEN as error:
            kind = type(error).__name__
            raise Damaged(f"The ZIP is damaged where this file is ({kind}).") from None

    def range(self, member: Member) -> Range | None:
        info = self._infos[member.at]
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return None
        # Its own header repeats its name, and may have another extra field (APPNOTE 4.3.7).
        self._file.seek(info.header_offset)
        head = self._file.read(30)
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise Damaged("The ZIP is damaged where this file is (no header).")
        name, extra = struct.unpack_from("<HH", head, 26)
        start = info.header_offset + 30 + name + extra
        plain = info.compress_type == zipfile.ZIP_STORED
        if plain and info.compress_size != info.file_size:
            raise Damaged("The ZIP is damaged where this file is (two sizes).")
        return Range(start, start + info.compress_size, None if plain else info.CRC)

    def close(self) -> None:
        self._zip.close()
        self._file.close()


def _check_directory(file: BinaryIO) -> None:
    """How many members the end of central directory states; all are held once it is read."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    found = tail.rfind(b"PK\5\6")
    length = struct.unpack_from("<L", tail, found + 12)[0] if 0 <= found <= len(tail) - 22 else 0
    file.seek(0)
    # 0xFFFFFFFF: stated by ZIP64, which only so many members or so large a directory need.
    if length == 0xFFFFFFFF or length > 80 * MAX_MEMBERS:
        raise OutOfRange(f"The archive holds more than {MAX_MEMBERS:,} files: it is not opened.")


class _Tar:
    """A TAR file, plain or compressed; going back in a compressed one begins it anew."""

    def __init__(self, file: BinaryIO, size: int, kind: str) -> None:
        self._file, self._size = file, size
        unpacked = OPENERS[kind](file) if kind in OPENERS else file
        self._plain = unpacked is file
        self._stream = _Bounded(unpacked)
        self._tar = tarfile.open(fileobj=cast(IO[bytes], self._stream), mode="r:")  # noqa: SIM115

    def members(self) -> Iterator[Member]:
        total = count = 0
        try:
            while (info := self._tar.next()) is not None:
                # The module's own list would keep every header.
                self._tar.members = []  # type: ignore[attr-defined]
                total += info.size
                count += 1
                _check_size(total, self._size)
                if count > MAX_MEMBERS:
                    raise OutOfRange(f"The archive holds more than {MAX_MEMBERS:,} files.")
                if info.isdir():
                    continue
                plain = info.isreg() and not info.issparse()
                refused = "" if plain else "It is a link or a device inside its TAR."
                yield Member(info.offset_data, info.size, refused)
        except BROKEN as error:
            raise Damaged(f"The TAR is damaged ({type(error).__name__}).") from None

    def member(self, at: int, size: int) -> BinaryIO:
        info = tarfile.TarInfo()
        info.offset_data, info.size = at, size
        return cast(BinaryIO, self._tar.extractfile(info))

    def range(self, member: Member) -> Range | None:
        return Range(member.at, member.at + member.size, None) if self._plain else None

    def close(self) -> None:
        self._tar.close()
        self._stream.close()
        self._file.close()


class _Bounded:
    """A stream of which nobody takes a large piece at once, as a header of false length would."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        if size > MAX_AT_ONCE:
            raise ValueError("too large")
        return bytes(self._stream.read(size))

    def seek(self, *where: int) -> int:
        return int(self._stream.seek(*where))

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return int(self._stream.tell())

    def close(self) -> None:
        self._stream.close()
