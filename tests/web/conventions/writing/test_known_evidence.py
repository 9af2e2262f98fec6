"""What Maillage noted by itself, on the page of the register: where it comes from, since when, its numbers for whoever may know them."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from maillage.conventions.commitments.rules import Numbers, Source
from maillage.conventions.commitments.showing import KnownFact, note_known
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from tests.conventions.people import CARSAT, CCAS, CPAM, S3, body, signed
from tests.days import PARIS
from tests.web.conventions.writing.conftest import Signs, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return signed(S3, TODAY - timedelta(days=40), TODAY - timedelta(days=30))


def note(convention: UUID, commitment: str, fact: KnownFact) -> bool:
    """The daily round notes it for the caisse."""
    caisse = body("cpam").id
    with transaction.atomic(), acting(organisation=caisse):
        known = load(Convention.objects.get(pk=convention))
        return note_known(
            known=known, commitment=commitment, fact=fact, organisation=caisse, by=None, at=now()
        )


def register(as_: Signs, reader: str, convention: UUID) -> str:
    return plain(as_(reader).get(f"/conventions/{convention}/engagements/"))


def test_a_support_is_named_with_its_page_and_said_to_be_noted_by_maillage(as_: Signs, s3: UUID) -> None:
    support = uuid7()
    fact = KnownFact(Source.SUPPORT, f"{support}/{uuid7()}", TODAY.date(), "Dépliant « Ses droits ».")
    assert note(s3, "supports_numeriques", fact)
    assert not note(s3, "supports_numeriques", fact), "the same fact gives one proof"
    for reader in (CPAM, CCAS, CARSAT):
        shown = register(as_, reader, s3)
        assert shown.count("Dépliant « Ses droits ». · <a") == 1
        assert "Noté par Maillage le" in shown
        assert "support publié dans la bibliothèque" in shown
        assert f'href="/supports/{support}/"' in shown
    assert "Retirer" not in register(as_, CCAS, s3)
    assert "Retirer" in register(as_, CPAM, s3)


def test_a_session_is_opened_by_who_held_it_alone(as_: Signs, s3: UUID) -> None:
    session = uuid7()
    assert note(
        s3,
        "sessions_information",
        KnownFact(Source.SESSION, str(session), TODAY.date(), "Séance du matin."),
    )
    assert f"/formations/seances/{session}/" in register(as_, CPAM, s3)
    other = register(as_, CCAS, s3)
    assert "Séance du matin." in other
    assert str(session) not in other


def test_numbers_are_read_by_the_sides_of_the_cases_and_by_nobody_else(as_: Signs, s3: UUID) -> None:
    numbers = Numbers(date(2026, 1, 1), date(2026, 3, 31), 9, 10)
    note_text = "Personnes contactées à temps, du 1er janvier au 31 mars 2026."
    assert note(
        s3,
        "supports_numeriques",
        KnownFact(Source.REFERRALS, "2026-01-01", TODAY.date(), note_text, numbers),
    )
    for reader in (CPAM, CCAS):
        assert "9 sur 10 orientations, 90,0 %" in register(as_, reader, s3)
    barred = register(as_, CARSAT, s3)
    assert note_text in barred
    assert "9 sur 10" not in barred
    assert "90,0 %" not in barred
    assert "Nombres réservés aux organismes qui échangent des données nominatives" in barred
