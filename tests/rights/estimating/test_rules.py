"""Where a household stands against the ceilings: each case from the published tables, and what is never said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.rights.estimating.rules import LARGEST, Standing, estimate, zone_of

ON = date(2025, 11, 14)
ADULTS = [40] * LARGEST


@pytest.mark.parametrize(
    ("right", "resources", "people", "standing"),
    [
        ("c2s", 10339, 1, Standing.FREE),
        ("c2s", 10340, 1, Standing.SHARED),
        ("c2s", 13957, 1, Standing.SHARED),
        ("c2s", 13958, 1, Standing.ABOVE),
        ("c2s", 21711 + 2 * 4135, 6, Standing.FREE),
        ("c2s", 29311 + 2 * 5583 + 1, 6, Standing.ABOVE),
        ("ame", 15508, 2, Standing.FREE),
        (
            "ame",
            15509,
            2,
            Standing.ABOVE,
        ),  # nothing is shared: the ceiling of the free C2S alone (CASF L251-1)
    ],
)
def test_resources_are_compared_with_the_ceiling_of_the_household(
    right: str, resources: int, people: int, standing: Standing
) -> None:
    found = estimate(right, resources=resources, ages=ADULTS[:people], zone="metropole", on=ON)
    assert (found.standing, found.since, found.doubts) == (standing, date(2025, 4, 1), ())
    assert found.source


def test_a_contribution_is_the_sum_of_each_one_s() -> None:
    found = estimate("c2s", resources=24_000, ages=[8, 35, 71], zone="metropole", on=ON)
    assert (found.standing, found.monthly) == (Standing.SHARED, 8 + 14 + 30)
    assert estimate("c2s", resources=0, ages=[71], zone="metropole", on=ON).monthly is None


def test_what_no_source_gave_is_said_and_never_guessed() -> None:
    before = estimate("c2s", resources=0, ages=[40], zone=zone_of("974"), on=date(2022, 5, 1))
    assert (before.standing, before.free) == (Standing.UNKNOWN, None)
    overseas = estimate("ame", resources=10_653, ages=[40], zone=zone_of("974"), on=ON)
    assert (overseas.standing, overseas.since) == (Standing.FREE, date(2022, 7, 1))
    assert "31/03/2023" in overseas.doubts[0]
    large = estimate("c2s", resources=90_000, ages=[40, 40], zone="metropole", on=date(2024, 5, 1))
    assert (large.standing, len(large.doubts)) == (Standing.UNKNOWN, 1)
    between = estimate("c2s", resources=11_000, ages=[40], zone="metropole", on=date(2024, 5, 1))
    assert between.standing is Standing.UNKNOWN
    assert (
        estimate("ame", resources=11_000, ages=[40], zone="metropole", on=date(2024, 5, 1)).standing
        is Standing.ABOVE
    )
    assert (
        estimate("ame", resources=0, ages=[40], zone="metropole", on=date(2021, 1, 1)).standing
        is Standing.UNKNOWN
    )


def test_figures_that_are_past_their_year_are_the_last_known_and_said_so() -> None:
    found = estimate("c2s", resources=5_000, ages=[40], zone="metropole", on=date(2026, 11, 26))
    assert found.standing is Standing.FREE
    assert "31/03/2026" in found.doubts[0]


@pytest.mark.parametrize(("resources", "people"), [(-1, 1), (0, 0), (0, LARGEST + 1)])
def test_what_cannot_be_is_refused(resources: int, people: int) -> None:
    with pytest.raises(ValueError, match=r"ressources|foyer"):
        estimate("c2s", resources=resources, ages=[40] * people, zone="metropole", on=ON)


@given(
    st.integers(0, 60_000), st.integers(0, 20_000), st.integers(1, LARGEST), st.sampled_from(["c2s", "ame"])
)
def test_more_resources_never_help_and_one_more_person_never_harms(
    resources: int, more: int, people: int, right: str
) -> None:
    order = [Standing.FREE, Standing.SHARED, Standing.ABOVE]

    def rank(euros: int, size: int) -> int:
        ages = ADULTS[:size]
        return order.index(estimate(right, resources=euros, ages=ages, zone="metropole", on=ON).standing)

    assert rank(resources + more, people) >= rank(resources, people)
    if people < LARGEST:
        assert rank(resources, people + 1) <= rank(resources, people)
