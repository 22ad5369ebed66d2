"""Every row of Table E.1-1 and of Table E.3.10-1 under every option and every preset.

The instances are made from the data: each attribute with a value of its VR that no other has, at
the top level and below a sequence that the table does not name, in IODs chosen so that each row
is met with every Type that PS3.3 gives it anywhere. What has to come out is worked out here, from
the cells as they are printed, and not by the core.
"""

import struct
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import NamedTuple

import pytest
from pydicom import config
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.valuerep import validate_value

from dicom_veil.context import Context
from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify, transform
from dicom_veil.descriptors import clean
from dicom_veil.identity import Identity
from dicom_veil.kinds import kind_of
from dicom_veil.options import OPTIONS
from dicom_veil.profile import BUILT_IN, Profile, from_json, load
from dicom_veil.read import Instance, read
from dicom_veil.standard import Attribute, confidentiality, repeating, vr_of
from dicom_veil.types import _data as types_data
from dicom_veil.types import attribute_type, types_of
from tests.core import raw
from tests.core.test_types import RESOLVED

IDENTITY = Identity(bytes(range(32)))
DATES = ("DA", "DT", "TM")
TEXTS = ("LO", "LT", "SH", "ST", "UC", "UT")
UNNAMED = 0x00189325  # CTXRayDetailsSequence: in no row of the table
SLICE_THICKNESS, BODY_WEIGHT = 0x00180050, 0x00101030
OVERLAYS, CURVES = range(0x6000, 0x6020, 2), range(0x5000, 0x5020, 2)


def rows() -> dict[int, Attribute]:
    return confidentiality()


def vr(tag: int) -> str:
    return vr_of(tag) or "UN"


@cache
def number(tag: int) -> int:
    return 1 + list(rows()).index(tag)


def value(tag: int, nested: bool = False) -> bytes | str:
    """A value of the attribute's VR that stands nowhere else."""
    n = number(tag) + (2000 if nested else 0)
    day = date(1931, 3, 2) + timedelta(days=7 * n)
    kinds: dict[str, bytes | str] = {
        "AE": f"AET{n}QV", "AS": f"{n % 90:03d}Y", "CS": f"CHEST Q{n:04d}Z", "DA": f"{day:%Y%m%d}",
        "DS": f"{n}.25", "DT": f"{day:%Y%m%d}101112.5", "IS": f"{n}", "PN": f"Zqu{n}x^Xvi{n}q",
        "TM": f"1011{n % 60:02d}.{n:06d}", "UI": f"1.2.826.9.{n}.77", "UR": f"http://q{n}zx.example/",
        "US": struct.pack("<H", n), "UL": struct.pack("<L", n), "SS": struct.pack("<h", n),
        "FD": struct.pack("<d", n), "FL": struct.pack("<f", n),
    }  # fmt: skip
    if vr(tag) in TEXTS:
        # A word that a place or an ID holds is no term any more.
        plain = kind_of(tag, vr(tag)) == "text" and "C" in rows()[tag].options.values()
        return f"CHEST Q{n:04d}ZX" if plain else f"Wq{n}x Q{n:04d}ZX"
    return kinds.get(vr(tag), bytes((n * k * k + 31 * k) % 251 for k in range(32)))


def encoded(tag: int, nested: bool = False) -> bytes:
    if vr(tag) != "SQ":
        return raw.element(tag, vr(tag), value(tag, nested))
    n = number(tag) + (2000 if nested else 0)
    return raw.sequence(
        tag,
        [
            raw.element(0x00100010, "PN", f"Uvw{n}x^Pqr{n}q")
            + raw.element(SLICE_THICKNESS, "DS", f"{n}.75")
        ],
    )


class Case(NamedTuple):
    """An instance of a SOP class, its rows at the top and its rows below a nameless sequence."""

    sop_class: str
    instance: Instance
    top: tuple[int, ...]
    nested: tuple[int, ...]


# Command and file meta elements cannot stand at the top of a file; a DICOMDIR is refused.
HEADS = frozenset(tag for tag in confidentiality() if tag >> 16 < 4)


@cache
def cases() -> tuple[Case, ...]:
    """CT with every row twice, and as few other IODs as show every Type of every row."""
    made = [_case(raw.CT, tuple(sorted(set(rows()) - HEADS)), tuple(sorted(rows())))]
    places = {
        sop_class: {
            (tag, found)
            for (parent, tag), found in (types_of(sop_class) or {}).items()
            if parent is None and tag in rows() and tag not in HEADS
        }
        for sop_class in types_data()["sop_classes"]
    }
    missing = set().union(*places.values()) - places[raw.CT]
    while missing:
        best = max(places, key=lambda one: len(places[one] & missing))
        tags = {tag for tag, _ in places[best] & missing} - {0x00420011}
        missing -= places[best]
        made.append(_case(best, tuple(sorted(tags | {0x00100010, 0x00100020})), ()))
    made.append(_case("1.2.826.9.9.9", tuple(sorted(set(rows()) - HEADS - {0x00420011})), ()))
    return tuple(made)


def _case(sop_class: str, top: tuple[int, ...], nested: tuple[int, ...]) -> Case:
    extra = [(tag, encoded(tag)) for tag in top]
    if nested:
        inner = b"".join(encoded(tag, nested=True) for tag in nested)
        extra.append((UNNAMED, raw.sequence(UNNAMED, [inner])))
    content = raw.instance(extra, sop_class=sop_class)
    return Case(sop_class, read(BytesIO(content)), top, nested)


def profiles() -> dict[str, Profile]:
    alone = {
        name: from_json(f'{{"format": 1, "name": "alone", "options": ["{name}"]}}')
        for name in OPTIONS
    }
    return {**alone, **{name: load(name) for name in BUILT_IN}}


def wanted(row: Attribute, profile: Profile, sop_class: str, parent: int | None) -> str:
    """What the printed cells come to: X, Z, D, U, K, or how it is cleaned."""
    kind = vr(row.tag)
    cells = {name: row.options.get(name) for name in profile.options}
    if kind in DATES and cells.get("retain_long_modified_dates") == "C":
        return "shift"
    if kind == "AE" and cells.get("retain_device") == "C":
        return "ae"
    if kind in (*TEXTS, "CS") and "C" in (
        cells.get("clean_descriptors"), cells.get("retain_patient_chars")
    ):  # fmt: skip
        return "text"
    if kind == "SQ" and "C" in (
        cells.get("clean_descriptors"), cells.get("clean_structured_content"),
        cells.get("clean_graphics"),
    ):  # fmt: skip
        return "C"
    if "K" in cells.values():
        return "K"
    if profile.dates == "year" and kind in DATES and "retain_long_full_dates" in row.options:
        return "year"
    return by_type(row, sop_class, parent)


def by_type(row: Attribute, sop_class: str, parent: int | None) -> str:
    """Table E.1-1a, by the Type of the attribute in its place."""
    required, present, optional, unknown = RESOLVED[row.basic]
    found = attribute_type(sop_class, parent, row.tag) or "3"
    return {"1": required, "2": present, "3": optional, "?": unknown}[found[0]]


def content(dataset: Dataset, tag: int) -> bytes | None:
    element = dataset._dict.get(tag)  # type: ignore[call-overload]
    if isinstance(element, RawDataElement):
        return element.value or b""
    assert element is None or isinstance(element, DataElement)
    return None if element is None else b"items"


def assert_row(
    before: Dataset, after: Dataset, row: Attribute, action: str, context: Context, label: str,
    sop_class: str, parent: int | None,
) -> None:  # fmt: skip
    """The attribute of one data set is what the action makes of it."""
    old, new = value_of(before, row.tag), content(after, row.tag)
    kind, name = vr(row.tag), row.tag in (0x00100010, 0x00100020)
    if kind == "SQ":
        assert_sequence(before, after, row, action, label)
    elif action == "X":
        assert new is None, label
    elif name and action in "ZD":
        assert new is not None, label
        assert new.decode().strip() == context.pseudonym, label
    elif action == "Z":
        assert new == b"", label
    elif action == "K":
        assert new == content(before, row.tag), label
    elif action == "U" or (action == "D" and kind == "UI"):
        assert value_of(after, row.tag) == IDENTITY.uid(str(old)), label
    elif action == "D":
        assert new, label
        assert new != content(before, row.tag), label
        if kind not in ("OB", "OW", "UN", "US", "UL", "SS", "FL", "FD"):
            validate_value(kind, new.decode("ascii").rstrip(" "), config.RAISE)
    elif action == "text" and not clean(str(old), context.identifying).kept:
        otherwise = by_type(row, sop_class, parent)
        assert_row(before, after, row, otherwise, context, label, sop_class, parent)
    else:
        assert_cleaned(str(old), new, kind, action, context, label)


def assert_cleaned(
    old: str, new: bytes | None, kind: str, method: str, context: Context, label: str
) -> None:
    """By the method of the option, worked out here where that can be done in a line."""
    assert new, label
    text = new.decode("ascii").rstrip(" ")
    if method == "text":
        assert text == clean(old, context.identifying).kept, label
        assert text == "CHEST" or not old.startswith("CHEST"), label
    elif method == "ae":
        assert text != old, label
        assert text.startswith("AE_"), label
    elif method == "year":
        assert text == f"{old[:4]}0101" + ("000000" if kind == "DT" else ""), label
    elif kind == "TM":
        assert text == old, label
    else:
        moved = date.fromisoformat(old[:8]) + timedelta(days=context.shift_days)
        assert text == f"{moved:%Y%m%d}{old[8:]}", label


def assert_sequence(
    before: Dataset, after: Dataset, row: Attribute, action: str, label: str
) -> None:
    """Removed, emptied, or entered: then the name in its item is no more, whatever the action."""
    if action == "X":
        assert row.tag not in after, label
        return
    assert row.tag in after, label
    items = list(after[row.tag].value)
    if action == "Z":
        assert items == [], label
        return
    for old, new in zip(before[row.tag].value, items, strict=False):
        assert content(new, 0x00100010) != content(old, 0x00100010), label
        if action == "D":
            assert content(new, SLICE_THICKNESS) != content(old, SLICE_THICKNESS), label
        if action in ("K", "U"):
            assert content(new, SLICE_THICKNESS) == content(old, SLICE_THICKNESS), label


def own_tags(profile: Profile) -> set[int]:
    return {rule.tag for rule in profile.own}


def made(case: Case, profile: Profile) -> tuple[Dataset, Context]:
    """The result as written and read again; `deidentify` has searched it for the original."""
    _steps, _dataset, context = transform(case.instance, profile, IDENTITY)
    source = case.instance.body
    done = deidentify(source, profile, IDENTITY, 1)
    return read(BytesIO(b"".join(done.stream(read(source))))).dataset, context


def times_at_the_end(profile: Profile) -> set[int]:
    """A time of day says nothing at the precision of a year: it goes or becomes a dummy."""
    return {tag for tag in rows() if vr(tag) == "TM"} if profile.dates != "remove" else set()


@pytest.mark.parametrize("name", profiles())
def test_every_row_of_the_table(name: str) -> None:
    profile, checked, seen = profiles()[name], 0, set()
    for case in cases():
        after, context = made(case, profile)
        places = [(case.instance.dataset, after, case.top, None)]
        if case.nested:
            places.append(
                (case.instance.dataset[UNNAMED].value[0], after[UNNAMED].value[0], case.nested,
                 UNNAMED)
            )  # fmt: skip
        for before, result, tags, parent in places:
            for tag in tags:
                row = rows()[tag]
                if tag in own_tags(profile) | times_at_the_end(profile):
                    continue
                action = wanted(row, profile, case.sop_class, parent)
                if tag >> 16 <= 6:
                    action = "X"
                label = f"{name} {case.sop_class} {parent or 0:08X} {tag:08X} {row.basic} {action}"
                assert_row(before, result, row, action, context, label, case.sop_class, parent)
                checked += 1
                seen.add(tag)
    assert seen | own_tags(profile) | times_at_the_end(profile) == set(rows())
    assert checked > 1500


def test_descriptors_are_kept_where_the_option_says_so() -> None:
    """The table above would hold if everything were dropped: most of what can stay has stayed."""
    for name, least in (("clean_descriptors", 80), ("research", 80)):
        after, _context = made(cases()[0], profiles()[name])
        kept = [tag for tag in cases()[0].top if content(after, tag) in (b"CHEST ", b"CHEST")]
        assert len(kept) >= least


TOGETHER = [
    sorted(set(OPTIONS) - {"retain_long_full_dates"}),
    sorted(set(OPTIONS) - {"retain_long_modified_dates"}),
]


@pytest.mark.parametrize("options", TOGETHER, ids=["modified", "full"])
def test_every_row_under_all_options_together(options: list[str]) -> None:
    """Where two options meet on an attribute, the one that cleans wins."""
    text = f'{{"format": 1, "name": "all", "options": {options}}}'.replace("'", '"')
    profile, case = from_json(text), cases()[0]
    after, context = made(case, profile)
    both = 0
    for tag in case.top:
        row = rows()[tag]
        action = "X" if tag >> 16 <= 6 else wanted(row, profile, case.sop_class, None)
        cells = {row.options[one] for one in options if one in row.options}
        both += cells == {"K", "C"}
        label = f"{tag:08X} {row.options} {action}"
        assert_row(case.instance.dataset, after, row, action, context, label, case.sop_class, None)
    assert both >= (11 if "retain_long_modified_dates" in options else 0)


@pytest.mark.parametrize("name", profiles())
def test_curves_and_overlays(name: str) -> None:
    """(50xx,xxxx), (60xx,3000), (60xx,4000) in every repeating group, and what belongs to them."""
    filled, written = _plane(range(4, 60)), bytes(0b01010101 for _ in range(512))
    elements: dict[int, bytes] = {}
    for index, group in enumerate(OVERLAYS):
        at = group << 16
        picture = filled if index % 2 else written
        elements |= {
            at | 0x0010: raw.element(at | 0x0010, "US", b"\x40\0"),
            at | 0x0011: raw.element(at | 0x0011, "US", b"\x40\0"),
            at | 0x0040: raw.element(at | 0x0040, "CS", "R"),
            at | 0x0050: raw.element(at | 0x0050, "SS", b"\1\0\1\0"),
            at | 0x0100: raw.element(at | 0x0100, "US", b"\1\0"),
            at | 0x0102: raw.element(at | 0x0102, "US", b"\0\0"),
            at | 0x1500: raw.element(at | 0x1500, "LO", f"CHEST Q{index}X"),
            at | 0x3000: raw.element(at | 0x3000, "OW", picture),
            at | 0x4000: raw.element(at | 0x4000, "LT", f"CHEST V{index}X"),
        }
    for group in CURVES:
        at = group << 16
        elements[at | 0x0005] = raw.element(at | 0x0005, "US", b"\2\0")
        elements[at | 0x2500] = raw.element(at | 0x2500, "LO", "CHEST curve")
        elements[at | 0x3000] = raw.element(at | 0x3000, "OW", bytes(range(64)))
    assert repeating().keys() == {"50xxxxxx", "60xx3000", "60xx4000"}
    profile = profiles()[name]
    source = BytesIO(raw.instance(sorted(elements.items())))
    done = deidentify(source, profile, IDENTITY, 1)
    after = read(BytesIO(b"".join(done.stream(read(source))))).dataset
    assert not any(tag >> 16 in CURVES for tag in after._dict)
    kept = {tag >> 16 for tag in after._dict if tag >> 16 in OVERLAYS}
    if "clean_graphics" not in profile.options:
        assert kept == set()
        return
    assert kept == set(OVERLAYS[1::2])
    for group in kept:
        assert content(after, group << 16 | 0x3000) == filled
        for text in (0x1500, 0x4000):
            assert (content(after, group << 16 | text) or b"").strip() in (b"CHEST", b"")


def _plane(filled: range) -> bytes:
    """64 × 64 bits with the columns `filled` set in every row."""
    line = sum(1 << column for column in filled)
    return line.to_bytes(8, "little") * 64
