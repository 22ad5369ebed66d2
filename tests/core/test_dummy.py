"""Dummies fit their VR and their attribute; nothing real looks like them."""

import runpy
import struct
from pathlib import Path

import pytest
from pydicom import config
from pydicom.datadict import dictionary_VM, dictionary_VR, keyword_dict, tag_for_keyword
from pydicom.valuerep import validate_value

from dicom_veil.document import STATEMENT, document
from dicom_veil.dummy import NUMBER, TEXT, dummy

ROOT = Path(__file__).resolve().parents[2]
NO_DUMMY = frozenset({"SQ", "UI", "NONE"})


def tag_of(keyword: str) -> int:
    tag = tag_for_keyword(keyword)
    assert tag is not None
    return tag


def values(encoded: bytes, vr: str, *, little_endian: bool = True) -> list[str | float]:
    """The values in an encoded one (PS3.5 6.2)."""
    if vr in TEXT:
        return list(encoded.decode("ascii").rstrip(" ").split("\\"))
    if vr not in NUMBER:
        return [encoded.hex()]
    order = "<" if little_endian else ">"
    return [one for (one,) in struct.iter_unpack(order + NUMBER[vr], encoded)]


def test_the_data_is_what_the_generator_makes() -> None:
    generator = runpy.run_path(str(ROOT / "pycore" / "generate" / "dummies.py"))
    assert generator["TARGET"].read_text("utf-8") == generator["build"]()


@pytest.mark.parametrize("little_endian", [True, False])
def test_every_attribute_of_the_dictionary_has_a_valid_dummy(little_endian: bool) -> None:
    """Valid for its VR by pydicom's own rules, of even length, with as many values as it needs."""
    for keyword, tag in keyword_dict.items():
        for vr in set(dictionary_VR(tag).split(" or ")) - NO_DUMMY:
            encoded = dummy(vr, tag, little_endian=little_endian)
            found = values(encoded, vr, little_endian=little_endian)
            assert encoded, keyword
            assert len(encoded) % 2 == 0, keyword
            if vr not in ("AT", "OB", "UN"):
                assert len(found) >= int(dictionary_VM(tag).split("-")[0]), keyword
            for value in found if vr in TEXT else ():
                validate_value(vr, value, config.RAISE)


@pytest.mark.parametrize(
    ("keyword", "vr", "expected"),
    [
        ("GraphicType", "CS", ["POLYLINE"]),
        ("GraphicData", "FL", [0.0] * 6),
        ("NumberOfGraphicPoints", "US", [3]),
        ("ReferencedFrameNumber", "IS", ["1"]),
        ("ReferencedWaveformChannels", "US", [1, 0]),
        ("ReferencedContentItemIdentifier", "UL", [1]),
        ("TimezoneOffsetFromUTC", "SH", ["+0000"]),
        ("ImageOrientationPatient", "DS", ["0"] * 6),
        ("PatientName", "PN", ["DEIDENTIFIED"]),
        ("GraphicType", "US", [0]),
        ("GraphicType", "UN", ["0000"]),
        ("GraphicType", "??", ["0000"]),
    ],
)
@pytest.mark.parametrize("little_endian", [True, False])
def test_dummies_of_attributes(
    keyword: str, vr: str, expected: list[str | float], little_endian: bool
) -> None:
    """Also where a file gives an attribute another VR than the standard does."""
    encoded = dummy(vr, tag_of(keyword), little_endian=little_endian)
    assert values(encoded, vr, little_endian=little_endian) == expected


@pytest.mark.parametrize(
    ("media_type", "beginning"),
    [
        ("application/pdf", b"%PDF-1.4\n"),
        ("text/xml", b"<?xml"),
        ("model/stl", STATEMENT.encode("ascii")),
        ("model/obj", b"# This"),
        ("", STATEMENT.encode("ascii")),
    ],
)
def test_documents_are_of_their_type_and_of_even_length(media_type: str, beginning: bytes) -> None:
    content = document(media_type)
    assert content.startswith(beginning)
    assert len(content) % 2 == 0


def test_the_offsets_of_the_empty_pdf_are_right() -> None:
    content = document("application/pdf").rstrip(b"\0")
    table = int(content.split(b"startxref\n")[1].split()[0])
    assert content[table:].startswith(b"xref\n")
    rows = content[table:].split(b"\n")[3:6]
    for number, row in enumerate(rows, 1):
        assert content[int(row.split()[0]) :].startswith(b"%d 0 obj" % number)
