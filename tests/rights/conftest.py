"""The design's own cases are collected only where its folder stands beside the project; a convention in force for the others."""

import pytest

from tests.conventions.conftest import SHARED_VECTORS
from tests.rights.world import Signed, sign

collect_ignore = [] if SHARED_VECTORS.exists() else ["clocks/test_shared_vectors.py"]


@pytest.fixture
def signed(db: None) -> Signed:
    """The convention of the PASS, in a transaction that the test rolls back."""
    return sign()


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    """The same convention, committed in a database of this test's own."""
    return sign()
