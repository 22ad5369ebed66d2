"""The elements of a data set are those that pydicom finds, wherever a block ends."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.filereader import data_element_generator

from dicom_veil import elements as module
from dicom_veil.elements import elements
from dicom_veil.encoding import PIXEL_TAGS
from dicom_veil.errors import VeilError
from dicom_veil.quiet import quietly
from dicom_veil.read import read
from tests.core.files import bundled_files, corpus_files

LONG = {name for name, long in module.VRS.values() if long}
BLOCKS = (12, 64, module.BLOCK)
Told = tuple[list[object], int, str]


def told(found: Iterator[RawDataElement | DataElement], source: BytesIO) -> Told:
    """All elements (of sequences what they hold), where the source is then, and what went wrong."""
    listed: list[object] = []
    try:
        for one in found:
            raw = isinstance(one, RawDataElement)
            held = None if raw else [item._parent_encoding for item in one.value]
            listed.append((one, *map(type, one)) if raw else (str(one), held, source.tell()))
    except Exception as error:  # noqa: BLE001  # any error must be the same
        return listed, 0, f"{type(error).__name__}: {error}"
    return listed, source.tell(), ""


def assert_same(content: bytes, start: int, *, implicit: bool, little: bool) -> None:
    theirs, ours = BytesIO(content), BytesIO(content)
    theirs.seek(start)
    ours.seek(start)
    with quietly():
        expected = told(
            data_element_generator(
                theirs, implicit, little, lambda tag, _vr, _length: tag in PIXEL_TAGS
            ),
            theirs,
        )
        found = told(elements(ours, implicit, little, PIXEL_TAGS), ours)
    assert found == expected


@pytest.fixture(params=BLOCKS)
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(module, "BLOCK", request.param)
    return int(request.param)


def starts(content: bytes) -> Iterator[tuple[int, bool, bool]]:
    """Where the file meta information and the data set begin, and how they are encoded."""
    try:
        instance = read(BytesIO(content))
    except VeilError:
        return
    if content[128:132] == b"DICM":
        yield 132, False, True
    tells = [getattr(one, "value_tell", 0) for one in instance.dataset._dict.values()]
    first = next(iter(instance.dataset._dict.values()))
    if tells[0] and instance.transfer_syntax != "1.2.840.10008.1.2.1.99":
        long = not instance.implicit_vr and first.VR in LONG
        yield tells[0] - (12 if long else 8), instance.implicit_vr, instance.little_endian


@pytest.mark.parametrize("path", [*bundled_files(), *corpus_files()], ids=lambda path: path.name)
def test_real_files(path: Path, block: int) -> None:
    content = path.read_bytes()
    for start, implicit, little in starts(content):
        assert_same(content, start, implicit=implicit, little=little)


def test_items_inherit_the_character_set(block: int) -> None:
    """PS3.5 6.1.2.5: also those of a sequence of undefined length, which pydicom reads at once."""
    content = b"\x08\0\x05\0CS\x0a\0ISO_IR 144\x10\0\x02\x10SQ\0\0\xff\xff\xff\xff"
    content += b"\xfe\xff\0\xe0\x0c\0\0\0\x10\0\x10\0PN\x04\0\xb8\xd2\xd0\xdd"
    content += b"\xfe\xff\xdd\xe0\0\0\0\0\x10\0\x10\0PN\x02\0\xb8\xd2"
    assert_same(content, 0, implicit=False, little=True)
    _charset, items, _name = elements(BytesIO(content), False, True)
    assert str(items.value[0].PatientName) == "\u0418\u0432\u0430\u043d"  # type: ignore[index]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0x00080005, 0x00080016, 0x00100010, 0x00091001, 0x7FE00010,
                             0xFFFEE00D, 0x00081140]),
            st.sampled_from([b"CS", b"UI", b"PN", b"UN", b"SQ", b"OB", b"XX", b"\0\0", b"UT", b""]),
            st.binary(max_size=20),
            st.integers(-3, 3),
        ),
        max_size=6,
    ),
    st.booleans(),
    st.booleans(),
    st.integers(8, 40),
)  # fmt: skip
def test_whatever_bytes(
    parts: list[tuple[int, bytes, bytes, int]], implicit: bool, little: bool, size: int
) -> None:
    """Wrong lengths, unknown VRs, ends of items, a switch to implicit VR, a file cut short."""
    order = "little" if little else "big"
    content = b""
    for tag, vr, value, wrong in parts:
        length = max(0, len(value) + wrong)
        content += (tag >> 16).to_bytes(2, order) + (tag & 0xFFFF).to_bytes(2, order)
        if not vr or implicit:
            content += (length if vr else module.UNDEFINED).to_bytes(4, order)
        elif module.VRS.get(vr, ("", False))[1]:
            content += vr + b"\0\0" + length.to_bytes(4, order)
        else:
            content += vr + length.to_bytes(2, order)
        content += value
    before, module.BLOCK = module.BLOCK, size
    try:
        assert_same(content, 0, implicit=implicit, little=little)
    finally:
        module.BLOCK = before
