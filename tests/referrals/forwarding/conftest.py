"""A convention with a second way of the same text, for every test of this sub-room."""

import pytest

from tests.referrals.world import FAR_AHEAD, FLOW, Signed, sign_convention

OTHER = {**FLOW, "key": "orientation_bis"}
ELSEWHERE = "flows.orientation_bis"


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, with a second open flow to the same caisse."""
    found = sign_convention({"key": OTHER["key"], "label": "Seconde voie"})
    found.publish(until=FAR_AHEAD, flows=(FLOW, OTHER))
    return found
