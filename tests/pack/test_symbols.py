"""Pillow's modules and imagecodecs' in the tab: no address name in common, nothing else changed."""

import zipfile
from pathlib import Path

import pytest

from pack import fetch, pins, symbols


@pytest.fixture(scope="module")
def wheels() -> dict[str, bytes]:
    pinned = pins.load()
    parts = [pinned.by_name[name] for name in ("pillow", "imagecodecs")]
    paths = [fetch.obtain(pinned, part, fetch.cache_folder()) for part in parts]
    return {path.name: path.read_bytes() for path in paths}


def names(content: dict[str, bytes]) -> set[bytes]:
    return {name for module in content.values() for name in symbols.defined(module)}


def test_no_name_in_common(wheels: dict[str, bytes], tmp_path: Path) -> None:
    before, after = wheels, symbols.apart(wheels)
    opened = []
    for content in (*before.values(), *after.values()):
        (tmp_path / "wheel.zip").write_bytes(content)
        with zipfile.ZipFile(tmp_path / "wheel.zip") as archive:
            opened.append({n: archive.read(n) for n in archive.namelist()})
    pillow, codecs, renamed, kept = opened
    modules = [{n: c for n, c in one.items() if n.endswith(".so")} for one in opened]
    assert b"jpeg_idct_islow" in names(modules[0]) & names(modules[1])
    assert not names(modules[2]) & names(modules[3])
    assert kept == codecs
    for name, content in pillow.items():
        assert len(renamed[name]) == len(content)
        if not name.endswith(".so"):
            assert renamed[name] == content
    assert symbols.apart(wheels) == after
