"""Trainings of referents: noted with a day, a subject and an organiser; asked for by the texts that want them."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from maillage.conventions import library
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.queries import standings, texts_in_force, to_train
from maillage.conventions.referents.models import ReferentTraining
from maillage.conventions.referents.queries import history, standing
from maillage.conventions.referents.rules import posts
from maillage.conventions.referents.training import Training, note_training, withdraw_training
from maillage.conventions.tasks import WATCHES
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from tests.conventions.people import CARSAT, CCAS, CPAM, S2, WORKER, body, member, raw, seen, signed
from tests.conventions.referents.test_handover import AT, START, named

pytestmark = pytest.mark.django_db


def noted(convention: UUID, referent: UUID, address: str = CPAM, **changes: Any) -> ReferentTraining:
    values = {
        "training_id": uuid7(),
        "trained_on": date(2025, 1, 20),
        "subject": "La CARSAT",
        "organiser": "CARSAT",
    }
    with member(address, AT) as actor:
        return note_training(
            convention=seen(actor, convention), referent=referent, by=actor, at=AT, training=Training(**{**values, **changes}),
        )  # fmt: skip


def untrained(convention: UUID) -> list[tuple[UUID, date]]:
    with member(CPAM, AT) as reader:
        known = load(seen(reader, convention))
        return [(one.referent, one.due_on) for one in standing(known, history(known), AT.date()).untrained]


def test_the_texts_that_want_trained_referents_say_so() -> None:
    asked = {name: {post.trained for post in posts(library.load(name).referents)} for name in library.names()}
    assert asked.pop("ccas_montbrison_2024") == {True}, "« Ces référents sont formés », S3 art. 4"
    assert all(found <= {False} for found in asked.values())


def test_a_referent_is_to_be_trained_until_a_training_is_noted(signed_s3: UUID) -> None:
    row = named(signed_s3)
    assert untrained(signed_s3) == [(row.pk, date(2025, 2, 12))], "90 days after 14 November"
    with member(CPAM, AT) as reader:
        [task] = to_train(standings(texts_in_force(reader, on=AT.date()), on=AT.date()))
        assert (task.referent, task.article, task.due_on) == (row.pk, "4", date(2025, 2, 12))
    with member(CARSAT, AT) as reader:
        assert to_train(standings(texts_in_force(reader, on=AT.date()), on=AT.date())) == []
    noted(signed_s3, row.pk)
    assert untrained(signed_s3) == []


def test_a_text_that_does_not_ask_for_it_asks_nobody() -> None:
    new = signed(S2)
    named(new)
    assert untrained(new) == []


def test_the_party_is_told_once_ninety_days_after_the_beginning(signed_s3: UUID) -> None:
    row = named(signed_s3)
    for day in (date(2025, 2, 11), date(2025, 2, 12), date(2025, 2, 13)):
        with member(CPAM, AT) as reader:
            known = load(seen(reader, signed_s3))
            for watch in WATCHES:
                watch(known, day)
            told = Message.objects.filter(kind="convention_untrained", referent_id=None).values_list(
                "once", flat=True
            )
            assert [str(row.pk) in once for once in told] == ([True] if day >= date(2025, 2, 12) else [])
    with member(CCAS, AT):
        assert not Message.objects.filter(kind="convention_untrained").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"trained_on": date(2025, 3, 4)}, "trained_on"),
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"organiser": ""}, "organiser"),
    ],
)
def test_a_training_is_refused_at_its_field(changes: dict[str, Any], field: str, signed_s3: UUID) -> None:
    row = named(signed_s3)
    with pytest.raises(Refused) as error:
        noted(signed_s3, row.pk, **changes)
    assert error.value.field == field


def test_one_notes_the_trainings_of_one_s_own_referents_once(signed_s3: UUID) -> None:
    row = named(signed_s3)
    once = uuid7()
    assert noted(signed_s3, row.pk, training_id=once) == noted(signed_s3, row.pk, training_id=once)
    with pytest.raises(Refused, match="référents de votre organisme"):
        noted(signed_s3, row.pk, CARSAT)
    with pytest.raises(PermissionDenied):
        noted(signed_s3, row.pk, WORKER)


def test_the_database_refuses_a_training_of_another_s_referent_or_without_words(signed_s3: UUID) -> None:
    row = named(signed_s3)
    insert = (
        "INSERT INTO conventions_referenttraining (id, convention_id, organisation_id, referent_id, trained_on, subject, organiser)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'CARSAT')"
    )
    with pytest.raises(IntegrityError, match="not this organisation's referent"):
        raw("ccas", insert, [uuid7(), signed_s3, body("ccas").id, row.pk, START, "Le CCAS"])
    with pytest.raises(IntegrityError, match="training_says_what_and_by_whom"):
        raw("cpam", insert, [uuid7(), signed_s3, body("cpam").id, row.pk, START, ""])


def struck(convention: UUID, referent: UUID, training: UUID, address: str = CPAM) -> ReferentTraining:
    with member(address, AT) as actor:
        return withdraw_training(
            convention=seen(actor, convention), referent=referent, training=training, by=actor, at=AT
        )


def test_a_training_noted_by_mistake_is_struck_and_the_referent_is_to_be_trained_again(
    signed_s3: UUID,
) -> None:
    row = named(signed_s3)
    training = noted(signed_s3, row.pk)
    assert untrained(signed_s3) == []
    for address in (CCAS, CARSAT):
        with pytest.raises(Refused):
            struck(signed_s3, row.pk, training.pk, address)
    assert struck(signed_s3, row.pk, training.pk).withdrawn_at is not None
    assert untrained(signed_s3) == [(row.pk, date(2025, 2, 12))]
    with pytest.raises(Refused, match="déjà retirée"):
        struck(signed_s3, row.pk, training.pk)
    with member(CCAS, AT) as reader:
        assert ReferentTraining.objects.filter(convention=seen(reader, signed_s3)).count() == 1, "still there"
    noted(signed_s3, row.pk)
    assert untrained(signed_s3) == []


def test_the_database_strikes_a_training_once_and_changes_nothing_else_of_it(signed_s3: UUID) -> None:
    row = named(signed_s3)
    training = noted(signed_s3, row.pk)
    table = "conventions_referenttraining"
    assert raw("ccas", f"UPDATE {table} SET withdrawn_at = now() WHERE id = %s", [training.pk]) == 0  # noqa: S608
    with pytest.raises(IntegrityError, match="as it was noted"):
        raw("cpam", f"UPDATE {table} SET withdrawn_at = now(), subject = 'x' WHERE id = %s", [training.pk])  # noqa: S608
    assert raw("cpam", f"UPDATE {table} SET withdrawn_at = '2020-01-01' WHERE id = %s", [training.pk]) == 1  # noqa: S608
    with member(CPAM, AT):
        training.refresh_from_db()
    assert training.withdrawn_at is not None
    assert training.withdrawn_at.year > 2020, "the database says when"
    with pytest.raises(IntegrityError, match="as it was noted"):
        raw("cpam", f"UPDATE {table} SET withdrawn_at = NULL WHERE id = %s", [training.pk])  # noqa: S608
