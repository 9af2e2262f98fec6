"""Browsers of both sides of a training."""

from tests.training.conftest import taught
from tests.web.referrals.conftest import as_

__all__ = ["as_", "taught"]  # fixtures
