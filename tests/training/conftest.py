"""A convention in force and a module of its caisse."""

import pytest

from tests.training.world import Taught, teach


@pytest.fixture
def taught(db: None) -> Taught:
    """In a transaction that the test rolls back."""
    return teach()


@pytest.fixture
def committed(fresh_database: object) -> Taught:
    """The same, committed in a database of this test's own."""
    return teach()
