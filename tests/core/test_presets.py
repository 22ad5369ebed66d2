"""What survives which preset and option, what a result says of itself, and what is refused."""

import struct
import warnings
from io import BytesIO

import pytest
from pydicom.dataset import Dataset

from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify
from dicom_veil.document import STATEMENT
from dicom_veil.errors import Quarantined, Refused
from dicom_veil.identity import Identity
from dicom_veil.options import OPTIONS
from dicom_veil.profile import BUILT_IN, Profile, from_json, load
from dicom_veil.read import read
from tests.core import raw
from tests.core.canary import COMPRESSED, Canary, canary, compressed_canary
from tests.core.canary_kept import KEPT

IDENTITY = Identity(bytes(range(32)))
SYNTAXES = (raw.EXPLICIT, raw.IMPLICIT, raw.BIG, raw.DEFLATED, *COMPRESSED)


def profile_of(name: str) -> Profile:
    if name in BUILT_IN:
        return load(name)
    return from_json(f'{{"format": 1, "name": "alone", "options": ["{name}"]}}')


def planted(syntax: str) -> Canary:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if syntax in COMPRESSED:
            return compressed_canary(syntax)
        from pydicom.uid import UID

        return canary(UID(syntax))


def output(content: bytes, profile: Profile) -> bytes:
    source = BytesIO(content)
    return b"".join(deidentify(source, profile, IDENTITY, 1).stream(read(source)))


def result(content: bytes, profile: Profile) -> Dataset:
    return read(BytesIO(output(content, profile))).dataset


def plainly(content: bytes) -> bytes:
    body = read(BytesIO(content)).body
    body.seek(0)
    return content + body.read()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_canaries_at_every_preset_and_option(syntax: str) -> None:
    """Implicit, explicit, big-endian, deflated and encapsulated: what is kept is listed above."""
    made = planted(syntax)
    assert len(made.markers) >= 80
    assert len(made.survivors(plainly(made.content))) == len(made.markers)
    assert KEPT.keys() == {*BUILT_IN, *OPTIONS}
    for name, kept in KEPT.items():
        assert set(made.survivors(plainly(output(made.content, profile_of(name))))) == kept, name


CODES = {
    "basic": ["113100"],
    "safe-harbor": None,  # years are kept, which the profile of the standard does not do
    "research": ["113100", "113103", "113104", "113105", "113107", "113108", "113109", "113111"],
    "gdpr": ["113100", "113103", "113105", "113107", "113108"],
    "teaching": ["113100", "113103", "113105", "113108"],
    **{name: ["113100", option.code] for name, option in OPTIONS.items()},
}
TEMPORAL = {
    "safe-harbor": "MODIFIED", "research": "MODIFIED", "gdpr": "MODIFIED",
    "retain_long_modified_dates": "MODIFIED", "retain_long_full_dates": "UNMODIFIED",
}  # fmt: skip


def code(value: str) -> bytes:
    return raw.element(0x00080100, "SH", value) + raw.element(0x00080102, "SH", "DCM")


def signed() -> bytes:
    """An instance with signatures, with what an earlier method said, and with a burned-in name."""
    signature = raw.element(0x04000100, "UI", "1.2.3.77") + raw.element(0x04000115, "OB", b"CERT")
    inner = raw.sequence(0xFFFAFFFA, [signature])
    return raw.instance(
        [
            (0x00120062, raw.element(0x00120062, "CS", "NO")),
            (0x00120063, raw.element(0x00120063, "LO", "Washed by Zwiebel")),
            (0x00120064, raw.sequence(0x00120064, [code("113101"), code("113110")])),
            (0x00189325, raw.sequence(0x00189325, [inner])),
            (0x00280301, raw.element(0x00280301, "CS", "YES")),
            (0x04000561, raw.sequence(0x04000561, [inner])),
            (0xFFFAFFFA, inner),
        ]
    )


@pytest.mark.parametrize("name", CODES)
def test_what_a_result_says_of_itself(name: str) -> None:
    profile = profile_of(name)
    made = result(signed(), profile)
    assert value_of(made, "PatientIdentityRemoved") == "YES"
    method = [str(one) for one in value_of(made, "DeidentificationMethod")]  # type: ignore[attr-defined]
    assert method[0].startswith("Veil ")
    assert method[1] == f"{profile.edition} Annex E"
    assert method[2] == f"Profile {profile.name}"
    assert all(len(one) <= 64 for one in method)
    assert not any("Zwiebel" in one for one in method)
    codes = value_of(made, "DeidentificationMethodCodeSequence")
    found = None if codes is None else [str(value_of(one, "CodeValue")) for one in codes]  # type: ignore[attr-defined]
    assert found == CODES[name]
    for one in codes or ():  # type: ignore[attr-defined]
        assert value_of(one, "CodingSchemeDesignator") == "DCM"
        assert value_of(one, "CodeMeaning")
    assert value_of(made, "LongitudinalTemporalInformationModified") == TEMPORAL.get(
        name, "REMOVED"
    )
    # Nobody looked at the pixels.
    assert value_of(made, "BurnedInAnnotation") == "YES"
    assert value_of(made, "RecognizableVisualFeatures") is None
    everything = output(signed(), profile)
    assert everything[:128] == bytes(128)
    for needle in (b"\xfa\xff\xfa\xff", b"CERT"):
        assert needle not in everything


def test_rules_of_ones_own_that_do_less_take_the_codes_away() -> None:
    for rule, claimed in (
        ('{"attribute": "StudyDescription", "action": "K"}', False),
        ('{"attribute": "StudyDescription", "action": "X"}', True),
        ('{"attribute": "SliceThickness", "action": "X"}', True),
        ('{"attribute": "PatientComments", "action": "C", "method": "truncate:3"}', False),
    ):
        made = result(raw.instance(), from_json(f'{{"format": 1, "name": "o", "rules": [{rule}]}}'))
        assert ("DeidentificationMethodCodeSequence" in made) == claimed, rule


DOCUMENTS = {
    "1.2.840.10008.5.1.4.1.1.104.1": ("application/pdf", b"%PDF-1.4"),
    "1.2.840.10008.5.1.4.1.1.104.2": ("text/XML", b"This document"),
    "1.2.840.10008.5.1.4.1.1.104.3": ("model/stl", STATEMENT.encode()),
    "1.2.840.10008.5.1.4.1.1.104.4": ("model/obj", b"# This"),
    "1.2.840.10008.5.1.4.1.1.104.5": ("model/mtl", b"# This"),
    "1.2.3.4.5": ("application/pdf", b"%PDF-1.4"),
}
HARMLESS = b"%PDF-1.7 of a phantom, quality control only 0123456789 "


def document(sop_class: str, content: bytes) -> bytes:
    return raw.instance(
        [
            (0x00420011, raw.element(0x00420011, "OB", content + b" " * (len(content) % 2))),
            (0x00420012, raw.element(0x00420012, "LO", DOCUMENTS[sop_class][0])),
        ],
        sop_class=sop_class,
    )


def with_rule(rule: str, base: str = "basic") -> Profile:
    return from_json(f'{{"format": 1, "name": "own", "base": "{base}", "rules": [{rule}]}}')


@pytest.mark.parametrize("sop_class", DOCUMENTS)
@pytest.mark.parametrize("preset", BUILT_IN)
def test_encapsulated_documents_are_refused_with_the_reason(preset: str, sop_class: str) -> None:
    with pytest.raises(Refused, match=r"EncapsulatedDocument \(0042,0011\).*action K keeps it"):
        output(document(sop_class, HARMLESS), load(preset))


@pytest.mark.parametrize("sop_class", DOCUMENTS)
def test_a_rule_for_the_document_decides(sop_class: str) -> None:
    content = document(sop_class, HARMLESS)
    kept = result(content, with_rule('{"attribute": "EncapsulatedDocument", "action": "K"}'))
    assert bytes(value_of(kept, 0x00420011)).rstrip(b" ") == HARMLESS.rstrip(b" ")  # type: ignore[call-overload]
    replaced = with_rule('{"attribute": "EncapsulatedDocument", "action": "D"}')
    made = result(content, replaced)
    assert bytes(value_of(made, 0x00420011)).startswith(DOCUMENTS[sop_class][1])  # type: ignore[call-overload]
    assert output(output(content, replaced), replaced) == output(content, replaced)
    gone = result(content, with_rule('{"attribute": "EncapsulatedDocument", "action": "X"}'))
    assert 0x00420011 not in gone


def test_a_document_that_is_kept_is_searched_all_the_same() -> None:
    named = document("1.2.840.10008.5.1.4.1.1.104.1", b"%PDF-1.7 (Zwiebel, Quirin) Tj ")
    with pytest.raises(Quarantined):
        output(named, with_rule('{"attribute": "EncapsulatedDocument", "action": "K"}'))


def test_a_document_where_the_iod_has_none_is_no_reason_to_refuse() -> None:
    """In a CT it is a stray: replaced as Table E.1-1 says."""
    stray = raw.instance([(0x00420011, raw.element(0x00420011, "OB", HARMLESS + b" "))])
    assert HARMLESS[:20] not in output(stray, load("basic"))


RAW_DATA = "1.2.840.10008.5.1.4.1.1.66"
BULK = struct.pack("<64H", *range(1000, 1064))


def raw_data(creator: str = "ACME RAW") -> bytes:
    return raw.instance(
        [
            (0x00710010, raw.element(0x00710010, "LO", creator)),
            (0x00711001, raw.element(0x00711001, "OW", BULK)),
        ],
        sop_class=RAW_DATA,
    )


@pytest.mark.parametrize("preset", BUILT_IN)
def test_raw_data_is_refused_with_the_reason(preset: str) -> None:
    with pytest.raises(Refused, match="raw data in private attributes"):
        output(raw_data(), load(preset))
    # Without bulk there is nothing to refuse.
    assert output(raw.instance(sop_class=RAW_DATA), load(preset))


def test_a_rule_for_the_bulk_decides() -> None:
    rule = '{"attribute": "(0071,xx01)", "creator": "ACME RAW", "action": "K"}'
    assert BULK in output(raw_data(), with_rule(rule))
    with pytest.raises(Refused):
        output(raw_data("OTHER"), with_rule(rule))
