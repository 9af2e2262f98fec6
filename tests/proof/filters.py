"""Each room's filter and the policies under it protect alone: one of the two taken away shows nothing, both make the probes turn red.

A try is a filter opened, the policies of its tables set aside, or both. `controls` counts what the probes saw without both.
A document is reached through the convention that holds it, a third protection: it is set aside in those tries, and left alone in one.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import transaction
from django.db.models import QuerySet

from maillage.cases import queries as cases
from maillage.cases import vigilance
from maillage.cases.models import Alert, Participation
from maillage.conventions.lifecycle import queries as conventions
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.solicitations import queries as solicitations
from maillage.conventions.solicitations.models import Solicitation
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.core.row_security.synchronise import declarations
from maillage.documents import actions as documents
from maillage.documents.models import Document
from maillage.organisations.directory.imports import working as imports
from maillage.organisations.member import Member
from maillage.organisations.models import DirectoryImport
from maillage.organisations.roles import Permission
from maillage.rights import queries as rights
from maillage.secondments import queries as secondments
from maillage.secondments.models import Secondment
from maillage.training import queries as training
from maillage.training.models import Session
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.reach import Findings, Visitor, probed
from tests.security.sampling import Sample
from tests.security.worlds import build

Rows = Callable[[Member], QuerySet[Any]]
Beside = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Filter:
    """A filter, what it gives once opened, the tables that it reads (by the beginning of their names), and what an address names.

    `beside` sets aside what else protects the same rows.
    """

    real: Rows
    opened: Rows
    tables: tuple[str, ...]
    argument: str
    beside: Beside | None = None


class _Any(dict[UUID, str]):
    """Documents of a convention: whatever is asked for is among them."""

    def __contains__(self, asked: object) -> bool:
        return True


def _whatever_holds_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("maillage.web.conventions.reading.documents.ids_of", lambda *_, **__: _Any())


def _alerts(member: Member) -> QuerySet[Alert]:
    rows = Alert.objects.order_by("-raised_at", "-id")
    return rows if member.may(Permission.READ_JOURNAL) else rows.none()


FILTERS = {
    "cases": Filter(
        cases.visible_to,
        lambda _: Participation.objects.all(),
        ("cases_", "referrals_", "beneficiaries_"),
        "case",
    ),
    "applications": Filter(
        rights.visible_to,
        lambda _: Participation.objects.filter(kind="application"),
        ("cases_", "rights_", "beneficiaries_"),
        "application",
    ),
    "alerts": Filter(vigilance.alerts_visible_to, _alerts, ("cases_",), "alert"),
    "conventions": Filter(
        conventions.visible_to, lambda _: Convention.objects.all(), ("conventions_",), "convention"
    ),
    "solicitations": Filter(
        solicitations.visible_to,
        lambda _: Solicitation.objects.select_related("convention", "caller", "called"),
        ("conventions_",),
        "solicitation",
    ),
    "imports": Filter(
        imports.visible_to,
        lambda _: DirectoryImport.objects.defer("content").order_by("-uploaded_at", "-id"),
        ("organisations_",),
        "directory_import",
    ),
    "secondments": Filter(
        secondments.visible_to,
        lambda _: Secondment.objects.select_related("caisse", "host", "authorisation"),
        ("secondments_", "cases_"),
        "secondment",
    ),
    "training": Filter(
        training.visible_to,
        lambda _: Session.objects.select_related("module", "organiser", "dedicated_to"),
        ("training_",),
        "session",
    ),
    "documents": Filter(
        documents.visible_to,
        lambda _: Document.objects.all(),
        ("documents_",),
        "document",
        _whatever_holds_it,
    ),
}
THIN = 16
THREE = [name for name, one in FILTERS.items() if one.beside]


@pytest.fixture(scope="module")
def inhabited(
    cluster: TestCluster, database_template: str, django_db_blocker: Any
) -> Iterator[tuple[DatabaseUrls, Visitor]]:
    """Two worlds in a database of this process. Every page is imported: one that came later would keep a filter that is open."""
    assert probed()
    with own_clone(cluster, database_template, django_db_blocker, "filters") as urls:
        yield urls, Visitor(*build(), thin=THIN)


@contextmanager
def _without_policies(urls: DatabaseUrls, beginnings: tuple[str, ...]) -> Iterator[None]:
    tables = [
        model._meta.db_table
        for model, access in declarations()
        if access.protected and model._meta.db_table.startswith(beginnings)
    ]
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())
        try:
            yield
        finally:
            for table in tables:
                owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY".encode())


def _open(which: Filter, patch: pytest.MonkeyPatch) -> None:
    """The filter opened wherever a module took it by its name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("maillage."):
            for word, value in list(vars(module).items()):
                if value is which.real:
                    patch.setattr(module, word, which.opened)


def _set_aside(which: Filter, patch: pytest.MonkeyPatch) -> None:
    if which.beside:
        which.beside(patch)


def _seen(visitor: Visitor, argument: str) -> list[str]:
    """Violations at the addresses that name such an object."""
    # Nothing remembered from another unit.
    visitor.findings, visitor.sample = Findings(), Sample(THIN)
    visitor.rows.forget()
    with transaction.atomic():
        for address in probed():
            if f"<uuid:{argument}>" in address.route:
                visitor.knock(address)
        transaction.set_rollback(True)
    assert visitor.findings.tried["404"] > 0
    return visitor.findings.violations


@pytest.mark.parametrize("name", FILTERS)
def test_without_the_filter_the_policies_still_protect(
    name: str, inhabited: tuple[DatabaseUrls, Visitor], monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    _open(FILTERS[name], monkeypatch)
    _set_aside(FILTERS[name], monkeypatch)
    tally.tried, tally.violations = 1, _seen(inhabited[1], FILTERS[name].argument)


@pytest.mark.parametrize("name", FILTERS)
def test_without_the_policies_the_filter_still_protects(
    name: str, inhabited: tuple[DatabaseUrls, Visitor], monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    urls, visitor = inhabited
    _set_aside(FILTERS[name], monkeypatch)
    with _without_policies(urls, FILTERS[name].tables):
        tally.tried, tally.violations = 1, _seen(visitor, FILTERS[name].argument)


@pytest.mark.parametrize("name", FILTERS)
def test_without_both_the_probes_turn_red(
    name: str, inhabited: tuple[DatabaseUrls, Visitor], monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    urls, visitor = inhabited
    _open(FILTERS[name], monkeypatch)
    _set_aside(FILTERS[name], monkeypatch)
    with _without_policies(urls, FILTERS[name].tables):
        seen = _seen(visitor, FILTERS[name].argument)
    tally.tried, tally.controls = 1, int(bool(seen))
    if not seen:
        tally.violations.append(f"nobody saw that nothing filters {name} any more")


@pytest.mark.parametrize("name", THREE)
def test_without_both_what_is_beside_still_protects(
    name: str, inhabited: tuple[DatabaseUrls, Visitor], monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    urls, visitor = inhabited
    _open(FILTERS[name], monkeypatch)
    with _without_policies(urls, FILTERS[name].tables):
        tally.tried, tally.violations = 1, _seen(visitor, FILTERS[name].argument)
