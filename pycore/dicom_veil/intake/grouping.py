"""Instances in order: patient → study → series, and which of them stand there twice."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from dicom_veil.identity import Identity
from dicom_veil.intake.header import Header


class Same(NamedTuple):
    """Inputs with one SOPInstanceUID, by number: `repeats` are identical to one that is kept;

    of `differing` nobody can say which is right.
    """

    repeats: tuple[int, ...]
    differing: tuple[int, ...]


def twice(headers: Mapping[int, Header]) -> list[list[int]]:
    """The numbers of inputs that share their SOPInstanceUID, in order."""
    by_uid: dict[str, list[int]] = {}
    for number, header in headers.items():
        if header.sop_instance_uid:
            by_uid.setdefault(header.sop_instance_uid, []).append(number)
    return [sorted(numbers) for numbers in by_uid.values() if len(numbers) > 1]


def same(numbers: Iterable[int], digest: Callable[[int], str]) -> Same:
    """Which of the inputs that share a UID are one instance, and which are in conflict."""
    first: dict[str, int] = {}
    repeats: list[int] = []
    for number in sorted(numbers):
        content = digest(number)
        if content in first:
            repeats.append(number)
        else:
            first[content] = number
    differing = tuple(first.values()) if len(first) > 1 else ()
    return Same(tuple(repeats), differing)


def ordered(headers: Mapping[int, Header], identity: Identity) -> list[int]:
    """The numbers of all inputs as they stand in the tree.

    Patients by pseudonym; studies by their keyed UID, so that their order tells nothing of dates;
    series by SeriesNumber and instances by InstanceNumber, then by keyed UID.
    """

    def place(number: int) -> tuple[str, str, int, str, int, str, int]:
        header = headers[number]
        return (
            header.pseudonym, identity.uid(header.study), header.series_number,
            identity.uid(header.series), header.instance_number, header.new_uid, number,
        )  # fmt: skip

    return sorted(headers, key=place)
