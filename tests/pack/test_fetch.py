"""Every part is checked against its pinned hash, wherever it comes from."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pack import BuildError, fetch, pins
from pack.pins import Pin, Pins
from tests.browser import served

CONTENT = b"a part\n"
CDN = {"kind": "cdn"}


def pin(name: str = "part", content: bytes = CONTENT, **changes: object) -> Pin:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    base = Pin(name, "1", f"{name}.bin", digest, "MIT", "wheel", (CDN,))
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The folder that the source serves."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


@pytest.fixture
def cdn(shelf: Path) -> Iterator[str]:
    """A real server over the shelf."""
    with served(shelf) as port:
        yield f"http://127.0.0.1:{port}/"


def test_fetches_once_then_needs_no_source(shelf: Path, cdn: str, tmp_path: Path) -> None:
    (shelf / "part.bin").write_bytes(CONTENT)
    known = Pins("1", cdn, (pin(),))
    first = fetch.obtain(known, pin(), tmp_path)
    (shelf / "part.bin").unlink()
    assert fetch.obtain(known, pin(), tmp_path) == first
    assert first.read_bytes() == CONTENT


def test_wrong_file_from_a_source_stops(shelf: Path, cdn: str, tmp_path: Path) -> None:
    (shelf / "part.bin").write_bytes(b"something else")
    with pytest.raises(BuildError) as caught:
        fetch.obtain(Pins("1", cdn, (pin(),)), pin(), tmp_path)
    sentence = str(caught.value)
    actual = hashlib.sha256(b"something else").hexdigest()
    assert all(word in sentence for word in ("part.bin", cdn, actual, pin().digest[7:]))
    assert not (tmp_path / "files" / "part.bin").exists()
    assert list((tmp_path / "files").iterdir()) == []


def test_damaged_cache_stops(tmp_path: Path) -> None:
    kept = tmp_path / "files" / "part.bin"
    kept.parent.mkdir()
    kept.write_bytes(CONTENT[:-1])
    with pytest.raises(BuildError, match="from the cache") as caught:
        fetch.obtain(Pins("1", "http://127.0.0.1:9/", (pin(),)), pin(), tmp_path)
    assert str(kept) in str(caught.value)


def test_next_source_is_asked_when_one_is_silent(tmp_path: Path, shelf: Path, cdn: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as carried:
        carried.writestr("inner/part.bin", CONTENT)
    carrier = pin("carrier", archive.getvalue(), role="carrier", folder="inner/")
    (shelf / "carrier.bin").write_bytes(archive.getvalue())
    wanted = pin(sources=(CDN, {"kind": "inside", "carrier": "carrier"}))
    found = fetch.obtain(Pins("1", cdn, (wanted, carrier)), wanted, tmp_path)
    assert found.read_bytes() == CONTENT


def test_names_every_silent_source(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"No source answered for part\.bin: http://127"):
        fetch.obtain(Pins("1", "http://127.0.0.1:9/", (pin(),)), pin(), tmp_path)


def test_pins_without_a_hash_are_refused(tmp_path: Path) -> None:
    entry = '{"name":"x","version":"1","file":"x","licence":"MIT","role":"wheel","sources":[]}'
    path = tmp_path / "pins.json"
    path.write_text(f'{{"pyodide":"1","cdn":"","pins":[{entry}]}}')
    with pytest.raises(BuildError, match="x has no hash"):
        pins.load(path)


def test_npm_integrity_is_understood() -> None:
    pyodide = pins.load().by_name["pyodide"]
    algorithm, _, value = pyodide.digest.partition(":")
    assert (algorithm, len(value)) == ("sha512", 128)
