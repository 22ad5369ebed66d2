"""The spot check: reproducible, stratified, and a failure has a consequence; hashes of files."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom_veil.audit.manifest import build, sums
from dicom_veil.audit.spot import Seen, after, sample, size

STRATA = st.dictionaries(
    st.integers(1, 2000), st.tuples(st.integers(1, 4), st.sampled_from(["CT", "MR"])), max_size=300
)


def seen(*numbers: int, failed: tuple[int, ...] = ()) -> list[Seen]:
    return [{"number": n, "passed": n not in failed, "note": ""} for n in numbers]


@pytest.mark.parametrize(
    ("count", "wanted"), [(0, 0), (1, 1), (29, 29), (30, 30), (300, 30), (301, 31), (10_000, 1000)]
)
def test_how_many(count: int, wanted: int) -> None:
    assert size(count, 1) == wanted
    assert len(sample(dict.fromkeys(range(1, count + 1), (1, "CT")), "seed")) == wanted


@settings(max_examples=60, deadline=None)
@given(STRATA, st.text(max_size=5))
def test_any_sample(strata: dict[int, tuple[int, str]], seed: str) -> None:
    """The same again for whoever has the seed; every stratum is in it; a larger one holds it."""
    drawn = sample(strata, seed)
    assert drawn == sample(dict(reversed(strata.items())), seed)
    assert {strata[number] for number in drawn} == set(strata.values())
    assert set(drawn) <= set(sample(strata, seed, 2 * len(drawn)))
    shares = Counter(strata[number] for number in drawn)
    for stratum, whole in Counter(strata.values()).items():
        assert shares[stratum] <= max(1, whole)


def test_strata_share_by_their_size_and_the_seed_decides_who() -> None:
    strata = {n: (1, "CT") if n <= 900 else (2, "MR") for n in range(1, 1001)}
    drawn = sample(strata, "a")
    assert Counter(strata[number] for number in drawn) == {(1, "CT"): 90, (2, "MR"): 10}
    assert drawn != sample(strata, "b")
    order = sorted(range(1, 901), key=lambda n: hashlib.sha256(f"a:{n}".encode()).digest())
    assert set(drawn) & set(range(1, 901)) == set(order[:90])


def test_a_failure_enlarges_the_sample_until_a_part_of_it_passes() -> None:
    strata = dict.fromkeys(range(1, 201), (1, "CT"))
    first = sample(strata, "s")
    assert after(strata, "s", []).numbers == first
    assert after(strata, "s", seen(*first)).state == "passed"
    bad = first[:1]
    step = after(strata, "s", seen(*first, failed=bad))
    assert step.state == "open"
    assert len(step.numbers) == 30
    assert after(strata, "s", seen(*first, *step.numbers, failed=bad)).state == "passed"
    again = after(strata, "s", seen(*first, *step.numbers, failed=(*bad, step.numbers[0])))
    assert len(again.numbers) == 60


def test_a_failure_stops_the_release_where_that_was_chosen_or_nothing_is_left() -> None:
    strata = dict.fromkeys(range(1, 201), (1, "CT"))
    first = sample(strata, "s")
    assert after(strata, "s", seen(first[0], failed=first), on_failure="stop").state == "stopped"
    few = dict.fromkeys(range(1, 6), (1, "CT"))
    assert after(few, "s", seen(*few, failed=(2,))).state == "stopped"


def test_hashes() -> None:
    assert sums({"b": "1" * 64, "a": "2" * 64}) == f"{'2' * 64}  a\n{'1' * 64}  b\n"
    assert len(build()) == 64
    assert build() == build()
