"""Browsers of the people of a convention in force."""

from tests.web.referrals.conftest import as_, signed

__all__ = ["as_", "signed"]
