"""Browsers of the people of a convention being written."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from maillage.organisations.models import User

Signs = Callable[[str], Client]


def plain(answer: Any) -> str:
    """What a page says, its non-breaking spaces made plain."""
    text = answer.content.decode()
    for code in ("\u00a0", "\u202f", "&nbsp;"):
        text = text.replace(code, " ")
    return str(text)


def hidden(answer: Any, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, name
    return found.group(1)


def writes(person: Client, where: str, values: dict[str, Any], **others: Any) -> Any:
    """Someone opens a step of a draft, answers, and saves."""
    return person.post(where, {"seen": hidden(person.get(where), "seen"), **values}, **others)


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
