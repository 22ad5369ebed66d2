"""The standard as data: what is generated is what is committed, and it is whole."""

import runpy
from pathlib import Path

from dicom_veil.standard import (
    confidentiality,
    edition,
    keyword_of,
    name_of,
    repeating,
    structural_uids,
    vr_of,
)

ROOT = Path(__file__).resolve().parents[2]


def test_the_data_is_what_the_generator_makes() -> None:
    generator = runpy.run_path(str(ROOT / "pycore" / "generate" / "confidentiality.py"))
    assert generator["TARGET"].read_text("utf-8") == generator["build"]()


def test_table_is_whole_and_names_its_edition() -> None:
    assert edition() == "PS3.15 2026d"
    assert len(confidentiality()) == 653
    assert len(repeating()) == 3
    assert {row.basic for row in confidentiality().values()} == {
        "X", "D", "U", "Z", "X/D", "X/Z", "X/Z/D", "Z/D", "X/Z/U*",
    }  # fmt: skip


def test_attributes_newer_than_the_dictionary_have_vr_and_keyword() -> None:
    assert vr_of(0x3004007F) is not None
    assert keyword_of(0x3004007F) == "DoseCalculationModelName"
    assert name_of(0x00091001) == "Private Attribute"


def test_structural_uids_are_not_in_the_table() -> None:
    assert 0x00080016 in structural_uids()
    assert not structural_uids() & set(confidentiality())
