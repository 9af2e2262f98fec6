"""A local action proposed at the national level from its page, and the page where whoever holds the text reads them all."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.steering.local_actions.models import LocalAction
from tests.conventions.people import CCAS, CNAM, CPAM, CROIX_ROUGE, STRANGER, WORKER
from tests.indicators.campaigns.world import framework, implement
from tests.steering.local_actions.test_actions import analysed, described
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
NATIONAL = 14
"""Questions of the national page, with the ends of the transaction."""


def sends(person: Client, where: str, **values: Any) -> str:
    return plain(person.post(where, {"token": str(uuid7()), **values}, follow=True))


def text(person: Client, where: str, status: int = 200) -> str:
    answer = person.get(where)
    assert answer.status_code == status
    return plain(answer)


@pytest.fixture
def national(s3: UUID) -> UUID:
    """A national text that the CCAS's convention implements."""
    new = framework()
    implement(s3, new, at=now())
    return new


@pytest.fixture
def action(s3: UUID, national: UUID) -> LocalAction:
    return analysed(described(s3).pk)


def said(national: UUID, **changes: str) -> dict[str, str]:
    return {
        "framework": str(national),
        "theme": "digital",
        "title": "Permanence numérique",
        "outcome": "Des comptes ouverts.",
        **changes,
    }


@pytest.mark.long
def test_an_action_is_proposed_read_at_the_national_level_and_taken_back(
    as_: Signs, s3: UUID, national: UUID, action: LocalAction
) -> None:
    """By its pages, what test_whoever_holds_the_text_reads_the_words_of_the_parties_and_where_the_action_stands proves."""
    partner, there = as_(CCAS), f"/comites/{national}/actions-proposees/"
    listed = f"/comites/{s3}/actions-locales/"
    where = f"/comites/actions-locales/{action.pk}/proposition/"
    assert where in text(partner, listed)
    asked = text(partner, where)
    assert "Cent personnes informées" in asked  # what was said of it, to be said again
    assert "rien d’autre" in asked
    refused = sends(partner, where, **said(national, theme="", outcome="Appelez le 06 12 34 56 78"))
    assert "Choisissez une réponse." in refused
    assert 'value="Permanence numérique"' in refused
    assert "06 12 34 56 78" in refused
    assert "Action proposée au niveau national." in sends(partner, where, **said(national))
    assert "Proposée au niveau national" in text(partner, listed)
    page = text(as_(CNAM), there)
    for expected in (
        "Inclusion numérique : 1 action",
        "Permanence numérique",
        "Des comptes ouverts.",
        "Analysée, en attente d’arbitrage",
        "CCAS de Montbrison (42)",
    ):
        assert expected in page, expected
    for kept in ("Permanence au marché", "Cent personnes informées", "Douze permanences"):
        assert kept not in page, kept
    assert "Permanence numérique" in text(as_(CNAM), f"{there}?etat=analysed")
    for state in ("kept", "rolled_out", "refused"):
        assert "Aucune action proposée" in text(as_(CNAM), f"{there}?etat={state}")
    assert "Permanence numérique" in text(as_(CNAM), f"{there}?etat=danse")
    assert "Proposition retirée" in sends(partner, f"{where}retrait/")
    assert "Aucune action proposée" in text(as_(CNAM), there)
    assert "plus proposée" in sends(partner, f"{where}retrait/")


def test_only_whoever_holds_the_national_text_reads_its_page(as_: Signs, s3: UUID, national: UUID) -> None:
    there = f"/comites/{national}/actions-proposees/"
    text(as_(CROIX_ROUGE), there, status=403)
    for who in (CPAM, CCAS, STRANGER):
        text(as_(who), there, status=404)
    assert as_(CPAM).get(f"/comites/{s3}/actions-proposees/").status_code == 302  # it holds a local text
    assert there in text(as_(CNAM), f"/conventions/{national}/")


def test_an_action_is_not_proposed_where_no_text_stands_above_nor_by_a_worker(as_: Signs, s3: UUID) -> None:
    row = analysed(described(s3).pk)
    where = f"/comites/actions-locales/{row.pk}/proposition/"
    assert where not in text(as_(CCAS), f"/comites/{s3}/actions-locales/")
    assert "aucun texte national" in plain(as_(CCAS).get(where, follow=True))
    assert as_(WORKER).get(where).status_code == 403
    assert as_(STRANGER).get(where).status_code == 404


def test_the_national_page_asks_as_many_questions_whatever_was_proposed(
    as_: Signs, s3: UUID, national: UUID, action: LocalAction
) -> None:
    client, there = as_(CNAM), f"/comites/{national}/actions-proposees/"
    text(client, there)
    with CaptureQueriesContext(connection) as before:
        text(client, there)
    for one in (action, analysed(described(s3).pk)):
        sends(as_(CCAS), f"/comites/actions-locales/{one.pk}/proposition/", **said(national))
    with CaptureQueriesContext(connection) as after:
        assert text(client, there).count("Permanence numérique") == 2
    assert len(after) == len(before) <= NATIONAL
