"""The worker's side of every message, called as the worker calls it but with Python's own bytes."""

import json
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image

from dicom_veil import errors, tab
from dicom_veil.picture import render
from dicom_veil.read import read
from tests.core.canary import canary
from tests.core.files import bundled

ROOT = Path(__file__).resolve().parents[2]


class Slice(bytes):
    def to_bytes(self) -> bytes:
        return bytes(self)


@dataclass
class File:
    """What the page gives: a size, and slices; counts what was taken."""

    content: bytes
    taken: int = 0

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, start: int, end: int) -> Slice:
        self.taken += end - start
        return Slice(self.content[start:end])


def call(method: str, file: File | None = None, **params: Any) -> tuple[Any, list[Any]]:
    result, buffers = tab.handle(method, json.dumps(params), file)
    return json.loads(result), buffers


@pytest.fixture(autouse=True)
def _fresh() -> None:
    tab._state = tab._State()
    call("init", key="00" * 32)


def test_a_table_of_ones_own_names_who_it_names() -> None:
    file = File(bundled("CT_small.dcm").read_bytes())
    told, _ = call("init", key="00" * 32, patients="1CT1,TRIAL-007\n")
    assert told["patients"] == 1
    result, _ = call("inspect", file, instance="a", profile="basic")
    assert result["patient"]["pseudonym"] == "TRIAL-007"
    call("init", key="00" * 32, patients="another,TRIAL-008\n")
    result, _ = call("inspect", file, instance="a", profile="basic")
    assert result["patient"]["pseudonym"] == ""
    with pytest.raises(errors.Refused):
        call("deidentify", file, instance="a", profile="basic", number=1)


def test_init_tells_what_there_is() -> None:
    told, _ = call("init", key="11" * 32)
    assert told["edition"] == "PS3.15 2026d"
    assert {one["name"] for one in told["formats"]} >= {"png", "jpeg"}
    assert {one["name"] for one in told["presets"]} >= {"lung", "bone", "brain"}
    assert told["rules"] > 650


def test_a_header_costs_a_header() -> None:
    """Inspecting reads a small part of a large file."""
    content = bundled("CT_small.dcm").read_bytes()
    instance = read(BytesIO(content))
    assert instance.pixels is not None
    large = 64 << 20
    start = content[: instance.pixels.element_start]
    file = File(start + b"\xe0\x7f\x10\x00OW\0\0" + large.to_bytes(4, "little") + bytes(large))
    told, _ = call("inspect", file, instance="a")
    assert told["patient"]["id"] == "1CT1"
    assert told["patient"]["pseudonym"].startswith("SUBJ-")
    assert file.taken < 2 << 20


def test_deidentified_file_is_parts_of_the_input_and_buffers() -> None:
    content = bundled("CT_small.dcm").read_bytes()
    result, buffers = call("deidentify", File(content), instance="a", number=3, profile="basic")
    output = b"".join(
        bytes(buffers[part["buffer"]]) if "buffer" in part else content[part["start"] : part["end"]]
        for part in result["parts"]
    )
    dataset = pydicom.dcmread(BytesIO(output))
    assert dataset.SOPInstanceUID == result["uid"]
    assert dataset.PixelData == pydicom.dcmread(BytesIO(content)).PixelData
    assert result["row"]["number"] == 3
    assert sum(len(buffer) for buffer in buffers) < 8000


def test_screen_table_and_export_are_one() -> None:
    content = bundled("CT_small.dcm").read_bytes()
    frame, (indices,) = call("frame", File(content), instance="a", frame_index=0)
    assert (frame["rows"], frame["columns"], frame["levels"]) == (128, 128, 65536)
    window = {"center": 40, "width": 400}
    told, (lut,) = call("lut", None, instance="a", frame_index=0, window=window, invert=False)
    assert told["window"]["center"] == 40
    drawn = np.frombuffer(lut, np.uint8)[np.frombuffer(indices, "<u2").reshape(128, 128)]
    _, (png,) = call(
        "export", None, instance="a", frame_index=0, window=window, invert=False, format="png"
    )
    assert np.array_equal(np.asarray(Image.open(BytesIO(png))), drawn)
    from dicom_veil.window import Window

    assert np.array_equal(render(read(BytesIO(content)), 0, Window(40, 400)), drawn)


def test_stored_values_come_back_from_indices() -> None:
    content = bundled("MR_small.dcm").read_bytes()
    frame, (indices,) = call("frame", File(content), instance="a", frame_index=0)
    stored = np.frombuffer(indices, "<u2").reshape(64, 64) * frame["scale"] + frame["offset"]
    assert np.array_equal(stored, pydicom.dcmread(BytesIO(content)).pixel_array)


def test_colour_has_no_window() -> None:
    content = bundled("SC_rgb_rle_2frame.dcm").read_bytes()
    frame, (pixels,) = call("frame", File(content), instance="a", frame_index=0)
    assert frame["color"]
    assert frame["windows"] == []
    assert len(pixels) == frame["rows"] * frame["columns"] * 3
    with pytest.raises(errors.Usage):
        call("lut", None, instance="a", frame_index=0, window=None)


def test_the_sample_goes_the_whole_way() -> None:
    told, files = call("sample")
    assert told["count"] == len(files) > 1
    for number, content in enumerate(files):
        file = File(bytes(content))
        found, _ = call("inspect", file, instance=f"s{number}")
        assert found["counts"]["identifying"] > 10
        frame, _ = call("frame", file, instance=f"s{number}", frame_index=0)
        assert frame["rows"] > 0
        call("deidentify", file, instance=f"s{number}", number=number, profile="basic")


def test_a_brief_look_tells_the_same_but_for_the_list() -> None:
    for name in ("CT_small.dcm", "SC_rgb_rle_2frame.dcm", "rtplan.dcm"):
        file = File(bundled(name).read_bytes())
        whole, _ = call("inspect", file, instance=name)
        brief, _ = call("inspect", file, instance=name, brief=True)
        assert whole["identifying"]
        assert brief == {**whole, "identifying": None}


def test_frames_that_the_pixels_cannot_hold_are_not_counted() -> None:
    """A header can say two thousand million, and a list of them would end the tab."""
    for name, held in (("CT_small.dcm", 1), ("SC_rgb_rle_2frame.dcm", 2)):
        dataset = pydicom.dcmread(bundled(name))
        dataset.NumberOfFrames = 2_000_000_000
        content = BytesIO()
        dataset.save_as(content)
        found, _ = call("inspect", File(content.getvalue()), instance=f"many {name}")
        assert found["instance"]["frames"] == held
        assert any("2000000000 frames" in note for note in found["notes"])


def test_report_holds_no_value() -> None:
    planted = canary()
    result, _ = call("deidentify", File(planted.content), instance="a", number=1, profile="basic")
    refused = [{"number": 2, "code": "truncated", "reason": "The file ends too early."}]
    touched = [json.loads(result["row"].pop("touched"))]
    row = {name: value for name, value in result["row"].items() if name != "treatment"}
    row["shape"] = 0
    own = {"of": [0], "numbers": [row.pop("number")], "files": ["F"], "sizes": [9], "sums": ["s"]}
    rows = {"alike": [row], **own}
    _, (text,) = call("report", rows=rows, touched=touched, refused=refused, profile="basic")
    assert planted.survivors(text) == []
    document = json.loads(text)
    assert document["counts"]["deidentified"] == 1
    # It is written in pieces, and is what would be written at once.
    assert bytes(text).decode() == json.dumps(document, indent=1, ensure_ascii=False)
    (instance,) = document["instances"]
    assert (instance["number"], instance["file"], instance["treatment"]) == (1, "F", 0)


def test_what_was_done_is_told_once() -> None:
    """A page that has the list of a treatment is told its name alone; any other gets the list."""
    content = File(canary().content)

    def row(**batch: str) -> dict[str, Any]:
        told = {"file": "IMG-00001.dcm", "device": 0, **batch}
        result, _ = call("deidentify", content, instance="a", number=1, profile="basic", batch=told)
        return dict(result["row"])

    first = row()
    again, stranger = row(known=first["treatment"]), row(known="0" * 32)
    assert "touched" not in again
    assert stranger["touched"] == first["touched"]
    assert again["treatment"] == stranger["treatment"] == first["treatment"]


def test_errors_keep_their_code_and_hold_no_value() -> None:
    planted = canary()
    with pytest.raises(errors.Truncated) as caught:
        call("inspect", File(planted.content[:2000]), instance="a")
    described = json.loads(tab.describe(caught.value))
    assert described["code"] == "truncated"
    unforeseen = json.loads(tab.describe(ValueError("KANARI000X")))
    assert unforeseen["code"] == "internal"
    assert "KANARI" not in unforeseen["message"]


def test_memory_of_instances_is_bounded_and_can_be_forgotten() -> None:
    content = bundled("CT_small.dcm").read_bytes()
    for number in range(tab.KEPT_INSTANCES + 10):
        call("inspect", File(content), instance=str(number))
    assert len(tab._state.instances) == tab.KEPT_INSTANCES
    last = str(tab.KEPT_INSTANCES + 9)
    call("frame", None, instance=last, frame_index=0)
    call("forget", None, instance=last)
    assert last not in tab._state.instances
    assert not tab._state.frames
    with pytest.raises(errors.Usage):
        call("inspect", None, instance=last)


def test_every_error_code_has_words_on_the_page() -> None:
    """One sentence in the page's table of words for every code that Python can send."""
    words = (ROOT / "web" / "words" / "en.js").read_text("utf-8")
    codes = {one.code for one in errors.VeilError.__subclasses__()} | {"internal", "worker-died"}
    missing = {code for code in codes if f'"{code}"' not in words and f"{code}:" not in words}
    assert not missing


def test_headers_need_no_numpy(tmp_path: Path) -> None:
    """The tab inspects an instance before numpy or a codec is there: here there are none."""
    file = tmp_path / "ct.dcm"
    file.write_bytes(bundled("CT_small.dcm").read_bytes())
    code = (
        "import sys\n"
        "for name in ('numpy', 'PIL', 'imagecodecs'):\n"
        "    sys.modules[name] = None\n"
        "from dicom_veil.inspect import inspect\n"
        "from dicom_veil.plan import plan\n"
        "from dicom_veil.profile import load\n"
        "from dicom_veil.read import read\n"
        "import dicom_veil.tab\n"
        f"instance = read(open({str(file)!r}, 'rb'))\n"
        "print(inspect(instance, plan(instance, load('basic')))['place'])\n"
    )
    environment = {"PYTHONPATH": str(ROOT / "pycore")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "'along': -75.7" in done.stdout
