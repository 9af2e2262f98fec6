"""A territory shown in its field is, sent back as it is, the same territory."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.organisations import territories
from maillage.web.directory.words import zones_as_typed, zones_said

ZONES = sorted(
    {
        *territories._read().places,
        *territories.departements(),
        *(f"R{one}" for one in territories.regions()),
        "FR",
    }
)


@pytest.mark.parametrize(
    ("zone", "typed"),
    [
        ("42147", "Montbrison (42)"),
        ("75101", "75101"),
        ("14058", "14058"),
        ("42", "42"),
        ("R84", "R84"),
        ("FR", "FR"),
    ],
    ids=["a commune", "an arrondissement", "a former commune", "a département", "a region", "the country"],
)
def test_a_zone_is_written_so_that_it_is_read_back(zone: str, typed: str) -> None:
    """By its name, « Paris 1er Arrondissement » leads to the whole of Paris: a sheet saved again would widen."""
    assert zones_as_typed((zone,)) == typed
    assert zones_said(typed) == ((zone,), [])


@settings(deadline=None)
@given(st.lists(st.sampled_from(ZONES), unique=True, max_size=8).map(tuple))
def test_any_territory_is_read_back(zones: tuple[str, ...]) -> None:
    assert zones_said(zones_as_typed(zones)) == (zones, [])
