"""Regions that the page names: gone from what is saved, what is exported and what is scanned."""

import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image

from dicom_veil import errors, tab
from tests.core.files import bundled
from tests.core.test_tab import File

REGION = {"left": 20, "top": 30, "right": 60, "bottom": 40, "first_frame": 0, "last_frame": 0}
DRAWN = {**REGION, "source": "drawn", "kind": "unknown"}
HOLE = (slice(28, 42), slice(18, 62))  # with the margin


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    tab.handle("init", json.dumps({"key": "00" * 32}), None)
    yield
    tab.handle("forget", json.dumps({"instance": "i1"}), None)


def ask(method: str, **params: Any) -> tuple[dict[str, Any], list[Any]]:
    content = bundled("CT_small.dcm").read_bytes()
    told = {"instance": "i1", "frame_index": 0, "number": 1, **params}
    result, buffers = tab.handle(method, json.dumps(told), File(content))
    return json.loads(result), buffers


def test_deidentified_pixels_have_the_region_dark_and_nothing_else_changed() -> None:
    content = bundled("CT_small.dcm").read_bytes()
    result, buffers = ask("deidentify", regions=[DRAWN], checked=True)
    made = b"".join(
        bytes(buffers[part["buffer"]]) if "buffer" in part else content[part["start"] : part["end"]]
        for part in result["parts"]
    )
    before = pydicom.dcmread(bundled("CT_small.dcm")).pixel_array
    after = pydicom.dcmread(io.BytesIO(made)).pixel_array
    assert np.unique(after[HOLE]).size == 1
    assert np.unique(before[HOLE]).size > 1
    outside = np.ones(before.shape, bool)
    outside[HOLE] = False
    np.testing.assert_array_equal(after[outside], before[outside])
    assert result["row"]["pixels"] == {"searched": True, "regions": 1, "by_source": {"drawn": 1}}


def test_an_export_shows_what_is_saved() -> None:
    _, [png] = ask("export", regions=[DRAWN], format="png", window=None, invert=False, options={})
    dark = np.asarray(Image.open(io.BytesIO(bytes(png))))
    _, [png] = ask("export", format="png", window=None, invert=False, options={})
    plain = np.asarray(Image.open(io.BytesIO(bytes(png))))
    assert np.all(dark[HOLE] == 0)
    assert np.any(plain[HOLE] > 0)


def test_a_report_counts_by_class_and_takes_no_word_from_the_page() -> None:
    read = {**REGION, "source": "read", "kind": "SMITH^JOHN"}
    result, _ = ask("deidentify", regions=[read, {**read, "kind": "date"}], checked=False)
    assert result["row"]["pixels"]["by_source"] == {"read: date": 1, "read: unknown": 1}
    assert result["row"]["pixels"]["searched"] is False


def test_what_a_person_left_is_told_by_a_known_word() -> None:
    result, _ = ask("deidentify", regions=[], checked=True, stays="identifies")
    told = {"searched": True, "regions": 0, "by_source": {}, "stays": "identifies"}
    assert result["row"]["pixels"] == told
    with pytest.raises(errors.Usage, match="known word"):
        ask("deidentify", regions=[], checked=True, stays="SMITH^JOHN")


def test_a_page_that_says_nothing_of_pixels_promises_nothing() -> None:
    result, _ = ask("deidentify")
    assert "pixels" not in result["row"]


def test_a_region_that_is_none() -> None:
    with pytest.raises(errors.Usage, match="six whole numbers"):
        ask("deidentify", regions=[{"left": 1}])
