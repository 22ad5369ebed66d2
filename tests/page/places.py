"""Where things are that the tests in a browser need: the built page, browsers, npm packages."""

import os
import shutil
from pathlib import Path

import pytest

from build import ROOT, fetch, make

HOSPITAL = "veil.hospital.test"  # a plain-http name: no secure context


def dist() -> Path:
    """The built page: what `build.py test` built, else `dist/`, built anew when it is stale."""
    if given := os.environ.get("VEIL_DIST"):
        return Path(given)
    folder = ROOT / "dist"
    if not make.is_current(ROOT, folder):
        make.make(ROOT, folder, fetch.cache_folder())
    return folder


def program(variable: str, *names: str) -> str:
    """A browser's program; skips the test where there is none."""
    found = os.environ.get(variable) or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip(f"no {names[0]} is installed")
    return found


def node_module(name: str) -> Path:
    """The folder of an npm package for tests; skips the test where it is not installed."""
    folder = Path(os.environ.get("VEIL_NODE_MODULES", ROOT / "web" / "node_modules")) / name
    if not folder.is_dir():
        pytest.skip(f"npm package {name} is not installed; `build.py test` does it")
    return folder
