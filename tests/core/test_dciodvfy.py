"""De-identifying adds no error that an outside judge finds, at any built-in profile."""

from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from dicom_veil.deidentify import deidentify_instance
from dicom_veil.errors import VeilError
from dicom_veil.identity import Identity
from dicom_veil.profile import BUILT_IN, load
from dicom_veil.read import read
from tests.core.annotated import presentation_state
from tests.core.dciodvfy import needs_dciodvfy, readable, verdict
from tests.core.files import bundled_files, corpus_files

pytestmark = needs_dciodvfy
IDENTITY = Identity(bytes(range(32)))
# As it is; else with meta information and inflated; else without the pixels that end the judge.
FORMS = ("file", "readable", "header")


def form(content: bytes, name: str) -> bytes:
    if name == "file":
        return content
    return readable(read(BytesIO(content)), pixels=name != "header")


@cache
def before(path: Path) -> tuple[str, Counter[str]] | None:
    """The first form of an original that the judge knows, and its errors."""
    content = path.read_bytes()
    for name in FORMS:
        errors = verdict(form(content, name))
        if errors is not None:
            return name, errors
    return None


def output_of(path: Path, profile: str) -> bytes | None:
    """The de-identified file; None where it is refused."""
    try:
        instance = read(BytesIO(path.read_bytes()))
        done = deidentify_instance(instance, load(profile), IDENTITY, 1)
    except VeilError:
        return None
    return b"".join(done.stream(instance))


def new_errors(path: Path, output: bytes) -> list[str] | None:
    """The kinds of errors that the output has more of than the input; None if not to be judged."""
    original = before(path)
    if original is None:
        return None
    name, errors = original
    after = verdict(form(output, name))
    if after is None:
        return [f"{path.name}: the judge does not know the result any more"]
    return [f"{path.name}: {count} × {kind}" for kind, count in (after - errors).items()]


def judge_all(paths: list[Path], profile: str) -> tuple[int, list[str]]:
    """How many files could be judged, and all new errors."""
    outputs = ((path, output_of(path, profile)) for path in paths)
    found = [new_errors(path, output) for path, output in outputs if output is not None]
    judged = [errors for errors in found if errors is not None]
    return len(judged), [error for errors in judged for error in errors]


@pytest.mark.parametrize("profile", BUILT_IN)
def test_no_new_errors_in_pydicoms_files(profile: str) -> None:
    count, errors = judge_all(bundled_files(), profile)
    assert not errors
    assert count >= 150


@pytest.mark.parametrize("profile", BUILT_IN)
def test_no_new_errors_in_the_corpus(profile: str) -> None:
    if not corpus_files():
        pytest.skip("the corpus ../shared/corpus is absent")
    count, errors = judge_all(corpus_files(), profile)
    assert not errors
    assert count >= 110


def test_the_judge_finds_errors() -> None:
    """An emptied Type 1 attribute is noticed: a judge that never objects would prove nothing."""
    path = next(path for path in bundled_files() if path.name == "CT_small.dcm")
    content = path.read_bytes()
    uid = b"\x20\x00\x0d\x00UI"
    start = content.index(uid)
    length = int.from_bytes(content[start + 6 : start + 8], "little")
    emptied = content[:start] + uid + bytes(2) + content[start + 8 + length :]
    assert any("StudyInstanceUID" in kind for kind in verdict(emptied) or ())
    assert new_errors(path, emptied)


@pytest.mark.parametrize("profile", BUILT_IN)
def test_annotations_that_are_replaced_stay_valid(profile: str, tmp_path: Path) -> None:
    path = tmp_path / "state.dcm"
    path.write_bytes(presentation_state("Smith John"))
    output = output_of(path, profile)
    assert output is not None
    assert b"Smith" not in output
    assert new_errors(path, output) == []
