"""Stage read: real files of every kind are read, broken ones are named, pixels stay unread."""

import contextlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from dicom_veil import errors
from dicom_veil.decoded import value_of
from dicom_veil.plan import is_sequence
from dicom_veil.read import read
from tests.core.canary import canary
from tests.core.files import bundled, needs_corpus, real_files

CT = bundled("CT_small.dcm").read_bytes()
JPEG = bundled("JPEG2000.dcm").read_bytes()


def test_every_real_file_is_read_or_refused_by_name() -> None:
    """Nothing but VeilError ever leaves read, and few real files are refused."""
    refused: dict[str, str] = {}
    files = real_files()
    for path in files:
        with path.open("rb") as file:
            try:
                read(file)
            except errors.VeilError as error:
                refused[path.name] = error.code
    for name, code in refused.items():
        if name.startswith("DICOMDIR"):
            assert code == "directory"
        else:
            assert code in ("truncated", "not-dicom"), name
    assert len(refused) < len(files) / 15


def test_every_sequence_is_parsed_at_every_depth() -> None:
    def check(dataset: object) -> int:
        found = 0
        for element in dataset._dict.values():  # type: ignore[attr-defined]
            assert not (isinstance(element, RawDataElement) and element.VR == "SQ")
            if is_sequence(element):
                found += 1 + sum(check(item) for item in element.value)
        return found

    with bundled("rtplan.dcm").open("rb") as file:
        assert check(read(file).dataset) == 12


def test_pixels_are_found_without_being_read() -> None:
    class Counting(BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            Counting.taken += len(data)
            return data

    instance = read(Counting(CT))
    assert instance.pixels is not None
    assert instance.pixels.length == 128 * 128 * 2
    assert Counting.taken < len(CT) - instance.pixels.length + 4096


def test_encapsulated_pixels_end_at_their_delimiter() -> None:
    instance = read(BytesIO(JPEG))
    assert instance.pixels is not None
    assert instance.pixels.encapsulated
    end = instance.pixels.offset + instance.pixels.length
    assert JPEG[end : end + 4] == b"\xfe\xff\xdd\xe0"
    assert instance.pixels.element_end == end + 8


@pytest.mark.parametrize("cut", [129, 133, 200, 340, 1000, 5000, len(CT) // 2, len(CT) - 200])
def test_truncated_file_is_said_to_be(cut: int) -> None:
    with pytest.raises((errors.Truncated, errors.NotDicom, errors.Damaged)) as caught:
        read(BytesIO(CT[:cut]))
    assert "CompressedSamples" not in str(caught.value)


@pytest.mark.parametrize("cut", [len(JPEG) - 4, len(JPEG) - 9, len(JPEG) - 2000])
def test_truncated_fragments_are_said_to_be(cut: int) -> None:
    with pytest.raises(errors.Truncated):
        read(BytesIO(JPEG[:cut]))


def test_empty_file() -> None:
    with pytest.raises(errors.Empty):
        read(BytesIO(b""))


@pytest.mark.parametrize(
    "content",
    [b"hello, this is a text file\n" * 20, b"\x89PNG\r\n\x1a\n" + bytes(200), bytes(400), b"x"],
    ids=["text", "png", "zeros", "one byte"],
)
def test_other_files_are_not_dicom(content: bytes) -> None:
    with pytest.raises((errors.NotDicom, errors.Damaged)):
        read(BytesIO(content))


def test_zero_length_element_is_read() -> None:
    """An element of length 0 is an empty value, not an error."""
    start = CT.index(b"\x10\x00\x10\x00PN")
    length = int.from_bytes(CT[start + 6 : start + 8], "little")
    emptied = CT[: start + 6] + b"\0\0" + CT[start + 8 + length :]
    instance = read(BytesIO(emptied))
    assert not value_of(instance.dataset, "PatientName")


def test_directory_is_refused() -> None:
    with bundled("DICOMDIR").open("rb") as file, pytest.raises(errors.Directory):
        read(file)


def test_declared_implicit_but_explicit_is_read_and_noted() -> None:
    wrong = CT.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0", 1)
    instance = read(BytesIO(wrong))
    assert instance.transfer_syntax == ExplicitVRLittleEndian
    assert any("explicit VR" in note for note in instance.notes)


def test_no_preamble_no_meta_in_either_byte_order() -> None:
    with bundled("ExplVR_BigEndNoMeta.dcm").open("rb") as file:
        assert read(file).transfer_syntax == ExplicitVRBigEndian
    with bundled("ExplVR_LitEndNoMeta.dcm").open("rb") as file:
        assert read(file).transfer_syntax == ExplicitVRLittleEndian
    with bundled("rtstruct.dcm").open("rb") as file:
        assert read(file).transfer_syntax == ImplicitVRLittleEndian


@needs_corpus
def test_letters_dicm_in_a_value_are_no_preamble() -> None:
    path = next(path for path in real_files() if path.name.endswith("no_preamble_dicm_in_data.dcm"))
    with path.open("rb") as file:
        assert value_of(read(file).dataset, "Modality") == "MG"


def test_deep_nesting_is_read_and_bottomless_nesting_is_refused() -> None:
    def nested(depth: int) -> bytes:
        value = b""
        for _ in range(depth):
            item = b"\xfe\xff\x00\xe0" + len(value).to_bytes(4, "little") + value
            value = b"\x40\x00\x30\xa7SQ\0\0" + len(item).to_bytes(4, "little") + item
        return CT[: read(BytesIO(CT)).pixels.element_start] + value  # type: ignore[union-attr]

    read(BytesIO(nested(50)))
    with pytest.raises(errors.Damaged):
        read(BytesIO(nested(400)))


@settings(max_examples=150, deadline=None)
@given(start=st.integers(0, len(CT) - 33000), junk=st.binary(min_size=1, max_size=12))
def test_damage_anywhere_is_read_or_refused_by_name(start: int, junk: bytes) -> None:
    """Bytes overwritten anywhere in the header: an instance or a VeilError, nothing else."""
    damaged = CT[:start] + junk + CT[start + len(junk) :]
    with contextlib.suppress(errors.VeilError):
        read(BytesIO(damaged))


def test_a_lost_file_is_said_to_be_gone(tmp_path: Path) -> None:
    class Lost(BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(errors.FileGone):
        read(Lost(CT))


def test_messages_never_quote_values() -> None:
    """Every refusal of a damaged canary is free of every marker."""
    planted = canary()
    for cut in range(140, len(planted.content), 97):
        try:
            read(BytesIO(planted.content[:cut]))
        except errors.VeilError as error:
            said = f"{error} {error.params}".encode()
            assert not planted.survivors(said)


def test_every_cut_inside_the_header_is_noticed() -> None:
    """Cut anywhere but between two attributes, a file is refused: nothing is lost in silence."""
    instance = read(BytesIO(CT))
    assert instance.pixels is not None
    elements = instance.dataset._dict.values()
    ends = {e.value_tell + e.length for e in elements if isinstance(e, RawDataElement)}
    unnoticed = set()
    for cut in range(360, instance.pixels.element_start):
        with contextlib.suppress(errors.VeilError):
            read(BytesIO(CT[:cut]))
            unnoticed.add(cut)
    # A parsed sequence does not tell where it ended; there is one.
    assert len(unnoticed - ends) == sum(is_sequence(element) for element in elements) == 1
