"""Browsers of the people who read and keep it."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from maillage.organisations.models import User

ADMIN, MANAGER, WORKER, STRANGER = (
    "admin@cpam.example.org",
    "annuaire@cnam.example.org",
    "social@ccas.example.org",
    "social@villexemple.example.org",
)
Signs = Callable[[str], Client]


def sign(address: str) -> Client:
    """A browser signed in as someone of the demonstration."""
    client = Client()
    client.force_login(User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend")
    return client


@pytest.fixture
def as_(db: None) -> Signs:
    """Browsers of a test that commits nothing."""
    return sign


def plain(answer: Any) -> str:
    """What a page says, its entities and non-breaking spaces made plain."""
    return html.unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")
