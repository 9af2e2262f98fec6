"""The conventions of the demonstration, for tests that start from them; the session's `demonstrated` entered them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from maillage.core.database.testing import TestCluster
from tests.conftest import Groundwork, pointing_at


@pytest.fixture(scope="module")
def concluded(
    django_db_setup: None,
    cluster: TestCluster,
    demonstrated: Groundwork,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """All the conventions of the demonstration, for the tests of a module; each test rolls back to here."""
    folder = tmp_path_factory.mktemp("stores")
    shutil.copytree(demonstrated.stores, folder, dirs_exist_ok=True)
    urls = cluster.urls(demonstrated.database)
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
