"""More worlds than two can be made: the lines of `make proof` knock at a dozen."""

import pytest

from tests.proof.worlds import many_worlds

OTHERS = 4  # two of them of one caisse


@pytest.mark.long
@pytest.mark.security
def test_worlds_beside_the_first_two_are_filled_as_they_are(db: None) -> None:
    """More of the worlds at which test_everybody_reaches_what_is_theirs_and_nothing_else knocks."""
    here, *others = many_worlds(OTHERS)
    assert len(others) == OTHERS + 1
    assert len({world.parties["cpam"] for world in others}) < len(others)
    for world in others:
        assert world.ids.keys() == here.ids.keys()
        assert all(
            world.ids[kind] != here.ids[kind] for kind in ("convention", "case", "document", "support")
        )
