"""What was attached to a draft is read by its parties once it is proposed, and by nobody else."""

from uuid import UUID

import pytest

from maillage.audit.models import Entry
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.lifecycle.relations import attach_predecessor_report, relate
from maillage.documents.actions import visible_to
from maillage.documents.models import Document
from maillage.organisations.member import Member
from tests.conventions.people import CARSAT, CCAS, CPAM, DRAFTED, STRANGER, member, ready, seen

pytestmark = [pytest.mark.django_db, pytest.mark.security]


def put_down(by: Member) -> UUID:
    return Document.objects.create(
        organisation_id=by.organisation, media_type="application/pdf", size=9, sha256="0" * 64, name=b"x", wrapped_key=b"x"
    ).pk  # fmt: skip


def readers(document: UUID) -> dict[str, bool]:
    found = {}
    for address in (CPAM, CARSAT, CCAS, STRANGER):
        with member(address, DRAFTED) as reader:
            found[address] = visible_to(reader).filter(pk=document).exists()
    return found


def test_documents_of_the_draft_are_read_by_the_parties_from_the_proposal_on_and_by_no_stranger(
    drafted_s3: UUID,
) -> None:
    ready(drafted_s3)
    with member(CPAM, DRAFTED) as drafter:
        row = seen(drafter, drafted_s3)
        tie, report, loose = put_down(drafter), put_down(drafter), put_down(drafter)
        before = relate(
            convention=row, kind="succeeds", text="Convention de 2019", document=tie, by=drafter, at=DRAFTED
        )
        attach_predecessor_report(
            convention=row,
            relation=str(before.pk),
            day=DRAFTED.date(),
            document=report,
            by=drafter,
            at=DRAFTED,
        )
    alone = {CPAM: True, CARSAT: False, CCAS: False, STRANGER: False}
    assert readers(tie) == readers(report) == alone
    with member(CPAM, DRAFTED) as drafter:
        propose(convention=seen(drafter, drafted_s3), by=drafter, at=DRAFTED)
        assert Entry.objects.filter(verb="document_shared").count() == 2
    assert readers(tie) == readers(report) == {CPAM: True, CARSAT: True, CCAS: True, STRANGER: False}
    assert readers(loose) == alone, "what is attached to nothing stays with its holder"
