"""Dates: moved by one number of days per patient (PS3.15 E.3.6), or cut down to year or month."""

import struct
from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from dicom_veil.context import patient_of
from dicom_veil.dates import LONGEST, SHORTEST, generalised, shift
from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify, transform
from dicom_veil.identity import Identity
from dicom_veil.profile import from_json, load
from dicom_veil.read import read
from tests.core import raw

IDENTITY = Identity(bytes(range(32)))
SHIFTED = load("research")
ONLY_SHIFTED = from_json(
    '{"format": 1, "name": "dates", "options": ["retain_long_modified_dates"]}'
)
STUDY, SERIES, ACQUIRED, CONTENT, BIRTH = (
    0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00100030,
)  # fmt: skip
ACQUIRED_AT, STUDY_TIME = 0x0008002A, 0x00080030
days = st.integers(-LONGEST, -SHORTEST)
dates = st.dates(date(1910, 1, 1), date(2099, 12, 31))


def result(content: bytes, profile: str = "research", identity: Identity = IDENTITY) -> Dataset:
    source = BytesIO(content)
    chosen = ONLY_SHIFTED if profile == "dates" else load(profile)
    done = deidentify(source, chosen, identity, 1)
    return read(BytesIO(b"".join(done.stream(read(source))))).dataset


def text(dataset: Dataset, tag: int) -> str | None:
    found = value_of(dataset, tag)
    return None if found is None else str(found)


def dated(patient: str, uid: int, values: dict[int, str]) -> bytes:
    kinds = {ACQUIRED_AT: "DT", STUDY_TIME: "TM"}
    extra = [(tag, raw.element(tag, kinds.get(tag, "DA"), value)) for tag, value in values.items()]
    extra.append((0x00080018, raw.element(0x00080018, "UI", f"1.2.826.1.{uid}.1")))
    extra.append((0x0020000D, raw.element(0x0020000D, "UI", f"1.2.826.2.{uid}.1")))
    return raw.instance(extra, patient_id=patient)


def moved(old: str, new: str | None) -> int:
    assert new is not None
    return (date.fromisoformat(new[:8]) - date.fromisoformat(old[:8])).days


def test_one_shift_per_patient_in_every_file_study_and_session() -> None:
    """Other UIDs, another object of the same key, nested or not: the same number of days."""
    shifts: dict[str, set[int]] = {}
    for uid, patient in enumerate(["P-1", "P-2", "P-3", "P-1", "P-2", "P-3"] * 3, 50):
        session = Identity(bytes(range(32)))
        day = f"{date(2011, 2, 3) + timedelta(days=91 * uid):%Y%m%d}"
        inner = raw.element(CONTENT, "DA", day)
        content = dated(patient, uid, {STUDY: day, SERIES: day, ACQUIRED_AT: f"{day}235959.9"})
        nested = raw.sequence(0x00189325, [inner])
        after = result(content + nested, identity=session)
        item = value_of(after, 0x00189325)
        found = {moved(day, text(after, tag)) for tag in (STUDY, SERIES, ACQUIRED_AT)}
        found.add(moved(day, text(item[0], CONTENT)))  # type: ignore[index]
        shifts.setdefault(patient, set()).update(found)
    assert all(len(found) == 1 for found in shifts.values())
    assert len(set.union(*shifts.values())) == 3
    assert all(-LONGEST <= one <= -SHORTEST for found in shifts.values() for one in found)


def test_another_key_moves_by_another_number() -> None:
    content = dated("P-1", 7, {STUDY: "20190817"})
    ours, others = (result(content, identity=Identity(bytes([n]) * 32)) for n in (1, 2))
    assert moved("20190817", text(ours, STUDY)) != moved("20190817", text(others, STUDY))


def test_bounds_over_many_patients() -> None:
    """More than one year and less than ten back, and spread over all of it."""
    assert (SHORTEST, LONGEST) == (366, 3650)
    found = set()
    for n in range(400):
        instance = read(BytesIO(dated(f"ID{n:04d}", n, {STUDY: "20190817"})))
        _steps, _made, context = transform(instance, SHIFTED, IDENTITY)
        found.add(-context.shift_days)
        assert patient_of(instance, IDENTITY) == f"id\0ID{n:04d}\0"
    assert SHORTEST <= min(found) < SHORTEST + 200
    assert LONGEST - 200 < max(found) <= LONGEST
    assert len(found) > 350


@given(dates, dates, days)
def test_intervals_are_kept_to_the_day(one: date, other: date, by: int) -> None:
    new = [shift(f"{day:%Y%m%d}", "DA", by) for day in (one, other)]
    assert all(new)
    assert moved(new[0] or "", new[1]) == (other - one).days
    assert shift(f"{one:%Y%m%d}235959", "DT", by) == f"{new[0]}235959"


@given(dates, days, st.sampled_from(["", "10", "1011", "101112", "101112.123456", "000000"]),
       st.sampled_from(["", "+0100", "-1130"]))  # fmt: skip
def test_a_date_and_time_keeps_its_time_and_zone(day: date, by: int, time: str, zone: str) -> None:
    new = shift(f"{day:%Y%m%d}{time}{zone}", "DT", by)
    assert new == f"{day + timedelta(days=by):%Y%m%d}{time}{zone}"


def test_midnight_is_never_crossed() -> None:
    """Whole days only: an acquisition from 23:59:58 to 00:00:02 still takes four seconds."""
    after = result(dated("P-9", 9, {STUDY: "20200229", ACQUIRED: "20200301", STUDY_TIME: "235958",
                                    ACQUIRED_AT: "20200301000002.5+0000"}))  # fmt: skip
    by = moved("20200229", text(after, STUDY))
    assert moved("20200301", text(after, ACQUIRED)) == by
    assert moved("20200301", text(after, ACQUIRED_AT)) == by
    assert text(after, STUDY_TIME) == "235958"
    assert str(text(after, ACQUIRED_AT)).endswith("000002.5+0000")


@pytest.mark.parametrize(
    ("value", "vr", "expected"),
    [
        ("20190817", "DA", "20180817"), ("20190817 ", "DA", "20180817"),
        ("2019-08-17", "DA", "20180817"), ("2019.08.17", "DA", "20180817"),
        ("2019/08/17", "DA", "20180817"), ("2019-08.17", "DA", None),
        ("20190230", "DA", None), ("20191301", "DA", None), ("20190800", "DA", None),
        ("201908", "DA", None), ("2019", "DA", None), ("17.08.2019", "DA", None),
        ("Zwiebel", "DA", None), ("", "DA", None), ("20190817-20190818", "DA", None),
        ("00010101", "DA", None), ("99991231", "DA", "99981231"),
        ("2019", "DT", "2018"), ("201908", "DT", "201808"), ("20190817", "DT", "20180817"),
        ("2019081723", "DT", "2018081723"), ("20190817+0200", "DT", "20180817+0200"),
        ("2019-08-17", "DT", "20180817"), ("20190230101112", "DT", None), ("20", "DT", None),
        ("201", "DT", None), ("20190817T10", "DT", None), ("2019081710 Zwiebel", "DT", None),
        ("101112.123", "TM", "101112.123"), ("10:11:12", "TM", "10:11:12"), ("10", "TM", "10"),
        ("Zwiebel", "TM", None), ("", "TM", None), ("1", "TM", None),
    ],
)  # fmt: skip
def test_values_of_all_forms(value: str, vr: str, expected: str | None) -> None:
    assert shift(value, vr, -365) == expected


@given(st.text(max_size=20), st.sampled_from(["DA", "DT", "TM"]), days)
def test_what_comes_out_is_a_date_or_nothing(value: str, vr: str, by: int) -> None:
    """Never the value itself, but for a time of day, and never anything but digits and signs."""
    new = shift(value, vr, by)
    if new is not None:
        assert set(new) <= set("0123456789.:+-")
        assert vr == "TM" or new != value


@pytest.mark.parametrize("value", ["20190230", "2019-13-01", "Zwiebel9", "17.08.2019", "201908"])
@pytest.mark.parametrize("tag", [STUDY, SERIES, CONTENT])
def test_what_is_no_date_is_not_kept(tag: int, value: str) -> None:
    """StudyDate and ContentDate (Type 2 in a CT) are emptied, SeriesDate is removed."""
    after = result(dated("P-1", 3, {tag: value}))
    assert not text(after, tag)
    assert (tag in after) == (tag != SERIES)


def test_dates_that_only_look_removed() -> None:
    """00010101 cannot move back; it is no date of anybody, and goes all the same."""
    assert not text(result(dated("P-1", 3, {STUDY: "00010101"})), STUDY)


def test_several_values() -> None:
    """Each one moves; what is none is left out."""
    tag = 0x00181078  # RadiopharmaceuticalStartDateTime, here with more values than it may have
    content = raw.instance([(tag, raw.element(tag, "DT", "20190101\\no date\\20190103101112"))])
    found = value_of(result(content, "dates"), tag)
    values = [str(one) for one in found]  # type: ignore[attr-defined]
    assert len(values) == 2
    assert moved(values[0], values[1]) == 2


@pytest.mark.parametrize("preset", ["research", "gdpr", "safe-harbor"])
def test_a_birth_date_never_moves_along(preset: str) -> None:
    """No option of the standard keeps it: with the shift known, it would name the patient."""
    assert not text(result(dated("P-1", 3, {STUDY: "20190817", BIRTH: "19480203"}), preset), BIRTH)


@pytest.mark.parametrize(
    ("value", "vr", "year", "month"),
    [
        ("20190817", "DA", "20190101", "20190801"), ("2019-08-17", "DA", "20190101", "20190801"),
        ("20190817101112", "DT", "20190101000000", "20190801000000"),
        ("2019", "DT", "20190101000000", "20190101000000"),
        ("201908", "DT", "20190101000000", "20190801000000"),
        ("101112", "TM", None, None), ("Zwiebel", "DA", None, None), ("", "DA", None, None),
        ("20190230", "DA", None, None), ("20191301", "DA", None, None),
        ("17081999", "DA", None, None), ("20190817 Zwiebel", "DA", None, None),
    ],
)  # fmt: skip
def test_year_and_month(value: str, vr: str, year: str | None, month: str | None) -> None:
    assert generalised(value, vr, "year") == year
    assert generalised(value, vr, "month") == month


def test_years_of_safe_harbor() -> None:
    after = result(
        dated("P-1", 3, {STUDY: "20190817", ACQUIRED_AT: "20190817101112", STUDY_TIME: "101112"}),
        "safe-harbor",
    )
    assert text(after, STUDY) == "20190101"
    assert text(after, ACQUIRED_AT) == "20190101000000"
    assert not text(after, STUDY_TIME)


def test_dates_in_big_endian_and_implicit_files() -> None:
    """The value is text whatever the byte order."""
    plain = text(result(dated("P-1", 3, {STUDY: "20190817"})), STUDY)
    implicit = raw.instance(
        [(STUDY, raw.element(STUDY, "DA", "20190817", implicit=True))], implicit=True,
        patient_id="P-1",
    )  # fmt: skip
    assert text(result(implicit), STUDY) == plain
    tags = {0x00080016: raw.CT, 0x00080018: "1.2.826.4.5", STUDY: "20190817", 0x00100020: "P-1"}
    kinds = {STUDY: "DA", 0x00100020: "LO"}
    big = b"".join(
        raw.element(tag, kinds.get(tag, "UI"), value, order=">") for tag, value in tags.items()
    )
    rows = raw.element(0x00280010, "US", struct.pack(">H", 5), order=">")
    assert text(result(raw.file(big + rows, syntax=raw.BIG)), STUDY) == plain
