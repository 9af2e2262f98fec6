"""A session's proof is one, also when it was noted before proofs said of which fact they are."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction

from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.commitments.showing import Noted, cancel_evidence
from maillage.conventions.lifecycle.queries import visible_to
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.training import queries
from tests.days import today
from tests.referrals.world import member
from tests.training.world import OFFICER, Taught, held, sign

KNOWN = import_module("maillage.training.migrations.0005_proofs_known").KNOWN
AS_BEFORE = "UPDATE conventions_commitmentevidence SET source = 'hand', fact = ''"


def owner(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def sign_again(session: UUID) -> None:
    with member(OFFICER) as officer:
        places = queries.places(officer, queries.session_of(officer, session))
    sign(session, {one.id: True for one in places}, reason="Relue.")


def proofs() -> list[tuple[str, str]]:
    with member(OFFICER):
        rows = CommitmentEvidence.objects.filter(cancels=None).order_by("recorded_at", "id")
        return list(rows.values_list("source", "fact"))


def test_without_its_fact_a_sheet_signed_again_would_note_it_twice(committed: Taught) -> None:
    """The control."""
    session = held(committed)
    owner(AS_BEFORE)
    sign_again(session)
    assert proofs() == [("hand", ""), ("session", str(session))]
    owner(KNOWN)  # too late for these two, and it says so of no other
    assert len(proofs()) == 2


def test_a_proof_of_before_gets_its_fact_and_is_noted_once(committed: Taught) -> None:
    known: dict[str, UUID] = {}
    first = held(committed, known=known)
    second = held(committed, known=known, dedicated=False, before=timedelta(days=45))
    by_fact = sorted([("session", str(first)), ("session", str(second))])
    assert sorted(proofs()) == by_fact
    owner(AS_BEFORE)
    owner(KNOWN)
    for session in (first, second):
        sign_again(session)
    assert sorted(proofs()) == by_fact


def test_one_that_was_taken_back_stays_so(committed: Taught) -> None:
    session = held(committed)
    owner(AS_BEFORE)
    with member(OFFICER) as officer:
        row = visible_to(officer).get(id=committed.convention)
        taken = Noted(uuid7(), today(), note="Autre séance.")
        cancel_evidence(
            convention=row, evidence=CommitmentEvidence.objects.get().pk, noted=taken, by=officer, at=now()
        )
    owner(KNOWN)
    sign_again(session)
    assert proofs() == [("session", str(session))]


def test_the_database_keeps_one_proof_of_a_session(committed: Taught) -> None:
    held(committed)
    with member(OFFICER):
        row = CommitmentEvidence.objects.get()
        row.pk = uuid7()
        with pytest.raises(IntegrityError, match="once_a_fact"), transaction.atomic():
            row.save(force_insert=True)
