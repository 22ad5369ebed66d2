"""Properties of the whole, for any data set: what goes in never comes out, and nothing else moves.

The data sets are written by hand: any attribute of the table, of the dictionary, private or
unknown, with its own VR or another, nested, in any character set and encoding.
"""

from io import BytesIO
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st
from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset

from dicom_veil.decoded import value_of
from dicom_veil.deidentify import Result, deidentify_instance
from dicom_veil.errors import Quarantined, Refused, VeilError
from dicom_veil.identity import Identity
from dicom_veil.profile import BUILT_IN, Profile, from_json, load
from dicom_veil.read import Instance, read
from dicom_veil.seal import PREFIX
from dicom_veil.standard import confidentiality, structural_uids, supplement, vr_of
from tests.core import raw

IDENTITY = Identity(bytes(range(32)))
CANARY, CANARY_ID, CANARY_UID = "Zwirbelix", "QX-7741-K", "1.2.826.0.1.77.4711.9"
FIXED = {0x00080005, 0x00080016, 0x00080018, 0x00420011}
LISTED = sorted(tag for tag in confidentiality() if tag >> 16 > 6 and tag not in FIXED)
UNLISTED = sorted(
    tag
    for tag, row in DicomDictionary.items()
    if 8 <= tag >> 16 < 0x7F00 and tag & 0xFFFF and tag not in {*confidentiality(), *supplement()}
    and tag not in FIXED and " or " not in row[0]
)  # fmt: skip
ODD = [0x00190010, 0x00191001, 0x00191002, 0x00430010, 0x00431027, 0x0043106F, 0x00291010,
       0x00087777, 0x30119999, 0x60000022, 0x60003000, 0x60001500, 0x50002500,
       0xFFFCFFFC]  # fmt: skip
TEXT_VRS = ["AE", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT", "OB", "CS"]
BINARY = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "AT": 4, "OW": 2, "OB": 2, "OD": 8,
          "OF": 4, "OL": 4, "OV": 8, "SV": 8, "UV": 8, "UN": 2}  # fmt: skip
FORMS = [
    CANARY, CANARY.upper(), CANARY.lower(), f"for {CANARY}, Anna", f"{CANARY}^Anna", CANARY_ID,
    CANARY_ID.replace("-", ""), f"ID {CANARY_ID}", f"CHEST {CANARY}",
]  # fmt: skip
HARMLESS = {
    "DA": ["20110203", "2011-02-03", "20190230", "19520708"], "TM": ["101112", "235959.99"],
    "DT": ["20110203101112", "2011", "201102", "20110203101112.5+0100"],
    "UI": [CANARY_UID, "1.2.840.10008.1.2", "1.2.3.4.5.6.77", "2.25.99", "1.02..3"],
    "DS": ["1.5", "2.25\\-3", "1e5"], "IS": ["7", "-12\\5"], "AS": ["044Y", "093Y"],
    "CS": ["ORIGINAL"],
}  # fmt: skip
TERMS = ["CHEST", "HEAD ax 5mm", "T1 TSE", "12-lead", "", "PET 20 Step", "left foot 2 views"]
SETS = {"": "ascii", "ISO_IR 100": "latin-1", "ISO_IR 192": "utf-8", "ISO_IR 144": "iso8859-5"}
PRESETS = [*map(load, BUILT_IN), from_json(
    '{"format": 1, "name": "uids", "options": ["retain_uids", "clean_descriptors", '
    '"clean_graphics", "clean_structured_content", "retain_long_full_dates", '
    '"retain_institution"]}')]  # fmt: skip


class Shape(NamedTuple):
    """How a file is written."""

    implicit: bool
    order: str
    encoding: str


def value(draw: st.DrawFn, vr: str, shape: Shape, *, planted: bool) -> bytes:
    """A value for a VR: a canary in some form, or something that a scanner writes."""
    if planted and vr in TEXT_VRS and draw(st.booleans()):
        text = draw(st.sampled_from(FORMS))
        if vr in ("UN", "OB") and draw(st.booleans()):
            return text.encode("utf-16-le")
        return text.encode(shape.encoding)
    if vr in BINARY:
        return draw(st.binary(max_size=4)) * BINARY[vr]
    texts = HARMLESS.get(vr, TERMS)
    return draw(st.sampled_from(texts)).encode(shape.encoding)


@st.composite
def contents(draw: st.DrawFn, shape: Shape, depth: int, *, planted: bool) -> bytes:
    """The elements of one data set, in order, each at most once."""
    pool = st.one_of(st.sampled_from(LISTED), st.sampled_from(UNLISTED), st.sampled_from(ODD))
    made: dict[int, bytes] = {}
    for tag in draw(st.lists(pool, max_size=10 if depth else 4, unique=True)):
        vr = vr_of(tag) or draw(st.sampled_from(TEXT_VRS))
        if planted and draw(st.integers(0, 7)) == 0:
            vr = draw(st.sampled_from(TEXT_VRS))
        how = {"implicit": shape.implicit, "order": shape.order}
        if vr == "SQ":
            items = [
                draw(contents(shape, depth - 1, planted=planted))
                for _ in range(draw(st.integers(0, 2)) if depth else 0)
            ]
            undefined = draw(st.booleans())
            made[tag] = raw.sequence(tag, items, undefined=undefined, **how)  # type: ignore[arg-type]
            continue
        if tag in (0x00190010, 0x00430010):
            text = draw(st.sampled_from(["GEMS_PARM_01", "ACME 1", CANARY])).encode()
        else:
            text = value(draw, vr, shape, planted=planted)
        text += (b"\0" if vr in ("UI", "OB", "UN") else b" ") * (len(text) % 2)
        if len(text) < 60000 or vr.encode() in raw.LONG_VRS:
            made[tag] = raw.element(tag, vr, text, **how)  # type: ignore[arg-type]
    return b"".join(made[tag] for tag in sorted(made))


@st.composite
def files(draw: st.DrawFn, *, planted: bool) -> bytes:
    """A file whose patient is the canary; its elements in order of their tags."""
    syntax = draw(st.sampled_from([raw.EXPLICIT, raw.IMPLICIT, raw.BIG, raw.DEFLATED]))
    term = draw(st.sampled_from(list(SETS)))
    shape = Shape(syntax == raw.IMPLICIT, ">" if syntax == raw.BIG else "<", SETS[term])
    how = {"implicit": shape.implicit, "order": shape.order}
    sop_class = draw(st.sampled_from([raw.CT, "1.2.840.10008.5.1.4.1.1.88.33", "1.2.3.4"]))
    head = {
        0x00080005: ("CS", term), 0x00080016: ("UI", sop_class), 0x00080018: ("UI", CANARY_UID),
        0x00100010: ("PN", f"{CANARY}^Quirin"), 0x00100020: ("LO", CANARY_ID),
        0x0020000D: ("UI", CANARY_UID + ".2"),
    }  # fmt: skip
    made = {tag: raw.element(tag, vr, text, **how) for tag, (vr, text) in head.items()}  # type: ignore[arg-type]
    if not term:
        del made[0x00080005]
    body = draw(contents(shape, 2, planted=planted))
    found = _split(body, shape)
    return raw.file(
        b"".join({**found, **made}[tag] for tag in sorted({**found, **made})), syntax=syntax
    )


def _split(body: bytes, shape: Shape) -> dict[int, bytes]:
    """The elements of `body` by tag: read as the core would read them, to put others between."""
    from pydicom.filereader import data_element_generator

    stream, found, start = BytesIO(body), {}, 0
    for element in data_element_generator(stream, shape.implicit, shape.order == "<"):
        found[int(element.tag)] = body[start : stream.tell()]
        start = stream.tell()
    return found


def first_run(content: bytes, profile: Profile) -> tuple[Instance, Result, bytes]:
    """A run that may find what the file repeats: then there is nothing more to say of it."""
    try:
        return run(content, profile)
    except Quarantined:
        reject()


def run(content: bytes, profile: Profile) -> tuple[Instance, Result, bytes]:
    instance = read(BytesIO(content))
    done = deidentify_instance(instance, profile, IDENTITY, 1)
    return instance, done, b"".join(done.stream(instance))


def inflated(content: bytes) -> bytes:
    body = read(BytesIO(content)).body
    body.seek(0)
    return content + body.read()


def assert_gone(output: bytes) -> None:
    plain = inflated(output).lower()
    for text in (plain, plain.replace(b"\0", b"")):
        for needle in (CANARY, CANARY_ID, CANARY_ID.replace("-", "")):
            survived = needle.lower().encode() in text
            assert not survived, needle


def uids(dataset: Dataset) -> set[str]:
    """Every UID that says which instance, study, frame of reference, …."""
    found: set[str] = set()
    for tag, element in dataset._dict.items():
        if element.VR == "SQ":
            for item in value_of(dataset, tag) or ():  # type: ignore[attr-defined]
                found |= uids(item)
        elif (element.VR or vr_of(tag)) == "UI" and tag not in structural_uids():
            value = value_of(dataset, tag)
            found |= {value} if isinstance(value, str) else set(value or ())  # type: ignore[call-overload]
    return {one for one in found if one}


quick = settings(
    max_examples=100, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
profiles = st.sampled_from(PRESETS)


@quick
@given(files(planted=True), profiles)
def test_no_canary_survives_wherever_it_was_planted(content: bytes, profile: Profile) -> None:
    try:
        _instance, _done, output = run(content, profile)
    except VeilError as error:
        # Damaged, where text stands in an attribute that is a sequence.
        event(error.code)
        said = f"{error} {getattr(error, 'hits', '')}".lower()
    else:
        event("given out")
        said = ""
        assert_gone(output)
        assert read(BytesIO(output)).notes == ()
    assert CANARY.lower() not in said


@quick
@given(files(planted=False), profiles)
def test_a_second_run_changes_nothing(content: bytes, profile: Profile) -> None:
    """The same bytes again under the same key, and from the result itself."""
    instance, done, output = first_run(content, profile)
    elements = dict(instance.dataset._dict)
    _, _, second = run(content, profile)
    assert second == output
    # Not even a raw element of the original was decoded in place.
    assert all(instance.dataset._dict[tag] is element for tag, element in elements.items())
    _, twice, third = run(output, profile)
    assert third == output
    assert twice.sop_instance_uid == done.sop_instance_uid


@quick
@given(files(planted=False), st.sampled_from([load("basic"), load("gdpr"), load("teaching")]))
def test_uids_are_new_valid_and_the_same_everywhere(content: bytes, profile: Profile) -> None:
    instance, _done, output = first_run(content, profile)
    before, after = uids(instance.dataset), uids(read(BytesIO(output)).dataset)
    new = {IDENTITY.uid(one.strip("\0 ")) for one in before}
    assert {one for one in after if one not in UID_dictionary} <= new
    assert CANARY_UID.encode() not in inflated(output)


@quick
@given(files(planted=False), profiles, profiles)
def test_another_profile_after_the_first(content: bytes, first: Profile, second: Profile) -> None:
    """UIDs and the pseudonym stay those of the first run: results of the two belong together."""
    _, done, output = first_run(content, first)
    _, again, other = first_run(output, second)
    before, after = (read(BytesIO(one)).dataset for one in (output, other))
    if "retain_uids" not in (*first.options, *second.options):
        assert again.sop_instance_uid == done.sop_instance_uid
        assert value_of(after, "PatientID") == value_of(before, "PatientID")


@pytest.mark.parametrize("profile", PRESETS, ids=lambda one: one.name)
def test_another_key_gives_nothing_in_common(profile: Profile) -> None:
    instance = read(BytesIO(raw.instance([])))
    made = [deidentify_instance(instance, profile, Identity(bytes([n]) * 32), 1) for n in (1, 2)]
    links = [one.link for one in made]
    assert links[0].pseudonym != links[1].pseudonym
    if "retain_uids" not in profile.options:
        assert made[0].sop_instance_uid != made[1].sop_instance_uid


def sealed(profile: str = "research") -> bytes:
    dates = [(0x00080020, raw.element(0x00080020, "DA", "20110203"))]
    return run(raw.instance(dates), load(profile))[2]


def test_a_seal_is_for_its_instance_its_dates_and_its_key() -> None:
    """Changed, moved or of another key it is worth nothing, and the dates are not believed."""
    output = sealed()
    assert PREFIX.encode() in output
    assert run(output, load("research"))[2] == output
    day = str(value_of(read(BytesIO(output)).dataset, "StudyDate")).encode()
    changed = output.replace(day, b"20110203")
    with pytest.raises(Refused, match="changed since"):
        run(changed, load("research"))
    assert run(changed, load("basic"))[2]
    start = output.index(PREFIX.encode()) + len(PREFIX)
    forged = output[:start] + b"0" * 16 + output[start + 16 :]
    with pytest.raises(Refused, match="changed since"):
        run(forged, load("research"))
    other = deidentify_instance(read(BytesIO(output)), load("research"), Identity(bytes(32)), 1)
    assert value_of(read(BytesIO(b"".join(other.stream(read(BytesIO(output)))))).dataset,
                    "StudyDate") != day.decode()  # fmt: skip


def test_a_seal_holds_in_another_transfer_syntax() -> None:
    """Other bytes, the same values: written again by pydicom in implicit VR."""
    import pydicom

    file = pydicom.dcmread(BytesIO(sealed()))
    file.file_meta.TransferSyntaxUID = raw.IMPLICIT
    file.ImageComments = "added since"
    buffer = BytesIO()
    file.save_as(buffer, implicit_vr=True, little_endian=True)
    after = read(BytesIO(run(buffer.getvalue(), load("research"))[2])).dataset
    assert value_of(after, "StudyDate") == file.StudyDate
    assert value_of(after, "PatientID") == file.PatientID


def test_a_pseudonym_alone_proves_nothing() -> None:
    """A PatientID of the form of a pseudonym in a file that this key never saw is replaced."""
    own = IDENTITY.pseudonym("anybody")
    output = run(raw.instance(patient_id=own), load("basic"))[2]
    assert value_of(read(BytesIO(output)).dataset, "PatientID") != own


def test_an_object_derived_from_a_result_stays_with_it() -> None:
    """A segmentation of a result: the patient and the study stay, its own UID is new."""
    first = read(BytesIO(run(raw.instance([]), load("basic"))[2])).dataset
    study = value_of(first, "StudyInstanceUID")
    pseudonym = str(value_of(first, "PatientID"))
    derived = raw.instance(
        [(0x0020000D, raw.element(0x0020000D, "UI", str(study))),
         (0x00080018, raw.element(0x00080018, "UI", "1.2.826.55.1")),
         (0x00100010, raw.element(0x00100010, "PN", pseudonym))],
        patient_id=pseudonym,
    )  # fmt: skip
    after = read(BytesIO(run(derived, load("basic"))[2])).dataset
    assert value_of(after, "PatientID") == pseudonym
    assert value_of(after, "StudyInstanceUID") == study
    assert value_of(after, "SOPInstanceUID") == IDENTITY.uid("1.2.826.55.1")
