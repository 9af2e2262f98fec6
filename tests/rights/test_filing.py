"""A file is prepared, its pieces scanned, and sent at once or not at all: what the caisse gets, what is refused and why."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from maillage.beneficiaries.queries import identities
from maillage.cases.following import consult
from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.models import Document
from maillage.notifications.models import Message
from maillage.referrals.queries import ReferralCounts, referral_counts
from maillage.rights.content import Step
from maillage.rights.filing import Incomplete, RunsAlready, authorisations, file
from maillage.rights.models import Application, ApplicationEvent, Piece, Preparation, PreparedPiece
from maillage.rights.preparing import add_piece, discard, keep, open_preparation, remove_piece
from maillage.rights.queries import file_of
from tests.beneficiaries.jobs import index_as_worker
from tests.days import today
from tests.referrals.world import READER, WORKER, member
from tests.rights.world import (
    ADVISER,
    CANARIES,
    PASS,
    PERSON,
    STRANGER,
    Signed,
    content,
    prepare,
    receive,
    scan,
    send,
)


def test_a_file_sent_is_a_case_that_both_sides_read(signed: Signed) -> None:
    case = send(signed)
    with member(PASS) as worker:
        mine = file_of(worker, case)
        assert not Preparation.objects.exists()
        assert not PreparedPiece.objects.exists()
    with member(ADVISER) as adviser:
        part = Participation.objects.get(case_id=case)
        assert (part.kind, part.role, part.state) == ("application", "recipient", "sent")
        assert identities(keys_of([part]))[case] == PERSON
        consult(case=case, motive="Je reçois le dossier à enregistrer", by=adviser, at=now())
        theirs = file_of(adviser, case)
        assert Message.objects.filter(kind="application_sent").count() == 1
    assert mine.details == theirs.details
    assert theirs.details.words == "Hospitalisée depuis lundi."
    assert [(event.kind, event.day) for event in theirs.events] == [
        ("handed_over", today() - timedelta(days=1)),
        ("sent", today()),
    ]
    assert {piece.key for piece in theirs.pieces} == {"form", "identity"}
    assert theirs.application.forward_by == today() + timedelta(days=7)


def test_nobody_else_sees_anything_of_it(signed: Signed) -> None:
    case = send(signed)
    for address in (STRANGER, WORKER):
        with member(address):
            for model in (Application, ApplicationEvent, Piece):
                assert not model.objects.filter(case_id=case).exists(), model
            assert not Document.objects.filter(id__in=Piece.objects.values("document_id")).exists()


def test_nothing_of_the_person_is_stored_in_the_clear(signed: Signed) -> None:
    prepare(signed)
    send(signed)
    with connection.cursor() as cursor:
        for table in ("application", "applicationevent", "piece", "preparation", "preparedpiece"):
            cursor.execute(f"SELECT string_agg(t::text, ',') FROM rights_{table} t")  # noqa: S608 - constants
            text = str(cursor.fetchone()[0])
            assert not [canary for canary in CANARIES if canary in text]


def test_a_second_click_finds_what_the_first_sent(signed: Signed) -> None:
    made = prepare(signed)
    with member(PASS) as worker:
        assert file(preparation=made, by=worker, at=now()) == made
    with member(PASS) as worker:
        assert file(preparation=made, by=worker, at=now()) == made
        assert Application.objects.count() == 1


def test_what_misses_is_named_by_its_step(signed: Signed) -> None:
    made = prepare(signed, without=["identity"], goes_incomplete=False, person=None)
    with member(PASS) as worker, pytest.raises(Incomplete) as refused:
        file(preparation=made, by=worker, at=now())
    assert refused.value.steps == (Step.PERSON, Step.PIECES)


def test_a_file_may_go_without_a_piece_once_that_is_said(signed: Signed) -> None:
    case = send(signed, without=["identity"])
    with member(PASS):
        assert [piece.key for piece in Piece.objects.filter(case_id=case)] == ["form"]


def test_a_first_request_of_ame_says_where_and_when_it_was_handed_over(signed: Signed) -> None:
    made = prepare(signed, handed=None)
    with member(PASS) as worker, pytest.raises(Incomplete) as refused:
        file(preparation=made, by=worker, at=now())
    assert refused.value.steps == (Step.PIECES,)


def test_a_renewal_is_sent_without_being_handed_over(signed: Signed) -> None:
    answers = {"first_request": False, "minor": True, "resources": False, "no_home": False}
    case = send(signed, handed=None, answers=answers)
    with member(PASS):
        row = Application.objects.get(case_id=case)
    assert (row.handed_on, row.forward_by) == (None, None)


def test_a_convention_that_has_ended_takes_no_more_files(signed: Signed) -> None:
    made = prepare(signed)
    signed.publish(until=now() - timedelta(minutes=1))
    with member(PASS) as worker, pytest.raises(Refused) as refused:
        file(preparation=made, by=worker, at=now())
    assert "Votre dossier est gardé" in refused.value.message
    with member(PASS) as worker:
        assert open_preparation(worker, made).there == {"form", "identity"}
        assert authorisations(worker) == []


def test_an_authorisation_that_is_not_theirs_files_nothing(signed: Signed) -> None:
    made = prepare(signed, authorisation=uuid7())
    with member(PASS) as worker, pytest.raises(Refused) as refused:
        file(preparation=made, by=worker, at=now())
    assert "ne permet pas" in refused.value.message


def test_a_second_request_waits_until_the_first_is_decided(committed: Signed) -> None:
    first = send(committed)
    index_as_worker()
    with member(PASS) as worker, pytest.raises(RunsAlready) as refused:
        file(preparation=prepare(committed), by=worker, at=now())
    assert refused.value.case == first
    assert send(committed, "c2s")  # another right


def test_who_only_reads_prepares_nothing(signed: Signed) -> None:
    with member(READER) as reader, pytest.raises(PermissionDenied):
        file(preparation=prepare(signed), by=reader, at=now())


def test_a_piece_taken_away_leaves_no_document(signed: Signed) -> None:
    made = prepare(signed)
    with member(PASS) as worker:
        (first, *_) = open_preparation(worker, made).pieces
        remove_piece(preparation=made, piece=first.id, by=worker, at=now())
        remove_piece(preparation=made, piece=first.id, by=worker, at=now())
        assert not Document.objects.filter(id=first.document_id).exists()
        assert len(open_preparation(worker, made).pieces) == 1


def test_a_file_thrown_away_leaves_nothing(signed: Signed) -> None:
    made = prepare(signed)
    with member(PASS) as worker:
        documents = [piece.document_id for piece in open_preparation(worker, made).pieces]
        discard(preparation=made, by=worker)
        discard(preparation=made, by=worker)
        assert not Document.objects.filter(id__in=documents).exists()
        assert not Preparation.objects.filter(id=made).exists()


def test_a_form_sent_twice_adds_one_piece(signed: Signed) -> None:
    made, scanned = prepare(signed, without=["identity"]), scan("identity")
    with member(PASS) as worker:
        assert add_piece(preparation=made, scanned=scanned, by=worker, at=now())
        assert not add_piece(preparation=made, scanned=scanned, by=worker, at=now())
        assert open_preparation(worker, made).there == {"form", "identity"}


def test_a_piece_of_no_list_or_of_a_wrong_date_is_refused_at_its_field(signed: Signed) -> None:
    made = prepare(signed)
    with member(PASS) as worker:
        for wrong, field in (
            (scan("passport_of_mars"), "key"),
            (scan("form", dated_on=today(), valid_until=today() - timedelta(days=1)), "valid_until"),
        ):
            with pytest.raises(Refused) as refused:
                add_piece(preparation=made, scanned=wrong, by=worker, at=now())
            assert refused.value.field == field


def test_what_is_kept_is_read_again_as_it_was(signed: Signed) -> None:
    made, held = (
        prepare(signed),
        content(signed, "c2s", urgent=True, proof="certificat_medical", resources=9_000),
    )
    with member(PASS) as worker:
        keep(preparation=made, content=held, by=worker, at=now())
        assert open_preparation(worker, made).content == held


def test_a_file_of_rights_is_counted_among_no_referrals(signed: Signed) -> None:
    send(signed)
    receive(send(signed, "c2s"))
    for address in (PASS, ADVISER):
        with member(address) as someone:
            assert referral_counts(signed.id, someone) == ReferralCounts(0, 0, 0, 0)
