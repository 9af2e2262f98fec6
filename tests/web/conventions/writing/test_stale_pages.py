"""A page of a draft shown before someone proposed, signed or saved elsewhere: nothing is taken back without being asked."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from maillage.conventions.drafting.proposing import propose, take_back
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.signatures.models import Signature
from maillage.core.clock import now
from tests.conventions.people import CARSAT, CCAS, CPAM, S3, member, proposed, seen, sign_as
from tests.days import PARIS
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


@pytest.fixture(scope="module")
def draft(kept: Path) -> UUID:
    """S3, ready to be proposed: taken back without a change."""
    new = proposed(S3, TODAY - timedelta(days=3))
    with member(CPAM, TODAY) as drafter:
        take_back(convention=seen(drafter, new), by=drafter, at=TODAY)
    return new


def propose_again(convention: UUID) -> None:
    with member(CPAM, TODAY) as drafter:
        propose(convention=seen(drafter, convention), by=drafter, at=TODAY)


def state(convention: UUID) -> tuple[str, int]:
    """The state, and how many signatures hold."""
    with member(CPAM, TODAY) as reader:
        known = load(seen(reader, convention))
        return known.row.state, Signature.objects.filter(convention=convention, voided_at=None).count()


def question(person: Client, convention: UUID) -> tuple[str, str, dict[str, str]]:
    """The address of a page of blanks, the name of a text field on it, and what the page posts for its hidden field."""
    for number in range(1, 12):
        where = f"/conventions/{convention}/redaction/blancs/?article={number}"
        page = person.get(where)
        if names := re.findall(r'<textarea name="(q\d+)"', plain(page)):
            return where, names[0], {"seen": hidden(page, "seen")}
    raise AssertionError("no question")


def test_a_page_older_than_the_proposal_takes_nothing_back(as_: Signs, draft: UUID) -> None:
    caisse = as_(CPAM)
    where, name, old = question(caisse, draft)
    propose_again(draft)
    sign_as(draft, CARSAT, TODAY)
    answer = caisse.post(where, {**old, name: "Mots de l’autre onglet"})
    assert "proposé aux parties et signé entre-temps : rien n’est enregistré" in plain(answer)
    assert "Mots de l’autre onglet" in plain(answer)
    assert "j’annule la signature de CARSAT RA" in plain(answer)
    assert state(draft) == ("partly_signed", 1)
    kept = {"seen": hidden(answer, "seen"), name: "Mots de l’autre onglet"}
    assert "Cochez cette case" in plain(caisse.post(where, kept))
    assert state(draft) == ("partly_signed", 1)
    assert caisse.post(where, {**kept, "voids": "on"}).status_code == 302
    assert state(draft) == ("draft", 0)


def test_an_agreement_given_before_a_signature_does_not_cover_it(as_: Signs, draft: UUID) -> None:
    caisse = as_(CPAM)
    propose_again(draft)
    where, name, old = question(caisse, draft)
    sign_as(draft, CCAS, TODAY)
    answer = plain(caisse.post(where, {**old, name: "Autre chose", "voids": "on"}))
    assert "proposé aux parties et signé entre-temps" in answer
    assert not re.search(r'name="voids"[^>]*checked', answer)
    assert state(draft) == ("partly_signed", 1)


def test_a_page_older_than_another_save_writes_over_nothing(as_: Signs, draft: UUID) -> None:
    caisse = as_(CPAM)
    where, name, old = question(caisse, draft)
    assert caisse.post(where, {**old, name: "Premier onglet"}).status_code == 302
    answer = plain(caisse.post(where, {**old, name: "Second onglet"}))
    assert "enregistré ailleurs" in answer
    assert "Second onglet" in answer
    assert "Premier onglet" in plain(caisse.get(where))
    assert caisse.post(where, {**old, name: "Premier onglet"}).status_code == 302  # a double click


def test_a_page_that_does_not_say_what_it_showed_writes_nothing(as_: Signs, draft: UUID) -> None:
    caisse = as_(CPAM)
    where, name, _ = question(caisse, draft)
    for forged in ("", "draft", "draft.0.", "..."):
        assert "rien n’est enregistré" in plain(caisse.post(where, {"seen": forged, name: "Autre chose"}))
    assert "Autre chose" not in plain(caisse.get(where))


def test_a_text_taken_back_is_seen_by_nobody_else_and_the_page_says_so(as_: Signs, draft: UUID) -> None:
    assert "les autres parties ne le voient pas" in plain(as_(CPAM).get(f"/conventions/{draft}/"))
    for who in (CCAS, CARSAT):
        assert as_(who).get(f"/conventions/{draft}/").status_code == 404
    propose_again(draft)
    assert as_(CCAS).get(f"/conventions/{draft}/").status_code == 200
