"""Browsers of both sides of a secondment."""

from datetime import timedelta

import pytest

from maillage.core.clock import today
from maillage.web.presentation.dates import PARIS
from tests.secondments.world import Lent, lend
from tests.web.referrals.conftest import as_

__all__ = ["as_"]  # a fixture


@pytest.fixture
def lent(db: None) -> Lent:
    """An agent lent for a month already, in a transaction that the test rolls back."""
    return lend(since=today(PARIS) - timedelta(days=30))
