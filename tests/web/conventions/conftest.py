"""The conventions of the demonstration, and browsers of the people who read them."""

from collections.abc import Callable

import pytest
from django.test import Client

from maillage.demo.conventions import convention_id, load_conventions
from maillage.organisations.models import User

Signs = Callable[[str], Client]


@pytest.fixture
def world(db: None) -> None:
    """All the conventions of the demonstration, in a transaction that the test rolls back."""
    load_conventions()


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


def sheet(name: str) -> str:
    """The address of a convention's page, by the name of its text in the library."""
    return f"/conventions/{convention_id(name)}/"
