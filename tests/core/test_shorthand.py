"""Times of day, years of two digits and IDs of one or two characters: found where they stand for

themselves, and not in the numbers that headers are full of.
"""

from datetime import date
from io import BytesIO

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_veil import errors
from dicom_veil.context import context_of
from dicom_veil.deidentify import deidentify
from dicom_veil.identity import Identity
from dicom_veil.needles import Token
from dicom_veil.notation import fold, squash
from dicom_veil.profile import from_json, load
from dicom_veil.read import read
from dicom_veil.seal import own_tokens
from dicom_veil.shorthand import short_day_needles, short_day_pattern, time_of, time_pattern
from tests.core.test_verify import IDENTITY, changed, hits, original, output_of

SOURCE = original(StudyTime="134512.25", StudyDate="20190817", PatientID="Q7")
OUTPUT = output_of(SOURCE)


def kinds(keyword: str, value: object, source: bytes = SOURCE) -> set[str]:
    """Kinds of what is found when an output of `source` has one more value."""
    output = changed(lambda dataset: setattr(dataset, keyword, value), output_of(source))
    found = hits(output, source)
    assert {hit.where for hit in found} <= {keyword}
    return {hit.kind for hit in found}


@pytest.mark.parametrize(
    "text",
    [
        "13:45:12", "at 13:45:12 h", "134512.25", "134512.250000", "134512,25",
        "20190101134512", "2019-01-01T13:45:12", "time 134512", "134512.25\\A",
    ],
)  # fmt: skip
def test_times_of_day_are_found(text: str) -> None:
    assert kinds("AcquisitionComments", text) == {"time"}


@pytest.mark.parametrize(
    "text",
    ["134512", "1134512", "13451290", "13:45", "13.45.12", "x 134512 y", "134512.26", "13:45:13"],
)
def test_what_is_no_time_of_this_patient(text: str) -> None:
    """Six digits among others can be anything, and the source's time has a fraction."""
    assert kinds("AcquisitionComments", text) == set()


def test_a_time_in_the_place_of_another_and_as_a_whole_value() -> None:
    assert kinds("ContentTime", "134512.250") == {"time"}
    assert kinds("SliceThickness", "134512.25") == set()
    whole = original(StudyTime="134512")
    assert kinds("AcquisitionComments", "134512", whole) == {"time"}
    assert kinds("AcquisitionComments", "room 134512", whole) == set()


@pytest.mark.parametrize("time", ["134500", "1345", "120000", "000000.00", "111111", "123456", ""])
def test_common_times_are_not_looked_for(time: str) -> None:
    assert time_of(time) is None


@pytest.mark.parametrize(
    "text",
    [
        "19-08-17", "17/08/19", "08/17/19", "17.08.19", "seen 17-08-19.", "date 170819",
        "Geb.-Datum: 170819", "170819-1234", "190817-123", "dob_190817", "date of birth 081719",
    ],
)  # fmt: skip
def test_years_of_two_digits_are_found(text: str) -> None:
    assert kinds("AcquisitionComments", text) == {"short day"}


@pytest.mark.parametrize(
    "text",
    ["190817", "170819", "1.17.08.19", "19.08.17", "17-08-190", "117/08/19", "17/08/18",
     "170819-12345", "update2 170819x1", "17-08/19", "1908171"],
)  # fmt: skip
def test_what_is_no_date_of_this_patient(text: str) -> None:
    assert kinds("AcquisitionComments", text) == set()


def test_versions_that_stay_are_no_dates() -> None:
    source = original(SoftwareVersions="17.08.19", StudyDate="20190817")
    profile = '{"format": 1, "name": "own", "rules": [{"attribute": "%s", "action": "K"}]}'
    for keyword, value, quarantined in (
        ("SoftwareVersions", "17.08.19", False),
        ("SeriesDescription", "follow-up 17/08/19", True),
    ):
        dataset = pydicom.dcmread(BytesIO(source))
        setattr(dataset, keyword, value)
        buffer = BytesIO()
        dataset.save_as(buffer)
        chosen = from_json(profile % keyword)
        if quarantined:
            with pytest.raises(errors.Quarantined) as raised:
                deidentify(BytesIO(buffer.getvalue()), chosen, IDENTITY, 1)
            assert {hit[1] for hit in raised.value.hits} == {"short day"}
        else:
            deidentify(BytesIO(buffer.getvalue()), chosen, IDENTITY, 1)


@pytest.mark.parametrize("keyword", ["AcquisitionComments", "SeriesDescription", "SequenceName"])
@pytest.mark.parametrize("value", ["Q7", "q7 "])
def test_an_id_of_two_characters_as_a_whole_value(keyword: str, value: str) -> None:
    assert kinds(keyword, value) == {"short code"} or keyword == "SequenceName"


@pytest.mark.parametrize("value", ["Q77", "Q 7", "part Q7", "Q7\\Q8"])
def test_an_id_of_two_characters_among_others_is_an_accident(value: str) -> None:
    assert kinds("AcquisitionComments", value) == set()


def test_an_id_of_one_character_does_not_drown_the_result() -> None:
    """Patient 1, whose stack, series and station are called 1 as well."""
    source = original(
        PatientID="1", AccessionNumber="1", StudyID="1", StackID="1", ContrastBolusAgent="1"
    )
    assert hits(output_of(source), source) == ()
    assert kinds("AcquisitionComments", "1", source) == {"short code"}


def test_in_the_pipeline_a_short_id_is_found() -> None:
    """Not only by `verify --against`: a table that gives a patient the own ID as pseudonym."""
    with pytest.raises(errors.Quarantined) as raised:
        deidentify(BytesIO(SOURCE), load("basic"), Identity(bytes(32), {"Q7": "Q7"}), 1)
    assert {hit[:2] for hit in raised.value.hits} >= {("PatientID", "short code")}
    deidentify(BytesIO(SOURCE), load("basic"), Identity(bytes(32), {"Q7": "Q8"}), 1)


def test_times_that_stay_where_dates_are_moved_are_no_finding() -> None:
    after = deidentify(BytesIO(SOURCE), load("research"), IDENTITY, 1)
    assert after.row["touched"]


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)), st.sampled_from("-/"))
def test_every_short_date_has_its_needle(day: date, gap: str) -> None:
    """The search that forgets boundaries never misses what the closer look would find."""
    for form in ("%y{0}%m{0}%d", "%d{0}%m{0}%y", "%m{0}%d{0}%y"):
        text = day.strftime(form.format(gap))
        value = (day.year, day.month, day.day)
        assert short_day_pattern(value).search(fold(f"on {text}."))
        assert any(needle in squash(text.encode()) for needle in short_day_needles(value))


@given(st.times())
def test_every_time_is_found_again(time: object) -> None:
    text = f"{time:%H%M%S.%f}"
    found = time_of(text)
    if found is not None:
        assert time_pattern(found).search(f"x {time:%H:%M:%S} y")
        assert time_pattern(found).search(f"x {text} y") or "." not in found


def test_bytes_are_nobody_s_own() -> None:
    """What the key made is told by its words; a blob has none, and is looked for."""
    instance = read(BytesIO(SOURCE))
    own = own_tokens(context_of(instance, IDENTITY, frozenset()))
    assert not own(Token("blob", "", (b"0123456789abcdefghijklmn",)))
    assert not own(Token("short day", "", (b"190817",), (2019, 8, 17)))
    assert own(Token("code", fold(context_of(instance, IDENTITY, frozenset()).pseudonym), ()))
