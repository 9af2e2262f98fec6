"""Worlds by the dozen, committed once per process: every probe is rolled back."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from maillage.core.database.testing import TestCluster
from tests.proof.clones import own_clone
from tests.proof.plugin import LINE
from tests.proof.worlds import many_worlds
from tests.security.conftest import plant_rows, planted  # noqa: F401 - fixtures of the units
from tests.security.reach import Findings, Visitor
from tests.security.worlds import PERSONAS, World

# Worlds beside the first two: distinct probes grow with them; the other lines reach their figures with fewer.
STRANGERS = 4  # how many of them slip into one request, others into the next
OTHERS = 16 if os.environ.get(LINE) == "S1" else 12


@pytest.fixture(autouse=True, scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One key store and one document store for all units of a process, in the place of one for each test."""
    root = tmp_path_factory.mktemp("stores")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "KEY_STORE", root / "keys")
        patch.setattr(settings, "DOCUMENT_STORE", root / "documents")
        yield root


@pytest.fixture(autouse=True, scope="session")
def silence() -> Iterator[None]:
    """A refusal is what the probes look for: half a million of them are no news in a log."""
    logger = logging.getLogger("django.request")
    before, logger.disabled = logger.disabled, True
    yield
    logger.disabled = before


@pytest.fixture(scope="session")
def worlds(
    cluster: TestCluster, database_template: str, stores: Path, django_db_blocker: Any
) -> Iterator[tuple[World, ...]]:
    """A world of the visitors' own and many others, in a database of this process."""
    with own_clone(cluster, database_template, django_db_blocker, "proof"):
        yield many_worlds(OTHERS)


@pytest.fixture(scope="session")
def everybody(worlds: tuple[World, ...]) -> Visitor:
    """Everybody's browsers, signed in once; everybody is curious and knocks as htmx does too."""
    addresses = tuple(persona.address for persona in PERSONAS)
    return Visitor(*worlds, curious=addresses, fragments=len(addresses), strangers=STRANGERS)


@pytest.fixture
def browsers(everybody: Visitor) -> Iterator[Visitor]:
    """The same for one unit, in a transaction that is rolled back."""
    everybody.findings = Findings()
    with transaction.atomic():
        yield everybody
        transaction.set_rollback(True)
