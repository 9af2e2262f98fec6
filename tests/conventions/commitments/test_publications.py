"""A support published is evidence of the commitments whose text names its kind and its service: at once, and once."""

from datetime import date
from uuid import UUID

import pytest
from django.db import transaction

from maillage.catalogue import queries
from maillage.catalogue.rules import Described, Span
from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.commitments.publications import publish, show_publications
from maillage.conventions.commitments.queries import register
from maillage.conventions.commitments.rules import Source, Standing
from maillage.conventions.commitments.showing import Noted, cancel_evidence
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from tests.catalogue.world import add as described
from tests.catalogue.world import draft, ended, published
from tests.catalogue.world import withdraw as withdrawn
from tests.conventions.people import CARSAT, CCAS, CPAM, body, member, swept, worker_process
from tests.days import today
from tests.referrals.world import Signed, sign_convention

LEAFLET = Described("leaflet", "Ses droits", "Quatre pages.", ("publics",), ("fr",))
SOCIAL = Described("leaflet", "Le service social", "Deux pages.", ("publics",), ("fr",), ("ssam",))
FORM = Described("form", "Demande de C2S", "Le formulaire.", ("publics",), ("fr",), ("c2s",))


class Undone(Exception):
    """The request failed after that."""


@pytest.fixture
def convention(fresh_database: object) -> UUID:
    return sign_convention().id


def sweep(convention: UUID, times: int = 1) -> None:
    """What the daily round does of a convention, so many times."""
    with worker_process():
        for _ in range(times):
            with transaction.atomic(), acting(organisation=body("cpam").id):
                show_publications(load(Convention.objects.get(pk=convention)), today())


def shown(convention: UUID, reader: str = CCAS) -> list[tuple[str, str, str, date]]:
    """What the reader's register shows, as key, party, note and day."""
    with member(reader, now()) as someone:
        lines = register(load(visible_to(someone).get(pk=convention)), today())
    return [
        (line.clause.key, one.party, one.note, one.day)
        for line in lines
        for one in line.evidence
        if one.source is Source.SUPPORT and not one.taken_back
    ]


def test_a_support_shows_the_commitments_of_who_published_it_once(convention: UUID) -> None:
    published(described=LEAFLET)
    sweep(convention, 3)
    [(key, party, note, day)] = shown(convention)
    assert (key, party, day) == ("supports_numeriques", "cpam", today())
    assert note == "Dépliant « Ses droits », version 1."
    assert shown(convention, CPAM) == shown(convention, CARSAT) == shown(convention)


def test_the_service_that_the_text_names_is_looked_at(convention: UUID) -> None:
    published(described=LEAFLET, by=CARSAT)
    published(described=SOCIAL, by=CARSAT)
    published(described=SOCIAL)  # the caisse does not owe it
    sweep(convention)
    named = [(key, party) for key, party, note, _ in shown(convention) if "service social" in note]
    assert sorted(named) == [
        ("communiquer_orientations_ssam", "carsat"),
        ("supports_numeriques", "carsat"),
        ("supports_numeriques", "cpam"),
    ]
    assert [key for key, _, note, _ in shown(convention) if "Ses droits" in note] == ["supports_numeriques"]


def test_a_kind_that_the_text_does_not_name_shows_nothing(convention: UUID) -> None:
    published(described=FORM)
    published(described=LEAFLET, by=CCAS)  # who owes no support
    sweep(convention)
    assert shown(convention) == []


def test_each_version_is_a_fact_and_one_published_before_the_convention_is_none(convention: UUID) -> None:
    support, _ = published(described=LEAFLET)
    version = draft(support, "2")
    sweep(convention)
    ended(version)
    sweep(convention)
    assert sorted(note for _, _, note, _ in shown(convention)) == [
        "Dépliant « Ses droits », version 1.",
        "Dépliant « Ses droits », version 2.",
    ]


def test_what_is_withdrawn_later_was_published(convention: UUID) -> None:
    _, version = published(described=LEAFLET)
    withdrawn(version)
    sweep(convention)
    assert len(shown(convention)) == 1


def test_a_proof_taken_back_is_not_noted_again(convention: UUID) -> None:
    published(described=LEAFLET)
    sweep(convention)
    with member(CPAM, now()) as officer:
        row = visible_to(officer).get(pk=convention)
        proof = CommitmentEvidence.objects.get(convention=row, source=Source.SUPPORT)
        said = Noted(uuid7(), today(), note="Il ne dit rien des droits.")
        cancel_evidence(convention=row, evidence=proof.id, noted=said, by=officer, at=now())
    sweep(convention)
    assert shown(convention) == []


def test_a_draft_and_a_convention_that_is_not_in_force_show_nothing(convention: UUID) -> None:
    draft(described(LEAFLET))
    sweep(convention)
    assert shown(convention) == []
    with member(CCAS, now()) as someone:
        lines = register(load(visible_to(someone).get(pk=convention)), today())
    owed = next(one for one in lines if one.clause.key == "supports_numeriques")
    assert owed.followed.standing is Standing.CONTINUOUS


def test_the_daily_round_of_the_convention_does_it(convention: UUID) -> None:
    published(described=LEAFLET)
    swept(convention, now())
    assert len(shown(convention)) == 1


def publish_now(version: UUID, by: str = CPAM) -> None:
    """As the page of the library does."""
    with member(by, now()) as keeper:
        row = queries.version_of(keeper, version)
        publish(version=row, span=Span(today(), None), by=keeper, at=now())


def test_it_is_noted_when_it_is_published_and_not_again_by_the_round(convention: UUID) -> None:
    publish_now(draft(described(LEAFLET)))
    assert [(key, party) for key, party, *_ in shown(convention)] == [("supports_numeriques", "cpam")]
    with member(CPAM, now()) as officer:
        row = CommitmentEvidence.objects.get(source=Source.SUPPORT)
        assert (row.recorded_by, row.day) == (officer.user, today())
    sweep(convention)
    assert len(shown(convention)) == 1


def publish_in_vain(version: UUID) -> None:
    with member(CPAM, now()) as keeper:
        row = queries.version_of(keeper, version)
        publish(version=row, span=Span(today(), None), by=keeper, at=now())
        raise Undone


def test_what_is_published_in_vain_is_not_noted(convention: UUID) -> None:
    """Both or neither."""
    version = draft(described(LEAFLET))
    with pytest.raises(Undone):
        publish_in_vain(version)
    assert shown(convention) == []
    with member(CPAM, now()) as keeper:
        assert queries.version_of(keeper, version).state == "draft"


def test_whoever_owes_no_support_publishes_and_nothing_is_noted(convention: UUID) -> None:
    publish_now(draft(described(LEAFLET, by=CCAS), by=CCAS), by=CCAS)
    publish_now(draft(described(FORM)))
    assert shown(convention) == []


def test_a_support_published_under_a_convention_that_has_ended_shows_nothing(convention: UUID) -> None:
    Signed(convention).end(now())
    publish_now(draft(described(LEAFLET)))
    assert shown(convention) == []


def test_a_proof_taken_back_stays_so_when_the_next_version_is_published(convention: UUID) -> None:
    support = described(LEAFLET)
    publish_now(draft(support))
    with member(CPAM, now()) as officer:
        row = visible_to(officer).get(pk=convention)
        proof = CommitmentEvidence.objects.get(convention=row, source=Source.SUPPORT)
        said = Noted(uuid7(), today(), note="Il ne dit rien des droits.")
        cancel_evidence(convention=row, evidence=proof.id, noted=said, by=officer, at=now())
    publish_now(draft(support, "2"))
    assert [note for _, _, note, _ in shown(convention)] == ["Dépliant « Ses droits », version 2."]
