"""Which frames of which inputs go into one file, and in which order; from headers alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from dicom_veil import errors
from dicom_veil.attributes import texts, whole
from dicom_veil.decode import frame_count
from dicom_veil.geometry import Place, frame_order, order, place_of
from dicom_veil.read import Instance

Key = tuple[object, ...]
# Cosines that differ by less are of one stack.
DIGITS = 2


@dataclass(frozen=True)
class Member:
    """One input: its number among all, its frames in order, its place, and what may lie with it."""

    number: int
    frames: tuple[int, ...]
    place: Place
    key: Key


def member_of(number: int, instance: Instance, *, mixed: bool) -> Member:
    """What an input's header says of where it belongs.

    A series goes into one file where its pictures can be one film or volume: of one size and
    direction. An instance of several frames is a film of its own. `mixed`: one file takes all.
    Raises `NoPixels`.
    """
    if instance.pixels is None:
        raise errors.NoPixels("This instance holds no pixels.")
    dataset = instance.dataset
    count = frame_count(dataset)
    place = place_of(dataset)
    series = texts(dataset, "SeriesInstanceUID") or (number,)
    key: Key = tuple(series)
    if not mixed:
        turned = tuple(round(part, DIGITS) + 0.0 for part in place.orientation or ())
        size = tuple(whole(dataset, name) for name in ("Rows", "Columns", "SamplesPerPixel"))
        key = (*key, size, turned, number if count > 1 else None)
    frames = frame_order(dataset, count) or range(count)
    return Member(number, tuple(frames), place, key)


def grouped(members: Iterable[Member]) -> list[list[Member]]:
    """Members by the file that they go into, files in the order of their first input."""
    groups: dict[Key, list[Member]] = {}
    for member in members:
        groups.setdefault(member.key, []).append(member)
    return [_ordered(group) for group in groups.values()]


def _ordered(group: list[Member]) -> list[Member]:
    return [group[index] for index in order([member.place for member in group])]
