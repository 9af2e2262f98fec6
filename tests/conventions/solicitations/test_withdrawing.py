"""A question that has no answer is taken back by who asked: it awaits nothing any more, and stays readable by both sides."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, transaction

from maillage.audit.models import Entry
from maillage.conventions.solicitations.actions import withdraw
from maillage.conventions.solicitations.models import Solicitation
from maillage.conventions.solicitations.notifications import reference
from maillage.conventions.solicitations.queries import asked_open, counts, to_answer, withdrawn
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from tests.conventions.solicitations.test_solicitations import answered, asked, asked_of, case, signed, words
from tests.referrals.world import ADVISER, OTHER_WORKER, READER, WORKER, Signed, member

__all__ = ["case", "signed"]
pytestmark = pytest.mark.django_db


def taken_back(row: Solicitation, by: str) -> Solicitation:
    with member(by) as someone:
        return withdraw(solicitation=row.pk, by=someone, at=now())


def waiting(by: str) -> list[UUID]:
    with member(by) as someone:
        return [one.pk for one in (*to_answer(someone), *asked_open(someone))]


def test_a_question_taken_back_waits_for_nobody_and_stays_readable(signed: Signed) -> None:
    row = asked(signed)
    assert waiting(READER) == waiting(OTHER_WORKER) == [row.pk]
    taken_back(row, OTHER_WORKER)
    assert waiting(READER) == waiting(OTHER_WORKER) == []
    with member(READER) as referent:
        assert [one.pk for one in withdrawn(referent)] == [row.pk]
    assert words(row, READER).question == "Quel est le plafond de la C2S ?"
    with pytest.raises(Refused, match="la question est retirée"):
        answered(row, READER)
    with pytest.raises(Refused, match="déjà retirée"):
        taken_back(row, OTHER_WORKER)
    with member(OTHER_WORKER):
        assert Entry.objects.filter(verb="referent_withdraw", object_ref=str(row.pk)).count() == 1


def test_a_question_about_a_case_is_taken_back_by_its_side_only(case: UUID) -> None:
    row = asked_of(case)
    for stranger in (ADVISER, READER):
        with pytest.raises(PermissionDenied):
            taken_back(row, stranger)
    assert taken_back(row, WORKER).withdrawn_by is not None
    assert waiting(ADVISER) == []


def test_an_answer_is_not_taken_back(signed: Signed) -> None:
    row = asked(signed)
    answered(row, READER)
    with pytest.raises(Refused, match="a sa réponse"):
        taken_back(row, OTHER_WORKER)


def test_the_database_lets_nobody_else_take_it_back_nor_answer_it_afterwards(signed: Signed) -> None:
    row = asked(signed)
    change = "UPDATE conventions_solicitation SET withdrawn_at = now(), withdrawn_by = asked_by WHERE id = %s"
    with member(OTHER_WORKER), connection.cursor() as cursor:
        cursor.execute(change, [row.pk])
        assert cursor.rowcount == 0, "only the other side writes the row itself"
    with pytest.raises(IntegrityError, match="stays"), member(READER), connection.cursor() as cursor:
        cursor.execute(change, [row.pk])
    taken_back(row, OTHER_WORKER)
    with pytest.raises(IntegrityError, match="stays"), member(READER):
        Solicitation.objects.filter(pk=row.pk).update(
            answer="Non.", answered_at=row.asked_at, answered_by=row.asked_by
        )


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "said", ["now(), NULL, NULL, NULL, ''", "now(), gen_random_uuid(), now(), gen_random_uuid(), 'Oui'"]
)
def test_only_a_question_without_an_answer_is_taken_back_by_somebody(said: str) -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        with pytest.raises(IntegrityError, match="solicitation_withdrawn_unanswered"):
            cursor.execute(
                "INSERT INTO conventions_solicitation (id, convention_id, way, article, caller_id, called_id, called_key, asked_by,"
                " due_on, question, agreement_means, agreement_by, withdrawn_at, withdrawn_by, answered_at, answered_by, answer)"
                " SELECT gen_random_uuid(), gen_random_uuid(), 'routing', '4', gen_random_uuid(), gen_random_uuid(), 'x',"
                f" gen_random_uuid(), current_date, 'Quoi ?', '', '', {said}"
            )
        transaction.set_rollback(True, using="owner")


def test_what_was_taken_back_is_not_counted(signed: Signed) -> None:
    taken_back(asked(signed), OTHER_WORKER)
    row = asked(signed)
    with member(OTHER_WORKER) as someone:
        found = counts(someone, since=row.asked_at.replace(year=2000), until=row.asked_at.replace(year=2999))
    assert sum(one.asked for one in found) == 1


def test_whoever_was_asked_is_told_once_and_without_a_word_of_it(signed: Signed) -> None:
    row = asked(signed)
    taken_back(row, OTHER_WORKER)
    with pytest.raises(Refused):
        taken_back(row, OTHER_WORKER)
    with member(READER):
        message = Message.objects.get(kind="referent_withdrawn")
    assert message.path == f"/conventions/sollicitations/{row.pk}/"
    assert message.reference == reference(row.pk)
    with member(OTHER_WORKER):
        assert not Message.objects.filter(kind="referent_withdrawn").exists(), "told to the other side only"
