"""The places that parts come from, each through its ordinary client.

A source either leaves the file at `target` or raises `Silent` (it does not answer, or does not
have the file). None of them judges what came: `fetch` checks the hash whatever the source.
"""

import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from .debian import make_venv
from .pins import Pin, Pins

CONNECT_SECONDS = 5


class Silent(Exception):
    """A source did not answer; the message says in a few words why."""


Fetch = Callable[[Pin], Path]


def from_cdn(pins: Pins, pin: Pin, target: Path) -> None:
    """Pyodide's own CDN, over https."""
    try:
        with (
            urllib.request.urlopen(pins.cdn + pin.file, timeout=CONNECT_SECONDS) as answer,
            target.open("wb") as stream,
        ):
            shutil.copyfileobj(answer, stream)
    except (urllib.error.URLError, OSError) as error:
        raise Silent(f"{pins.cdn} ({type(error).__name__})") from error


def from_npm(pin: Pin, target: Path) -> None:
    """`npm pack`, from whatever registry the person's npm uses."""
    command = ["npm", "pack", f"{pin.name}@{pin.version}", "--ignore-scripts", "--silent"]
    _run_into(command, target, "npm pack")


def from_pip(pin: Pin, source: Mapping[str, str], target: Path, cache: Path) -> None:
    """`pip download` of one wheel, from whatever index the person's pip uses."""
    command = [*_pip(cache), "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--python-version", source["python"]]
    if "platform" in source:
        command += ["--implementation", "cp", "--abi", source["abi"]]
        command += ["--platform", source["platform"]]
    _run_into([*command, f"{pin.name}=={pin.version}"], target, "pip download")


def from_carrier(pins: Pins, pin: Pin, name: str, target: Path, fetch: Fetch) -> None:
    """A file inside another pinned archive, which is fetched (and checked) first."""
    carrier = pins.by_name[name]
    with zipfile.ZipFile(fetch(carrier)) as archive:
        try:
            target.write_bytes(archive.read(carrier.folder + pin.file))
        except KeyError as error:
            raise Silent(f"{carrier.file} does not carry it") from error


def _run_into(command: list[str], target: Path, what: str) -> None:
    """Run a client in an empty folder and move the one file that it left there."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        try:
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        except FileNotFoundError as error:
            raise Silent(f"{what} (not installed)") from error
        files = list(Path(folder).iterdir())
        if done.returncode or len(files) != 1:
            raise Silent(f"{what} (exit {done.returncode})")
        files[0].replace(target)


def _pip(cache: Path) -> list[str]:
    """A working pip: this Python's own, or else one in a small environment in the cache."""
    own = [sys.executable, "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0:
        return own
    folder = cache / "pip"
    if not (folder / "complete").exists():
        make_venv(folder)
        (folder / "complete").touch()
    return [str(folder / "bin" / "python"), "-m", "pip"]
