"""What the other loaders of the demonstration start from: its conventions, entered once a process."""

import pytest

from tests.conftest import Groundwork
from tests.demonstrated import concluded, stores

__all__ = ["concluded", "stores"]


@pytest.fixture(scope="module")
def groundwork(demonstrated: Groundwork) -> Groundwork:
    """The same, committed, for a test that has a database of its own."""
    return demonstrated
