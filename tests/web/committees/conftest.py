"""A convention signed by all, whose meetings the tests open; browsers of its parties' people."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from maillage.core.clock import now
from maillage.organisations.models import User
from tests.conventions.kept import kept, signed_s3
from tests.conventions.people import S3, signed
from tests.days import PARIS

__all__ = ["kept", "signed_s3"]

Signs = Callable[[str], Client]
TODAY = now().astimezone(PARIS)


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    """In force for a year and eleven months: its second yearly meeting is soon due."""
    return signed(S3, TODAY - timedelta(days=720), TODAY - timedelta(days=710))


@pytest.fixture
def as_(db: None) -> Signs:
    """A browser signed in as someone."""

    def sign_in(address: str) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend"
        )
        return client

    return sign_in
