"""Runs inside Pyodide at build time: resolves, freezes, compiles and packs what the tab loads.

Reads `/work/wheels/*.whl`, `/work/runtime/*` and `/work/settings.json`; writes one file per part
into `/work/parts/`. Everything that decides a byte (compiler, zlib) is the pinned Pyodide's own,
so the machine that builds does not matter.

The lock is frozen twice in one go: `micropip` resolves the wheels as they were published (from
these files alone, never from an index), then file name and SHA-256 of each are replaced by those
of the packed wheel that is made of it: sources compiled, what the tab never reads left out.
"""

import gzip
import hashlib
import io
import json
import marshal
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import Path, PurePosixPath
from typing import Any

import micropip

WORK = Path("/work")
NO_INDEX = ["https://index.invalid/{package_name}"]  # whatever is missing must fail, not be fetched
EPOCH = (1980, 1, 1, 0, 0, 0)
# Folders of wheels that a tab never reads: tests, their data, headers and generators for compilers.
LEFT_OUT = {"tests", "_examples", "test_files", "charset_files", "include", "f2py"}
LEFT_OUT_SUFFIXES = {".pyi", ".h", ".a", ".c", ".pxd", ".pyx", ".md", ".typed"}
PYC_HEADER = MAGIC_NUMBER + (0b01).to_bytes(4, "little") + bytes(8)  # by hash, never checked
Files = dict[str, bytes]


async def resolve(root: str, wheels: list[Path]) -> dict[str, Any]:
    """The lock of everything that `root` needs, and of nothing else."""
    local = [f"emfs:{path}" for path in wheels]
    await micropip.install(local, index_urls=NO_INDEX)
    lock = json.loads(micropip.freeze())
    needed: dict[str, Any] = {}
    queue = [root]
    while queue:
        name = queue.pop()
        if name not in needed:
            needed[name] = lock["packages"][name]
            queue += lock["packages"][name]["depends"]
    return {**lock, "packages": dict(sorted(needed.items()))}


def read_zip(content: bytes) -> Files:
    """Files of a zip by name, in the zip's order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def write_zip(files: Files, level: int | None) -> bytes:
    """A zip that depends on names and contents only; `level` None stores."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_STORED if level is None else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w", method, compresslevel=level) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, method
            archive.writestr(entry, content)
    return buffer.getvalue()


def compiled(files: Files) -> Files:
    """Python sources replaced by code objects (`.pyc` without source, never checked, PEP 552)."""
    done: Files = {}
    for name, content in files.items():
        if not name.endswith(".py"):
            done[name] = content
            continue
        code = compile(content, name, "exec", dont_inherit=True)
        done[name + "c"] = PYC_HEADER + marshal.dumps(code)
    return done


def is_wanted(name: str) -> bool:
    """Whether a tab may read this file of a wheel."""
    path = PurePosixPath(name)
    folders = set(path.parts[:-1])
    return not (folders & LEFT_OUT) and path.suffix not in LEFT_OUT_SUFFIXES


def packed_wheel(content: bytes, *, stored: bool) -> bytes:
    """A wheel for the tab. Those needed first are stored (the browser undoes their part's gzip),
    the later ones deflated (Python undoes that when something imports them)."""
    files = {name: data for name, data in read_zip(content).items() if is_wanted(name)}
    return write_zip(compiled(files), None if stored else 9)


def imports(content: bytes) -> list[str]:
    """The top-level names that a wheel provides (micropip leaves out some)."""
    tops = {name.partition("/")[0] for name in read_zip(content)}
    others = (".dist-info", ".data", ".libs")
    return sorted({top.partition(".")[0] for top in tops if not top.endswith(others)})


def write_part(name: str, content: bytes) -> None:
    """One part, as the tab gets it."""
    (WORK / "parts" / name).write_bytes(content)


def gzipped(content: bytes) -> bytes:
    """The same bytes on each machine."""
    return gzip.compress(content, 9, mtime=0)


async def main() -> None:
    """Everything, in order; called by `run.mjs`."""
    settings = json.loads((WORK / "settings.json").read_text())
    (WORK / "parts").mkdir()
    wheels = {path.name: path for path in sorted((WORK / "wheels").iterdir())}
    lock = await resolve(settings["root"], list(wheels.values()))
    for name, package in lock["packages"].items():
        file = PurePosixPath(package["file_name"]).name
        first = name in settings["first"]
        packed = packed_wheel(wheels[file].read_bytes(), stored=first)
        digest = hashlib.sha256(packed).hexdigest()
        package |= {"file_name": file, "sha256": digest, "imports": imports(packed)}
        write_part(file, gzipped(packed) if first else packed)
    write_part("pyodide-lock.json", gzipped(json.dumps(lock, sort_keys=True, indent=1).encode()))
    for path in sorted((WORK / "runtime").iterdir()):
        content = path.read_bytes()
        if path.name == "python_stdlib.zip":
            content = write_zip(compiled(read_zip(content)), None)
        write_part(path.name, gzipped(content))
