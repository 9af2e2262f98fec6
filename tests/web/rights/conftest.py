"""Browsers of both sides of an application, under the convention of a PASS."""

import pytest

from tests.rights.world import Signed, sign
from tests.web.referrals.conftest import as_

__all__ = ["as_"]  # a fixture


@pytest.fixture
def signed(db: None) -> Signed:
    """The convention of the PASS, in a transaction that the test rolls back."""
    return sign()
