"""Counts of the originals, to hold against those of the results; and what was flagged.

The originals' headers stay in memory; here they become numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dicom_veil.context import text_of
from dicom_veil.intake.header import Header
from dicom_veil.plan import ITEM, is_sequence, path_text
from dicom_veil.read import Instance
from dicom_veil.report import Row, Treatment
from dicom_veil.risk import risks


def counts(headers: Iterable[Header]) -> dict[str, int]:
    """Patients, studies, series, instances and devices."""
    listed = list(headers)
    return {
        "patients": len({one.pseudonym for one in listed}),
        "studies": len({(one.pseudonym, one.study) for one in listed}),
        "series": len({(one.pseudonym, one.study, one.series) for one in listed}),
        "instances": len(listed),
        "devices": len({one.device for one in listed}),
    }


def devices(headers: Mapping[int, Header]) -> dict[int, int]:
    """The device of each input as a number from 1, in the order in which they come."""
    known: dict[str, int] = {}
    return {n: known.setdefault(one.device, len(known) + 1) for n, one in headers.items()}


def describe(row: Row, instance: Instance, treatment: Treatment) -> None:
    """Adds to a row what a run over whole studies tells of an instance.

    `flags`: codes of the reasons (`risk.risks`) for which a person should look at its pixels;
    `private_kept`: paths of private attributes that stay, in the order of their tags; `modality`,
    unless it is not kept: by it samples are drawn.
    """
    row["flags"] = sorted({one["code"] for one in risks(instance)})
    row["private_kept"] = list(_private(instance.dataset, (), treatment.paths))
    row["modality"] = "" if "Modality" in treatment.paths else text_of(instance, "Modality")


def _private(
    dataset: Any, path: tuple[tuple[int, int], ...], gone: frozenset[str]
) -> Iterable[str]:
    for key, element in dataset._dict.items():
        tag = int(key)  # pydicom's tags compare in Python, plain numbers do not
        private = tag >> 16 & 1
        sequence = is_sequence(element)
        if not (sequence or private):
            continue
        where = path_text(path, tag)
        if where in gone:
            continue
        if private:
            yield where
        for index, item in enumerate(element.value or ()) if sequence else ():
            inside = (*path, (tag, index))
            if path_text(inside, ITEM) not in gone:
                yield from _private(item, inside, gone)


def flagged(rows: Sequence[Row]) -> dict[str, int]:
    """How many results have each flag."""
    return dict(sorted(Counter(code for row in rows for code in row.get("flags", ())).items()))
