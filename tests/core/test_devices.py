"""Rules by device: those of the open lists, a person's own, and what other programs' files say."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset

from dicom_veil.cli import main
from dicom_veil.devices.conditions import checked, holds
from dicom_veil.devices.ctp import import_script
from dicom_veil.devices.deid import import_recipe
from dicom_veil.devices.rules import from_json, known_rules, regions_of
from dicom_veil.errors import Usage
from dicom_veil.faces import face_reason
from dicom_veil.read import Instance, read
from dicom_veil.redact.region import Region
from dicom_veil.redact.search import plan_of
from tests.core.files import bundled
from tests.core.make import header
from tests.core.make import instance as native

SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"  # VL Whole Slide Microscopy Image Storage


def ultrasound(**attributes: Any) -> Instance:
    dataset = header(480, 640, BitsAllocated=8, BitsStored=8, HighBit=7, Modality="US",
                     **attributes)  # fmt: skip
    return native(dataset, bytes(480 * 640))


def rules(*content: dict[str, Any]) -> str:
    return json.dumps({"format": 1, "rules": list(content)})


def test_known_rules_fit_their_device_and_size_only() -> None:
    philips = ultrasound(Manufacturer="Philips Medical Systems", ManufacturerModelName="iU22")
    assert Region(0, 0, 640, 47) in regions_of(philips, known_rules())
    other = ultrasound(Manufacturer="Philips Medical Systems", ManufacturerModelName="Other")
    assert regions_of(other, known_rules()) == ()


def test_the_label_of_a_slide_goes_whole() -> None:
    """With its bar code, which nobody reads."""
    kind, other = (
        ["ORIGINAL", "PRIMARY", "LABEL", "NONE"],
        ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    )
    label = header(120, 200, Modality="SM", SOPClassUID=SLIDE, ImageType=kind)
    assert regions_of(native(label, bytes(48000)), known_rules()) == (Region(0, 0, 200, 120),)
    tissue = header(120, 200, Modality="SM", SOPClassUID=SLIDE, ImageType=other)
    assert regions_of(native(tissue, bytes(48000)), known_rules()) == ()


def test_known_rules_fit_a_real_file() -> None:
    palette = read(BytesIO(bundled("examples_palette.dcm").read_bytes()))
    assert Region(0, 0, 800, 59) in regions_of(palette, known_rules())


def test_bands_are_counted_from_their_edge() -> None:
    made = from_json(rules({"bands": {"top": 50, "right": 200, "bottom": 1, "left": 2}}))
    assert set(regions_of(ultrasound(), made)) == {
        Region(0, 0, 640, 50), Region(440, 0, 640, 480), Region(0, 479, 640, 480),
        Region(0, 0, 2, 480),
    }  # fmt: skip


def test_everything_outside_the_calibrated_regions() -> None:
    one, two = Dataset(), Dataset()
    for item, box in ((one, (10, 50, 299, 399)), (two, (320, 60, 629, 399))):
        item.RegionLocationMinX0, item.RegionLocationMinY0 = box[0], box[1]
        item.RegionLocationMaxX1, item.RegionLocationMaxY1 = box[2], box[3]
    instance = ultrasound(SequenceOfUltrasoundRegions=[one, two])
    found = regions_of(instance, from_json(rules({"outside_regions": True})))
    grid = [(x, y) for x in range(0, 640, 5) for y in range(0, 480, 5)]
    gone = {(x, y) for x, y in grid
            if any(r.left <= x < r.right and r.top <= y < r.bottom for r in found)}  # fmt: skip
    kept = set(grid) - gone
    wanted = {(x, y) for x, y in grid if 10 <= x <= 299 and 50 <= y <= 399}
    wanted |= {(x, y) for x, y in grid if 320 <= x <= 629 and 60 <= y <= 399}
    assert kept == wanted
    assert regions_of(ultrasound(), from_json(rules({"outside_regions": True}))) == ()


SCRIPT = """A comment with (a parenthesis)
{ Modality.equals("US") * ( Manufacturer.containsIgnoreCase("acme") + [0008,1090].contains("X") )
  * !Rows.equals("600") }
(0,0,640,40) (1,2,3)
{ Manufacturer.sounds("like") } (0,0,1,1)
{ true } (5,6,7,8)
"""


def test_a_script_of_ctp() -> None:
    found = import_script(SCRIPT)
    made = from_json(rules(*found.rules))
    assert regions_of(ultrasound(Manufacturer="ACME Inc"), made) == (
        Region(0, 0, 640, 40), Region(5, 6, 12, 14),
    )  # fmt: skip
    assert regions_of(ultrasound(Manufacturer="Other"), made) == (Region(5, 6, 12, 14),)
    assert [line for line, _ in found.problems] == [4, 5]


RECIPE = """FORMAT dicom
%filter graylist
LABEL Acme # (someone)
contains Modality US|XA
+ contains Manufacturer ACME || contains Manufacturer EMCA
+ notequals Rows 600
coordinates 10,20,110,60
ctpcoordinates 0,0,640,40
keepcoordinates 1,2,3,4
LABEL Calibrated
equals Modality US
coordinates all
keepcoordinates from:SequenceOfUltrasoundRegions
LABEL Only a flag
missing ImageType
LABEL Unknown
sounds Modality US
coordinates 1,1,2,2
%header
REMOVE PatientName
"""


def test_a_recipe_of_deid() -> None:
    found = import_recipe(RECIPE)
    made = from_json(rules(*found.rules))
    assert regions_of(ultrasound(Manufacturer="emca"), made) == (
        Region(10, 20, 110, 60), Region(0, 0, 640, 40),
    )  # fmt: skip
    assert made[1].outside_regions
    assert [line for line, _ in found.problems] == [9, 14, 16, 19]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[", "not JSON"), ("{}", '"format": 1'), ('{"format": 1}', 'list "rules"'),
        (rules({}), "Pixel rule 1: it removes nothing"), (rules({"what": 1}), "there are only"),
        (rules({"rectangles": [[1, 2, 3]]}), "left, top, width, height"),
        (rules({"rectangles": [[1, 2, 3, -4]]}), "whole numbers"),
        (rules({"bands": {"middle": 4}}), "a band is at"), (rules({"bands": 3}), "form of a rule"),
        (rules({"bands": {"top": 1}, "when": {"attribute": "Nothing", "is": "1"}}), "by keyword"),
        (rules({"bands": {"top": 1}, "when": {"attribute": "Rows", "matches": "("}}), "expression"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_file_is_said(content: str, said: str) -> None:
    with pytest.raises(Usage, match=said):
        from_json(content)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({"attribute": "Rows", "is": "480"}, True), ({"attribute": "Rows", "is": "48"}, False),
        ({"attribute": "(0028,0010)", "contains": "8"}, True),
        ({"attribute": "Manufacturer", "empty": True}, True),
        ({"not": {"any": [{"attribute": "Modality", "matches": "^us$"}]}}, False),
        ({"all": []}, True),
    ],
)  # fmt: skip
def test_conditions(condition: dict[str, Any], fits: bool) -> None:
    assert holds(checked(condition), ultrasound()) == fits


def test_an_unknown_plan_is_said(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="default, strict"):
        plan_of("everything")
    with pytest.raises(Usage, match="cannot be read"):
        plan_of(str(tmp_path / "missing.json"))
    assert plan_of("strict").fingerprint() != plan_of("default").fingerprint()


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"Modality": "CT", "BodyPartExamined": "HEAD"}, "slices"),
        ({"Modality": "MR", "StudyDescription": "MRI Brain w/o"}, "slices"),
        ({"Modality": "CT", "BodyPartExamined": "HEAD", "SliceThickness": "10"}, ""),
        ({"Modality": "CT", "BodyPartExamined": "HEAD", "ImageType": ["A", "LOCALIZER"]}, ""),
        ({"Modality": "CT", "BodyPartExamined": "ABDOMEN"}, ""),
        ({"Modality": "CT"}, "slices"), ({"Modality": "CT", "SliceThickness": "10"}, ""),
        ({"Modality": "CT", "BodyPartExamined": "UNKNOWN"}, "slices"),
        ({"Modality": "CT", "SeriesDescription": "Thorax nativ"}, ""),
        ({"Modality": "CT", "StudyDescription": "CCT nativ"}, "slices"),
        ({"Modality": "CT", "StudyDescription": "CT NNH", "BodyPartExamined": "OTHER"}, "slices"),
        ({"Modality": "MR", "SeriesDescription": "t1_mprage_sag_iso"}, "slices"),
        ({"Modality": "MR", "SeriesDescription": "t2_space", "BodyPartExamined": "KNEE"}, ""),
        ({"Modality": "MR", "SeriesDescription": "3D_BRAVO", "BodyPartExamined": "LEG"}, "slices"),
        ({"Modality": "PT", "SeriesDescription": "PET_WB", "BodyPartExamined": "LUNG"}, "slices"),
        ({"Modality": "PT", "SeriesDescription": "Whole-Body AC"}, "slices"),
        ({"Modality": "XC"}, "photograph"),
        ({"Modality": "XC", "BodyPartExamined": "FOOT"}, "photograph"),
        ({"Modality": "OT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.77.1.4"}, "photograph"),
        ({"Modality": "OP"}, "photograph"), ({"Modality": "OP", "BodyPartExamined": "EYE"},
                                             "photograph"),
        ({"Modality": "OP", "SeriesDescription": "Fundus OD"}, ""),
        ({"Modality": "OP", "SeriesDescription": "External"}, "photograph"),
        ({"Modality": "ES"}, ""), ({"Modality": "ES", "ImageComments": "external face"},
                                   "photograph"),
        ({"Modality": "US"}, ""),
    ],
)  # fmt: skip
def test_faces_are_named(attributes: dict[str, Any], reason: str) -> None:
    dataset = header(128, 128, **attributes)
    assert face_reason(native(dataset, bytes(2 * 128 * 128))) == reason


@pytest.mark.parametrize("content", [SCRIPT, RECIPE])
def test_imported_on_the_command_line(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "rules.txt", tmp_path / "rules.json"
    source.write_text(content, "utf-8")
    assert main(["import", str(source), "--output", str(target)]) == 0
    assert plan_of(str(target)).rules
    said = capsys.readouterr().err
    assert "2 rules for pixels" in said
    assert "line 5" in said or "line 9" in said
