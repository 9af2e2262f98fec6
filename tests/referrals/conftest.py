"""A convention in force, for every test of this room."""

import pytest

from tests.referrals.world import Signed, sign_convention


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, in a transaction that the test rolls back."""
    return sign_convention()


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    """The same convention, committed in a database of this test's own."""
    return sign_convention()
