"""Profiles that remove what no rule lists: what goes, what stays, and that it is still valid."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from dicom_veil.importers.ctp import import_ctp
from dicom_veil.picture import render
from dicom_veil.plan import plan
from dicom_veil.profile import Profile, from_json
from dicom_veil.read import read
from dicom_veil.required import edition, is_required, required
from dicom_veil.types import edition as edition_of_types
from tests.core.dciodvfy import needs_dciodvfy
from tests.core.files import bundled, bundled_files, corpus_files
from tests.core.test_dciodvfy import judge_all
from tests.core.test_deidentify import output_of

CT = "1.2.840.10008.5.1.4.1.1.2"
REMOVING = '{"format": 1, "name": "bare", "base": "basic", "unlisted": "remove"%s}'
BARE = from_json(REMOVING % "")


def result(content: bytes, profile: Profile) -> Dataset:
    return dcmread(BytesIO(output_of(content, profile)))


def test_what_no_rule_lists_goes_and_the_picture_stays() -> None:
    content = bundled("CT_small.dcm").read_bytes()
    before, after = dcmread(BytesIO(content)), result(content, BARE)
    # Type 3 in the CT Image IOD, and in no rule.
    for keyword in ("GantryDetectorTilt", "TableHeight", "ExposureTime"):
        assert keyword in before
        assert keyword not in after
    # Type 1 and 2, beside all of the pixels' group.
    for keyword in ("Modality", "ImageType", "KVP", "SliceThickness", "ImagePositionPatient"):
        assert after[keyword].value == before[keyword].value
    assert [tag for tag in before.group_dataset(0x0028) if tag.tag not in after] == []
    assert np.array_equal(after.pixel_array, before.pixel_array)


@pytest.mark.parametrize(
    "name", ["MR_small.dcm", "JPEG2000.dcm", "liver_1frame.dcm", "examples_palette.dcm"]
)
def test_the_picture_is_shown_in_the_same_way(name: str) -> None:
    content = bundled(name).read_bytes()
    shown = [render(read(BytesIO(one)), 0) for one in (content, output_of(content, BARE))]
    assert np.array_equal(*shown)


def test_groups_of_ones_own_stay() -> None:
    content = bundled("CT_small.dcm").read_bytes()
    groups = from_json(REMOVING % ', "unlisted_groups": ["0018"]')
    after = result(content, groups)
    assert "GantryDetectorTilt" in after
    assert "DeviceSerialNumber" not in after
    assert "TemporalPositionIdentifier" not in after


def test_a_rule_of_ones_own_keeps_what_it_stands_in() -> None:
    rule = ', "rules": [{"attribute": "AnatomicRegionSequence.CodeValue", "action": "K"}]'
    content = BytesIO()
    dataset = dcmread(bundled("CT_small.dcm"))
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "69536005", "SCT", "Head"
    dataset.AnatomicRegionSequence = [item]
    dataset.save_as(content)
    assert "AnatomicRegionSequence" not in result(content.getvalue(), BARE)
    kept = result(content.getvalue(), from_json(REMOVING % rule))
    assert kept.AnatomicRegionSequence[0].CodeValue == "69536005"


def test_the_report_names_the_rule() -> None:
    instance = read(BytesIO(bundled("CT_small.dcm").read_bytes()))
    by_tag = {step.tag: step for step in plan(instance, BARE)}
    assert (by_tag[0x00181120].action, by_tag[0x00181120].rule) == ("X", "unlisted")
    assert by_tag[0x00100010].rule == "E.1-1"


def test_the_data_is_of_the_edition_of_the_types() -> None:
    assert edition() == edition_of_types()
    assert 0x00080060 in required(CT)[None]
    assert not is_required(CT, None, 0x00181120)
    # Pixel Measures: required inside its functional group, and known nowhere for a private class.
    assert is_required("1.2.840.10008.5.1.4.1.1.2.1", 0x00289110, 0x00180050)
    assert required("1.2.3.4")[None] > required(CT)[None]


def test_ctp_removes_what_its_script_does_not_name() -> None:
    imported = import_ctp("""<script>
        <e en="T" t="00181120" n="GantryDetectorTilt">@keep()</e>
        <k en="T" t="20">Keep group 20</k><k en="F" t="0018">Keep group 18</k>
        <r en="T" t="unspecifiedelements">Remove unchecked elements</r></script>""")
    assert imported.profile["unlisted"] == "remove"
    assert imported.profile["unlisted_groups"] == ["0020"]
    assert {problem.kind for problem in imported.problems} == {"changed"}
    after = result(bundled("CT_small.dcm").read_bytes(), from_json(json.dumps(imported.profile)))
    assert "GantryDetectorTilt" in after
    assert "TableHeight" not in after
    assert "PositionReferenceIndicator" in after


@needs_dciodvfy
@pytest.mark.parametrize("files", [bundled_files, corpus_files])
def test_the_judge_finds_no_new_error(files: Callable[[], list[Path]], tmp_path: Path) -> None:
    paths = files()
    if not paths:
        pytest.skip("the corpus ../shared/corpus is absent")
    path = tmp_path / "bare.json"
    path.write_text(REMOVING % "")
    count, errors = judge_all(paths, str(path))
    assert not errors
    assert count >= 110
