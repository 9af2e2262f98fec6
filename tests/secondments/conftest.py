"""A convention in force and an agent lent under it."""

import pytest

from tests.secondments.world import Lent, lend


@pytest.fixture
def lent(db: None) -> Lent:
    """In a transaction that the test rolls back."""
    return lend()


@pytest.fixture
def committed(fresh_database: object) -> Lent:
    """The same, committed in a database of this test's own."""
    return lend()
