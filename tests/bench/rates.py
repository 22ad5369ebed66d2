"""Instances per second and canaries left: other programs beside Veil, natively and in the tab.

All read the same files from disk and write to disk; in the tab the page's own job is timed, up to
the worker's last answer, which holds what the browser would write. Veil searches every result for
what identified; the others do not look.
"""

import os
import subprocess
import sys
import time
import venv
from io import BytesIO
from pathlib import Path

import pydicom
from playwright.sync_api import Playwright

from dicom_veil.deidentify import deidentify_instance
from dicom_veil.errors import Quarantined
from dicom_veil.identity import Identity
from dicom_veil.paths import opened, write_whole
from dicom_veil.profile import load
from dicom_veil.read import read
from tests.bench.jobs import ct, loaded
from tests.core.canary import Canary, canary, compressed_canary
from tests.core.canary_kept import KEPT
from tests.core.files import bundled

HERE = Path(__file__).parent
OTHERS = ("dicom-anonymizer", "dicognito", "deid")
INSTANCES = 300
# Presses the page's own button; the seconds from the worker's first answer to its last.
IN_TAB = """
new Promise((resolve, reject) => {
  const worker = globalThis.veilWorker;
  const asked = new Set();
  const post = worker.postMessage;
  worker.postMessage = (message, ...more) => {
    if (message.method === "deidentify") asked.add(message.id);
    post.call(worker, message, ...more);
  };
  let answers = 0;
  let start = 0;
  worker.addEventListener("message", ({ data }) => {
    if (!asked.has(data.id)) return;
    if (!data.ok) reject(new Error(data.error.code));
    answers += 1;
    if (answers === 1) start = performance.now();
    if (answers < globalThis.veilFiles.length) return;
    worker.postMessage = post;
    resolve((performance.now() - start) / 1000);
  });
  document.querySelector("[data-testid=deidentify]").click();
})
"""


def instances(folder: Path) -> list[Path]:
    """CT instances of 512 × 512 with a real scanner's header (274 attributes), one to warm up."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    plain = pydicom.dcmread(ct(folder / "ct.dcm"))
    (folder / "ct.dcm").unlink()
    dataset.Rows, dataset.Columns, dataset.PixelData = plain.Rows, plain.Columns, plain.PixelData
    paths = []
    for number in range(INSTANCES + 1):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = (
            f"1.2.826.9.{number}"
        )
        dataset.InstanceNumber = number
        paths.append(folder / f"{number:04d}.dcm")
        dataset.save_as(paths[-1])
    return paths


def canaries() -> dict[str, Canary]:
    """One plain and one compressed instance with markers in every place that can hold a value."""
    return {"plain": canary(), "jpeg": compressed_canary("jpeg")}


def python_of(name: str, cache: Path) -> str:
    """The Python of another program's own environment, with versions and hashes as pinned."""
    folder = cache / "bench" / name
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "-q", "install", "--require-hashes", "-r"]
        subprocess.run([*install, str(HERE / "others" / f"{name}.txt")], check=True)
    return str(python)


def other(name: str, files: Path, target: Path, cache: Path) -> float:
    """Instances per second of another program."""
    return INSTANCES / _run(python_of(name, cache), name, files, target)


def left_by(name: str, markers: Path, target: Path, cache: Path) -> int:
    """Markers that survive another program."""
    _run(python_of(name, cache), name, markers, target)
    return sum(
        len(one.survivors((target / f"{kind}.dcm").read_bytes()))
        for kind, one in canaries().items()
    )


def _run(python: str, name: str, source: Path, target: Path) -> float:
    target.mkdir()
    command = [python, str(HERE / "other.py"), name, str(source), str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def native(files: list[Path], target: Path, profile_name: str) -> float:
    """Instances per second of the core on one process, verified and written whole."""
    target.mkdir()
    profile, identity = load(profile_name), Identity(bytes(32))

    def work(number: int, path: Path) -> None:
        with opened(path, whole=True) as file:
            instance = read(file)
            done = deidentify_instance(instance, profile, identity, number)
            write_whole(target / f"{number}.dcm", done.stream(instance), force=False)

    work(0, files[0])
    start = time.perf_counter()
    for number, path in enumerate(files[1:], 1):
        work(number, path)
    return INSTANCES / (time.perf_counter() - start)


def survivors(profile_name: str) -> tuple[int, int]:
    """Markers that the core leaves, and of these those that the preset keeps by design.

    An instance that it quarantines is not given out at all.
    """
    left: list[str] = []
    for one in canaries().values():
        instance = read(BytesIO(one.content))
        try:
            done = deidentify_instance(instance, load(profile_name), Identity(bytes(32)), 1)
        except Quarantined:
            continue
        left += one.survivors(b"".join(done.stream(instance)))
    return len(left), sum(place in KEPT[profile_name] for place in left)


def in_tab(playwright: Playwright, chromium: str, single_file: Path, files: list[Path]) -> float:
    """Instances per second of one worker in the tab, verified."""
    with loaded(playwright, chromium, single_file, files) as tab:
        return INSTANCES / float(tab.evaluate(IN_TAB))


def cache_folder() -> Path:
    """Where the others' environments are kept between runs."""
    base = os.environ.get("VEIL_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(base) if base else Path.home() / ".cache" / "dicom-veil"


if __name__ == "__main__":
    sys.exit("Run: python3 build.py bench")
