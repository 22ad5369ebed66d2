"""Where a value can stand that no rule of Table E.1-1 looks at: under another VR than its own, in

addresses, in pixels beside those that are shown, and encrypted. The values name nobody whom the
file knows, so that no search for the patient finds them.
"""

from io import BytesIO

import pytest

from dicom_veil.deidentify import deidentify
from dicom_veil.identity import Identity
from dicom_veil.profile import BUILT_IN, load
from dicom_veil.read import read
from tests.core import raw

IDENTITY = Identity(bytes(range(32)))
UNNAMED = 0x00189325  # a sequence that no rule names
SECRET = b"KANARI of Ottilie Kranzbuehl"


def kept(content: bytes, preset: str) -> bytes:
    source = BytesIO(content)
    done = deidentify(source, load(preset), IDENTITY, 1)
    return b"".join(done.stream(read(source)))


def twice(tag: int, encoded: bytes) -> bytes:
    """An element at the top and in an item; pixel data in the item only."""
    inside = (UNNAMED, raw.sequence(UNNAMED, [encoded]))
    return raw.instance([inside] if tag >> 16 == 0x7FE0 else [(tag, encoded), inside])


@pytest.mark.parametrize("preset", BUILT_IN)
@pytest.mark.parametrize("vr", ["LO", "SH", "UT", "OB", "UN", "CS", "AE"])
@pytest.mark.parametrize(
    ("tag", "value"),
    [(0x00209312, b"1.2.777.19600203.4711"), (0x00141020, b"20310203"), (0x00189516, b"17760203")],
)
def test_uids_and_dates_outside_the_table_under_another_vr(
    tag: int, value: bytes, vr: str, preset: str
) -> None:
    """VolumeFrameOfReferenceUID, ExpiryDate, StartAcquisitionDateTime: by the dictionary alone."""
    even = value + b"\0" * (len(value) % 2)
    assert value not in kept(twice(tag, raw.element(tag, vr, even)), preset)


@pytest.mark.parametrize("preset", BUILT_IN)
@pytest.mark.parametrize("vr", ["UR", "UT", "LO", "UN"])
@pytest.mark.parametrize("tag", [0x00081190, 0x0008010E, 0x00287FE0, 0x0040E010])
def test_addresses(tag: int, vr: str, preset: str) -> None:
    address = b"https://pacs.kranzbuehl-klinik.example/wado "
    assert b"kranzbuehl" not in kept(twice(tag, raw.element(tag, vr, address)), preset)


@pytest.mark.parametrize("preset", BUILT_IN)
@pytest.mark.parametrize("tag", [0x7FE00010, 0x7FE00008, 0x7FE00020, 0x7F000010, 0x7F020011])
def test_pixels_beside_those_that_are_shown(tag: int, preset: str) -> None:
    """In an item, or in a retired group: a picture that nobody looks into."""
    picture = SECRET + bytes(range(256))
    vr = {0x7FE00008: "OF"}.get(tag, "OW")
    assert SECRET not in kept(twice(tag, raw.element(tag, vr, picture)), preset)


@pytest.mark.parametrize("preset", BUILT_IN)
def test_original_values_that_are_encrypted(preset: str) -> None:
    """A re-identifier's envelope (PS3.15 E.1.1 step 1) is for whoever made the input."""
    content = raw.element(0x04000520, "OB", bytes(range(200, 256)) + SECRET)
    encrypted = raw.sequence(0x04000500, [content])
    assert SECRET not in kept(raw.instance([(0x04000500, encrypted)]), preset)


@pytest.mark.parametrize("preset", BUILT_IN)
@pytest.mark.parametrize(
    ("tag", "vr"),
    [(0x00401006, "SH"), (0x00402007, "SH"), (0x00400031, "UT"), (0x00181803, "LO"),
     (0x30020020, "SH"), (0x00181003, "LO"), (0x00400400, "LT"), (0x01000424, "LT")],
)  # fmt: skip
def test_numbers_names_and_comments_that_the_table_leaves_out(
    tag: int, vr: str, preset: str
) -> None:
    """Of the same kind as those that it lists: order numbers, issuers, hosts, machines, remarks."""
    assert b"KRANZ" not in kept(twice(tag, raw.element(tag, vr, b"KRANZ-4711B ")), preset)
