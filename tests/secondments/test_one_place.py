"""One agent is promised in one place at a time: across hosts and rhythms, whoever asks, even two at once."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.core.calendar import DAY
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.secondments import actions
from maillage.secondments.actions import Arrangement
from maillage.secondments.models import Permanence
from maillage.secondments.queries import known
from maillage.secondments.rules import Weekly
from maillage.web.presentation.dates import PARIS
from tests.referrals.world import ADVISER, WORKER, member
from tests.secondments.test_database_guards import refused
from tests.secondments.world import OFFICER, Lent, book, lend, user

SATURDAY = 5
ELSEWHERE = "Cet agent est déjà en permanence ailleurs à cette heure."


def hold(lent: Lent, weekday: int, **changes: object) -> UUID:
    """A permanence of an hour, from 9 unless said."""
    asked = {"starts": time(9), "ends": time(10), "minutes": 30, "since": today(PARIS), **changes}
    new = uuid7()
    with member(OFFICER) as officer:
        row = known(officer, lent.secondment, at=now()).row
        actions.add_permanence(
            new_id=new,
            secondment=row,
            weekly=Weekly(weekday, **asked),  # type: ignore[arg-type]  # its fields
            by=officer,
        )
    return new


@pytest.fixture
def elsewhere(lent: Lent) -> Lent:
    """The same adviser lent under another convention, without hours there; here each working day from 9 to 12."""
    return lend(weekdays=())


@pytest.mark.parametrize("hours", [(time(9), time(10)), (time(8), time(9, 30)), (time(11, 30), time(13))])
def test_hours_held_elsewhere_are_refused_in_words_that_say_nothing_of_where(
    elsewhere: Lent, hours: tuple[time, time]
) -> None:
    with pytest.raises(Refused) as said:
        hold(elsewhere, 0, starts=hours[0], ends=hours[1])
    assert (said.value.field, said.value.message) == ("starts", ELSEWHERE)
    with member(OFFICER):
        assert not Permanence.objects.filter(secondment=elsewhere.secondment).exists()


def test_hours_beside_and_other_days_are_free(elsewhere: Lent) -> None:
    hold(elsewhere, 0, starts=time(12), ends=time(13))
    hold(elsewhere, 5)


def test_rhythms_that_never_come_together_are_free_and_those_that_do_are_not(elsewhere: Lent) -> None:
    first = today(PARIS) + DAY * ((5 - today(PARIS).weekday()) % 7)
    third = lend(weekdays=())
    hold(third, 5, since=first, every=2)
    hold(elsewhere, 5, since=first + 7 * DAY, every=4)
    with pytest.raises(Refused) as said:  # every three weeks: sooner or later with either
        hold(lend(weekdays=()), 5, since=first, every=3, starts=time(9, 30))
    assert said.value.message == ELSEWHERE


def test_a_permanence_that_ended_leaves_its_hours_until_it_is_prolonged(elsewhere: Lent, lent: Lent) -> None:
    last = today(PARIS) + 20 * DAY
    with member(OFFICER) as officer:
        for one in Permanence.objects.filter(secondment=lent.secondment).select_related("secondment"):
            actions.end_permanence(permanence=one, last=last, by=officer)
    hold(elsewhere, 0, since=last + DAY)
    with member(OFFICER) as officer:
        mondays = Permanence.objects.select_related("secondment").get(secondment=lent.secondment, weekday=0)
        with pytest.raises(Refused) as said:
            actions.end_permanence(permanence=mondays, last=last + 90 * DAY, by=officer)
    assert said.value.message == ELSEWHERE


def test_what_is_booked_keeps_its_hours_when_the_permanence_has_ended(elsewhere: Lent, lent: Lent) -> None:
    slot = lent.slots()[-1]
    case, day = book(lent, slot=slot), slot.starts_at.astimezone(PARIS).date()
    with member(OFFICER) as officer:
        for one in Permanence.objects.filter(secondment=lent.secondment).select_related("secondment"):
            actions.end_permanence(permanence=one, last=today(PARIS), by=officer)
    with pytest.raises(Refused):
        hold(elsewhere, day.weekday(), since=today(PARIS) + DAY, ends=time(12))
    with member(WORKER) as worker:
        from maillage.secondments.agenda import appointment_of

        row = appointment_of(worker, case)
        actions.cancel(appointment=row, whose="person", by=worker, at=now())
    hold(elsewhere, day.weekday(), since=today(PARIS) + DAY, ends=time(12))


def test_an_agent_held_elsewhere_does_not_take_over_these_hours(lent: Lent) -> None:
    """The DPO of the caisse stands for a second adviser, as in the tests of actions."""
    other, successor = lend_to(user("dpo@cpam.example.org")), user(ADVISER)
    with pytest.raises(DatabaseError, match="the agent is elsewhere"):
        changed("UPDATE secondments_secondment SET agent_id = %s WHERE id = %s", successor, other)
    with member(OFFICER) as officer:
        row = known(officer, other, at=now()).row
        arrangement = Arrangement(successor, row.place, row.since)
        with pytest.raises(Refused) as said:
            actions.arrange(secondment=row, arrangement=arrangement, by=officer, at=now())
    assert (said.value.field, said.value.message) == ("agent", ELSEWHERE)


def lend_to(agent: UUID) -> UUID:
    """Another agent, Mondays from 9 to 10."""
    found = lend(weekdays=())
    changed("UPDATE secondments_secondment SET agent_id = %s WHERE id = %s", agent, found.secondment)
    hold(found, 0)
    return found.secondment


def changed(statement: str, *arguments: UUID) -> None:
    with member(OFFICER), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(arguments))


def test_a_convention_that_is_over_holds_nobody(elsewhere: Lent, lent: Lent) -> None:
    lent.publish(now() - DAY)
    hold(elsewhere, 0)


def test_the_database_refuses_whatever_the_code_says(elsewhere: Lent) -> None:
    statement = (
        "INSERT INTO secondments_permanence (id, secondment_id, weekday, starts, ends, minutes, every, since)"
        " VALUES (gen_random_uuid(), %s, 0, '11:30', '12:30', 30, 1, current_date)"
    )
    assert "the agent is elsewhere" in refused(OFFICER, statement, elsewhere.secondment)


def test_the_days_of_a_secondment_bound_its_hours(lent: Lent) -> None:
    last = today(PARIS) + 15 * DAY
    with member(OFFICER) as officer:
        row = known(officer, lent.secondment, at=now()).row
        arrangement = Arrangement(row.agent_id, row.place, row.since, last)
        actions.arrange(secondment=row, arrangement=arrangement, by=officer, at=now())
    other = lend(since=last + DAY, weekdays=())
    hold(other, 0, since=last + DAY)
    with member(OFFICER) as officer:
        longer = Arrangement(row.agent_id, row.place, row.since, last + timedelta(days=30))
        with pytest.raises(Refused) as said:
            actions.arrange(secondment=row, arrangement=longer, by=officer, at=now())
    assert said.value.message == ELSEWHERE
