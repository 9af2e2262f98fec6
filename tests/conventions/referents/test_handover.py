"""A change of referent with a hand-over: both are on duty, every notice reaches both, and no day is left without either."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from maillage.conventions.lifecycle.actions import share_evaluation
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.referents.actions import Tenure, change_referent, end_tenure, name_referent
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.queries import handover, letter, on_duty
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.notifications.models import Message
from tests.conventions.people import CCAS, CPAM, body, instant, member, raw, seen

AT = instant("2025-03-03")
START, CHANGE, OVER = date(2024, 11, 14), date(2025, 3, 10), date(2025, 3, 31)
FORMER_BOX, NEW_BOX = "ancienne@cpam.example.org", "nouvelle@cpam.example.org"

pytestmark = pytest.mark.django_db


def tenure(**changes: Any) -> Tenure:
    values: dict[str, Any] = {
        "referent_id": uuid7(), "level": "local", "function": "Chargée de mission", "since": START, "mailbox": FORMER_BOX,
    }  # fmt: skip
    return Tenure(**{**values, **changes})


def named(convention: UUID, address: str = CPAM, **changes: Any) -> Referent:
    with member(address, AT) as actor:
        return name_referent(convention=seen(actor, convention), tenure=tenure(**changes), by=actor, at=AT)


def changed(convention: UUID, former: Referent, at: datetime = AT, **changes: Any) -> Referent:
    asked = tenure(**{"function": "Responsable", "since": CHANGE, "mailbox": NEW_BOX, **changes})
    with member(CPAM, at) as actor:
        return change_referent(
            convention=seen(actor, convention), referent=former.pk, tenure=asked, by=actor, at=at
        )


def ended(convention: UUID, row: Referent, until: date) -> Referent:
    with member(CPAM, AT) as actor:
        return end_tenure(convention=seen(actor, convention), referent=row.pk, until=until, by=actor, at=AT)


def shared(convention: UUID, day: date) -> None:
    """A fact that the CCAS records, of which the CPAM is told."""
    at = instant(day.isoformat())
    with member(CCAS, at) as actor:
        share_evaluation(convention=seen(actor, convention), day=day, by=actor, at=at)


def reached(kind: str = "convention_fact") -> set[UUID | None]:
    with transaction.atomic(), acting(organisation=body("cpam").id):
        return set(Message.objects.filter(kind=kind).values_list("referent_id", flat=True))


def test_during_a_hand_over_both_are_on_duty_and_on_no_day_nobody(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = changed(signed_s3, former, handover_until=OVER)
    with member(CPAM, AT) as actor:
        known = load(seen(actor, signed_s3))
        duty = [{row.pk for row in on_duty(known, START + timedelta(days=number))} for number in range(200)]
        told = letter(known, later.pk, AT.date())
    both = (OVER - CHANGE).days + 1
    assert (
        duty[: (CHANGE - START).days + both]
        == [{former.pk}] * (CHANGE - START).days + [{former.pk, later.pk}] * both
    )
    assert set(map(frozenset, duty[(CHANGE - START).days + both :])) == {frozenset({later.pk})}
    assert (told.former_function, told.handover_until) == ("Chargée de mission", OVER)
    assert handover(former) is None


@pytest.mark.parametrize(
    ("day", "who"),
    [
        (date(2025, 3, 5), {"former"}),
        (date(2025, 3, 10), {"former", "new"}),
        (date(2025, 3, 31), {"former", "new"}),
        (date(2025, 4, 1), {"new"}),
    ],
)
def test_each_notice_reaches_both_during_the_hand_over_and_one_before_and_after(
    day: date, who: set[str], signed_s3: UUID
) -> None:
    former = named(signed_s3)
    rows = {"former": former.pk, "new": changed(signed_s3, former, handover_until=OVER).pk}
    shared(signed_s3, day)
    assert reached() == {None} | {rows[one] for one in who}, "the body's own box as well"


def test_two_referents_at_one_box_or_at_the_body_s_own_get_one_notice(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = changed(signed_s3, former, mailbox=FORMER_BOX.upper(), handover_until=OVER)
    named(signed_s3, mailbox="contact@cpam.example.org")
    named(signed_s3, mailbox="", phone="0400000000")
    shared(signed_s3, CHANGE)
    assert reached() == {None, later.pk}


@pytest.mark.parametrize(
    ("planned", "changes", "field", "said"),
    [
        (None, {"since": START}, "since", "suit la prise de fonction"),
        (
            None,
            {"handover_until": CHANGE - timedelta(days=1)},
            "handover_until",
            "finit le jour du changement",
        ),
        (None, {"handover_until": CHANGE + timedelta(days=184)}, "handover_until", "six mois au plus"),
        (date(2025, 3, 20), {"since": date(2025, 3, 22)}, "since", "au plus tard le lendemain"),
        (date(2025, 3, 20), {"handover_until": OVER}, "handover_until", "ne va pas au-delà"),
        (None, {"level": "regional"}, "level", "du même niveau"),
    ],
)
def test_days_in_disorder_are_refused_at_their_field(
    planned: date | None, changes: dict[str, Any], field: str, said: str, signed_s3: UUID
) -> None:
    former = named(signed_s3)
    if planned:
        ended(signed_s3, former, planned)
    with pytest.raises(Refused, match=said) as error:
        changed(signed_s3, former, **changes)
    assert error.value.field == field


def test_a_planned_end_is_succeeded_without_a_hole(signed_s3: UUID) -> None:
    former = named(signed_s3)
    ended(signed_s3, former, date(2025, 3, 20))
    later = changed(signed_s3, former, since=date(2025, 3, 21))
    former.refresh_from_db()
    assert (former.until, later.since) == (date(2025, 3, 20), date(2025, 3, 21))


def test_a_hand_over_crosses_no_other_change_nor_ends_before_its_time(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = changed(signed_s3, former, handover_until=OVER)
    with pytest.raises(Refused, match="court déjà jusqu’au"):
        changed(signed_s3, later, since=OVER)
    with pytest.raises(Refused, match="la fin vient ce jour-là, ou après"):
        ended(signed_s3, later, OVER - timedelta(days=1))
    with pytest.raises(Refused, match="déjà notée"):
        ended(signed_s3, former, CHANGE)
    with pytest.raises(Refused, match="déjà été remplacé"):
        changed(signed_s3, former, since=date(2025, 5, 1))
    assert changed(signed_s3, later, since=OVER + timedelta(days=1)).succeeds == later


def test_the_database_leaves_no_hole_whatever_the_code_says(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = changed(signed_s3, former, handover_until=OVER)
    with pytest.raises(IntegrityError, match="no hole"):
        raw("cpam", "UPDATE conventions_referent SET until = %s WHERE id = %s", [date(2025, 3, 1), former.pk])
    with pytest.raises(IntegrityError, match="no hole"):
        raw(
            "cpam",
            "INSERT INTO conventions_referent (id, convention_id, organisation_id, party_key, level, function, mailbox, phone, since,"
            " succeeds_id) VALUES (%s, %s, %s, 'cpam', 'local', 'Directrice', '', '04', '2026-01-01', %s)",
            [uuid7(), signed_s3, body("cpam").id, later.pk],
        )
    with pytest.raises(IntegrityError, match="the same post"):
        raw(
            "ccas",
            "INSERT INTO conventions_referent (id, convention_id, organisation_id, party_key, level, function, mailbox, phone, since,"
            " succeeds_id) VALUES (%s, %s, %s, 'ccas', 'local', 'Directrice', '', '04', '2026-01-01', %s)",
            [uuid7(), signed_s3, body("ccas").id, later.pk],
        )
