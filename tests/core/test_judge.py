"""What a reading is taken for, readings with errors included."""

import pytest
from pydicom.dataset import Dataset

from dicom_veil.text import alike, judge
from dicom_veil.text.boxes import Box
from dicom_veil.text.instance import Scanned, Shows
from dicom_veil.text.judge import is_technical, may_identify, removed_by_default
from dicom_veil.text.own import Own, own_of
from dicom_veil.text.read import Reading
from dicom_veil.text.scan import Found
from tests.core.make import header, instance

OWN = Own(
    names=(
        ("PatientName", "Müller"),
        ("PatientName", "Anna"),
        ("ReferringPhysicianName", "Kowalski"),
        ("PatientName", "Gain"),
    ),
    codes=(("PatientID", "4711-0815"), ("AccessionNumber", "A0052331")),
    places=(("InstitutionName", "Hollerbrunn"),),
    days=(("PatientBirthDate", (1956, 3, 7)), ("StudyDate", (2024, 1, 13))),
)


def judged(text: str, sure: float = 0.95) -> judge.Judged:
    return judge.judge(Found(Box(0, 0, 50, 12), Reading(text, sure)), OWN)


@pytest.mark.parametrize(
    ("text", "kind", "match"),
    [
        ("MÜLLER ANNA", "identifies", "PatientName"),
        ("MULLER^ANNA", "identifies", "PatientName"),
        ("Mu11er", "identifies", "PatientName"),
        ("K0WALSK1", "identifies", "ReferringPhysicianName"),
        ("KOWA1SKIANNA", "identifies", "ReferringPhysicianName"),
        ("47I1-O815", "identifies", "PatientID"),
        ("47110815", "identifies", "PatientID"),
        ("Acc A0O52331", "identifies", "AccessionNumber"),
        ("Gain 65", "identifies", "PatientName"),
        ("07.03.1956", "identifies", "PatientBirthDate"),
        ("O7/03/56", "identifies", "PatientBirthDate"),
        ("2024-01-13", "date", "StudyDate"),
        ("Hollerbrunn", "institution", "InstitutionName"),
        ("HOLLERBRUN", "institution", "InstitutionName"),
    ],
)
def test_own_values_are_found_in_readings_with_errors(text: str, kind: str, match: str) -> None:
    found = judged(text)
    assert found.kind == kind
    assert match in found.matches
    assert removed_by_default(found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12.05.1999", "date"),
        ("13:45:02", "date"),
        ("2:56:22 PM", "date"),
        ("24-MAY-98", "date"),
        ("BAPTIST MED CTR", "institution"),
        ("Klinikum", "institution"),
        ("Name: X", "identifies"),
        ("Dr. Huber", "identifies"),
        ("DOB", "identifies"),
        ("SCHULZE", "unknown"),
        ("8831204", "unknown"),
        ("44", "unknown"),
        ("", "unknown"),
        ("1.06 cm", "technical"),
        ("120 kV", "technical"),
        ("MI 0.8", "technical"),
        ("TIS0.4 MI 1.4", "technical"),
        ("L", "technical"),
        ("W 400 L 40", "technical"),
        ("DR 60", "technical"),
        ("5 MHz", "technical"),
        ("LYMPH NODE", "technical"),
        ("Gen THI", "technical"),
    ],
)
def test_a_reading_without_a_match_is_classed(text: str, kind: str) -> None:
    own = Own()
    found = judge.judge(Found(Box(0, 0, 50, 12), Reading(text, 0.95)), own)
    assert (found.kind, found.matches) == (kind, ())


@pytest.mark.parametrize(
    "text",
    ["HAND, IRIS", "HAND IRIS", "HAND", "HAND L", "PALM^WALL", "WALL", "CHIN", "Back", "HERZ",
     "KOPF", "Hals", "BAUCH", "POST", "Power", "FRAME, PAGE", "Page", "MA PI", "MA, PI", "MAP, LAT",
     "P 1234", "C 4711", "L4711", "W 1500", "F 1956", "MA 4711"],
)  # fmt: skip
def test_what_may_be_a_stranger_is_not_technical(text: str) -> None:
    found = judge.judge(Found(Box(0, 0, 50, 12), Reading(text, 0.95)), Own())
    assert found.kind == "unknown"
    assert removed_by_default(found)
    assert may_identify(found)


@pytest.mark.parametrize(
    "text",
    ["L", "R", "A", "P", "H", "F", "AP", "PA", "LAT", "120 kV", "200 mA", "MI 0.8 TIS 0.4",
     "Gain 65", "Gain= 8dB", "Frq 5 MHz", "DR 60", "Depth 12 cm", "30 fps", "W 1500 L -600",
     "W4096 C2048", "WL: 1500 WW: 4000", "ZOOM 1.5", "Frame 12", "Page 3", "IM 12 SE 3",
     "PORTABLE", "SUPINE", "ERECT", "TR 4500 TE 102", "P 125.3", "CHEST AP", "T2 FLAIR", "100%"],
)  # fmt: skip
def test_what_scanners_print_is_technical(text: str) -> None:
    assert is_technical(text, Own())


SHORT = {"PatientName": "Ma^Pi", "PatientID": "47", "PatientBirthDate": "19560307"}


@pytest.mark.parametrize(
    ("attributes", "text", "match"),
    [
        (SHORT, "MA, PI", "PatientName"), (SHORT, "Pi", "PatientName"),
        (SHORT, "PI 0.7", "PatientName"), (SHORT, "P. M.", "PatientName"),
        (SHORT, "L 47", "PatientID"), (SHORT, "L47", "PatientID"), (SHORT, "P 0047", "PatientID"),
        (SHORT, "F 1956", "PatientBirthDate"), (SHORT, "F I956", "PatientBirthDate"),
        ({"PatientName": "L^R"}, "L R", "PatientName"), ({"PatientName": "Ah^Al"}, "AL",
                                                         "PatientName"),
        ({"PatientName": "Lü^An-Ma"}, "LUE", "PatientName"),
        ({"PatientName": "Lü^An-Ma"}, "MA 120", "PatientName"),
        ({"PatientID": "7"}, "R 7", "PatientID"), ({"PatientID": "T1"}, "T1", "PatientID"),
    ],
)  # fmt: skip
def test_own_values_of_one_or_two_characters_identify(
    attributes: dict[str, str], text: str, match: str
) -> None:
    own = own_of(instance(header(2, 2, SpecificCharacterSet="ISO_IR 192", **attributes), bytes(8)))
    found = judge.judge(Found(Box(0, 0, 50, 12), Reading(text, 0.95)), own)
    assert (found.kind, found.matches) == ("identifies", (match,))


def test_a_title_is_no_name() -> None:
    own = own_of(instance(header(2, 2, ReferringPhysicianName="Huber^Hans^^Dr.^MD"), bytes(8)))
    assert judge.judge(Found(Box(0, 0, 50, 12), Reading("DR 60", 0.95)), own).kind == "technical"
    assert not own.words() & {"dr", "md"}


@pytest.mark.parametrize("text", ["47 kV", "FOV 47", "MI 0.47", "R", "M", "MAP 3", "100%"])
def test_a_short_own_value_is_not_found_in_measurements(text: str) -> None:
    found = judge.judge(
        Found(Box(0, 0, 50, 12), Reading(text, 0.95)),
        own_of(instance(header(2, 2, **SHORT), bytes(8))),
    )
    assert found.kind == "technical"


@pytest.mark.parametrize(
    ("text", "sure", "may"),
    [("HUBER", 0.9, True), ("HUBER", 0.6, False), ("111", 0.99, False), ("4711", 0.9, True),
     ("u", 0.99, False), ("C. 50", 0.97, False), ("MÜLLER", 0.5, True), ("120 kV", 0.9, False)],
)  # fmt: skip
def test_what_is_still_read_and_unknown_counts_where_it_is_sure(
    text: str, sure: float, *, may: bool
) -> None:
    assert may_identify(judged(text, sure)) == may


def test_the_page_is_told_what_may_identify_and_judges_nothing() -> None:
    texts = (("HUBER", 0.9), ("HUBER", 0.7996), ("12.03.2024", 0.4), ("120 kV", 0.9))
    shown = tuple(Shows(judged(text, sure), 0, 0) for text, sure in texts)
    [frame] = Scanned((0,), shown).as_json()["frames"]
    assert [(box["kind"], box["sure"], box["may_identify"]) for box in frame["boxes"]] == [
        ("unknown", 0.9, True),
        ("unknown", 0.8, False),  # rounded for people, not for the rule
        ("date", 0.4, True),
        ("technical", 0.9, False),
    ]


def test_a_doubtful_reading_is_never_technical() -> None:
    assert judged("120 kV", sure=0.5).kind == "unknown"


def test_strict_removes_what_is_technical_too() -> None:
    found = judged("120 kV")
    assert not removed_by_default(found)
    assert removed_by_default(found, strict=True)


def test_a_long_number_behind_a_label_may_be_an_id() -> None:
    assert not is_technical("IM 8831204", Own())


@pytest.mark.parametrize("other", ["Annex", "Smart", "Mull", "SUPINE"])
def test_other_words_do_not_match(other: str) -> None:
    assert not alike.holds(other, "Müller")
    assert not alike.holds(other, "Anna")


def test_names_are_collected_from_every_level() -> None:
    other = Dataset()
    other.PatientID = "0815"
    dataset = header(
        2,
        2,
        SpecificCharacterSet="ISO_IR 192",
        PatientName="Müller^Anna",
        PatientID="4711",
        PatientBirthDate="19560307",
        InstitutionName="St. Hollerbrunn",
        OtherPatientIDsSequence=[other],
    )
    found = own_of(instance(dataset, bytes(8)))
    assert {"Müller", "Anna"} <= {value for _, value in found.names}
    assert {"4711", "0815"} <= {value for _, value in found.codes}
    assert (1956, 3, 7) in [day for _, day in found.days]
    assert "Hollerbrunn" in [value for _, value in found.places]
