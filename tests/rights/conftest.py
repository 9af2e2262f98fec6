"""The design's own cases are collected only where its folder stands beside the project."""

import pytest

from tests.conventions.conftest import SHARED_VECTORS

collect_ignore = [] if SHARED_VECTORS.exists() else ["clocks/test_shared_vectors.py"]


@pytest.fixture
def signed(db: None) -> Signed:
    """The convention of the PASS, in a transaction that the test rolls back."""
    return sign()
