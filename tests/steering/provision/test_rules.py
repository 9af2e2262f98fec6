"""Chain-ladder and Mack's error: the published example, constant factors, what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.steering.provision.rules import (
    FEWEST,
    FEWEST_FOR_ERROR,
    Triangle,
    estimate,
    faults,
    gap,
    remarks,
    root,
    summed,
)

TAYLOR_ASHE = (
    (357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463),
    (352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085),
    (290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315),
    (310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268),
    (443160, 1136350, 2128333, 2897821, 3402672, 3873311),
    (396132, 1333217, 2180715, 2985752, 3691712),
    (440832, 1288463, 2419861, 3483130),
    (359480, 1421128, 2864498),
    (376686, 1363294),
    (344014,),
)
"""Payments of G. Taylor and F. Ashe, « Second moments of estimates of outstanding claims », Journal of Econometrics 23 (1983)."""
RESERVES = (0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811)
ERRORS = (0, 75535, 121699, 133549, 261406, 411010, 558317, 875328, 971258, 1363155)
"""Chain-ladder reserves and standard errors that T. Mack published for them (ASTIN Bulletin 23, 1993, tables 3 and 4): in all
18 680 856 and 2 447 095, which is 13 %."""


def triangle(rows: tuple[tuple[int, ...], ...], first: int = 2015) -> Triangle:
    return Triangle(first, rows)


def built(starts: list[int], factors: list[int]) -> Triangle:
    """Each year grows by the same whole factors."""
    rows = []
    for place, start in enumerate(starts):
        row = [start]
        for factor in factors[: len(starts) - 1 - place]:
            row.append(row[-1] * factor)
        rows.append(tuple(row))
    return triangle(tuple(rows))


def test_the_published_example_is_found_again() -> None:
    found = estimate(triangle(TAYLOR_ASHE))
    assert tuple(one.reserve for one in found.origins) == RESERVES
    assert tuple(one.error for one in found.origins) == ERRORS
    assert (found.reserve, found.error) == (18_680_856, 2_447_095)
    assert [round(100 * (one.error or 0) / one.reserve) for one in found.origins[1:]] == [
        80, 26, 19, 27, 29, 26, 22, 23, 29,
    ]  # fmt: skip


def test_the_published_factors_are_found_again() -> None:
    found = [round(float(one), 3) for one in estimate(triangle(TAYLOR_ASHE)).factors]
    assert found == [3.491, 1.747, 1.457, 1.174, 1.104, 1.086, 1.054, 1.077, 1.018]


@given(st.data())
def test_constant_factors_come_back_exactly_without_any_error(data: st.DataObject) -> None:
    size = data.draw(st.integers(FEWEST_FOR_ERROR, 9))
    starts = data.draw(st.lists(st.integers(1, 10**9), min_size=size, max_size=size))
    factors = data.draw(st.lists(st.integers(1, 5), min_size=size - 1, max_size=size - 1))
    found = estimate(built(starts, factors))
    assert found.factors == tuple(map(Fraction, factors))
    whole = 1
    for factor in factors:
        whole *= factor
    assert [one.ultimate for one in found.origins] == [start * whole for start in starts]
    assert found.error == 0
    assert all(one.error == 0 for one in found.origins)


CELLS = st.integers(1, 10**12)


@given(st.data())
def test_the_whole_is_the_sum_of_its_years_to_the_rounding_and_nothing_is_left_of_the_first(
    data: st.DataObject,
) -> None:
    size = data.draw(st.integers(FEWEST, 8))
    rows = tuple(tuple(data.draw(CELLS) for _ in range(size - place)) for place in range(size))
    found = estimate(triangle(rows))
    assert abs(found.reserve - sum(one.reserve for one in found.origins)) <= size
    first = found.origins[0]
    assert (first.reserve, first.paid) == (0, first.ultimate)
    if size >= FEWEST_FOR_ERROR:
        assert found.error is not None
        assert found.error >= max((one.error or 0) for one in found.origins) - 1
    else:
        assert found.error is None


@given(st.data(), st.integers(2, 1000))
def test_amounts_in_another_unit_give_the_same_in_that_unit(data: st.DataObject, unit: int) -> None:
    size = data.draw(st.integers(FEWEST_FOR_ERROR, 6))
    rows = tuple(tuple(data.draw(CELLS) for _ in range(size - place)) for place in range(size))
    one, other = (
        estimate(triangle(rows)),
        estimate(triangle(tuple(tuple(cell * unit for cell in row) for row in rows))),
    )
    assert one.factors == other.factors
    assert abs(other.reserve - one.reserve * unit) <= unit
    assert abs((other.error or 0) - (one.error or 0) * unit) <= unit


@pytest.mark.parametrize(
    ("first", "rows", "told"),
    [
        (2020, [[1, 2], [1]], "de 3 à 20 années"),
        (1980, [[1, 2, 3], [1, 2], [1]], "de 1990"),
        (2020, [[1, 2, None], [1, 2], [1]], "Année 2020, fin 2022 : il manque"),
        (2020, [[1, 2, 3], [1, -2], [1]], "Année 2021, fin 2022 : un cumul payé n’est pas négatif"),
        (2020, [[1, 2, 3], [0, 2], [1]], "Année 2021, fin 2021 : un cumul nul"),
        (2020, [[1, 2, 3], [1, 2, 3], [1]], "Année 2021 : 2 montants au plus"),
        (2020, [[1, 2, 3], [1], [1]], "Année 2021, fin 2022 : il manque"),
        (2020, [[1, 2, 10**16], [1, 2], [1]], "trop grand"),
    ],
)
def test_what_is_no_triangle_is_said_cell_by_cell(
    first: int, rows: list[list[int | None]], told: str
) -> None:
    assert told in " ".join(faults(first, rows))


def test_a_triangle_with_empty_cells_beyond_its_edge_is_one() -> None:
    assert faults(2020, [[1, 2, 3], [1, 2, None], [1, None, None]]) == []


def test_a_sum_that_falls_is_told_and_taken() -> None:
    (said,) = remarks(triangle(((100, 90, 95), (100, 110), (100,)), 2020))
    assert "fin 2020" in said
    assert "baisse" in said


def test_payments_of_each_year_are_summed_up_to_the_first_that_misses() -> None:
    assert summed([[1, 2, 3], [1, None, 3]]) == ((1, 3, 6), (1, None, None))


def test_the_gap_is_told_in_standard_errors() -> None:
    found = estimate(triangle(TAYLOR_ASHE))
    difference, errors = gap(found, found.reserve + 2 * (found.error or 0))
    assert (difference, errors) == (2 * 2_447_095, Fraction(2))
    assert gap(estimate(built([1, 1, 1, 1], [2, 2, 2])), 10)[1] is None


@given(st.fractions(0, 10**20))
def test_a_root_is_the_nearest_whole(squared: Fraction) -> None:
    found = root(squared)
    assert abs(Fraction(2 * found) ** 2 - 4 * squared) <= 4 * found + 1
