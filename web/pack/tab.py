"""Makes the parts of Python for the tab: lays the pinned files out and runs `inside/freeze.py`."""

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import BuildError, keep, ledger, symbols

INSIDE = Path(__file__).with_name("inside")
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
ROOT = "dicom-veil"
FIRST = (ROOT, "pydicom")  # loaded before Ready; worker.js loads the rest of the lock afterwards


def npm_file(archive: Path, name: str) -> bytes:
    """One file of an npm package."""
    with tarfile.open(archive) as package:
        stream = package.extractfile(f"package/{name}")
        if stream is None:
            raise BuildError(f"{archive.name} holds no {name}.")
        return stream.read()


@dataclass(frozen=True)
class Sources:
    """What the tab's Python is made from.

    `runtime`: Pyodide's npm archive; `wheels`: for the tab; `builder`: wheels for the build alone;
    `core`: name and content of the core's wheel; `own`: further files that become parts.
    """

    runtime: Path
    wheels: tuple[Path, ...]
    builder: tuple[Path, ...]
    core: tuple[str, bytes]
    own: Mapping[str, bytes]


def python_parts(sources: Sources, cache: Path) -> dict[str, bytes]:
    """Parts by name, in loading order; gzipped, but for the wheels that are loaded late."""
    files = (sources.runtime, *sources.wheels, *sources.builder)
    programs = (
        Path(__file__),
        Path(symbols.__file__),
        INSIDE / "run.mjs",
        INSIDE / "freeze.py",
    )
    contents = [path.read_bytes() for path in (*files, *programs)]
    contents += [sources.core[1], *(part for item in sources.own.items() for part in _pair(item))]
    folder = cache / f"parts-{keep.digest(contents)}"
    made = keep.kept(folder, lambda: _make(sources))
    keep.forget_all_but(3, cache, "parts-*")
    return dict(sorted(made.items(), key=lambda item: (_is_late(item[0]), item[0])))


def _pair(item: tuple[str, bytes]) -> tuple[bytes, bytes]:
    return item[0].encode(), item[1]


def _make(sources: Sources) -> dict[str, bytes]:
    """Lay everything out in a folder and run `freeze.py` on it."""
    with tempfile.TemporaryDirectory(prefix="veil-build-") as folder:
        work, pyodide = Path(folder) / "work", Path(folder) / "pyodide"
        runtime = {name: npm_file(sources.runtime, name) for name in (*RUNTIME, LOCK)}
        wheels = symbols.apart({path.name: path.read_bytes() for path in sources.wheels})
        builder = {path.name: path.read_bytes() for path in sources.builder}
        own = {name: runtime[name] for name in RUNTIME} | dict(sources.own)
        ledger.write(pyodide, runtime | wheels | builder)
        ledger.write(work / "wheels", wheels | dict([sources.core]))
        ledger.write(work / "runtime", own)
        settings = json.dumps({"root": ROOT, "first": FIRST})
        ledger.write(work, {"settings.json": settings.encode()})
        _run(pyodide, work)
        return {path.name: path.read_bytes() for path in (work / "parts").iterdir()}


def _is_late(name: str) -> bool:
    stem = name.partition("-")[0].replace("_", "-")
    return name.endswith(".whl") and stem not in FIRST


def _run(pyodide: Path, work: Path) -> None:
    command: list[str | Path] = ["node", INSIDE / "run.mjs", pyodide, work, INSIDE / "freeze.py"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BuildError("Node.js is needed to build; install version 20 or newer.") from error
    if done.returncode:
        raise BuildError(f"Python for the tab could not be made:\n{done.stdout}{done.stderr}")
