"""Makes the parts of Python for the tab: lays the pinned files out and runs `inside/freeze.py`."""

import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import BuildError

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


def python_parts(
    runtime: Path,
    wheels: list[Path],
    builder: list[Path],
    core: tuple[str, bytes],
    own: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Parts by name, in loading order; gzipped, but for the wheels that are loaded late.

    `runtime`: Pyodide's npm archive; `wheels`: for the tab; `builder`: for the build alone;
    `core`: name and content of the core's wheel; `own`: further files that become parts.
    """
    with tempfile.TemporaryDirectory(prefix="veil-build-") as folder:
        work = Path(folder) / "work"
        pyodide = Path(folder) / "pyodide"
        for part in (pyodide, work / "wheels", work / "runtime"):
            part.mkdir(parents=True)
        for name in (*RUNTIME, LOCK):
            (pyodide / name).write_bytes(npm_file(runtime, name))
        for path in (*wheels, *builder):
            shutil.copyfile(path, pyodide / path.name)
        for path in wheels:
            shutil.copyfile(path, work / "wheels" / path.name)
        (work / "wheels" / core[0]).write_bytes(core[1])
        for name in RUNTIME:
            shutil.copyfile(pyodide / name, work / "runtime" / name)
        for name, content in own.items():
            (work / "runtime" / name).write_bytes(content)
        (work / "settings.json").write_text(json.dumps({"root": ROOT, "first": FIRST}))
        _run(pyodide, work)
        made = {path.name: path.read_bytes() for path in sorted((work / "parts").iterdir())}
    return dict(sorted(made.items(), key=lambda item: (_is_late(item[0]), item[0])))


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
