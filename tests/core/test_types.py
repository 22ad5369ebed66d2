"""Types of attributes by IOD, and what they make of compound actions.

`types_summary.csv` was counted from the same publication by somebody else and in another way.
"""

import csv
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dicom_veil import types
from dicom_veil.standard import confidentiality
from dicom_veil.types import TYPES, UNKNOWN, attribute_type, resolve, types_of

ROOT = Path(__file__).resolve().parents[2]
CT = "1.2.840.10008.5.1.4.1.1.2"
GSPS = "1.2.840.10008.5.1.4.1.1.11.1"
WAVEFORM_STATE = "1.2.840.10008.5.1.4.1.1.9.100.1"


def data() -> dict[str, Any]:
    return types._data()


def test_the_data_is_of_the_rules_as_they_are() -> None:
    """Where this fails, `pycore/generate/iod_types.py` has to run again."""
    generator = runpy.run_path(str(ROOT / "pycore" / "generate" / "iod_types.py"))
    assert data()["attributes"] == generator["digest"](generator["tags"]())
    assert generator["WHEEL_SHA256"] in data()["source"]
    assert types.edition() == generator["EDITION"] == "PS3.3 2026b"


def top_level() -> tuple[Counter[int], dict[int, int]]:
    """In how many IODs an attribute stands at the top level, and the rank of its strictest Type."""
    counts: Counter[int] = Counter()
    ranks: dict[int, int] = {}
    for modules in data()["iods"].values():
        here: set[int] = set()
        for index in {index for module in modules for index in data()["modules"][module]}:
            sequence, by_type = data()["blocks"][index]
            for name, tags in () if sequence else by_type.items():
                for tag in (int(tag, 16) for tag in tags.split()):
                    here.add(tag)
                    ranks[tag] = min(TYPES.index(name), ranks.get(tag, 9))
        counts.update(here)
    return counts, ranks


def test_it_agrees_with_the_summary() -> None:
    counts, ranks = top_level()
    with (Path(__file__).parent / "types_summary.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "x" not in row["tag"]]
    assert len(rows) == len(confidentiality())
    for row in rows:
        tag = int(row["tag"].strip("()").replace(",", ""), 16)
        strictest = TYPES[ranks[tag]].rstrip("C") if tag in ranks else ""
        assert (row["keyword"], str(counts[tag]), strictest) == (
            row["keyword"], row["iods_at_top_level"], row["strictest_at_top_level"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("sop_class", "parent", "tag", "expected"),
    [
        (CT, None, 0x00100010, "2"),  # PatientName
        (CT, None, 0x0020000D, "1"),  # StudyInstanceUID
        (CT, None, 0x00081030, "3"),  # StudyDescription
        (CT, None, 0x00102297, "2C"),  # ResponsiblePerson
        (CT, None, 0x00700082, None),  # PresentationCreationDate: in no CT
        (GSPS, None, 0x00700082, "1"),
        (GSPS, 0x00081115, 0x0020000E, "1"),  # SeriesInstanceUID in ReferencedSeriesSequence
        (CT, 0x00081115, 0x00100010, None),
        (GSPS, 0x00700001, 0x00700209, "3"),  # CompoundGraphicSequence in an annotation
        (GSPS, 0x00700009, 0x00700023, "1"),  # GraphicType in a graphic object
        ("1.2.3", None, 0x00100010, UNKNOWN),
        ("", None, 0x00100010, UNKNOWN),
        (WAVEFORM_STATE, None, 0x00100010, "2"),  # an IOD that the source does not have in whole
        (WAVEFORM_STATE, None, 0x00189074, UNKNOWN),
    ],
)
def test_types_of_places(sop_class: str, parent: int | None, tag: int, expected: str) -> None:
    assert attribute_type(sop_class, parent, tag) == expected


# Table E.1-1a by Type: 1 and 1C, 2 and 2C, 3 and undefined, unknown.
RESOLVED = {
    "X": "DZXX", "Z": "DZZZ", "D": "DDDD", "U": "UUUU", "K": "KKKK", "C": "CCCC",
    "X/Z": "DZXZ", "X/D": "DDXD", "Z/D": "DZZD", "X/Z/D": "DZXD", "X/Z/U*": "UZXU",
}  # fmt: skip


@pytest.mark.parametrize("action", RESOLVED)
def test_actions_by_type(action: str) -> None:
    required, present, optional, unknown = list(RESOLVED[action])
    assert [resolve(action, name) for name in ("1", "1C")] == [required] * 2
    assert [resolve(action, name) for name in ("2", "2C")] == [present] * 2
    assert [resolve(action, name) for name in ("3", None)] == [optional] * 2
    assert resolve(action, UNKNOWN) == unknown


def test_references_that_are_listed_stay_and_get_new_uids() -> None:
    for name in (*TYPES, None, UNKNOWN):
        assert resolve("X/Z/U*", name, references_listed=True) == "U"
        assert resolve("X/Z", name, references_listed=True) == resolve("X/Z", name)


def test_every_row_resolves_to_a_plain_action_at_every_type() -> None:
    for row in confidentiality().values():
        for action in (row.basic, *row.options.values()):
            for name in (*TYPES, None, UNKNOWN):
                assert resolve(action, name) in ("X", "Z", "D", "U", "K", "C")


def test_every_sop_class_has_its_table() -> None:
    for sop_class in data()["sop_classes"]:
        table = types_of(sop_class)
        assert table is not None
        assert set(table.values()) <= set(TYPES)
        if (None, 0x00100020) in table:
            assert table[None, 0x00100020] in ("1", "2")
