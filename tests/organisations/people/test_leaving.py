"""Absences and departures: who sees what somebody had begun, and how all her roles end together."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.organisations.models import Absence
from maillage.organisations.people.leaving import Away, cancel_absence, leave, record_absence, replaced_by
from maillage.organisations.people.memberships import Given, add_role
from tests.days import today
from tests.organisations.people.team import (
    ADMINISTRATOR,
    REFERENT,
    STRANGER_ADMINISTRATOR,
    TWO_EMPLOYERS,
    WORKER,
    member,
    user,
)
from tests.organisations.people.test_memberships import roles_of

pytestmark = pytest.mark.usefixtures("fresh_database")


def away(first: int = 0, last: int = 5, by: str = REFERENT) -> Away:
    on = today()
    return Away(on + timedelta(days=first), on + timedelta(days=last), user(by))


def test_her_replacement_knows_it_for_these_days_and_until_it_is_cancelled() -> None:
    with member(WORKER) as worker:
        which = record_absence(person=worker.user, away=away(), by=worker, at=now())
    with member(REFERENT) as replacement:
        assert [row.user_id for row in replaced_by(replacement)] == [user(WORKER)]
    with member(ADMINISTRATOR) as administrator:
        assert not replaced_by(administrator).exists()
        cancel_absence(absence=which, by=administrator)
        with pytest.raises(Refused, match="déjà terminée"):
            cancel_absence(absence=which, by=administrator)
    with member(REFERENT) as replacement:
        assert not replaced_by(replacement).exists()


def test_an_absence_to_come_shows_nothing_yet() -> None:
    with member(ADMINISTRATOR) as administrator:
        record_absence(person=user(WORKER), away=away(2, 4), by=administrator, at=now())
    with member(REFERENT) as replacement:
        assert not replaced_by(replacement).exists()


WRONG = {
    "past": (away, (-9, -2, REFERENT), "until"),
    "backwards": (away, (5, 2, REFERENT), "until"),
    "herself": (away, (0, 5, WORKER), "replaced_by"),
    "somebody of elsewhere": (away, (0, 5, "conseil@cpam.example.org"), "replaced_by"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_absence_is_refused_at_its_field(case: str) -> None:
    make, arguments, field = WRONG[case]
    with member(ADMINISTRATOR) as administrator, pytest.raises(Refused) as refused:
        record_absence(person=user(WORKER), away=make(*arguments), by=administrator, at=now())
    assert refused.value.field == field


def test_the_same_days_twice_are_refused_and_a_colleague_records_nobody_s() -> None:
    with member(ADMINISTRATOR) as administrator:
        record_absence(person=user(WORKER), away=away(), by=administrator, at=now())
        with pytest.raises(Refused, match="déjà enregistrée"):
            record_absence(person=user(WORKER), away=away(3, 9), by=administrator, at=now())
    with member(REFERENT) as colleague:
        with pytest.raises(Refused, match="administrateur"):
            record_absence(person=user(WORKER), away=away(by=TWO_EMPLOYERS), by=colleague, at=now())
        absence = Absence.objects.get(user=user(WORKER)).id
        with pytest.raises(Refused):
            cancel_absence(absence=absence, by=colleague)
    with member(STRANGER_ADMINISTRATOR) as stranger, pytest.raises(Refused):
        cancel_absence(absence=absence, by=stranger)


def test_a_departure_ends_every_role_on_its_day_or_at_once() -> None:
    with member(ADMINISTRATOR) as administrator:
        last = today() + timedelta(days=3)
        add_role(
            person=user(REFERENT), given=Given("dpo", last + timedelta(days=9)), by=administrator, at=now()
        )
        assert leave(person=user(REFERENT), last=last, by=administrator, at=now()) == 3
    assert roles_of(REFERENT) == {"partner_worker", "referent"}  # until that day
    with member(ADMINISTRATOR) as administrator:
        leave(person=user(REFERENT), last=None, by=administrator, at=now())
        with pytest.raises(Refused, match="n’a plus de rôle"):
            leave(person=user(REFERENT), last=None, by=administrator, at=now())
    assert roles_of(REFERENT) == set()


def test_the_last_administrator_does_not_leave_and_keeps_all_her_roles() -> None:
    with member(ADMINISTRATOR) as administrator:
        add_role(person=administrator.user, given=Given("dpo", today()), by=administrator, at=now())
    with member(ADMINISTRATOR) as administrator, pytest.raises(Refused, match="dernier rôle"):
        leave(person=administrator.user, last=None, by=administrator, at=now())
    assert roles_of(ADMINISTRATOR) == {"administrator", "dpo"}


def test_the_table_refuses_a_return_before_the_departure_and_a_replacement_by_herself() -> None:
    with member(WORKER) as worker:
        which = record_absence(person=worker.user, away=away(), by=worker, at=now())
    for changed in ({"until": date(2000, 1, 1)}, {"replaced_by": user(WORKER)}):
        with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
            Absence.objects.using("owner").filter(pk=which).update(**changed)
    with member(WORKER), pytest.raises(ProgrammingError), transaction.atomic():
        Absence.objects.filter(pk=which).update(until=today())
