"""The summary of the day: one e-mail a person, however often the job runs, whatever fails; what is urgent, at once."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from maillage.cases.following import unfollow
from maillage.core.clock import now
from maillage.core.holidays import roll_forward, zone_of
from maillage.core.identifiers import uuid7
from maillage.exchange.actions import Writing
from maillage.notifications.gathering import gather
from maillage.notifications.mailing import Choice, keep_choice, mailed
from maillage.notifications.models import Message
from maillage.notifications.sending import send_waiting
from maillage.notifications.tasks import gather_held
from maillage.organisations.people.leaving import Away, cancel_absence, record_absence
from maillage.organisations.roles import ROLES, Permission
from maillage.referrals import exchanging, summaries
from maillage.referrals.content import Situation
from maillage.referrals.desk import cases_on_desk
from maillage.referrals.queries import referral_of
from maillage.referrals.summaries import summarise
from maillage.referrals.tasks import summarise_the_day
from tests.days import today
from tests.referrals.test_expiring import as_the_worker, page
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OTHER_WORKER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    work,
)

pytestmark = pytest.mark.security
PARIS = zone_of("42")


def morning(after: int = 1, hour: int = 9) -> datetime:
    """A working day to come, where everybody of these tests works."""
    day = today()
    for _ in range(after):
        day = roll_forward(day + timedelta(days=1), "42")
    return datetime.combine(day, time(hour), PARIS)


def summaries_of(address: str) -> list[int | None]:
    with member(address) as someone:
        rows = Message.objects.filter(kind="digest", account_id=someone.user).order_by("created_at", "once")
        return [row.cases for row in rows]


def urgent_of(address: str) -> list[str]:
    with member(address) as someone:
        rows = Message.objects.filter(kind="urgent", account_id=someone.user).order_by("created_at", "once")
        return [row.path for row in rows]


def choose(address: str, choice: Choice) -> None:
    with member(address) as someone:
        keep_choice(user=someone.user, choice=choice, at=now())


def send_urgent(signed: Signed) -> UUID:
    return send_referral(signed, situation=Situation(("cost",), "", facts={"care_imminent": True}))


def test_one_summary_a_working_day_with_the_number_of_cases_and_nothing_else(committed: Signed) -> None:
    first, second = send_referral(committed), send_referral(committed)
    work(
        first, "acknowledge"
    )  # the adviser follows it: it waits for her still, and so does the one that nobody follows
    with as_the_worker():
        assert summarise(at=morning(hour=6)) == 0
        assert summarise(at=morning()) == 1
        assert summarise(at=morning(hour=18)) == 0
        summarise_the_day(0)  # the job: what it does depends on the day, and it breaks nothing
        assert summarise(at=morning(2)) == 1
    assert summaries_of(ADVISER)[-2:] == [2, 2]
    assert summaries_of(WORKER) == summaries_of(READER) == []
    with member(ADVISER) as adviser:
        assert (mailed(adviser.user).told_on, mailed(adviser.user).told_of) == (morning(2).date(), 2)
    mail.outbox.clear()
    with as_the_worker():
        send_waiting(lambda: morning(2))
    digests = [one for one in mail.outbox if one.to == [ADVISER]]
    assert {one.subject for one in digests} == {"Maillage : 2 dossiers vous attendent"}
    for one in digests:
        written = f"{one.subject} {one.body}"
        assert "/orientations/" not in written
        assert not [canary for canary in (*CANARIES, str(first), "misas", "CCAS") if canary in written]
    work(second, "acknowledge", "accept", "contact")
    work(first, "accept", "contact")
    with as_the_worker():
        assert summarise(at=morning(3)) == 0  # nothing waits: no e-mail that says so


def test_nothing_leaves_on_a_sunday_and_what_fails_is_done_by_the_next_run(
    committed: Signed, monkeypatch: Any
) -> None:
    send_referral(committed)
    sunday = today() + timedelta(days=(6 - today().weekday()) or 7)
    monday = datetime.combine(roll_forward(sunday, "42"), time(9), PARIS)

    def dies(**_: object) -> None:
        raise RuntimeError

    with as_the_worker():
        assert summarise(at=datetime.combine(sunday, time(9), PARIS)) == 0
        with monkeypatch.context() as patch:
            patch.setattr(summaries, "remind", dies)
            assert summarise(at=monday) == 0
        assert [summarise(at=monday) for _ in range(2)] == [1, 0]
    assert summaries_of(ADVISER) == [1]


def test_a_message_about_a_case_that_nobody_follows_is_for_those_who_may_act(committed: Signed) -> None:
    case = send_referral(committed)
    work(case, "acknowledge", "accept", "contact")
    with member(WORKER) as worker:
        unfollow(case=referral_of(worker, case).case, by=worker, at=now())
    with member(ADVISER) as adviser:
        writing = Writing(uuid7(), "Avez-vous reçu le devis ?", None)
        exchanging.write(referral=referral_of(adviser, case), writing=writing, by=adviser, at=now())
    nothing: set[UUID] = set()
    senders, others = (WORKER, OTHER_WORKER), (STRANGER, ADVISER, READER)
    for address in (*senders, *others):  # elsewhere, who wrote it, no role that acts
        with member(address) as someone:
            assert cases_on_desk(someone, on=today()) == ({case} if address in senders else nothing), address
    assert "Lire 1 message" in page(WORKER, "/")
    with as_the_worker():
        assert summarise(at=morning()) >= len(senders)
    assert [summaries_of(address) for address in (*senders, *others)] == [[1], [1], [], [], []]
    followed_by(case, WORKER)
    for address, waits in ((WORKER, {case}), (OTHER_WORKER, nothing)):
        with member(address) as someone:
            assert cases_on_desk(someone, on=today()) == waits


def test_what_is_urgent_is_told_at_once_as_each_one_chose(signed: Signed) -> None:
    send_referral(signed)
    assert urgent_of(ADVISER) == []
    case = send_urgent(signed)
    assert urgent_of(ADVISER) == [f"/orientations/{case}/"]
    assert urgent_of(READER) == urgent_of(WORKER) == []
    choose(ADVISER, Choice.DAILY)
    send_urgent(signed)
    assert len(urgent_of(ADVISER)) == 1
    work(case, "acknowledge")  # asks nothing of anybody
    assert urgent_of(WORKER) == []
    work(case, "refuse")
    assert urgent_of(WORKER) == [f"/orientations/{case}/"]


def test_the_box_of_an_organisation_hears_once_a_day_of_what_is_not_urgent(committed: Signed) -> None:
    box = "contact@cpam.example.org"
    send_referral(committed)
    send_referral(committed)
    send_urgent(committed)
    mail.outbox.clear()
    with as_the_worker():
        send_waiting(now)
        assert [one.subject.startswith("Maillage : référence") for one in mail.outbox if one.to == [box]] == [
            True
        ]
        assert [gather(at=morning(hour=hour)) for hour in (6, 9, 18)] == [0, 1, 0]
        gather_held(0)  # the job: what it does depends on the day, and it breaks nothing
        mail.outbox.clear()
        send_waiting(lambda: morning(hour=18))
    (sent,) = [one for one in mail.outbox if one.to == [box]]
    assert sent.subject == "Maillage : du nouveau sur 2 dossiers ou conventions"
    assert "/orientations/" not in sent.body
    with as_the_worker():
        assert gather(at=morning(2)) == 0  # all that was held was said


def test_who_wants_none_gets_none(committed: Signed) -> None:
    send_urgent(committed)
    choose(ADVISER, Choice.NONE)
    with as_the_worker():
        assert summarise(at=morning()) == 0
        mail.outbox.clear()
        send_waiting(morning)
    assert not [
        one for one in mail.outbox if one.to == [ADVISER]
    ]  # the urgent one was posted before she chose


def test_whoever_replaces_somebody_hears_of_what_waits_for_her_too(committed: Signed) -> None:
    case = send_referral(committed)
    work(case, "acknowledge", "accept", "contact")
    with member(ADVISER) as adviser:
        writing = Writing(uuid7(), "Bonjour", None)
        exchanging.write(referral=referral_of(adviser, case), writing=writing, by=adviser, at=now())
    followed_by(case, WORKER)
    with as_the_worker():
        summarise(at=morning())
    assert (summaries_of(WORKER), summaries_of(OTHER_WORKER)) == (
        [1],
        [],
    )  # she follows it: nobody else hears of it
    with member(OTHER_WORKER) as other:
        replacement = other.user
    with member(WORKER) as worker:
        away = Away(morning(2).date(), morning(3).date(), replacement)
        which = record_absence(person=worker.user, away=away, by=worker, at=now())
    with as_the_worker():
        summarise(at=morning(2))
    assert (summaries_of(WORKER), summaries_of(OTHER_WORKER)) == ([1, 1], [1])
    with member(WORKER) as worker:
        cancel_absence(absence=which, by=worker)
    with as_the_worker():
        summarise(at=morning(3))
    assert summaries_of(OTHER_WORKER) == [1]


def test_what_is_urgent_reaches_the_replacement_of_an_absent_follower_at_once(signed: Signed) -> None:
    case = followed_by(send_urgent(signed), WORKER)
    with member(OTHER_WORKER) as other:
        replacement = other.user
    with member(WORKER) as worker:
        record_absence(person=worker.user, away=Away(today(), today(), replacement), by=worker, at=now())
    work(case, "acknowledge", "refuse")
    assert urgent_of(WORKER) == urgent_of(OTHER_WORKER) == [f"/orientations/{case}/"]


def test_nobody_tells_the_people_of_a_case_that_is_not_theirs(signed: Signed) -> None:
    case = send_urgent(signed)
    with member(ADVISER) as adviser:
        body = adviser.organisation
    for address, statement, words in (
        (STRANGER, "SELECT referrals_tell_desk(%(case)s, %(body)s, 'x', 'X', 'x', NULL)", "not a case"),
        (ADVISER, "SELECT * FROM referrals_people_to_tell(now(), 0)", "permission denied"),
    ):
        with (
            member(address),
            pytest.raises(DatabaseError, match=words),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, {"case": case, "body": body})


def test_the_roles_of_these_functions_are_those_declared() -> None:
    by = {
        permission: [role.value for role, declared in ROLES.items() if permission in declared.permissions]
        for permission in (Permission.WORK_REFERRALS, Permission.SEND_REFERRALS)
    }
    assert by == {
        Permission.WORK_REFERRALS: ["caisse_adviser"],
        Permission.SEND_REFERRALS: ["partner_worker"],
    }, "say it in referrals_people_to_tell and referrals_tell_desk too"
