"""The tab's own Python (the pinned Pyodide and wheels) in Node, for tests without a browser.

The core is imported from the source tree, so a change needs no build.
"""

import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pack import fetch, keep, pins, symbols

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CORE = ROOT / "pycore"


@dataclass(frozen=True)
class Ended:
    """How a run ended. `fatal`: the interpreter is gone, as a worker's is in the tab."""

    status: int
    out: str
    err: str

    @property
    def fatal(self) -> bool:
        return self.status == 70


@cache
def runtime() -> Path:
    """Pyodide and the tab's wheels, unpacked once from the verified copies of the build's cache."""
    pinned = pins.load()
    wanted = [pinned.by_name["pyodide"], *pinned.with_role("wheel")]
    files = [fetch.obtain(pinned, pin, fetch.cache_folder()) for pin in wanted]
    stamp = keep.digest([path.read_bytes() for path in (*files, Path(symbols.__file__))])
    folder = fetch.cache_folder() / f"inside-{stamp}"
    if not folder.is_dir():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")
        with tarfile.open(files[0]) as package:
            package.extractall(draft, filter="data")
        wheels = symbols.apart({path.name: path.read_bytes() for path in files[1:]})
        for name, content in wheels.items():
            (draft / "package" / name).write_bytes(content)
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            shutil.rmtree(draft)  # other tests, that ran beside these, were first
    return folder / "package"


def run(script: Path, *arguments: str | Path, seconds: float = 600) -> Ended:
    """Runs `script` with `sys.argv[1:] = arguments`; paths are those of this machine."""
    command = ["node", HERE / "run.mjs", runtime(), CORE, ROOT, script, *arguments]
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=seconds, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)
