"""A convention in force, for every test of this room."""

import pytest

from tests.referrals.world import Signed, sign_convention


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, in a transaction that the test rolls back."""
    return sign_convention()
