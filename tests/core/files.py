"""The real files that tests read: those that come with pydicom, and the corpus where it is."""

import hashlib
from pathlib import Path

import pydicom.data
import pytest

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
BUNDLED = Path(pydicom.data.__file__).parent
NOT_DICOM = {".py", ".pyc", ".json", ".csv", ".md", ".txt", ".icc", ".dump", ".gz", ".zip"}

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus ../shared/corpus is absent"
)


def bundled_files() -> list[Path]:
    """Every file that comes with pydicom and may be DICOM, in a stable order."""
    found = (path for path in sorted(BUNDLED.rglob("*")) if path.is_file())
    return [path for path in found if path.suffix not in NOT_DICOM and path.name != "README"]


def corpus_files() -> list[Path]:
    """Every file of the corpus that may be DICOM; none where it is absent."""
    found = (path for path in sorted(CORPUS.rglob("*")) if path.is_file())
    return [path for path in found if path.suffix not in NOT_DICOM and path.name[0] != "."]


def real_files() -> list[Path]:
    return [*bundled_files(), *corpus_files()]


def distinct_files() -> list[Path]:
    """Every real file, those of pydicom-data too, each content once, by name."""
    found: dict[bytes, Path] = {}
    for path in [*map(Path, pydicom.data.get_testdata_files()), *corpus_files()]:
        if path.is_file() and path.suffix not in NOT_DICOM and "README" not in path.name:
            found.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
    return sorted(found.values(), key=lambda path: path.name)


def bundled(name: str) -> Path:
    """One file of pydicom's by its name."""
    return next(path for path in bundled_files() if path.name == name)
