"""Browsers of the people of a referral, in a convention in force."""

from collections.abc import Callable

import pytest
from django.test import Client

from maillage.organisations.models import User
from tests.referrals.world import Signed, sign_convention

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
            User.objects.get(email=address), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign_in
