"""How somebody is written to: what PostgreSQL refuses, and what a summary and an urgent message say."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.notifications import wording
from maillage.notifications.actions import Draft, post
from maillage.notifications.mailing import Choice, begin_day, keep_choice, mailed, remind
from maillage.notifications.models import Mailing, Message
from tests.days import today

ON = date(2026, 3, 2)
WRONG: tuple[tuple[str, dict[str, Any]], ...] = (
    ("mailing_choice_known", {"choice": "weekly"}),
    ("mailing_told_of_something", {"told_on": ON}),
    ("mailing_told_of_something", {"told_on": ON, "told_of": 0, "looked_on": ON}),
    ("mailing_told_of_something", {"told_on": ON, "told_of": 2}),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "values"), WRONG)
def test_a_mailing_that_makes_no_sense_is_refused(constraint: str, values: dict[str, Any]) -> None:
    me = uuid7()
    with (
        transaction.atomic(),
        acting(organisation=None, user=me),
        pytest.raises(IntegrityError, match=constraint),
    ):
        Mailing.objects.create(user_id=me, **values)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "cases"), [("digest", None), ("digest", 0), ("urgent", 3)])
def test_only_a_summary_counts(kind: str, cases: int | None) -> None:
    me = uuid7()
    draft = Draft("x", None, kind, "J-1", "/", account=me, cases=cases)
    with (
        transaction.atomic(),
        acting(organisation=None, user=me),
        pytest.raises(IntegrityError, match="message_only_a_summary_counts"),
    ):
        post([draft])


@pytest.mark.django_db
def test_what_is_held_is_for_a_box() -> None:
    me = uuid7()
    draft = Draft("x", None, "urgent", "J-1", "/", account=me, held=True)
    with (
        transaction.atomic(),
        acting(organisation=None, user=me),
        pytest.raises(IntegrityError, match="message_held_for_a_box"),
    ):
        post([draft])


@pytest.mark.django_db
def test_a_day_is_taken_once_and_told_once() -> None:
    me, day = uuid7(), today()
    with transaction.atomic(), acting(organisation=None, user=me):
        assert [begin_day(user=me, on=day) for _ in range(2)] == [True, False]
        for _ in range(2):
            remind(user=me, on=day, cases=3)
        assert Message.objects.filter(account_id=me, kind="digest").count() == 1
        assert (mailed(me).told_on, mailed(me).told_of, mailed(me).looked_on) == (day, 3, day)
    other = uuid7()
    with transaction.atomic(), acting(organisation=None, user=other):
        assert not Mailing.objects.exists()  # hers is hers
        keep_choice(user=other, choice=Choice.NONE, at=None)  # type: ignore[arg-type]  # no matter when
        assert not begin_day(user=other, on=day)


def test_their_words_say_a_number_or_a_reference_and_a_link() -> None:
    assert wording.digest_subject(3) == "Maillage : 3 dossiers vous attendent"
    assert "1 dossier vous attend dans Maillage" in wording.digest(1, "https://example.org/")
    urgent = wording.urgent("K7QM-3XTD", "https://example.org/orientations/")
    assert "K7QM-3XTD" in urgent
    assert wording.urgent_subject("K7QM-3XTD") == "Maillage : urgent, référence K7QM-3XTD"
