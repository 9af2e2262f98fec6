"""The conventions of the demonstration, and browsers of the people who read them."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from maillage.demo.conventions import convention_id
from maillage.organisations.models import User
from tests.conventions.kept import kept
from tests.demonstrated import concluded, stores

__all__ = ["concluded", "kept", "stores"]

Signs = Callable[[str], Client]
CAISSE, CARSAT, PARTNER = (
    "referente@cpam.example.org",
    "referente@carsat.example.org",
    "referent@ccas.example.org",
)
NATIONAL, CROIX_ROUGE = "nationale@cnam.example.org", "national@croix-rouge.example.org"
WORKER, DPO, STRANGER = "social@ccas.example.org", "dpo@cpam.example.org", "social@villexemple.example.org"
S0, S1, S2 = "prado_maternite_2016", "cnsa_2016_2019", "hopital_pass_modele"
S3, S4 = "ccas_montbrison_2024", "croix_rouge_cadre_2021"


def sheet(name: str) -> str:
    """The address of a convention's page, by the name of its text in the library."""
    return f"/conventions/{convention_id(name)}/"


def plain(answer: Any) -> str:
    """What a page says, its entities and non-breaking spaces made plain."""
    return html.unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def title(page: str) -> str:
    """The title of a page."""
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return found.group(1)


@pytest.fixture
def as_(concluded: Path, db: None) -> Signs:
    """A browser signed in as someone."""

    def sign_in(address: str) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend"
        )
        return client

    return sign_in
