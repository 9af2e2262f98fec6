"""Browsers of the people of a referral, in a convention in force."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from maillage.organisations.models import User
from tests.referrals.world import Signed, sign_convention


def plain(answer: Any) -> str:
    """What a page says, its non-breaking spaces made plain."""
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


def title(page: str) -> str:
    """The title of a page."""
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return found.group(1)


Signs = Callable[[str], Client]


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, in a transaction that the test rolls back."""
    return sign_convention()


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
