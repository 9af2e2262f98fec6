"""Calling on a referent: asked by who may, about nobody or about a case that one follows; sealed, answered once, counted."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction

from maillage.audit.models import Entry
from maillage.cases.following import consult, unfollow
from maillage.cases.models import Case
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.solicitations.actions import (
    ProgressQuestion,
    Question,
    answer,
    ask,
    ask_progress,
)
from maillage.conventions.solicitations.models import Solicitation
from maillage.conventions.solicitations.queries import (
    NotFollowed,
    Words,
    about,
    asked_open,
    counts,
    to_answer,
    words_of,
)
from maillage.conventions.solicitations.rules import Way
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    READER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    sign_convention,
)

pytestmark = pytest.mark.django_db
SECRET, REPLY = "Où en est la demande de lunettes d’Ondine ?", "Le dossier est complet, Ondine sera rappelée."
CARSAT = "referente@carsat.example.org"


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


@pytest.fixture
def case(signed: Signed) -> UUID:
    return followed_by(send_referral(signed), ADVISER)


def asked(signed: Signed, by: str = OTHER_WORKER, **changes: Any) -> Solicitation:
    values = {
        "question_id": uuid7(),
        "party": "cpam",
        "way": "information",
        "text": "Quel est le plafond de la C2S ?",
    }
    with member(by) as someone:
        convention = Convention.objects.get(pk=signed.id)
        question = Question(**{**values, **changes})
        return ask(convention=convention, question=question, by=someone, at=now())


def asked_of(case: UUID, by: str = WORKER, **changes: Any) -> Solicitation:
    values: dict[str, Any] = {
        "question_id": uuid7(), "text": SECRET, "agreed_on": today() - timedelta(days=1), "agreement_means": "oral",
        "agreement_by": "Assistante sociale",
    }  # fmt: skip
    with member(by) as someone:
        return ask_progress(
            case=case, question=ProgressQuestion(**{**values, **changes}), by=someone, at=now()
        )


def answered(row: Solicitation, by: str, text: str = "Voyez la page de la caisse.") -> Solicitation:
    with member(by) as someone:
        return answer(solicitation=row.pk, text=text, by=someone, at=now())


def words(row: Solicitation, by: str) -> Words:
    with member(by) as someone:
        return words_of(someone, Solicitation.objects.get(pk=row.pk))


def test_a_question_about_nobody_is_asked_answered_and_told_without_its_words(signed: Signed) -> None:
    row = asked(signed)
    with member(READER) as referent:
        assert [one.pk for one in to_answer(referent)] == [row.pk]
        message = Message.objects.get(kind="referent_called")
        assert "C2S" not in f"{message.once} {message.reference} {message.path}"
    answered(row, READER)
    assert words(row, OTHER_WORKER) == Words("Quel est le plafond de la C2S ?", "Voyez la page de la caisse.")
    with member(OTHER_WORKER) as asker:
        assert list(asked_open(asker)) == []
        assert Message.objects.filter(kind="referent_answered").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"party": "ccas"}, "party"),
        ({"party": "nobody"}, "party"),
        ({"way": "progress"}, "way"),
        ({"way": "moon"}, "way"),
        ({"text": " "}, "text"),
        ({"text": "Son numéro est 2 84 02 42 147 000 69"}, "text"),
    ],
)
def test_a_question_is_refused_at_its_field(signed: Signed, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as error:
        asked(signed, **changes)
    assert field in {fault.field for fault in error.value.faults}


def test_whoever_follows_a_case_does_not_name_its_person_in_a_question_about_nobody(
    signed: Signed, case: UUID
) -> None:
    assert asked(signed, text="Que répondre à Mme Quintessence ?").pk
    followed_by(case, OTHER_WORKER)
    with pytest.raises(Refused, match="« Quintessence »") as error:
        asked(signed, text="Que répondre à Mme Quintessence ?")
    assert error.value.field == "text"


def test_only_the_party_that_the_text_names_calls(signed: Signed) -> None:
    with pytest.raises(Refused, match="permet de solliciter"):
        asked(signed, READER, party="carsat")
    with pytest.raises(PermissionDenied):
        asked(signed, WORKER)


def test_nothing_is_asked_once_the_convention_has_ended(signed: Signed) -> None:
    signed.end(now() - timedelta(hours=1))
    with pytest.raises(Refused, match="pas en vigueur"):
        asked(signed)


def test_an_answer_is_given_once_by_the_referent_called_on(signed: Signed) -> None:
    row = asked(signed)
    for stranger in (OTHER_WORKER, ADVISER):
        with pytest.raises(PermissionDenied):
            answered(row, stranger)
    with pytest.raises(Solicitation.DoesNotExist):
        answered(row, CARSAT)
    with pytest.raises(Refused, match="un numéro de téléphone"):
        answered(row, READER, "Elle a le 06 00 00 00 17")
    answered(row, READER)
    with pytest.raises(Refused, match="vient de répondre"):
        answered(row, READER)


def test_a_double_click_asks_once(signed: Signed) -> None:
    once = uuid7()
    assert asked(signed, question_id=once).pk == asked(signed, question_id=once).pk


def test_where_a_case_stands_is_sealed_and_opens_to_who_follows_it(case: UUID) -> None:
    row = asked_of(case)
    with connection.cursor() as cursor, member(WORKER):
        cursor.execute("SELECT to_jsonb(s)::text FROM conventions_solicitation s WHERE id = %s", [row.pk])
        (kept,) = cursor.fetchone()
    assert "Ondine" not in kept
    assert b"lunettes".hex() not in kept
    answered(row, ADVISER, REPLY)
    for reader in (WORKER, ADVISER):
        assert words(row, reader) == Words(SECRET, REPLY)
    with pytest.raises(NotFollowed):
        words(row, OTHER_WORKER)
    with member(OTHER_WORKER) as colleague:
        consult(case=case, motive="Remplacement de ma collègue absente", by=colleague, at=now())
    assert words(row, OTHER_WORKER).answer == REPLY
    with member(WORKER) as worker:
        assert [one.pk for one in about(worker, case)] == [row.pk]
        told = str(list(Message.objects.values()) + list(Entry.objects.values()))
        read = Entry.objects.filter(verb="referent_read", object_ref=str(row.pk))
        assert read.count() == 2, "the two readings of the CCAS; the one that was refused opened nothing"
    assert "Ondine" not in told


def test_only_who_follows_the_case_asks_and_answers(case: UUID) -> None:
    with pytest.raises(PermissionDenied):
        asked_of(case, OTHER_WORKER)
    row = asked_of(case)
    with member(ADVISER) as adviser:
        unfollow(case=Case.objects.get(pk=case), by=adviser, at=now())
    with pytest.raises(PermissionDenied):
        answered(row, ADVISER, REPLY)
    with pytest.raises(PermissionDenied):
        answered(row, READER, REPLY)


def test_the_caisse_does_not_ask_where_its_own_work_stands(case: UUID) -> None:
    with pytest.raises(Refused, match="ne permet pas"):
        asked_of(case, ADVISER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"agreed_on": today() + timedelta(days=3)}, "agreed_on"),
        ({"agreement_means": "guessed"}, "agreement_means"),
        ({"agreement_by": " "}, "agreement_by"),
    ],
)
def test_without_the_person_s_agreement_nothing_is_asked(
    case: UUID, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as error:
        asked_of(case, **changes)
    assert error.value.field == field


def test_the_ways_are_counted_with_the_time_of_their_answers(signed: Signed, case: UUID) -> None:
    answered(asked(signed), READER)
    asked(signed, way="routing", text="Qui s’occupe des indemnités ?")
    asked_of(case)
    with member(WORKER) as worker:
        found = {
            one.way: one
            for one in counts(worker, since=now() - timedelta(hours=1), until=now() + timedelta(hours=1))
        }
        assert {way: (one.asked, one.answered) for way, one in found.items()} == {
            Way.INFORMATION: (1, 1), Way.ROUTING: (1, 0), Way.PROGRESS: (1, 0),
        }  # fmt: skip
        assert found[Way.INFORMATION].median_hours is not None
        assert not any(one.asked for one in counts(worker, since=now(), until=now(), conventions=[uuid7()]))


def forge(by: str, **changes: Any) -> None:
    with member(by) as someone:
        values: dict[str, Any] = {
            "way": "information", "article": "4", "caller_id": someone.organisation, "called_key": "cpam", "asked_by": uuid7(),
            "due_on": today(), "question": "Quoi ?", **changes,
        }  # fmt: skip
        Solicitation.objects.create(**values)


def test_the_database_refuses_what_the_code_would_forget(signed: Signed, case: UUID) -> None:
    row = asked(signed)
    caisse = row.called_id
    progress = {"way": "progress", "question": "", "case_id": case, "sealed_question": b"x", "agreed_on": today(),
                "agreement_means": "oral", "agreement_by": "Assistante"}  # fmt: skip
    good = {"convention_id": signed.id, "called_id": caisse}
    forge(OTHER_WORKER, **good)
    with pytest.raises(ProgrammingError, match="no convention in force"):
        forge(OTHER_WORKER, **{**good, "called_key": "carsat"})
    with pytest.raises(ProgrammingError, match="row-level security"):
        forge(OTHER_WORKER, **{**good, "caller_id": caisse, "called_id": row.caller_id, "called_key": "ccas"})
    with pytest.raises(ProgrammingError, match="not a case of these two"):
        forge(OTHER_WORKER, **{**good, **progress, "case_id": uuid7()})
    for missing in (
        {"agreed_on": None},
        {"agreement_means": ""},
        {"agreement_by": ""},
        {"question": "En clair"},
    ):
        with pytest.raises(IntegrityError, match="solicitation_way_holds_its_own"):
            forge(OTHER_WORKER, **{**good, **progress, **missing})
    with pytest.raises(IntegrityError, match="what was asked and answered stays"), member(READER):
        Solicitation.objects.filter(pk=row.pk).update(question="Autre chose")
    answered(row, READER)
    with pytest.raises(IntegrityError, match="what was asked and answered stays"), member(READER):
        Solicitation.objects.filter(pk=row.pk).update(answer="Autre réponse")
    with member(OTHER_WORKER), transaction.atomic():
        assert Solicitation.objects.filter(pk=row.pk).update(answer="À sa place") == 0


def test_the_database_keeps_two_sides_and_the_date_of_an_answer(signed: Signed) -> None:
    row = asked(signed)
    good = {"convention_id": signed.id, "called_id": row.called_id}
    with pytest.raises(IntegrityError, match="solicitation_two_sides"):
        forge(OTHER_WORKER, **{**good, "called_id": row.caller_id, "called_key": "ccas"})
    with pytest.raises(IntegrityError, match="solicitation_answer_has_its_date"):
        forge(OTHER_WORKER, **{**good, "answer": "Sans date"})
