"""What is planned of a referent is moved or given up before it comes: the history keeps both days, the others are told."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from maillage.audit.models import Entry
from maillage.conventions.lifecycle.models import Event
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.referents.actions import change_referent, end_tenure, name_referent
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.planning import give_up, move_arrival, move_end
from maillage.conventions.referents.queries import history, letter, on_duty, standing
from maillage.conventions.referents.rules import (
    Following,
    Held,
    change_problem,
    end_problem,
    given_up_problem,
    moved_end_problem,
)
from maillage.core.calendar import DAY
from maillage.core.clock import now
from maillage.core.french import date_in_words
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from tests.conventions.people import CARSAT, CCAS, CPAM, WORKER, member, raw, seen
from tests.conventions.referents.test_handover import START, tenure
from tests.days import today

pytestmark = pytest.mark.django_db


def days(number: int) -> date:
    return today() + timedelta(days=number)


def named(convention: UUID, **changes: Any) -> Referent:
    with member(CPAM, now()) as actor:
        asked = tenure(**{"since": START, **changes})
        return name_referent(convention=seen(actor, convention), tenure=asked, by=actor, at=now())


def replaced(convention: UUID, former: Referent, since: date, **changes: Any) -> Referent:
    with member(CPAM, now()) as actor:
        asked = tenure(**{"function": "Responsable", "since": since, **changes})
        return change_referent(
            convention=seen(actor, convention), referent=former.pk, tenure=asked, by=actor, at=now()
        )


def ended(convention: UUID, row: Referent, until: date) -> None:
    with member(CPAM, now()) as actor:
        end_tenure(convention=seen(actor, convention), referent=row.pk, until=until, by=actor, at=now())


def moved(convention: UUID, row: Referent, until: date | None, address: str = CPAM) -> Referent:
    with member(address, now()) as actor:
        return move_end(convention=seen(actor, convention), referent=row.pk, until=until, by=actor, at=now())


def cancelled(convention: UUID, row: Referent, address: str = CPAM) -> Referent:
    with member(address, now()) as actor:
        return give_up(convention=seen(actor, convention), referent=row.pk, by=actor, at=now())


def arrives(convention: UUID, row: Referent, since: date) -> Referent:
    with member(CPAM, now()) as actor:
        return move_arrival(
            convention=seen(actor, convention), referent=row.pk, since=since, by=actor, at=now()
        )


def notes(convention: UUID) -> list[str]:
    with member(CCAS, now()) as reader:
        rows = Event.objects.filter(convention=seen(reader, convention), kind="referent_changed")
        return [row.detail["note"] for row in rows.order_by("id") if "note" in row.detail]


def duty(convention: UUID, on: date) -> set[UUID]:
    with member(CPAM, now()) as reader:
        return {row.pk for row in on_duty(load(seen(reader, convention)), on)}


def test_a_planned_end_is_moved_then_given_up_and_the_history_keeps_each_day(signed_s3: UUID) -> None:
    row = named(signed_s3)
    ended(signed_s3, row, days(30))
    assert moved(signed_s3, row, days(10)).until == days(10)
    assert moved(signed_s3, row, days(10)).until == days(10), "the same form twice"
    assert moved(signed_s3, row, None).until is None
    first, second = notes(signed_s3)
    assert "fin prévue le" in first
    assert second.endswith("sans fin prévue désormais")
    with member(CPAM, now()):
        assert Entry.objects.filter(verb="convention.referent_replanned").count() == 2
    with member(CARSAT, now()) as other:
        told = Message.objects.filter(kind="convention_referent", recipient_id=other.organisation).count()
    assert told == 4, "named, ended, moved, given up"


def test_a_hand_over_is_shortened_and_lengthened_within_its_bounds(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = replaced(signed_s3, former, days(10), handover_until=days(40))
    assert moved(signed_s3, former, days(9)).until == days(9), "no hand-over any more"
    assert moved(signed_s3, former, days(60)).until == days(60)
    for until, said in (
        (days(8), "jusqu’à la veille au moins"),
        (days(10 + 184), "six mois au plus"),
        (None, "Un successeur est nommé"),
        (days(-1), "aujourd’hui, ou après"),
    ):
        with pytest.raises(Refused, match=said) as refused:
            moved(signed_s3, former, until)
        assert refused.value.field == "until"
    assert duty(signed_s3, days(20)) == {former.pk, later.pk}


def test_an_arrival_that_has_not_come_is_given_up_and_another_day_may_be_chosen(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = replaced(signed_s3, former, days(10), handover_until=days(20))
    row = cancelled(signed_s3, later)
    assert (row.is_given_up, row.succeeds, row.since) == (True, None, days(10))
    former.refresh_from_db()
    assert former.until is None
    assert duty(signed_s3, days(15)) == duty(signed_s3, days(90)) == {former.pk}
    assert "arrivée prévue le" in notes(signed_s3)[0]
    with pytest.raises(Refused, match="déjà annulée"):
        cancelled(signed_s3, later)
    with pytest.raises(Refused, match="déjà été remplacé"):
        replaced(signed_s3, later, days(30))
    again = replaced(signed_s3, former, days(25))
    assert again.succeeds == former
    with member(CPAM, now()) as reader:
        known = load(seen(reader, signed_s3))
        assert letter(known, again.pk, today()).former_function == former.function
        coming = standing(known, history(known), today()).coming
    assert not [one for one in coming if one.post.party == "cpam"]


def test_an_end_that_was_planned_before_comes_back_when_the_arrival_is_given_up(signed_s3: UUID) -> None:
    former = named(signed_s3)
    ended(signed_s3, former, days(20))
    for handover in (None, days(15)):
        later = replaced(signed_s3, former, days(10), handover_until=handover)
        former.refresh_from_db()
        assert former.until == (handover or days(9))
        cancelled(signed_s3, later)
        former.refresh_from_db()
        assert former.until == days(20)
        assert duty(signed_s3, days(20)) == {former.pk}
        assert duty(signed_s3, days(21)) == set()
    assert notes(signed_s3)[-1].endswith(f"reste jusqu’au {date_in_words(days(20))}")


def test_a_hand_over_lengthened_past_the_end_planned_before_is_the_last_word(signed_s3: UUID) -> None:
    former = named(signed_s3)
    ended(signed_s3, former, days(20))
    later = replaced(signed_s3, former, days(10), handover_until=days(15))
    moved(signed_s3, former, days(40))
    cancelled(signed_s3, later)
    former.refresh_from_db()
    assert former.until == days(40)


def test_an_arrival_does_not_keep_the_former_past_the_end_planned_before(signed_s3: UUID) -> None:
    former = named(signed_s3)
    ended(signed_s3, former, days(20))
    later = replaced(signed_s3, former, days(10))
    with pytest.raises(Refused, match="au plus tard le lendemain"):
        arrives(signed_s3, later, days(22))
    assert arrives(signed_s3, later, days(21)).since == days(21)
    former.refresh_from_db()
    assert former.until == days(20)


def test_an_end_without_a_successor_is_told_and_has_its_letter(signed_s3: UUID) -> None:
    row = named(signed_s3)
    with member(CPAM, now()) as reader:
        assert letter(load(seen(reader, signed_s3)), row.pk, today()).ends_on is None
    ended(signed_s3, row, days(30))
    with member(CPAM, now()) as reader:
        assert letter(load(seen(reader, signed_s3)), row.pk, today()).ends_on == days(30)
    with member(CARSAT, now()) as other:
        messages = Message.objects.filter(kind="convention_referent", recipient_id=other.organisation)
        assert messages.filter(referent_id=None).count() == 2, "named, ended"
        assert {message.path for message in messages} == {f"/conventions/{signed_s3}/"}
    replaced(signed_s3, row, days(31))
    with member(CPAM, now()) as reader:
        assert letter(load(seen(reader, signed_s3)), row.pk, today()).ends_on is None, "somebody succeeds"


def test_an_arrival_is_moved_either_way_without_a_hole(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = replaced(signed_s3, former, days(10))
    for since in (days(20), days(3), days(0)):
        assert arrives(signed_s3, later, since).since == since
        former.refresh_from_db()
        assert former.until == since - DAY
        assert duty(signed_s3, since - DAY) == {former.pk}
        assert duty(signed_s3, since) == {later.pk}
    assert len(notes(signed_s3)) == 3
    with pytest.raises(Refused, match="déjà commencé"):
        arrives(signed_s3, later, days(4))


def test_an_arrival_moves_inside_its_hand_over_only(signed_s3: UUID) -> None:
    former = named(signed_s3)
    later = replaced(signed_s3, former, days(10), handover_until=days(20))
    assert arrives(signed_s3, later, days(15)).since == days(15)
    former.refresh_from_db()
    assert former.until == days(20)
    for since, said in (
        (days(21), "finit le jour du changement, ou après"),
        (days(-1), "aujourd’hui, ou après"),
    ):
        with pytest.raises(Refused, match=said) as refused:
            arrives(signed_s3, later, since)
        assert refused.value.field == "since"
    with pytest.raises(IntegrityError, match="no hole"):
        raw("cpam", "UPDATE conventions_referent SET since = %s WHERE id = %s", [days(30), later.pk])
    with pytest.raises(IntegrityError, match="stays as it was told"):
        raw("cpam", "UPDATE conventions_referent SET since = %s WHERE id = %s", [days(-5), later.pk])
    with pytest.raises(IntegrityError, match="stays as it was told"):
        raw("cpam", "UPDATE conventions_referent SET since = %s WHERE id = %s", [days(5), former.pk])


def test_what_has_come_is_not_planned_any_more(signed_s3: UUID) -> None:
    row = named(signed_s3)
    with pytest.raises(Refused, match="déjà commencé"):
        cancelled(signed_s3, row)
    with pytest.raises(Refused, match="pas de fin à venir"):
        moved(signed_s3, row, days(5))
    later = replaced(signed_s3, row, days(5))
    last = replaced(signed_s3, later, days(9), handover_until=days(20))
    with pytest.raises(Refused, match="propre remplacement"):
        cancelled(signed_s3, later)
    with pytest.raises(Refused, match="lui-même remplacé"):
        moved(signed_s3, row, days(9))
    cancelled(signed_s3, last)
    cancelled(signed_s3, later)


@pytest.mark.parametrize("address", [CCAS, WORKER])
def test_nobody_else_changes_what_a_party_planned(address: str, signed_s3: UUID) -> None:
    row = named(signed_s3)
    later = replaced(signed_s3, row, days(5))
    with pytest.raises((Refused, PermissionDenied)):
        moved(signed_s3, row, days(8), address)
    with pytest.raises((Refused, PermissionDenied)):
        cancelled(signed_s3, later, address)


def test_the_database_keeps_what_has_come_whatever_the_code_says(signed_s3: UUID) -> None:
    over = named(signed_s3, level="departement")
    ended(signed_s3, over, days(-3))
    running = named(signed_s3)
    coming = named(signed_s3, level="regional", since=days(5))
    change = "UPDATE conventions_referent SET until = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="that has come stays"):
        raw("cpam", change, [days(3), over.pk])
    with pytest.raises(IntegrityError, match="that has begun"):
        raw("cpam", change, [START - DAY, running.pk])
    with pytest.raises(IntegrityError, match="referent_dates_ordered"):
        raw("cpam", change, [days(2), coming.pk])
    assert raw("cpam", change, [days(4), coming.pk]) == 1
    with pytest.raises(IntegrityError, match="that has come stays"):
        raw("cpam", change, [None, coming.pk])
    with pytest.raises(IntegrityError, match="stays as it was told"):
        raw(
            "cpam",
            "UPDATE conventions_referent SET succeeds_id = NULL, function = 'x' WHERE id = %s",
            [coming.pk],
        )
    assert raw("ccas", change, [days(3), running.pk]) == 0
    later = replaced(signed_s3, running, days(9))
    with pytest.raises(IntegrityError, match="stays as it was told"):
        raw("cpam", "UPDATE conventions_referent SET succeeds_id = NULL WHERE id = %s", [later.pk])
    with pytest.raises(IntegrityError, match="or succeeds another"):
        raw("cpam", change, [days(8), later.pk])
    with pytest.raises(IntegrityError, match="stays as it was told"):
        raw("cpam", "UPDATE conventions_referent SET since = %s WHERE id = %s", [days(2), coming.pk])


ORDINARY = st.integers(-400, 400).map(lambda number: date(2026, 6, 1) + timedelta(days=number))
MAYBE = st.none() | ORDINARY


@given(
    since=ORDINARY, planned=ORDINARY, begun_with=MAYBE, first=ORDINARY, last=MAYBE, after=MAYBE, to=ORDINARY
)
def test_a_moved_end_is_one_that_could_have_been_chosen_at_first(
    *,
    since: date,
    planned: date,
    begun_with: date | None,
    first: date,
    last: date | None,
    after: date | None,
    to: date,
) -> None:
    """Whatever is accepted ends no earlier than today and stands up to the rules of a first choice."""
    on = date(2026, 6, 1)
    alone = moved_end_problem(Held(since, planned), to, on=on, begun_with=begun_with)
    if alone is None:
        assert planned >= on
        assert to >= on
        assert end_problem(Held(since), to, begun_with=begun_with) is None
    following = Following(Held(first, last), after)
    followed = moved_end_problem(Held(since, planned), to, on=on, begun_with=begun_with, after=following)
    if followed is None and since < first and (begun_with is None or first > begun_with) and to >= first:
        assert change_problem(Held(since), first, to, begun_with=begun_with) is None
        assert last is None or to <= last
        assert after is None or to < after


@given(ORDINARY, MAYBE, ORDINARY, st.booleans())
def test_only_what_has_not_begun_is_given_up(
    since: date, until: date | None, on: date, is_succeeded: bool
) -> None:
    problem = given_up_problem(Held(since, until), on=on, is_succeeded=is_succeeded)
    lives = since > on and (until is None or until >= since)
    assert (problem is None) == (lives and not is_succeeded)
