"""The random sample: the same for everybody, each file as likely as another, and an interval that holds what it says."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.rights.measuring.sampling import SEED_BYTES, Estimate, drawn, estimated
from maillage.rights.measuring.student import two_sided, within

SEED = bytes(range(SEED_BYTES))
IDS = st.sets(st.uuids(), min_size=1, max_size=40)


def seeds(count: int) -> Iterator[bytes]:
    """So many seeds, always the same."""
    for number in range(count):
        yield sha256(number.to_bytes(4, "big")).digest()


def test_a_sample_that_was_drawn_once_is_drawn_again_the_same() -> None:
    """On every version of Python: these three were worked out apart, by openssl's own HMAC."""
    ids = [UUID(int=number) for number in range(12)]
    assert [one.int for one in drawn(ids, size=3, seed=SEED)] == [1, 10, 9]


@given(IDS, st.integers(1, 50), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_says_nothing_and_a_larger_sample_holds_the_smaller(
    ids: set[UUID], size: int, draw: Random
) -> None:
    rows = sorted(ids)
    draw.shuffle(rows)
    found = drawn(rows, size=size, seed=SEED)
    assert found == drawn(sorted(ids), size=size, seed=SEED)
    assert len(set(found)) == len(found) == min(size, len(ids))
    assert set(found) <= ids
    assert drawn(rows, size=size + 1, seed=SEED)[:size] == found


def test_every_file_is_as_likely_as_another() -> None:
    """400 draws of 5 among 20: each is drawn 100 times, give or take 4.5 standard deviations of 8.7."""
    ids = [UUID(int=number) for number in range(20)]
    times = Counter(one for seed in seeds(400) for one in drawn(ids, size=5, seed=seed))
    assert len(times) == 20
    assert all(61 <= count <= 139 for count in times.values())


def test_what_cannot_be_drawn_or_estimated_is_refused() -> None:
    for size, seed, ids in (
        (0, SEED, [UUID(int=1)]),
        (1, b"short", [UUID(int=1)]),
        (1, SEED, [UUID(int=1)] * 2),
    ):
        with pytest.raises(ValueError, match=r"échantillon|graine|une seule fois"):
            drawn(ids, size=size, seed=seed)
    for days in ((), (1, 2, 3)):
        with pytest.raises(ValueError, match="échantillon"):
            estimated(days, population=2)


@pytest.mark.parametrize(
    ("confidence", "freedom", "quantile"),
    [
        (0.95, 1, 12.706), (0.95, 2, 4.303), (0.95, 5, 2.571), (0.95, 10, 2.228), (0.95, 30, 2.042), (0.95, 120, 1.980),
        (0.95, 1000, 1.962), (0.99, 1, 63.657), (0.99, 9, 3.250), (0.9, 60, 1.671),
    ],
)  # fmt: skip
def test_quantiles_are_those_of_the_published_tables(
    confidence: float, freedom: int, quantile: float
) -> None:
    assert round(two_sided(confidence, freedom), 3) == quantile


@given(st.floats(0.5, 0.999), st.integers(1, 400))
def test_a_quantile_leads_back_to_its_probability(confidence: float, freedom: int) -> None:
    assert abs(within(two_sided(confidence, freedom), freedom) - confidence) < 1e-9
    assert two_sided(confidence, freedom + 1) < two_sided(confidence, freedom)


def test_an_interval_is_worked_out_as_by_hand() -> None:
    """10, 20 and 30 of 12 files: s = 10, t = 4.3027 with 2 degrees, √(1 - 3/12) = 0.8660; half is 21.513."""
    found = estimated([10, 20, 30], population=12)
    assert (found.mean, found.size, found.population) == (Fraction(20), 3, 12)
    assert found.interval is not None
    low, high = found.interval
    assert (low, round(high, 3)) == (0, 41.513)
    assert estimated([10, 20], population=2) == Estimate(found.mean - 5, 2, 2, (15.0, 15.0))
    assert estimated([7], population=9).interval is None


# Three in four are decided within a month, the others take up to half a year: as uneven as such delays are.
POPULATION = [(7 * number) % 30 + 1 if number % 4 else 30 + (11 * number) % 150 for number in range(200)]
DELAYS = {UUID(int=number): days for number, days in enumerate(POPULATION)}


def coverage(size: int, *, narrowed: float = 1.0) -> float:
    """How often the interval of a sample holds the mean of all, of 600 samples."""
    mean = float(sum(POPULATION) / len(POPULATION))
    held = 0
    for seed in seeds(600):
        found = estimated(
            [DELAYS[one] for one in drawn(DELAYS, size=size, seed=seed)], population=len(POPULATION)
        )
        assert found.interval is not None
        half = (found.interval[1] - float(found.mean)) * narrowed
        held += abs(float(found.mean) - mean) <= half
    return held / 600


@pytest.mark.parametrize("size", [30, 100])
def test_the_interval_holds_the_mean_of_all_about_as_often_as_it_says(size: int) -> None:
    assert 0.92 <= coverage(size) <= 0.98


def test_a_narrower_interval_is_seen_to_hold_it_less_often() -> None:
    """The detector is able to fail: without Student's quantile and the rest, half as wide."""
    assert coverage(30, narrowed=0.5) < 0.75
