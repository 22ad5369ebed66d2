"""Clean Structured Content: every row of Table E.3.4-1, coded entries, trees."""

import dataclasses
import gzip
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from pydicom.dataset import Dataset

from dicom_veil.codebook import looks_public, meaning
from dicom_veil.codes import MEANING, SCHEME, VALUE, code_rules, is_coded
from dicom_veil.context import Context
from dicom_veil.identity import random_identity
from dicom_veil.options import OPTIONS
from dicom_veil.structured import (
    CONTENT,
    DATES,
    OBJECTS,
    TEXT,
    VALUES,
    Concept,
    concept_of,
    concepts,
    counts_places,
    value_type_of,
    verdict,
)
from dicom_veil.wording import code, code_meaning, text

GENERATE = Path(__file__).parents[2] / "pycore" / "generate"


def generator(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"generate_{name}", GENERATE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def context(identifying: frozenset[str]) -> Context:
    values = {field.name: "" for field in dataclasses.fields(Context)}
    known = {"identity": random_identity(), "shift_days": -400, "identifying": identifying}
    return Context(**{**values, **known})  # type: ignore[arg-type]


def coded(scheme: str, value: str, wording: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, wording
    return item


def content(scheme: str, concept: str, value_type: str, **values: object) -> Dataset:
    item = Dataset()
    item.ValueType = value_type
    item.ConceptNameCodeSequence = [coded(scheme, concept, "x")]
    attributes: dict[str, tuple[str, object]] = {
        "TEXT": ("TextValue", "Smith"), "PNAME": ("PersonName", "Smith"),
        "DATE": ("Date", "20190817"), "TIME": ("Time", "1200"), "UIDREF": ("UID", "1.2"),
        "DATETIME": ("DateTime", "20190817"), "CONTAINER": ("ContentSequence", []),
        "CODE": ("ConceptCodeSequence", [coded("DCM", "121007", "x")]),
        "NUM": ("MeasuredValueSequence", [Dataset()]),
    }  # fmt: skip
    keyword, value = attributes.get(value_type, ("ReferencedSOPSequence", [Dataset()]))
    setattr(item, keyword, value)
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


ROWS = sorted(concepts().items())


@pytest.mark.parametrize(("key", "row"), ROWS, ids=["-".join(key) for key, _ in ROWS])
def test_every_row_with_no_option_and_with_each(key: tuple[str, str, str], row: Concept) -> None:
    item = content(*key)
    value_type = key[2]
    basic = verdict(item, ())
    assert basic.removed == (row.basic == "X")
    for name in OPTIONS:
        got = verdict(item, (name,))
        action = row.options.get(name)
        if action is None:
            assert got == basic
            continue
        assert not got.removed
        assert got.source == f"E.3.4-1 {name}"
        values = {got.rules[tag].action for tag in VALUES[value_type] if tag in got.rules}
        if value_type in DATES or value_type in OBJECTS:
            assert not values  # the attribute's own rule decides
        else:
            assert values == {action}


def test_what_the_table_does_not_list() -> None:
    item = content("DCM", "111700000", "TEXT")
    assert verdict(item, ()).rules[TEXT].method == "text"
    assert verdict(content("DCM", "999999", "NUM"), ()) == (False, "content", {})
    assert verdict(content("DCM", "999999", "SCOORD"), ()).rules == {}


def test_a_text_in_an_item_of_another_type_is_cleaned() -> None:
    item = content("DCM", "999999", "NUM", TextValue="Smith")
    assert verdict(item, ()).rules[TEXT].action == "C"
    item = content("DCM", "121033", "NUM", TextValue="Smith")
    assert verdict(item, ("retain_patient_chars",)).rules[TEXT].action == "C"


def test_items_without_a_value_type_and_old_codes() -> None:
    item = content("SRT", "G-C0E3", "TEXT")
    del item.ValueType
    assert value_type_of(item) == "TEXT"
    assert concept_of(item) == ("SCT", "363698007")
    assert verdict(item, ()).rules[TEXT].action == "D"
    assert value_type_of(Dataset()) == ""
    assert concept_of(Dataset()) == ("", "")


def test_references_by_place_are_seen() -> None:
    root = content("DCM", "126000", "CONTAINER")
    inner = content("DCM", "121071", "TEXT")
    root.ContentSequence = [content("DCM", "126010", "CONTAINER")]
    root.ContentSequence[0].ContentSequence = [inner]
    assert not counts_places(root)
    inner.ReferencedContentItemIdentifier = [1, 1]
    assert counts_places(root)
    assert CONTENT in root


@pytest.mark.parametrize(
    ("scheme", "value", "wording", "rules"),
    [
        ("DCM", "121008", "Person Observer Name", {}),
        ("DCM", "121008", "Smith, John", {MEANING: "meaning:DCM:121008"}),
        ("SRT", "T-D4000", "Abdominal structure", {}),
        ("LN", "99999-9", "Smith", {MEANING: "text", VALUE: "code"}),
        ("99LOCAL", "SMITH1", "CT Smith", {MEANING: "text", VALUE: "whole", SCHEME: "whole"}),
        ("DCM", "SMITH JOHN", "CT", {MEANING: "text", VALUE: "whole", SCHEME: "whole"}),
        ("DCM", "SMITH", "CT", {MEANING: "text", VALUE: "whole", SCHEME: "whole"}),
        ("", "", "CT", {MEANING: "text", VALUE: "whole", SCHEME: "whole"}),
    ],
)
def test_coded_entries(scheme: str, value: str, wording: str, rules: dict[int, str]) -> None:
    item = coded(scheme, value, wording)
    assert is_coded(item)
    assert {tag: rule.method for tag, rule in code_rules(item).items()} == rules


def test_meanings_are_words_of_the_trade_or_the_dictionary_s() -> None:
    nobody = context(frozenset())
    cleaner = code_meaning("SRT:T-D4000")
    assert cleaner("Abdomen", "LO", nobody) == "Abdomen"
    assert cleaner("Abdomen of Smith", "LO", nobody) == "Abdominal structure"
    assert cleaner("Abdomen", "LO", context(frozenset({"abdomen"}))) == "Abdominal structure"
    assert code_meaning("DCM:nothing")("CT Smith", "LO", nobody) == "CT"
    assert text("")("Smith", "LO", nobody) is None
    assert code("")("12345-6", "SH", nobody) == "12345-6"
    assert code("")("12345-6", "SH", context(frozenset({"123456"}))) is None


def test_codes_by_dictionary_and_by_form() -> None:
    assert meaning("SRT", "T-D4000") == meaning("SCT", "113345001") == "Abdominal structure"
    assert meaning("DCM", "nothing") is None
    assert looks_public("SCT", "123456789")
    assert not looks_public("SCT", "SMITH")
    assert not looks_public("99X", "1")
    urn = coded("DCM", "x", "x")
    urn.URNCodeValue = "urn:smith"
    assert code_rules(urn)[0x00080120].action == "D"


def test_the_data_is_what_its_generators_make() -> None:
    structured, codes = generator("structured"), generator("codes")
    assert structured.build() == structured.TARGET.read_text("utf-8")
    assert codes.build() == gzip.decompress(codes.TARGET.read_bytes())
    assert len(ROWS) == 214
