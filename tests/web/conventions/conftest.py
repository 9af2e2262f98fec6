"""The conventions of the demonstration, and browsers of the people who read them."""

import html
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.demo.conventions import convention_id, load_conventions
from maillage.organisations.models import User
from tests.conftest import pointing_at
from tests.conventions.kept import kept

__all__ = ["kept"]

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


@pytest.fixture(scope="session")
def demonstrated(
    cluster: TestCluster,
    database_template: str,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[DatabaseUrls, Path]]:
    """All the conventions of the demonstration, entered once a process in a database of their own, and their stores."""
    name, folder = f"clone_demonstrated_{os.getpid()}", tmp_path_factory.mktemp("demonstrated")
    urls = cluster.clone_database(database_template, name)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), pointing_at(urls):
        patch.setattr(settings, "KEY_STORE", folder / "keys")
        patch.setattr(settings, "DOCUMENT_STORE", folder / "documents")
        load_conventions()
    yield urls, folder
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def concluded(
    django_db_setup: None,
    demonstrated: tuple[DatabaseUrls, Path],
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """All the conventions of the demonstration, for the tests of a module; each test rolls back to here."""
    urls, entered = demonstrated
    folder = tmp_path_factory.mktemp("stores")
    shutil.copytree(entered, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), pointing_at(urls):
        patch.setattr(settings, "KEY_STORE", folder / "keys")
        patch.setattr(settings, "DOCUMENT_STORE", folder / "documents")
        with transaction.atomic():
            yield folder
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def stores(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stores of the module's conventions, else the test's own."""
    if "concluded" not in request.fixturenames:
        monkeypatch.setattr(settings, "KEY_STORE", tmp_path / "keys")
        monkeypatch.setattr(settings, "DOCUMENT_STORE", tmp_path / "documents")


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
