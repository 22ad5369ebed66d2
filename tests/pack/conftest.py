"""What the tests of the build share: a finished `dist/`, and the small page of `page/`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from pack import fetch, make
from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dist/` as `build.py test` built it, else one built for this run."""
    if "VEIL_DIST" in os.environ:
        return Path(os.environ["VEIL_DIST"])
    folder = tmp_path_factory.mktemp("whole") / "dist"
    make.make(ROOT, folder, fetch.cache_folder())
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both editions of the small page, on the real parts, bridge and worker."""
    folder = tmp_path_factory.mktemp("small") / "dist"
    make.make(ROOT, folder, fetch.cache_folder(), Path(__file__).with_name("page"))
    return folder


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for a module of tests."""
    with chromium(playwright) as running:
        yield running
