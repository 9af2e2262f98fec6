"""Browsers of a hospital whose convention carries files of rights."""

from uuid import UUID

import pytest
from django.test import Client

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.organisations.models import User
from maillage.rights.content import Content
from maillage.rights.preparing import Opened, begin, open_preparation
from tests.referrals.world import member, organisation
from tests.rights.world import HOSPITAL, PASS, Signed, sign
from tests.web.referrals.conftest import Signs, as_, plain
from tests.without_script import BACKEND

__all__ = ["Signs", "as_", "plain"]
COLLEAGUE = "deux@example.org"
"""Somebody of the same hospital, whose role prepares files too."""
HOME = "/droits/preparations/"


def at(preparation: UUID, slug: str) -> str:
    """The address of a step."""
    return f"{HOME}{preparation}/{slug}/"


def begun(**held: object) -> UUID:
    """A file with this content alone."""
    with member(PASS) as worker:
        return begin(token=uuid7(), content=Content(**held), by=worker, at=now())  # type: ignore[arg-type]  # its fields


def kept(preparation: UUID) -> Opened:
    """What it holds."""
    with member(PASS) as worker:
        return open_preparation(worker, preparation)


def signed_in(address: str) -> Client:
    """A browser signed in as someone, over whichever database the test has."""
    client = Client()
    client.force_login(User.objects.get(email=address), backend=BACKEND)
    return client


def colleague(as_: Signs) -> Client:
    """The browser of a colleague, for the hospital."""
    client = as_(COLLEAGUE)
    client.post("/organisme/", {"organisation": str(organisation(HOSPITAL).id)})
    return client


@pytest.fixture
def signed(db: None) -> Signed:
    """The convention of the PASS, in a transaction that the test rolls back."""
    return sign()


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    """The same convention, committed in a database of this test's own."""
    return sign()
