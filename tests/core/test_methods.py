"""Generalising methods: what becomes coarser, what is refused, and that nothing slips through."""

import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from dicom_veil.ages import age_between, years
from dicom_veil.context import Context
from dicom_veil.deidentify import deidentify, transform
from dicom_veil.errors import Usage
from dicom_veil.generalise import regex_argument, regex_parts
from dicom_veil.identity import Identity
from dicom_veil.methods import METHODS, cleaner, unfit
from dicom_veil.profile import from_json
from dicom_veil.read import read
from dicom_veil.tree import rows
from tests.core.files import bundled

CONTEXT = Context(
    identity=Identity(bytes(32)),
    pseudonym="SUBJ-00000000A",
    shift_days=-400,
    identifying=frozenset(),
    study_date="20240101",
    birth_date="19300505",
)


@pytest.mark.parametrize(
    ("method", "value", "vr", "expected"),
    [
        ("age-cap:89", "089Y", "AS", "089Y"),
        ("age-cap:89", "090Y", "AS", "090Y"),
        ("age-cap:89", "103Y", "AS", "090Y"),
        ("age-cap:89", "018M", "AS", "018M"),
        ("age-cap:89", "old", "AS", None),
        ("age-cap:65", "066Y", "AS", "066Y"),
        ("age-bracket:5", "047Y", "AS", "045Y"),
        ("age-bracket:10", "047Y", "AS", "040Y"),
        ("age-bracket:5", "018M", "AS", "000Y"),
        ("age-bracket:5", "", "AS", None),
        ("age-at-study", "", "AS", "093Y"),
        ("age-at-study|age-cap:89", "", "AS", "090Y"),
        ("age-at-study|age-bracket:10", "", "AS", "090Y"),
        ("birth-year:89", "19300505", "DA", None),
        ("birth-year:89", "19400505", "DA", "19400101"),
        ("birth-year:89", "1940-05-05", "DA", "19400101"),
        ("birth-year:89", "20250505", "DA", None),
        ("birth-year:89", "unknown", "DA", None),
        ("date-add:-3210", "20240101", "DA", "20150319"),
        ("date-add:-3210", "20240230", "DA", None),
        ("date-parts:*/1/1", "20240229", "DA", "20240101"),
        ("date-parts:2023/*/*", "20240229", "DA", None),
        ("date-parts:*/*/1", "20240229101112.5+0100", "DT", "20240201101112.5+0100"),
        ("date-parts:*/*/1", "2024", "DT", None),
        ("zip3", "12 Main St, Barre, VT 05641-1234", "LO", "056"),
        ("zip3", "1 Elm Rd, Anytown, vt 05941 USA", "LO", "000"),
        ("zip3", "62704", "LO", "627"),
        ("zip3", "10236", "LO", "000"),
        ("zip3", "12345 Main St", "LO", None),
        ("zip3", "PO 12345", "LO", None),
        ("zip3", "1234567", "LO", None),
        ("truncate:3", "ABCDEF", "LO", "ABC"),
        ("truncate:-2", "ABCDEF ", "LO", "EF"),
        ("truncate:0", "ABCDEF", "LO", ""),
        ("lowercase", "ABC", "LO", "abc"),
        ("uppercase", "abc", "LO", "ABC"),
        ("set:a|b", "x", "LO", "a|b"),
        ("uppercase|set:done", "x", "LO", "done"),
        (r"regex:/[0-9]+/#/", "A 12 B 345", "LO", "A # B #"),
        (r"regex:/a\/b/x/", "a/b", "LO", "x"),
        (r"regex:/.*/notadate/", "20240101", "DA", None),
        ("pseudonym", "x", "LO", "SUBJ-00000000A"),
        ("hash:6", "", "SH", ""),
    ],
)
def test_what_becomes_of_a_value(method: str, value: str, vr: str, expected: str | None) -> None:
    assert cleaner(method)(value, vr, CONTEXT) == expected


def test_a_hash_needs_the_key_and_is_stable() -> None:
    one = cleaner("hash:12")("ACC123", "SH", CONTEXT)
    assert one == cleaner("hash:12")("ACC123 ", "SH", CONTEXT)
    assert re.fullmatch(r"\d{12}", str(one))
    other = Context(Identity(b"x" * 32), "", -400, frozenset(), "", "")
    assert one != cleaner("hash:12")("ACC123", "SH", other)


@pytest.mark.parametrize(
    "method",
    ["", "nonsense", "age-cap", "age-cap:x", "age-cap:0", "age-bracket:-5", "zip3:4", "hash:99",
     "date-parts:1/1", "regex:/(/x/", "regex:abc", r"regex:/a/\3/", "set:x|age", "age-cap:89|no",
     "pseudonym:1"],
)  # fmt: skip
def test_methods_that_make_no_sense_are_refused(method: str) -> None:
    if method == "set:x|age":  # the argument of `set` may hold anything
        assert cleaner(method)("", "LO", CONTEXT) == "x|age"
        return
    with pytest.raises(Usage):
        cleaner(method)


def test_methods_are_for_the_vrs_that_they_can_clean() -> None:
    assert unfit("age-cap:89", "AS") == ""
    assert "LO" in unfit("age-cap:89", "LO")
    assert unfit("set:20240101", "DA") == ""
    assert unfit("set:yesterday", "DA")
    assert unfit("set:x", "US")
    assert unfit("set:lower case", "CS")
    for method in METHODS.values():
        assert method.label
        assert method.vrs


@given(st.integers(0, 999), st.sampled_from("DWMY"), st.integers(1, 998))
def test_no_age_above_the_cap_survives(number: int, unit: str, cap: int) -> None:
    age = f"{number:03d}{unit}"
    new = cleaner(f"age-cap:{cap}")(age, "AS", CONTEXT)
    assert new is not None
    assert (years(new) or 0) <= cap + 1
    assert new == age or years(new) == cap + 1


@given(st.text(max_size=40))
def test_of_an_address_three_digits_at_most_survive(address: str) -> None:
    new = cleaner("zip3")(address, "LO", CONTEXT)
    assert new is None or re.fullmatch(r"\d{3}", new, re.ASCII)


@given(st.dates(), st.dates())
def test_ages_count_birthdays(birth, day) -> None:  # type: ignore[no-untyped-def]
    age = age_between(f"{birth:%Y%m%d}".zfill(8), f"{day:%Y%m%d}".zfill(8))
    if day < birth:
        assert age is None
        return
    full = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    if full >= 2 and full < 1000:
        assert age == f"{full:03d}Y"
    elif full < 2:
        assert age is not None
        assert age[-1] in "MD"


@given(st.text(alphabet="ab/\\.1", max_size=8), st.text(alphabet="ab/", max_size=8))
def test_a_regex_goes_through_its_argument_unchanged(find: str, replacement: str) -> None:
    try:
        re.compile(find)
    except re.error:
        return
    if find:
        found, replaced = regex_parts(regex_argument(find, replacement))
        plain = [re.sub(r"(\\[^/])|\\/", lambda m: m[1] or "/", one) for one in (found, find)]
        assert plain[0] == plain[1]
        assert replaced == replacement


def aged(profile: str, **attributes: str | None) -> tuple[Dataset, list[tuple[str, str, str]]]:
    """A CT by a profile: the result, and the report's lines about Patient's Age."""
    dataset = dcmread(bundled("CT_small.dcm"))
    del dataset.PatientAge
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    content = BytesIO()
    dataset.save_as(content)
    done = deidentify(BytesIO(content.getvalue()), from_json(profile), CONTEXT.identity, 1)
    after = dcmread(BytesIO(b"".join(done.stream(read(BytesIO(content.getvalue()))))))
    told = [
        (one["action"], one["rule"], one.get("method", ""))
        for one in done.row["touched"]
        if one["keyword"] == "PatientAge"
    ]
    return after, told


AGE = """{"format": 1, "name": "aged", "base": "basic", "rules": [
    {"attribute": "PatientAge", "action": "C", "method": "age-at-study|age-bracket:5"}]}"""
DATES = {"PatientBirthDate": "19500302", "StudyDate": "20040119"}


def test_an_age_that_is_absent_is_worked_out_and_reported_as_added() -> None:
    after, told = aged(AGE, **DATES)
    assert after.PatientAge == "050Y"
    assert told == [("C", "person, added", "age-at-study|age-bracket")]
    assert [one.tag for one in after] == sorted(one.tag for one in after)
    assert after.PatientBirthDate == ""


@pytest.mark.parametrize(
    "dates", [{**DATES, "PatientBirthDate": ""}, {**DATES, "StudyDate": "20190230"}]
)
def test_an_age_that_cannot_be_worked_out_is_not_added(dates: dict[str, str]) -> None:
    after, told = aged(AGE, **dates)
    assert "PatientAge" not in after
    assert told == []


def test_an_empty_age_is_filled_and_other_methods_add_nothing() -> None:
    after, told = aged(AGE, PatientAge="", **DATES)
    assert (after.PatientAge, told) == ("050Y", [("C", "person", "age-at-study|age-bracket")])
    after, told = aged(AGE.replace("age-at-study|", ""), **DATES)
    assert ("PatientAge" in after, told) == (False, [])


def test_the_tag_viewer_shows_what_is_added() -> None:
    dataset = dcmread(bundled("CT_small.dcm"))
    del dataset.PatientAge
    dataset.PatientBirthDate, dataset.StudyDate = DATES.values()
    content = BytesIO()
    dataset.save_as(content)
    instance = read(BytesIO(content.getvalue()))
    steps, made, _context = transform(instance, from_json(AGE), CONTEXT.identity)
    (row,) = [one for one in rows(instance, steps, made) if one["keyword"] == "PatientAge"]
    assert (row["value"], row["result"], row["rule"]) == ("", "050Y", "person, added")
