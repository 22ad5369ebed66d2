"""Clean Descriptors: nothing outside the list survives, and nobody's name does."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_veil.descriptors import LONGEST, clean
from dicom_veil.terms import terms
from dicom_veil.words import fold

NOBODY: frozenset[str] = frozenset()
GENERATE = Path(__file__).parents[2] / "pycore" / "generate" / "terms.py"
WORD = re.compile(r"[^\W\d_]+")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("CT, HEAD/BRAIN WO CONTRAST", "CT, HEAD/BRAIN WO CONTRAST"),
        ("t1_vibe_fs_tra_bh_dyn", "t1_vibe_fs_tra_bh_dyn"),
        ("abdomen^liver", "abdomen^liver"),
        ("T1  w/o KM", "T1 w/o KM"),
        ("Schädel nativ", "Schädel nativ"),
        ("XR CHEST AP PORTABLE for Douglas Davidson", "XR CHEST AP PORTABLE"),
        ("Research^MCBI_TESTING", "Research TESTING"),
        ("brain 120kV 3.0T 5 mm 512x512", "brain 120kV 3.0T 5 mm 512x512"),
        ("5 x 5 x 5 mm brain", "5 x 5 x 5 mm brain"),
        ("XR C Spine Comp Min 4 Views", "XR C Spine Comp Min 4 Views"),
        ("Thorax^1HEAD_NECK_PETCT", "Thorax^1HEAD_NECK_PETCT"),
        ("long axis", "long axis"),
        ("Dr. Long, chest and knee", "knee"),
        ("DR CHEST", "DR CHEST"),
        ("MR BRAIN", "MR BRAIN"),
        ("Mr Hand Foot MR", "MR"),
        ("white matter", "white matter"),
        ("White chest", "chest"),
        ("JPEG 2000 lossy", "JPEG 2000 lossy"),
        ("chest in 2000", "chest"),
        ("chest\u200bbrain", "chest brain"),
        ("たろう CT", "CT"),
        ("194", ""),
        ("^^^^", ""),
        ("", ""),
    ],
)
def test_texts(text: str, kept: str) -> None:
    assert clean(text, NOBODY).kept == kept


@pytest.mark.parametrize(
    "piece",
    [
        "17.08.2019", "2019-08-17", "20190817", "08/17/2019", "17/8", "17.08", "17 Aug 2019",
        "August 17", "Aug 17", "14:30", "14h30", "85yo", "85 y", "Y085", "MRN 12", "MRN123456",
        "#12", "No 12", "No. 12", "12 34 56 78", "12-34-56", "123-45-6789", "555 1234", "0815x4711",
        "2019s", "room 7", "A1234567", "٣٤", "ward 7b", "1.2.840.10008", "a@b.example",
    ],
)  # fmt: skip
def test_numbers_that_can_identify_are_dropped(piece: str) -> None:
    for text in (f"chest {piece} brain", f"{piece} chest", f"chest {piece}", piece):
        assert not re.search(r"\d", clean(text, NOBODY).kept)


@pytest.mark.parametrize("text", ["HAND", "hand", "Hánd", "ＨＡＮＤ", "HA-ND", "h a n d", "Hand's"])
def test_a_name_that_is_a_term_is_dropped(text: str) -> None:
    kept = clean(f"CT {text} pa", frozenset({"Hand"})).kept
    assert "hand" not in re.sub(r"[^a-z]", "", fold(kept))
    assert (kept[:2], kept[-2:]) == ("CT", "pa")


def test_umlauts_spelled_out() -> None:
    assert clean("hoofd CT", frozenset({"Höfd"})).kept == "hoofd CT"
    assert clean("oesophagus uebersicht CT muell", frozenset({"müll"})).kept == "CT"


def test_a_name_inside_a_longer_term() -> None:
    assert clean("HEADNECK forehead CT", frozenset({"head"})).kept == "CT"


def test_numbers_of_the_patient_are_dropped() -> None:
    assert clean("chest 2 views 12", frozenset({"12"})).kept == "chest 2 views"
    assert clean("chest 123 mm 456 mm", frozenset({"123mm456"})).kept.startswith("chest")


def test_what_is_dropped_is_told() -> None:
    assert clean("CT Smith pa", NOBODY).dropped == ("Smith",)
    assert clean("x" * (LONGEST + 1), NOBODY).kept == ""


def test_months_names_and_eponyms_are_no_terms() -> None:
    names = (
        "smith müller garcia wang li kim nguyen willis douglas mark rose young long white green "
        "january march april may june july august monday james bruce meyer chang patient id mrn"
    )
    assert not {fold(name) for name in names.split()} & terms().words


def test_the_data_is_what_its_generator_makes() -> None:
    spec = importlib.util.spec_from_file_location("generate_terms", GENERATE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.build() == module.TARGET.read_text("utf-8")
    assert len(json.loads(module.build())["words"]) > 20


LISTED = sorted(terms().words)
some_text = st.text(max_size=60) | st.lists(
    st.sampled_from(LISTED) | st.text(max_size=8) | st.from_regex(r"[A-Za-z]{2,9}", fullmatch=True),
    max_size=8,
).flatmap(lambda words: st.sampled_from([" ", "_", "^", "/", ", "]).map(lambda by: by.join(words)))


def allowed(word: str) -> bool:
    known = terms()
    return fold(word) in known.words | known.units | known.pairs.keys() | {"w", "o"}


@given(some_text)
def test_no_word_outside_the_list_survives(text: str) -> None:
    kept = clean(text, NOBODY).kept
    words = re.findall(r"[^\W_]+", kept)
    for word in words:
        if not allowed(word):
            letters = "".join(WORD.findall(word))
            assert letters in ("", "x", "X") or allowed(letters)
            assert len(re.findall(r"\d", word)) <= 8


@given(some_text)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    kept = clean(text, NOBODY).kept
    assert set(WORD.findall(clean(kept, NOBODY).kept)) <= set(WORD.findall(kept))
    assert len(kept) <= len(text) + text.count("\n") + text.count("\r") + 8


@given(
    st.sampled_from([word for word in LISTED if len(word) > 1 and word.isalpha()]),
    st.lists(st.sampled_from(LISTED), max_size=4),
    st.lists(st.sampled_from(LISTED), max_size=4),
    st.sampled_from([str.upper, str.lower, str.title, lambda word: "-".join(word), " ".join]),
)
def test_no_identifying_word_survives(word, before, after, spelled) -> None:  # type: ignore[no-untyped-def]
    text = " ".join([*before, spelled(word), *after])
    kept = clean(text, frozenset({word})).kept
    assert word not in re.findall(r"[^\W_]+", fold(kept))
    assert fold(spelled(word)) not in (fold(kept) if len(word) > 3 else "")
