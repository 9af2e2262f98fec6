"""Roles: given by administrators, ended on a day or at once, never the last one who administers."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.organisations.member import arrive
from maillage.organisations.models import Membership, User
from maillage.organisations.people.memberships import Given, add_role, end_role
from maillage.organisations.people.queries import colleague, colleagues
from tests.days import today
from tests.organisations.people.team import (
    ADMINISTRATOR,
    REFERENT,
    STRANGER_ADMINISTRATOR,
    WORKER,
    member,
    membership,
    user,
)

pytestmark = pytest.mark.usefixtures("fresh_database")


def give(address: str, role: str, since: date | None = None, until: date | None = None) -> None:
    with member(ADMINISTRATOR) as administrator:
        add_role(person=user(address), given=Given(role, since or today(), until), by=administrator, at=now())


def roles_of(address: str) -> set[str]:
    with transaction.atomic():
        known = User.objects.get(email=address)
        found = arrive(user=known.id, user_name="", wanted=None, on=today())
        return set(found.employers[0].roles) if found.employers else set()


def test_a_role_given_is_there_at_the_next_request_and_gone_at_once_when_withdrawn() -> None:
    give(WORKER, "referent")
    assert roles_of(WORKER) == {"partner_worker", "referent"}
    with member(ADMINISTRATOR) as administrator:
        end_role(membership=membership(WORKER, "referent"), last=None, by=administrator, at=now())
    assert roles_of(WORKER) == {"partner_worker"}
    give(WORKER, "referent", until=today())  # and given again the same day
    assert roles_of(WORKER) == {"partner_worker", "referent"}


def test_a_role_ends_after_its_last_day() -> None:
    which, last = membership(WORKER, "partner_worker"), today() + timedelta(days=3)
    with member(ADMINISTRATOR) as administrator:
        assert end_role(membership=which, last=last, by=administrator, at=now()) == last
    with transaction.atomic():
        known = user(WORKER)
        for day, here in ((last, True), (last + timedelta(days=1), False)):
            assert bool(arrive(user=known, user_name="", wanted=None, on=day).employers) is here


def test_the_last_administrator_stays_until_there_is_another() -> None:
    which = membership(ADMINISTRATOR, "administrator")
    with member(ADMINISTRATOR) as administrator:
        for last in (None, today() + timedelta(days=30)):
            with pytest.raises(Refused, match="dernier rôle d’administration"):
                end_role(membership=which, last=last, by=administrator, at=now())
    give(REFERENT, "administrator", until=today() + timedelta(days=10))
    with member(ADMINISTRATOR) as administrator:
        with pytest.raises(Refused, match="dernier rôle d’administration"):
            end_role(membership=which, last=today() + timedelta(days=30), by=administrator, at=now())
        end_role(membership=which, last=None, by=administrator, at=now())
    assert roles_of(ADMINISTRATOR) == set()
    told = Message.objects.using("owner").filter(kind="administrator_changed")
    assert told.count() == 2  # given to one, withdrawn from the other: written to the organisation's mailbox
    assert {one.path for one in told} == {"/organisme/membres/"}


def test_two_administrators_never_remove_each_other() -> None:
    give(REFERENT, "administrator")
    pairs = [
        (ADMINISTRATOR, membership(REFERENT, "administrator")),
        (REFERENT, membership(ADMINISTRATOR, "administrator")),
    ]
    barrier, outcomes = threading.Barrier(2), []

    def remove(address: str, which: object) -> None:
        try:
            with member(address) as administrator:
                barrier.wait(timeout=10)
                end_role(membership=which, last=None, by=administrator, at=now())  # type: ignore[arg-type]
            outcomes.append("removed")
        except (Refused, ProgrammingError):
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "removed"]


@pytest.mark.parametrize(
    ("role", "days", "field"),
    [
        ("caisse_adviser", (0, None), "role"),
        ("chief", (0, None), "role"),
        ("dpo", (-1, None), "since"),
        ("dpo", (5, 2), "until"),
        ("partner_worker", (0, None), "role"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_at_its_field(
    role: str, days: tuple[int, int | None], field: str
) -> None:
    since = today() + timedelta(days=days[0])
    until = today() + timedelta(days=days[1]) if days[1] is not None else None
    with pytest.raises(Refused) as refused:
        give(WORKER, role, since, until)
    assert refused.value.field == field


def test_an_end_in_the_past_is_refused_and_so_is_a_second_end() -> None:
    which = membership(WORKER, "partner_worker")
    with member(ADMINISTRATOR) as administrator:
        with pytest.raises(Refused) as refused:
            end_role(membership=which, last=today() - timedelta(days=1), by=administrator, at=now())
        assert refused.value.field == "last"
        end_role(membership=which, last=None, by=administrator, at=now())
        with pytest.raises(Refused, match="déjà pris fin"):
            end_role(membership=which, last=None, by=administrator, at=now())


def test_an_administrator_of_elsewhere_and_a_colleague_change_nothing() -> None:
    which = membership(WORKER, "partner_worker")
    for address in (STRANGER_ADMINISTRATOR, REFERENT):
        with member(address) as other, pytest.raises(Refused):
            end_role(membership=which, last=None, by=other, at=now())
    with member(STRANGER_ADMINISTRATOR) as stranger, pytest.raises(ProgrammingError):
        add_role(person=user(WORKER), given=Given("dpo", today()), by=stranger, at=now())
    assert roles_of(WORKER) == {"partner_worker"}


def test_the_list_of_colleagues_is_three_queries_and_tells_what_is_missing(
    django_assert_num_queries: object,
) -> None:
    with member(ADMINISTRATOR) as administrator:
        with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's fixture
            found = colleagues(administrator, on=today())
        assert {one.user.email for one in found} >= {ADMINISTRATOR, WORKER, REFERENT}
        assert all(one.may_act for one in found)
        assert colleague(administrator, user("conseil@cpam.example.org"), on=today()) is None


def test_the_table_refuses_an_end_before_the_day_before_the_beginning() -> None:
    which = membership(WORKER, "partner_worker")
    row = Membership.objects.using("owner").get(pk=which)
    with pytest.raises(IntegrityError, match="membership_dates_ordered"), transaction.atomic(using="owner"):
        Membership.objects.using("owner").filter(pk=which).update(until=row.since - timedelta(days=2))
