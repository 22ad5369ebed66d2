"""`deidentify --clean-pixels`: text burned into a picture is found, removed, and proven gone."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dicom_veil.cli import main
from dicom_veil.decode import decode_stored
from dicom_veil.decoded import value_of
from dicom_veil.errors import Quarantined
from dicom_veil.read import Instance, read
from dicom_veil.redact.search import Search, plan_of
from dicom_veil.text.boxes import Box
from dicom_veil.text.instance import Scanned, Shows
from dicom_veil.text.judge import judge
from dicom_veil.text.own import Own
from dicom_veil.text.read import Reading
from dicom_veil.text.scan import Found
from tests.core.make import header
from tests.core.make import instance as native

pytest.importorskip("onnxruntime", reason="the extra dicom-veil[text] is not installed")
ROWS, COLUMNS = 120, 260
NAME, TECHNICAL = "MUSTERMANN", "120 kV"


def picture(*, named: bool = True) -> NDArray[np.uint8]:
    canvas = Image.new("L", (COLUMNS, ROWS), 40)
    pen, font = ImageDraw.Draw(canvas), ImageFont.load_default(18)
    if named:
        pen.text((10, 12), NAME, fill=230, font=font)
    pen.text((10, 84), TECHNICAL, fill=230, font=font)
    return np.asarray(canvas)


def burned(*, named: bool = True) -> Instance:
    dataset = header(
        ROWS, COLUMNS, BitsAllocated=8, BitsStored=8, HighBit=7, Modality="US",
        PatientName=f"{NAME}^Erika", PatientID="4711", StudyInstanceUID="1.2.3",
        SeriesInstanceUID="1.2.3.5", BurnedInAnnotation="YES",
    )  # fmt: skip
    return native(dataset, picture(named=named).tobytes())


def saved(folder: Path, instance: Instance) -> Path:
    path = folder / "in.dcm"
    instance.body.seek(0)
    path.write_bytes(instance.body.read())
    return path


def run(folder: Path, argument: str, *more: str) -> int:
    return main(["deidentify", str(folder / "in.dcm"), "--output", str(folder / "out"),
                 "--report", str(folder / "report.json"), "--workers", "1",
                 "--clean-pixels", argument, *more])  # fmt: skip


def result(folder: Path) -> tuple[dict[str, Any], list[Instance]]:
    report = json.loads((folder / "report.json").read_text("utf-8"))
    outputs = sorted((folder / "out").rglob("*.dcm"))
    return report, [read(BytesIO(path.read_bytes())) for path in outputs]


@pytest.mark.parametrize("mode", ["default", "strict"])
def test_the_name_goes_and_the_technical_stays_unless_strict(mode: str, tmp_path: Path) -> None:
    saved(tmp_path, burned())
    assert run(tmp_path, mode) == 0
    report, (made,) = result(tmp_path)
    before, after = picture(), decode_stored(made, 0).values
    assert after[12:32, 10:120].max() == 0
    changed = (after != before)[80:]
    assert changed.any() == (mode == "strict")
    assert value_of(made.dataset, "BurnedInAnnotation") == "NO"
    (row,) = report["instances"]
    assert row["pixels"]["searched"] is True
    assert row["pixels"]["by_source"]["read: identifies"] == 1
    assert "MUSTERMANN" not in json.dumps(report).upper()
    assert report["limits"][0].startswith("Text burned into the pixels was looked for")


def test_own_rules_that_leave_a_name_quarantine_the_instance(tmp_path: Path) -> None:
    saved(tmp_path, burned())
    rules = {"format": 1, "rules": [{"bands": {"bottom": 40}}]}
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    assert run(tmp_path, str(tmp_path / "rules.json")) == 1
    report, outputs = result(tmp_path)
    assert not outputs
    (refused,) = report["refused"]
    assert refused["code"] == "quarantined"
    assert "frame 1, pixels" in refused["hits"][0]["where"]
    assert refused["hits"][0]["kind"] == "identifies"


def test_a_name_that_nobody_knows_is_not_written_either() -> None:
    class Plan:
        mode, rules = "rules", ()

    stranger = burned()
    stranger.dataset.PatientName = "Kowalski^Jan"
    search = Search(Plan())  # type: ignore[arg-type]
    with pytest.raises(Quarantined) as raised:
        search.cleaning(stranger)
    assert [kind for _, kind, _ in raised.value.hits] == ["unknown"]


def test_what_was_technical_is_no_name_when_it_is_read_again() -> None:
    def shows(text: str, left: int) -> Shows:
        found = Found(Box(left, 10, left + 80, 24), Reading(text, 0.9))
        return Shows(judge(found, Own()), 0, 0)

    search = Search(plan_of("default"))
    search._scanned = lambda *_: Scanned((0,), (shows("Gan 8ab", 12), shows("HUBER", 200)))  # type: ignore[method-assign]
    stays = [shows("Gain 8dB", 10)]
    hits = search._legible(burned(), lambda: None, stays)
    assert [where for where, _, _ in hits] == ["frame 1, pixels 200,10 to 280,24"]


def test_own_rules_do_not_say_that_all_is_clean(tmp_path: Path) -> None:
    saved(tmp_path, burned())
    rules = {"format": 1, "rules": [{"bands": {"top": 50}}]}
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    assert run(tmp_path, str(tmp_path / "rules.json")) == 0
    report, (made,) = result(tmp_path)
    assert value_of(made.dataset, "BurnedInAnnotation") == "YES"
    assert report["instances"][0]["pixels"]["searched"] is False
    assert "113101" not in [item.CodeValue for item in made.dataset[0x00120064].value]


def test_own_rules_that_fit_nothing_are_proven_too() -> None:
    class Plan:
        mode, rules = "rules", ()

    search = Search(Plan())  # type: ignore[arg-type]
    with pytest.raises(Quarantined):
        search.cleaning(burned())
    cleaning = search.cleaning(burned(named=False))
    assert cleaning is not None
    assert not cleaning.regions


def test_a_run_goes_on_with_the_same_plan_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(tmp_path, burned())
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    assert run(tmp_path, "default", "--key-file", str(key)) == 0
    assert run(tmp_path, "strict", "--key-file", str(key), "--resume") == 2
    assert run(tmp_path, "default", "--key-file", str(key), "--resume") == 0
    assert capsys.readouterr().err
