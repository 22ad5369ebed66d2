"""What Debian leaves out of Python, installed where this may be done: by root, by apt-get."""

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from . import BuildError


def can_install() -> bool:
    """Whether Debian's packages can be installed here."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> list[str]:
    """Install packages one by one; the ones that could not be, which leave the others alone."""
    if not can_install():
        return packages
    print(f"== installing {', '.join(packages)}", flush=True)
    _apt("update")
    return [one for one in packages if _apt("install", "-y", "--no-install-recommends", one)]


def _apt(*arguments: str) -> int:
    return subprocess.run(
        ["apt-get", "-qq", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def make_venv(folder: Path) -> Path:
    """A virtual environment with pip, made anew; its Python.

    Debian's Python comes without `ensurepip` until python3-venv is installed.
    """
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if install([package]):
            raise BuildError(
                f"Python has neither pip nor ensurepip here. Install {package} and try again."
            )
        importlib.invalidate_caches()
    venv.create(folder, with_pip=True, clear=True)
    return folder / "bin" / "python"
