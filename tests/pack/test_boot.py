"""The worker's Python modules, run natively: stand-ins, and errors as values."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import boot
from dicom_veil import tab

WEB = Path(boot.__file__).parent
NATIVE = """
import sys
sys.path[:0] = {paths!r}
import boot
unpacked = []
boot.install(["numpy", "PIL", "imagecodecs"], lambda: unpacked.append(1))
{program}
"""


def run(program: str) -> str:
    """What `program` prints in a fresh Python that was set up as the worker's."""
    paths = [str(WEB), str(WEB.parent / "pycore")]
    text = NATIVE.format(paths=paths, program=program)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_headers_need_none_of_what_pictures_need() -> None:
    program = """
from dicom_veil import tab
print(bool(unpacked), "numpy.linalg" in sys.modules, "pydicom.pixels.decoders" in sys.modules,
      "PIL" in sys.modules)
"""
    assert run(program) == "False False False False"


def test_a_stand_in_becomes_the_real_module_in_the_same_object() -> None:
    program = """
import numpy as early
import pydicom.dataset
assert not unpacked
early.zeros(1)
import numpy, numpy.linalg
print(early is numpy, pydicom.dataset.numpy is numpy, len(unpacked), numpy.linalg.det([[2.0]]))
"""
    assert run(program) == "True True 1 2.0"


def test_importing_a_submodule_loads_its_stand_in_once() -> None:
    program = """
import numpy as early
import numpy.linalg
print(early.linalg is numpy.linalg is sys.modules["numpy.linalg"])
"""
    assert run(program) == "True"


def test_pydicom_decodes_after_a_late_load() -> None:
    program = """
from pydicom import dcmread
from pydicom.data import get_testdata_file
assert not unpacked
dataset = dcmread(get_testdata_file("MR_small_RLE.dcm", download=False))
print(dataset.pixel_array.shape, int(dataset.pixel_array.sum()), len(unpacked))
"""
    plain = """
from pydicom import dcmread, examples
array = dcmread(examples.get_path("mr")).pixel_array
print(array.shape, int(array.sum()), 1)
"""
    assert run(program) == run(plain)


def test_a_refusal_is_a_value() -> None:
    ok, text, buffers = boot.call("no-such-method", "{}")
    assert (ok, buffers) == (False, [])
    assert set(json.loads(text)) >= {"code", "message", "params"}


def test_a_file_that_went_away_is_named_so_whatever_was_raised() -> None:
    def read(start: int, end: int) -> bytes:
        raise OSError

    file = SimpleNamespace(size=1000, gone=True, read=read)
    ok, text, _ = boot.call("inspect", '{"instance": "gone"}', file)
    assert (ok, json.loads(text)["code"]) == (False, "file-gone")


def test_out_of_memory_is_not_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has to be replaced, so the error must reach it."""

    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(tab, "handle", exhausted)
    with pytest.raises(MemoryError):
        boot.call("sample", "{}")
