"""Browsers of those who keep supports and of those who hand them out."""

from tests.web.referrals.conftest import as_

__all__ = ["as_"]  # a fixture
