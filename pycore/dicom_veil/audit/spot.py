"""The spot check: a sample that anybody can draw again, and what follows from what was seen in it.

Size: a tenth of all results, at least 30, at least one of each stratum, or all where there are
fewer. Strata: device and modality. Places go to strata one by one, each time to the one with the
largest number of instances for each place that it would then have (the divisor method of
D'Hondt, every stratum's first place before any second), so that a larger sample holds the smaller
one. Within a stratum, instances come in the order of the SHA-256 of `seed:number`.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from heapq import heapify, heappop, heappush
from math import ceil
from typing import Literal, NamedTuple, TypedDict

SHARE, LEAST = 0.1, 30
METHOD = (
    "A tenth of the results, at least 30 and at least one of each device and modality, or all if "
    "fewer; places by D'Hondt, within a stratum by SHA-256 of seed:number."
)
Stratum = tuple[int, str]


class Seen(TypedDict):
    """What a person saw of one instance of the sample."""

    number: int
    passed: bool
    note: str


class Next(NamedTuple):
    """`state`: `open` while `numbers` are still to be looked at, `passed`, or `stopped`.

    `drawn`: the whole sample so far.
    """

    state: Literal["open", "passed", "stopped"]
    numbers: tuple[int, ...]
    drawn: tuple[int, ...]


def size(count: int, strata: int) -> int:
    """How many of `count` results are looked at."""
    return min(count, max(LEAST, strata, ceil(count * SHARE)))


def sample(strata: Mapping[int, Stratum], seed: str, count: int | None = None) -> tuple[int, ...]:
    """The numbers of the results to look at, in ascending order.

    `strata`: the device (counted from 1) and modality of each result by its number.
    """
    members: dict[Stratum, list[int]] = {}
    for number, stratum in strata.items():
        members.setdefault(stratum, []).append(number)
    wanted = size(len(strata), len(members)) if count is None else min(count, len(strata))
    # No place yet: before all others, the largest stratum first.
    line = [(-float("inf"), -len(numbers), stratum, 0) for stratum, numbers in members.items()]
    heapify(line)
    given = dict.fromkeys(members, 0)
    for _ in range(wanted):
        _quotient, _size, stratum, places = heappop(line)
        given[stratum] = places = places + 1
        if places < (size_ := len(members[stratum])):
            heappush(line, (-size_ / (places + 1), -size_, stratum, places))
    chosen = (
        number
        for stratum, numbers in members.items()
        for number in sorted(numbers, key=lambda one: _draw(seed, one))[: given[stratum]]
    )
    return tuple(sorted(chosen))


def _draw(seed: str, number: int) -> bytes:
    return sha256(f"{seed}:{number}".encode()).digest()


def after(
    strata: Mapping[int, Stratum], seed: str, seen: Sequence[Seen],
    on_failure: Literal["enlarge", "stop"] = "enlarge",
) -> Next:  # fmt: skip
    """What follows from what was seen so far.

    A failure stops the release, or doubles the sample, as often as a new part of it fails; when
    all has been looked at and something failed, nothing is released.
    """
    passed = {one["number"]: one["passed"] for one in seen}
    count = len(sample(strata, seed))
    while True:
        drawn = sample(strata, seed, count)
        missing = tuple(number for number in drawn if number not in passed)
        failed = [number for number in drawn if passed.get(number) is False]
        if failed and (on_failure == "stop" or count >= len(strata)):
            return Next("stopped", missing, drawn)
        if missing:
            return Next("open", missing, drawn)
        if not _failed_since(strata, seed, count, failed):
            return Next("passed", (), drawn)
        count = min(2 * count, len(strata))


def _failed_since(
    strata: Mapping[int, Stratum], seed: str, count: int, failed: Iterable[int]
) -> bool:
    """Whether the newest part of the sample holds a failure."""
    first = len(sample(strata, seed))
    before = set(sample(strata, seed, count // 2)) if count > first else set()
    return any(number not in before for number in failed)
