"""Keeps the C libraries of two wheels apart, where both bring one under the same names.

Emscripten gives all side modules one table of addresses by name (`GOT.func`, `GOT.mem`), and the
first that brings a name has it for all. Pillow's module holds IJG's libjpeg 9, imagecodecs' holds
libjpeg-turbo: whichever came second called the other's functions with structures of its own, and
died. So names that both define are changed in one of them, to others of the same length.

Only what a module defines is renamed (names that it imports from the main program stay), and only
whole names: in the import, export and `dylink.0` sections each stands behind its own length.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

GOT = (b"GOT.func", b"GOT.mem")
CUSTOM, IMPORTS, EXPORTS = 0, 2, 7
LONGEST_SHORT = 127  # lengths up to this are one byte
Files = dict[str, bytes]
RENAMED, KEPT = "pillow", "imagecodecs"


def apart(wheels: Mapping[str, bytes]) -> Files:
    """Wheels by file name, Pillow's kept apart from imagecodecs'. Deterministic."""
    archives = {name.partition("-")[0]: name for name in wheels}
    if not {RENAMED, KEPT} <= set(archives):
        return dict(wheels)
    name = archives[RENAMED]
    files = kept_apart(_read(wheels[name]), _read(wheels[archives[KEPT]]))
    return {**wheels, name: _write(files)}


def _read(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _write(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def kept_apart(wheel: Files, other: Files) -> Files:
    """The files of `wheel`, without any address name that a module of `other` defines too."""
    taken = {name for content in _modules(other).values() for name in defined(content)}
    changed = {name: _renamed(content, taken) for name, content in _modules(wheel).items()}
    return wheel | changed


def defined(module: bytes) -> set[bytes]:
    """Names that a side module exports and also looks up in the common table."""
    exported = set(_export_names(module))
    return {name for space, name in _imports(module) if space in GOT and name in exported}


def _modules(files: Files) -> Files:
    return {name: data for name, data in files.items() if PurePosixPath(name).suffix == ".so"}


def _renamed(module: bytes, taken: set[bytes]) -> bytes:
    own = defined(module)
    known = set(_export_names(module)) | {name for _, name in _imports(module)}
    parts, position = [], 0
    for kind, start, end in _sections(module):
        section = module[start:end]
        if kind in (CUSTOM, IMPORTS, EXPORTS):
            for name in sorted(own & taken):
                section = section.replace(_counted(name), _counted(_other(name, known)))
        parts += [module[position:start], section]
        position = end
    return b"".join([*parts, module[position:]])


def _other(name: bytes, known: set[bytes]) -> bytes:
    """A name of the same length that the module does not have yet."""
    for letter in b"QXZJVWK":
        changed = bytes((letter,)) + name[1:]
        if changed not in known:
            return changed
    raise ValueError("no free name")


def _counted(name: bytes) -> bytes:
    if len(name) > LONGEST_SHORT:
        raise ValueError("a name too long to be renamed")
    return bytes((len(name),)) + name


def _sections(module: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of the content of every section (WebAssembly 5.5.2)."""
    position = 8
    while position < len(module):
        kind = module[position]
        size, start = _number(module, position + 1)
        yield kind, start, start + size
        position = start + size


def _number(data: bytes, position: int) -> tuple[int, int]:
    """An unsigned LEB128 number and where it ends (5.2.2)."""
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return value, position


def _name(data: bytes, position: int) -> tuple[bytes, int]:
    length, start = _number(data, position)
    return data[start : start + length], start + length


def _imports(module: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Module and name of every import (5.5.5)."""
    for kind, start, _ in _sections(module):
        if kind != IMPORTS:
            continue
        count, position = _number(module, start)
        for _ in range(count):
            space, position = _name(module, position)
            name, position = _name(module, position)
            position = _after_description(module, position)
            yield space, name


def _after_description(module: bytes, position: int) -> int:
    """The end of an import's type: function, table, memory, global or tag."""
    kind, position = module[position], position + 1
    if kind == 1:  # a table: its element type, then limits
        position += 1
    if kind in (1, 2):
        bounded = module[position] & 1
        position += 1
        for _ in range(1 + bounded):
            _, position = _number(module, position)
        return position
    if kind == 3:
        return position + 2
    if kind == 4:
        position += 1
    return _number(module, position)[1]


def _export_names(module: bytes) -> Iterator[bytes]:
    """The name of every export (5.5.10)."""
    for kind, start, _ in _sections(module):
        if kind != EXPORTS:
            continue
        count, position = _number(module, start)
        for _ in range(count):
            name, position = _name(module, position)
            yield name
            _, position = _number(module, position + 1)
