"""Retain Safe Private (PS3.15 E.3.10): every row of Table E.3.10-1, and additions of one's own."""

import struct
from collections.abc import Iterator
from io import BytesIO

import pytest
from pydicom.dataset import Dataset

from dicom_veil.dates import shift
from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify, transform
from dicom_veil.identity import Identity
from dicom_veil.private import safe_private
from dicom_veil.profile import Profile, from_json, load
from dicom_veil.read import read
from tests.core import raw

IDENTITY = Identity(bytes(range(32)))
TEXTS = ("LO", "LT", "SH", "ST", "UC", "UT")
DATES = ("DA", "DT", "TM")
# Known to be safe, and yet removed: these can hold anything.
NEVER = ("PN", "AE", "UR", "OB", "OW", "UN", "OW/OB", "")
UNNAMED = 0x00189325  # a sequence that the table does not name
OPTIONS = (
    "",
    "clean_descriptors",
    "retain_long_modified_dates",
    "retain_long_full_dates",
    "retain_uids",  # a private UID is replaced nevertheless: nobody knows what it is of
)
ROWS = [
    (creator, group, low, vr)
    for creator, elements in safe_private().items()
    for (group, low), vr in elements.items()
]
BLOCK = 0x41


def profile_of(option: str) -> Profile:
    options = ["retain_safe_private", *([option] if option else [])]
    return from_json(f'{{"format": 1, "name": "p", "options": {options}}}'.replace("'", '"'))


def value(vr: str, n: int) -> bytes | str:
    numbers = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d"}
    if vr in numbers:
        return struct.pack("<" + numbers[vr], n)
    texts = {"DA": "19510607", "DT": "19510607101112", "TM": "101112.25", "UI": f"1.2.826.8.{n}.7",
             "DS": f"{n}.5", "IS": f"{n}", "CS": f"MODE {n}", "AS": "044Y", "PN": f"Qx{n}^Vy{n}",
             "AE": f"AEQ{n}", "UR": f"http://x{n}q.example/"}  # fmt: skip
    if vr in texts:
        return texts[vr]
    return f"CHEST Q{n:04d}ZX" if vr in TEXTS else bytes((n * k + k * k) % 251 for k in range(32))


def block(
    creator: str, group: int, low: int, vr: str, n: int, *, implicit: bool = False
) -> dict[int, bytes]:
    """A creator, one safe element, and one that is not listed."""
    at, written = group << 16, vr if len(vr) == 2 else "OB"
    tag, unlisted = at | BLOCK << 8 | low, at | BLOCK << 8 | _free(creator, group)
    if vr == "SQ":
        inner = raw.element(0x00100010, "PN", f"Qu{n}x", implicit=implicit)
        made = raw.sequence(
            tag,
            [inner + raw.element(0x00180050, "DS", f"{n}.5", implicit=implicit)],
            implicit=implicit,
        )
    else:
        made = raw.element(tag, written, value(vr, n), implicit=implicit)
    return {
        at | BLOCK: raw.element(at | BLOCK, "LO", creator, implicit=implicit),
        tag: made,
        unlisted: raw.element(unlisted, "LO", f"UNLISTED{n}Q", implicit=implicit),
    }


def _free(creator: str, group: int) -> int:
    return next(low for low in range(256) if (group, low) not in safe_private()[creator])


def instances(*, implicit: bool = False) -> Iterator[tuple[bytes, list[tuple[int, str, int]]]]:
    """Instances that hold every row once, at the top and nested; and (tag, VR, n) of its rows.

    Two rows of one group do not meet in an instance, so a creator is kept for one row alone.
    """
    left = list(enumerate(ROWS, 1))
    while left:
        groups: set[int] = set()
        top: dict[int, bytes] = {}
        rows, rest = [], []
        for n, (creator, group, low, vr) in left:
            if group in groups:
                rest.append((n, (creator, group, low, vr)))
                continue
            groups.add(group)
            top |= block(creator, group, low, vr, n, implicit=implicit)
            rows.append((group << 16 | BLOCK << 8 | low, vr, n))
        inner = b"".join(top[tag] for tag in sorted(top))
        top[UNNAMED] = raw.sequence(UNNAMED, [inner], implicit=implicit)
        yield raw.instance(top.items(), implicit=implicit), rows
        left = rest


def stays(vr: str, option: str) -> bool:
    if vr in NEVER:
        return False
    if vr in TEXTS:
        return option == "clean_descriptors"
    return vr not in DATES or option in ("retain_long_modified_dates", "retain_long_full_dates")


def bytes_of(dataset: Dataset, tag: int) -> bytes:
    element = dataset._dict[tag]  # type: ignore[index]
    found = element.value
    return found if isinstance(found, bytes) else str(found).encode()


@pytest.mark.parametrize("implicit", [False, True], ids=["explicit", "implicit"])
@pytest.mark.parametrize("option", OPTIONS)
def test_every_row(option: str, implicit: bool) -> None:
    profile, seen = profile_of(option), 0
    for content, rows in instances(implicit=implicit):
        source = BytesIO(content)
        before = read(source)
        _steps, _made, context = transform(before, profile, IDENTITY)
        done = deidentify(source, profile, IDENTITY, 1)
        after = read(BytesIO(b"".join(done.stream(before)))).dataset
        for old, new in ((before.dataset, after), (_inner(before.dataset), _inner(after))):
            expected = {tag for tag, vr, _n in rows if stays(vr, option)}
            creators = {tag & 0xFFFF0000 | BLOCK for tag in expected}
            assert {int(tag) for tag in new._dict if tag >> 16 & 1} == expected | creators
            for tag, vr, _n in rows:
                seen += 1
                if tag in expected:
                    assert_row(old, new, tag, vr, option, context.shift_days)
    assert seen == 2 * len(ROWS) == 2 * 479


def _inner(dataset: Dataset) -> Dataset:
    items = value_of(dataset, UNNAMED)
    return items[0]  # type: ignore[index,no-any-return]


def assert_row(before: Dataset, after: Dataset, tag: int, vr: str, option: str, days: int) -> None:
    """K to the byte, text cleaned, a date moved, a UID new, an item entered."""
    label = f"{tag:08X} {vr} {option}"
    if vr == "SQ":
        old, new = before[tag].value[0], after[tag].value[0]
        assert new.PatientName != old.PatientName, label
        assert bytes_of(new, 0x00180050) == bytes_of(old, 0x00180050), label
        return
    old, new = bytes_of(before, tag), bytes_of(after, tag)
    if vr == "UI":
        assert new.strip(b"\0").decode() == IDENTITY.uid(old.strip(b"\0").decode()), label
    elif vr in TEXTS:
        assert new.strip() == b"CHEST", label
    elif vr in DATES and option == "retain_long_modified_dates":
        assert new.strip().decode() == shift(old.decode(), vr, days), label
    else:
        assert new == old, label


@pytest.mark.parametrize("name", ["basic", "safe-harbor", "gdpr", "teaching"])
def test_without_the_option_nothing_private_is_left(name: str) -> None:
    for content, _rows in instances():
        source = BytesIO(content)
        done = deidentify(source, load(name), IDENTITY, 1)
        after = read(BytesIO(b"".join(done.stream(read(source))))).dataset
        assert not any(tag >> 16 & 1 for one in (after, _inner(after)) for tag in one._dict)


@pytest.mark.parametrize("implicit", [False, True], ids=["UN", "implicit"])
@pytest.mark.parametrize("vr", ["DS", "IS", "CS", "US", "SS", "UL", "SL", "FL", "FD"])
def test_text_in_the_place_of_a_measure_goes(vr: str, implicit: bool) -> None:
    """Where the file does not say that it is one: a stranger's name, which no search can know."""
    creator, group, low, _vr = next(row for row in ROWS if row[3] == vr)
    block, tag = group << 16 | BLOCK, group << 16 | BLOCK << 8 | low
    told = b"of Papperlapapp "
    elements = {
        block: raw.element(block, "LO", creator, implicit=implicit),
        tag: raw.element(tag, "UN", told, implicit=implicit),
    }
    source = BytesIO(raw.instance(elements.items(), implicit=implicit))
    done = deidentify(source, profile_of(""), IDENTITY, 1)
    output = b"".join(done.stream(read(source)))
    assert b"Papperlapapp" not in output
    assert not any(tag >> 16 & 1 for tag in read(BytesIO(output)).dataset._dict)


def test_what_is_listed_under_another_creator_goes() -> None:
    creator, group, low, _vr = ROWS[0]
    other = next(name for name in safe_private() if name != creator)
    tag = group << 16 | BLOCK << 8 | low
    for told in (other, creator.lower(), creator + " 2", None):
        elements = {tag: raw.element(tag, "DS", "1.5")}
        if told is not None:
            elements[group << 16 | BLOCK] = raw.element(group << 16 | BLOCK, "LO", told)
        source = BytesIO(raw.instance(elements.items()))
        done = deidentify(source, profile_of(""), IDENTITY, 1)
        after = read(BytesIO(b"".join(done.stream(read(source))))).dataset
        assert not any(tag >> 16 & 1 for tag in after._dict), told


OWN = """{"format": 1, "name": "own", "rules": [
 {"attribute": "(0029,xx10)", "creator": "ACME 1", "action": "K"},
 {"attribute": "(0029,xx11)", "creator": "ACME 1", "action": "Z"},
 {"attribute": "(0029,xx12)", "creator": "ACME 1", "action": "D"},
 {"attribute": "(0029,xx13)", "creator": "ACME 1", "action": "C", "method": "set:mine"},
 {"attribute": "(0029,xx14)", "creator": "ACME 1", "action": "C", "method": "text"},
 {"attribute": "(0029,xx15)", "creator": "ACME 1", "action": "X"}]}"""


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("first", [0x10, 0x9C])
def test_own_additions_by_creator(first: int, nested: bool) -> None:
    """In whatever block the creator has; the same element of another creator goes."""
    at, second = 0x00290000, first + 1
    elements = {
        at | first: raw.element(at | first, "LO", "ACME 1"),
        at | second: raw.element(at | second, "LO", "ACME 2"),
    }
    for low in range(0x10, 0x17):
        for number in (first, second):
            tag = at | number << 8 | low
            elements[tag] = raw.element(tag, "LO", f"Vq{low}x{number}")
    if nested:
        inner = b"".join(elements[tag] for tag in sorted(elements))
        elements = {UNNAMED: raw.sequence(UNNAMED, [inner])}
    source = BytesIO(raw.instance(elements.items()))
    done = deidentify(source, from_json(OWN), IDENTITY, 1)
    after = read(BytesIO(b"".join(done.stream(read(source))))).dataset
    where = _inner(after) if nested else after
    kept = {int(tag): bytes_of(where, tag).strip() for tag in where._dict if tag >> 16 & 1}
    base = at | first << 8
    assert kept == {
        at | first: b"ACME 1",
        base | 0x10: f"Vq16x{first}".encode(),
        base | 0x11: b"",
        base | 0x12: b"DEIDENTIFIED",
        base | 0x13: b"mine",
    }


@pytest.mark.parametrize("nested", [False, True])
def test_a_creator_goes_with_the_last_of_its_block(nested: bool) -> None:
    """A safe text of which cleaning leaves nothing takes its creator along, unless more is kept."""
    for more in (False, True):
        elements = {
            0x00430010: raw.element(0x00430010, "LO", "GEMS_PARM_01"),
            0x00431027: raw.element(0x00431027, "SH", "Vqxzyw Kprt"),
        }
        if more:
            elements[0x00431039] = raw.element(0x00431039, "IS", "7")
        content = elements.items()
        if nested:
            inner = b"".join(elements[tag] for tag in sorted(elements))
            content = {UNNAMED: raw.sequence(UNNAMED, [inner])}.items()
        source = BytesIO(raw.instance(content))
        done = deidentify(source, profile_of("clean_descriptors"), IDENTITY, 1)
        after = read(BytesIO(b"".join(done.stream(read(source))))).dataset
        where = _inner(after) if nested else after
        kept = {int(tag) for tag in where._dict if tag >> 16 & 1}
        assert kept == ({0x00430010, 0x00431039} if more else set())


def test_an_addition_of_ones_own_with_its_vr_is_cleaned_in_implicit_files() -> None:
    """Creator, element and VR: a text that the file itself cannot tell from bytes."""
    creator = raw.element(0x00270010, "LO", "ACME 7", implicit=True)
    text = raw.element(0x00271004, "LO", "CHEST Quarzfels", implicit=True)
    content = raw.instance([(0x00270010, creator), (0x00271004, text)], implicit=True)
    rule = '{"creator": "ACME 7", "attribute": "(0027,xx04)", "action": "C", "method": "text"%s}'
    for vr, kept in (("", None), (', "vr": "LO"', "CHEST")):
        profile = from_json(f'{{"format": 1, "name": "p", "rules": [{rule % vr}]}}')
        instance = read(BytesIO(content))
        _, dataset, _ = transform(instance, profile, IDENTITY)
        found = dataset._dict.get(0x00271004)
        assert (None if found is None else found.value.strip().decode()) == kept
