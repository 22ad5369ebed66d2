"""What reading results by eye, dataset by dataset, has found: each once."""

from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset

from dicom_veil.deidentify import transform
from dicom_veil.identity import Identity
from dicom_veil.profile import BUILT_IN, load
from dicom_veil.read import read
from dicom_veil.tree import rows
from tests.core.files import bundled

IDENTITY = Identity(bytes(range(32)))


def code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def result(preset: str, **attributes: object) -> Dataset:
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    buffer = BytesIO()
    dataset.save_as(buffer)
    _steps, made, _context = transform(read(BytesIO(buffer.getvalue())), load(preset), IDENTITY)
    return made


def schemes(*designators: str) -> list[Dataset]:
    items = []
    for designator in designators:
        item = Dataset()
        item.CodingSchemeDesignator, item.CodingSchemeUID = designator, "1.2.276.0.99.7"
        items.append(item)
    return items


@pytest.mark.parametrize("preset", BUILT_IN)
def test_private_coding_schemes_do_not_name_who_made_them(preset: str) -> None:
    """`99VINZENZ` and its UID name a hospital; its codes are dummies in the result."""
    made = result(
        preset,
        CodingSchemeIdentificationSequence=schemes("99VINZENZ", "SCT", "DCM"),
        ProcedureCodeSequence=[code("V1", "99VINZENZ", "CT chest")],
    )
    left = made.CodingSchemeIdentificationSequence
    assert [item.CodingSchemeDesignator for item in left] == ["SCT", "DCM"]
    alone = result(preset, CodingSchemeIdentificationSequence=schemes("99VINZENZ"))
    assert "CodingSchemeIdentificationSequence" not in alone


@pytest.mark.parametrize("preset", BUILT_IN)
def test_a_code_is_kept_whole_or_not_at_all(preset: str) -> None:
    """What is left of `{H.B.}/min` is `min`: another unit. A scheme `Standard` is nobody's."""
    (beats,) = result(
        preset, ProcedureCodeSequence=[code("{H.B.}/min", "UCUM", "Heart beat per minute")]
    ).ProcedureCodeSequence
    assert beats.CodeValue == "DEIDENTIFIED"
    (local,) = result(
        preset, ProcedureCodeSequence=[code("CHEST Fuji", "Fuji Standard", "chest")]
    ).ProcedureCodeSequence
    assert (local.CodeValue, local.CodingSchemeDesignator) == ("DEIDENTIFIED", "99DEIDENTIFIED")


@pytest.mark.parametrize("preset", BUILT_IN)
def test_the_meaning_of_a_unit_stays_that_unit(preset: str) -> None:
    """`ml/100ml/s` without its `s`, which is no term, would be another quantity."""
    (unit,) = result(
        preset, ProcedureCodeSequence=[code("ml/100ml/s", "UCUM", "ml/100ml/s")]
    ).ProcedureCodeSequence
    assert (unit.CodeValue, unit.CodeMeaning) == ("ml/100ml/s", "ml/100ml/s")
    (named,) = result(
        preset, PatientName="Smith^J", ProcedureCodeSequence=[code("mm", "UCUM", "of Smith")]
    ).ProcedureCodeSequence
    assert (named.CodeValue, named.CodeMeaning) == ("mm", "mm")


def test_what_an_earlier_method_said_is_not_shown_as_kept() -> None:
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    dataset.LongitudinalTemporalInformationModified = "MODIFIED"
    buffer = BytesIO()
    dataset.save_as(buffer)
    instance = read(BytesIO(buffer.getvalue()))
    steps, made, _context = transform(instance, load("basic"), IDENTITY)
    by_keyword = {row["keyword"]: row for row in rows(instance, steps, made)}
    row = by_keyword["LongitudinalTemporalInformationModified"]
    assert (row["value"], row["result"]) == ("MODIFIED", "REMOVED")
    assert (row["action"], row["rule"]) == ("D", "added")
    unchanged = by_keyword["Modality"]
    assert (unchanged["action"], unchanged["rule"]) == ("K", "")


@pytest.mark.parametrize(
    "keyword", ["CompletionFlagDescription", "ImageID", "RTImageLabel", "TrackingID"]
)
def test_free_text_that_the_table_leaves_out(keyword: str) -> None:
    """Typed by somebody, and in no row of Table E.1-1 (`supplement.csv`)."""
    text = "chest lateral Kowalczyk"
    assert keyword not in result("basic", **{keyword: text})
    assert keyword not in result("safe-harbor", **{keyword: text})
    cleaned = result("research", **{keyword: text}).get(keyword)
    # What is called an ID is looked for as one, whatever its words.
    assert cleaned == (None if keyword.endswith("ID") else "chest lateral")
