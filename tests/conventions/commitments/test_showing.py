"""Who owes a commitment notes what shows it kept, takes back what was entered by error; everybody of the convention reads both."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.commitments.queries import CommitmentLine, register
from maillage.conventions.commitments.rules import Standing
from maillage.conventions.commitments.showing import Noted, cancel_evidence, note_evidence
from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from tests.conventions.people import CARSAT, CCAS, CPAM, WORKER, instant, member, seen

pytestmark = pytest.mark.django_db
AT = instant("2025-03-03")
SESSIONS = "sessions_information"


def noted(**changes: Any) -> Noted:
    return Noted(**{"evidence_id": uuid7(), "day": AT.date(), "note": "Session du 3 mars", **changes})


def note(convention: UUID, address: str, commitment: str, said: Noted | None = None) -> CommitmentEvidence:
    with member(address, AT) as actor:
        return note_evidence(
            convention=seen(actor, convention), commitment=commitment, noted=said or noted(), by=actor, at=AT
        )


def cancel(convention: UUID, address: str, evidence: UUID, **changes: Any) -> CommitmentEvidence:
    with member(address, AT) as actor:
        said = noted(**{"note": "Erreur de convention", **changes})
        return cancel_evidence(
            convention=seen(actor, convention), evidence=evidence, noted=said, by=actor, at=AT
        )


def line(convention: UUID, address: str, key: str) -> CommitmentLine:
    with member(address, AT) as actor:
        return next(
            one for one in register(load(seen(actor, convention)), AT.date()) if one.clause.key == key
        )


def yearly_of(convention: UUID) -> str:
    """A commitment that comes back each year, and one of those who owe it."""
    with member(CPAM, AT) as actor:
        found = register(load(seen(actor, convention)), AT.date())
    return next(
        one.clause.key
        for one in found
        if one.followed.missing and one.followed.due and "cpam" in one.clause.debtors
    )


def test_a_proof_of_who_owes_it_is_read_by_all_and_keeps_the_year(signed_s3: UUID) -> None:
    key = yearly_of(signed_s3)
    assert line(signed_s3, CCAS, key).followed.standing is Standing.OWED
    note(signed_s3, CPAM, key)
    for reader in (CPAM, CCAS, CARSAT):
        found = line(signed_s3, reader, key)
        assert found.followed.standing is Standing.KEPT
        assert [(one.party, one.note, one.taken_back) for one in found.evidence] == [
            ("cpam", "Session du 3 mars", "")
        ]


def test_who_does_not_owe_it_notes_nothing(signed_s3: UUID) -> None:
    with pytest.raises(Refused, match="pas celui de votre organisme"):
        note(signed_s3, CCAS, SESSIONS)
    with pytest.raises(PermissionDenied):
        note(signed_s3, WORKER, SESSIONS)


def test_a_commitment_that_is_not_in_the_text_is_refused(signed_s3: UUID) -> None:
    with pytest.raises(Refused, match="pas dans le texte"):
        note(signed_s3, CPAM, "rien")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": date(2025, 3, 4)}, "day"),
        ({"day": date(2020, 1, 1)}, "day"),
        ({"occurrence": date(2025, 1, 1)}, "occurrence"),
        ({"note": "  "}, "note"),
        ({"note": "x" * 1001}, "note"),
        ({"document": uuid7()}, "document"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_s3: UUID, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as error:
        note(signed_s3, CPAM, SESSIONS, noted(**changes))
    assert error.value.field == field


def test_a_form_sent_twice_notes_one_proof(signed_s3: UUID) -> None:
    said = noted()
    assert note(signed_s3, CPAM, SESSIONS, said) == note(signed_s3, CPAM, SESSIONS, said)
    assert len(line(signed_s3, CPAM, SESSIONS).evidence) == 1


def test_a_proof_taken_back_stays_readable_and_no_longer_counts(signed_s3: UUID) -> None:
    key = yearly_of(signed_s3)
    row = note(signed_s3, CPAM, key)
    with pytest.raises(Refused, match="pas de votre organisme"):
        cancel(signed_s3, CARSAT, row.pk)
    with pytest.raises(Refused) as empty:
        cancel(signed_s3, CPAM, row.pk, note=" ")
    assert empty.value.field == "note"
    cancel(signed_s3, CPAM, row.pk)
    found = line(signed_s3, CCAS, key)
    assert found.followed.standing is Standing.OWED
    assert [one.taken_back for one in found.evidence] == ["Erreur de convention"]
    with pytest.raises(Refused, match="avant vous"):
        cancel(signed_s3, CPAM, row.pk)


def test_the_database_refuses_a_proof_that_shows_nothing_and_one_taken_back_by_another(
    signed_s3: UUID,
) -> None:
    row = note(signed_s3, CPAM, SESSIONS)
    with member(CPAM, AT) as actor:
        common = {"convention_id": signed_s3, "day": AT.date(), "recorded_at": AT, "recorded_by": actor.user}
        for wrong in (
            {"commitment_key": SESSIONS, "note": "", "recorded_for_id": actor.organisation},
            {"commitment_key": "autre", "note": "x", "cancels": row, "recorded_for_id": actor.organisation},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                CommitmentEvidence.objects.create(**common, **wrong)


def test_nothing_is_noted_before_the_convention_is_signed(proposed_s3: UUID) -> None:
    with pytest.raises(Refused, match="pas encore signée"):
        note(proposed_s3, CPAM, SESSIONS)
