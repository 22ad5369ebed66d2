"""Text where a number, a choice, a moment or a UID belongs: whoever it names, it does not stay.

The texts here name nobody whom the file knows, so that no search for the patient finds them.
"""

import json
from io import BytesIO

import pytest
from pydicom.dataset import Dataset

from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify
from dicom_veil.errors import Refused
from dicom_veil.identity import Identity
from dicom_veil.inspect import inspect
from dicom_veil.misfit import fits
from dicom_veil.plan import plan
from dicom_veil.profile import BUILT_IN, from_json, load
from dicom_veil.read import read
from dicom_veil.report import row_of, treatment_of
from dicom_veil.rules import MISFIT
from tests.core import raw

IDENTITY = Identity(bytes(range(32)))
UNNAMED = 0x00189325  # a sequence that no rule names
STRANGER = b"Ottilie Kranzbuehl  "
# Attributes that every preset keeps, one for each VR that is no text.
KEPT = {
    "AT": 0x00280009, "CS": 0x00180015, "DS": 0x00180060, "FD": 0x00189073, "FL": 0x00182043,
    "IS": 0x00180091, "OF": 0x00660016, "OW": 0x00281201, "SL": 0x00186020, "SS": 0x00189219,
    "UI": 0x00080062, "UL": 0x00081161, "US": 0x00280010,
}  # fmt: skip
PRESETS = [*BUILT_IN, "everything"]
EVERYTHING = """{"format": 1, "name": "everything", "options": ["retain_uids",
 "retain_long_full_dates", "retain_patient_chars", "retain_device",
 "retain_institution", "retain_safe_private"]}"""


def result(content: bytes, preset: str = "basic") -> tuple[bytes, Dataset, list[str]]:
    """The output, its data set, and the paths that the report names for this reason."""
    profile = from_json(EVERYTHING) if preset == "everything" else load(preset)
    source = BytesIO(content)
    done = deidentify(source, profile, IDENTITY, 1)
    output = b"".join(done.stream(read(source)))
    said = [one["path"] for one in done.row["touched"] if one["rule"] == MISFIT]
    return output, read(BytesIO(output)).dataset, said


def nested(tag: int, encoded: bytes) -> bytes:
    return raw.instance([(tag, encoded), (UNNAMED, raw.sequence(UNNAMED, [encoded]))])


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("vr", sorted(KEPT))
def test_a_strangers_name(vr: str, preset: str) -> None:
    tag = KEPT[vr]
    for text in (STRANGER, STRANGER.upper() + b" 4711 "):
        if vr == "CS" and text.isupper():
            continue
        output, _, said = result(nested(tag, raw.element(tag, vr, text)), preset)
        assert b"kranz" not in output.lower()
        assert len(said) == 2


@pytest.mark.parametrize("vr", ["US", "UL", "FD", "SL", "AT"])
@pytest.mark.parametrize("tag", [0x00280008, 0x00281050, 0x00280010, 0x00080008, 0x00180050])
def test_a_file_is_shown_whatever_the_length_of_its_numbers(vr: str, tag: int) -> None:
    size = raw.element(0x00280011, "US", b"\1\0")
    instance = read(
        BytesIO(raw.instance([(0x00280011, size), (tag, raw.element(tag, vr, b"Ott"))]))
    )
    assert inspect(instance, plan(instance, load("basic")))


@pytest.mark.parametrize(
    ("vr", "tag"),
    [("DA", 0x00080020), ("TM", 0x00080030), ("DT", 0x0008002A), ("AS", 0x00101010),
     ("UI", 0x0020000D)],
)  # fmt: skip
def test_what_an_option_keeps(vr: str, tag: int) -> None:
    output, _, _said = result(nested(tag, raw.element(tag, vr, STRANGER)), "everything")
    assert b"Kranz" not in output


@pytest.mark.parametrize("vr", ["LO", "UT", "UN", "OB", "CS", "US", "SH"])
@pytest.mark.parametrize("known", ["DS", "IS", "US", "FD", "AT", "UI"])
def test_no_other_vr_makes_text_of_a_number(vr: str, known: str) -> None:
    tag = KEPT[known]
    output, _, said = result(nested(tag, raw.element(tag, vr, STRANGER.upper()[:10])))
    assert b"OTTILIE" not in output
    assert len(said) == 2


def test_in_implicit_vr_and_in_a_sequence_that_is_replaced() -> None:
    tag = KEPT["DS"]
    encoded = raw.element(tag, "DS", STRANGER, implicit=True)
    output, _, said = result(raw.instance([(tag, encoded)], implicit=True))
    assert b"Kranz" not in output
    assert said == ["KVP"]
    kind = raw.element(0x0040A040, "CS", STRANGER)
    verifying = 0x0040A073  # Verifying Observer Sequence: D
    content = raw.instance(
        [(verifying, raw.sequence(verifying, [kind]))],
        sop_class="1.2.840.10008.5.1.4.1.1.88.33",
    )
    assert b"Kranz" not in result(content)[0]


def test_private_attributes_that_are_safe_are_judged_too() -> None:
    creator, tag = raw.element(0x00E10010, "LO", "ELSCINT1"), 0x00E11021
    for value, stays in ((STRANGER, False), (b"12.5", True)):
        content = raw.instance([(0x00E10010, creator), (tag, raw.element(tag, "DS", value))])
        output, _, said = result(content, "research")
        assert (value in output) == stays
        assert bool(said) != stays


def test_what_the_instance_needs_gets_a_dummy_and_the_rest_goes() -> None:
    rows, kvp, exposure = 0x00280010, 0x00180060, 0x00181152
    content = raw.instance([
        (rows, raw.element(rows, "US", STRANGER)),
        (kvp, raw.element(kvp, "DS", STRANGER)),
        (exposure, raw.element(exposure, "IS", STRANGER)),
    ])  # fmt: skip
    instance = read(BytesIO(content))
    actions = {step.tag: step.action for step in plan(instance, load("basic"))}
    assert (actions[rows], actions[kvp], actions[exposure]) == ("D", "D", "X")
    _, dataset, _ = result(content)
    assert str(value_of(dataset, kvp)) == "0"
    assert exposure not in dataset


def test_the_words_of_a_choice_that_are_terms_stay() -> None:
    part = 0x00180015
    for text, left in (("Chest Kranzbuehl", "Chest"), ("left foot", "left foot"), ("m", "m")):
        _, dataset, _ = result(raw.instance([(part, raw.element(part, "CS", text))]))
        assert value_of(dataset, part) == left


def test_a_kind_of_instance_that_is_a_text_is_refused() -> None:
    with pytest.raises(Refused):
        result(raw.instance(sop_class="Kranzbuehl"))


def test_a_transfer_syntax_that_is_a_text_is_not_repeated() -> None:
    output, _, _ = result(raw.instance(syntax="1.2.840.Kranz"))
    assert b"Kranz" not in output


def test_the_report_says_why_and_never_what() -> None:
    tag = KEPT["DS"]
    instance = read(BytesIO(raw.instance([(tag, raw.element(tag, "DS", STRANGER))])))
    row = row_of(instance, treatment_of(plan(instance, load("basic"))), 1)
    assert {"tag": "(0018,0060)", "keyword": "KVP", "path": "KVP", "action": "D", "rule": MISFIT} \
        in row["touched"]  # fmt: skip
    assert "Kranz" not in json.dumps(row)


def test_a_person_may_keep_it_all_the_same() -> None:
    tag = KEPT["DS"]
    profile = '{"format": 1, "name": "own", "rules": [{"attribute": "KVP", "action": "K"}]}'
    source = BytesIO(raw.instance([(tag, raw.element(tag, "DS", STRANGER))]))
    done = deidentify(source, from_json(profile), IDENTITY, 1)
    assert STRANGER in b"".join(done.stream(read(source)))


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"0.33333333333333333333333"), ("DS", b" 1.5 \\-2e-05\\"), ("DS", b"12,5"),
        ("DS", b"nan"), ("DS", b"-1.#IND00"), ("DS", b"1.5\0"), ("DS", b"1.D0"), ("DS", b".5\\5."),
        ("DS", b"0.123456789\\" * 2000), ("IS", b"1.0"), ("IS", b"+0012 "), ("IS", b"1\\2\\\\3"),
        ("IS", b"4294967296"), ("AS", b"45Y"), ("AS", b"045y"), ("AS", b"24"), ("CS", b"ABDOM/RAD"),
        ("CS", b"ORIGINAL\\PRIMARY\\M_SE\\"), ("CS", b"m"), ("UI", b"1.2.840.10008.1.2\0\0"),
        ("UI", b"1.2.\\"), ("DA", b"2019-08-17"), ("TM", b"12:13:14.5"), ("DT", b"20190817+0100"),
        ("AT", b"\x50\x20\x20\0"), ("US", b"AABBCC\0\1"), ("US", b""), ("FD", b"AAAAAA\xf0\x3f"),
        ("FL", b"\0\0 ABCDEFGHI"), ("OW", b"ABCDEFGH\x80"), ("LO", b"Smith"), (None, b"7"),
        ("UN", b"7"), ("US", b"\1\0\2\0"),
    ],
)  # fmt: skip
def test_what_is_only_a_little_wrong_stays(vr: str | None, value: bytes) -> None:
    known = KEPT.get(vr or "DS", 0x00091001)
    for tag in (known, 0x00091001):
        assert fits(tag, vr, value), (tag, vr, value)


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"Kranz"), ("DS", b"1.5 Kranz"), ("DS", b"1.5\\Kranz"), ("DS", b"1950-03-12"),
        ("DS", b"1.5;" * 40), ("IS", b"1A"), ("IS", b"12 34"), ("AS", b"Anna"), ("CS", b"Anna"),
        ("CS", b"KRANZ^OTTILIE"), ("CS", b"KRANZBUEHL OTTILIE"), ("CS", b"\xc4RZTE"),
        ("UI", b"1.2.Kranz"), ("DA", b"17 Aug 2019"), ("TM", b"noon"), ("AT", b"ANNA"),
        ("US", b"\1\0\2"), ("FD", b"\0" * 12), ("FL", b"KRANZBUEHL Q"), ("FD", b"KRANZBUE"),
        ("UL", b"KRANZBUE"), ("OW", b"KRANZBUEHL\0"), ("AT", b"\0\0\0\0\0\0"),
    ],
)  # fmt: skip
def test_what_has_room_for_a_word_does_not(vr: str, value: bytes) -> None:
    assert not fits(0x00091001, vr, value)
