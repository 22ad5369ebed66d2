"""The tab's Python makes the same files as this one, byte for byte."""

import json
from pathlib import Path

import pytest

from tests import inside
from tests.core.exported import folder, series
from tests.inside import exports


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    """Digests by format: in the tab's Python, and here."""
    work = tmp_path_factory.mktemp("same")
    paths = [str(path) for path in sorted(folder(work / "in", series()).iterdir())]
    (work / "list.json").write_text(json.dumps(paths))
    ended = inside.run(Path(exports.__file__), work / "list.json", work / "out.json")
    assert ended.status == 0, ended.err[-2000:]
    return json.loads((work / "out.json").read_text()), exports.exports(paths)


@pytest.mark.parametrize(
    "form",
    ["png", "jpeg", "webp", "png16", "tiff", "tiff16", "gif", "contact-sheet", "npy", "nifti"],
)
def test_same_bytes_in_the_tab(form: str, both: tuple[dict[str, str], dict[str, str]]) -> None:
    tab, here = both
    assert tab[form] == here[form]


def test_the_others_are_made_too(both: tuple[dict[str, str], dict[str, str]]) -> None:
    tab, here = both
    assert set(tab) == set(here)
    assert "jxl" in tab  # libjxl of the tab's wheel is of another version than the native one
