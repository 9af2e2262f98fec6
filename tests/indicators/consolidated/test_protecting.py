"""What is released of many conventions: nothing of a few people can be computed, totals are true, the same input gives the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.catalogue.measures import MEASURED
from maillage.conventions.terms.steering import AnswerKind
from maillage.indicators.consolidated.protecting import ALL, NATION, Cell, Ground, released
from maillage.indicators.consolidated.series import Contribution, SeriesKey, series_of, totals
from maillage.indicators.disclosure.sensitive import Policy
from maillage.indicators.figures import Figure
from tests.indicators.consolidated.sums import numbered, sums
from tests.indicators.disclosure.attacker import computed

ENDED, DONE, NOT_DONE = "care_ended", "care_done", "care_not_done"
ALONE = Policy(partners=1, largest_share=1.0)
"""Small counts alone are sensitive."""
LINKS = [(SeriesKey(ENDED), SeriesKey(DONE), SeriesKey(NOT_DONE))]


def figure(code: str, value: int) -> Figure:
    return Figure(code, "", "", code, AnswerKind.NUMBER, value, value, MEASURED[code])


def convention(name: str, done: int, not_done: int, caisse: str = "42", network: str = "ccas") -> Contribution:  # fmt: skip
    region = "84" if caisse in {"42", "69", "38"} else "11"
    return Contribution(
        name, caisse, region, network,
        (figure(ENDED, done + not_done), figure(DONE, done), figure(NOT_DONE, not_done)),
    )  # fmt: skip


def by_place(cells: list[Cell]) -> dict[tuple[str, str, str], int | None]:
    return {(one.key.question, one.territory, one.network): one.amount for one in cells}


MANY = [
    convention(f"{caisse}-{network}-{rank}", 40 + 7 * rank, 12 + rank, caisse, network)
    for caisse in ("42", "69", "38", "75", "92")
    for network in ("ccas", "hospital")
    for rank in range(4)
]


def test_large_counts_of_many_conventions_are_all_published() -> None:
    cells = released(MANY)
    assert all(one.amount is not None for one in cells)
    assert by_place(cells)[ENDED, NATION, ALL] == totals(series_of(MANY))[SeriesKey(ENDED)]


def test_a_small_count_hides_others_with_it_and_no_total_changes() -> None:
    few = [one for one in MANY if not one.convention.startswith("42-ccas")]
    few += [convention(f"small-{rank}", 1, 1) for rank in range(4)]
    found = by_place(released(few))
    assert found[ENDED, "42", "ccas"] is None
    assert found[ENDED, "42", "hospital"] is None or found[ENDED, "42", ALL] is None
    for code in (ENDED, DONE, NOT_DONE):
        assert found[code, NATION, ALL] == totals(series_of(few))[SeriesKey(code)]


def test_a_cell_of_one_or_two_conventions_is_not_published() -> None:
    found = by_place(released([*MANY, convention("alone", 900, 100, "38", "association")]))
    assert found[ENDED, "38", "association"] is None


def test_the_series_of_a_family_hide_the_same_cells() -> None:
    uneven = [*MANY, *(convention(f"u{rank}", 60, 1 if rank else 0, "75", "association") for rank in range(4))]  # fmt: skip
    found = by_place(released(uneven))
    masks = [
        {(where, network) for (code, where, network), amount in found.items() if code == one and amount is None}
        for one in (ENDED, DONE, NOT_DONE)
    ]  # fmt: skip
    assert masks[0] == masks[1] == masks[2] != set()


def test_counts_of_no_people_are_never_hidden() -> None:
    guides = [Contribution(f"g{rank}", "42", "84", "caf", (figure("guides_given", 1),)) for rank in range(2)]
    assert [one.amount for one in released(guides) if one.territory == "42"] == [2, 2]


def test_the_same_conventions_in_another_order_give_the_same_release() -> None:
    few = [convention(f"c{rank}", rank, rank % 3, ("42", "69", "75")[rank % 3]) for rank in range(12)]
    key = lambda one: (one.key.question, one.territory, one.network)  # noqa: E731
    assert sorted(released(few), key=key) == sorted(released(few[::-1]), key=key)


def test_nothing_is_released_of_no_convention() -> None:
    assert released([]) == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.integers(0, 30),
            st.sampled_from(["42", "69", "75", "92"]),
            st.sampled_from(["ccas", "hospital"]),
        ),
        min_size=1,
        max_size=14,
    )
)
@settings(max_examples=15)
def test_an_attacker_who_knows_every_sum_computes_no_hidden_cell(
    drawn: list[tuple[int, int, str, str]],
) -> None:
    contributions = [
        convention(f"c{rank}", done, not_done, caisse, network)
        for rank, (done, not_done, caisse, network) in enumerate(drawn)
    ]
    cells, ground = released(contributions, ALONE), Ground.of(contributions)
    assert computed(sums(ground, cells, LINKS), unknown(contributions, cells)) == set()


def unknown(contributions: list[Contribution], cells: list[Cell]) -> set[int]:
    """The numbers that are hidden and count somebody: whoever attacks is given every zero, which he often works out."""
    true = [one.amount for one in released(contributions, Policy(threshold=0, partners=0, largest_share=1.0))]
    return {place for place, one in enumerate(cells) if one.amount is None and true[place]}


def test_a_zero_hidden_with_the_others_of_its_family_gives_none_of_them_away() -> None:
    """« Not done » counts five in one place of a square and nobody in its three others: were these four hidden alone, zeros would
    give the five."""
    done = {("42", "ccas"): 3, ("42", "hospital"): 30, ("69", "ccas"): 30, ("69", "hospital"): 6}
    not_done = {("42", "ccas"): 5}
    places = [
        (caisse, network) for caisse in ("42", "69", "38") for network in ("ccas", "hospital", "association")
    ]
    square = [
        convention(
            f"{caisse}-{network}",
            done.get((caisse, network), 0),
            not_done.get((caisse, network), 0),
            caisse,
            network,
        )
        if (caisse, network) in done
        else convention(f"{caisse}-{network}", 50, 20, caisse, network)
        for caisse, network in places
    ]
    cells, ground = released(square, ALONE), Ground.of(square)
    assert by_place(cells)[NOT_DONE, "42", "ccas"] is None
    assert computed(sums(ground, cells, LINKS), unknown(square, cells)) == set()
    of_four = {numbered(cells)[SeriesKey(NOT_DONE), *place] for place in done}
    alone = {place for place in unknown(square, cells) if place in of_four}
    assert len(alone) == 1
    assert computed(sums(ground, cells, LINKS), alone) == alone


@pytest.mark.parametrize("code", [DONE, NOT_DONE])
def test_the_attacker_finds_a_cell_that_is_hidden_alone(code: str) -> None:
    cells = released(MANY)
    alone = numbered(cells)[SeriesKey(code), "42", "ccas"]
    assert computed(sums(Ground.of(MANY), cells, LINKS), {alone}) == {alone}
