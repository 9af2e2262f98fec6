"""A draft that nobody else has had goes for good, with its files; one that was proposed stays."""

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import ProgrammingError, connection, transaction

from maillage.audit.models import Entry
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.discarding import discard
from maillage.conventions.drafting.proposing import take_back
from maillage.conventions.lifecycle.models import Convention, Relation
from maillage.conventions.lifecycle.relations import attach_predecessor_report, relate
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.documents import storage
from maillage.documents.actions import store_upload
from maillage.documents.models import Document
from maillage.organisations.member import Member
from tests.conventions.people import (
    CCAS,
    CPAM,
    DPO,
    DRAFTED,
    body,
    member,
    ready_text,
    seen,
)
from tests.documents.builders import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DOCUMENT_STORE", tmp_path / "documents")
    return tmp_path / "documents"


def alone(by: str = CPAM) -> UUID:
    """A draft with a body chosen for each party: they do not see it yet."""
    new = uuid7()
    with member(by, DRAFTED) as drafter:
        text = ready_text("ccas_montbrison_2024")
        drafting.start_from_terms(new_id=new, terms=text, by=drafter, at=DRAFTED)
        for party in text.parties:
            drafting.choose_body(
                convention=seen(drafter, new),
                key=party.key,
                organisation=body(party.key).id,
                by=drafter,
                at=DRAFTED,
            )
    return new


def kept(by: Member) -> UUID:
    file = ContentFile(pdf(), "bilan.pdf")
    return store_upload(file=file, organisation=by.organisation, readers=[], by=by, at=DRAFTED).pk


def test_a_draft_goes_with_its_ties_its_facts_and_the_files_that_are_its_own(
    store: Path, django_capture_on_commit_callbacks: object, signed_s3: UUID
) -> None:
    new, other = alone(), signed_s3
    with django_capture_on_commit_callbacks(execute=True), member(CPAM, DRAFTED) as drafter:  # type: ignore[operator]
        row, target = seen(drafter, new), seen(drafter, other)
        own, shared = kept(drafter), kept(drafter)
        tie = relate(convention=row, kind="succeeds", target=other, document=own, by=drafter, at=DRAFTED)
        attach_predecessor_report(
            convention=row, relation=str(tie.pk), day=DRAFTED.date(), document=shared, by=drafter, at=DRAFTED
        )
        relate(convention=target, kind="backed_on", target=row.pk, document=None, by=drafter, at=DRAFTED)
        relate(convention=target, kind="backed_on", text="Un outil", document=shared, by=drafter, at=DRAFTED)
    with django_capture_on_commit_callbacks(execute=True), member(CPAM, DRAFTED) as drafter:  # type: ignore[operator]
        discard(convention=seen(drafter, new), by=drafter)
    with member(CPAM, DRAFTED):
        assert not Convention.objects.filter(pk=new).exists()
        assert list(Relation.objects.values_list("text", flat=True)) == ["Un outil"]
        assert list(Document.objects.values_list("pk", flat=True)) == [shared]
        assert Entry.objects.filter(verb="convention.discard", object_ref=str(new)).count() == 1
    assert sorted(path.name for path in store.iterdir()) == [str(shared)]


def test_a_deletion_that_does_not_commit_keeps_the_files(store: Path) -> None:
    new = alone()
    with member(CPAM, DRAFTED) as drafter:
        own = kept(drafter)
        storage.confirm(own)
        relate(convention=seen(drafter, new), kind="succeeds", text="x", document=own, by=drafter, at=DRAFTED)
    with transaction.atomic():
        with member(CPAM, DRAFTED) as drafter:
            discard(convention=seen(drafter, new), by=drafter)
        transaction.set_rollback(True)
    with member(CPAM, DRAFTED):
        assert Document.objects.filter(pk=own).exists()
    assert (store / str(own)).exists()
    assert len(storage.unconfirmed(float("inf"))) == 1, "the sweep will find its row and confirm it again"


def test_what_others_have_had_stays(proposed_s3: UUID) -> None:
    for who in (CCAS, DPO):
        with pytest.raises(PermissionDenied), member(who, DRAFTED) as reader:
            discard(convention=seen(reader, proposed_s3), by=reader)
    with member(CPAM, DRAFTED) as drafter:
        with pytest.raises(Refused, match="ne se supprime plus"):
            discard(convention=seen(drafter, proposed_s3), by=drafter)
        take_back(convention=seen(drafter, proposed_s3), by=drafter, at=DRAFTED)
        with pytest.raises(Refused, match="ne se supprime plus"):
            discard(convention=seen(drafter, proposed_s3), by=drafter)


@pytest.mark.security
def test_the_database_discards_only_the_drafter_s_own_draft(signed_s3: UUID, proposed_s3: UUID) -> None:
    def raw(organisation: str, convention: UUID) -> None:
        with transaction.atomic(), acting(organisation=body(organisation).id), connection.cursor() as cursor:
            cursor.execute("SELECT discard_draft(%s)", [convention])

    for who, convention in (("CCAS de Villexemple", alone()), ("cpam", proposed_s3), ("cpam", signed_s3)):
        with pytest.raises(ProgrammingError, match="not yours to discard"):
            raw(who, convention)
    raw("cpam", alone())
