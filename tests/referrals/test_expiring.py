"""What nobody acknowledged in time ends by itself, once, by the job alone; its sender is told, and sends it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.notifications.models import Message
from maillage.organisations.models import User
from maillage.referrals import expiring
from maillage.referrals.drafts import open_draft
from maillage.referrals.expiring import expire
from maillage.referrals.forwarding.queries import to_restart
from maillage.referrals.models import Referral
from maillage.referrals.queries import ReferralCounts, referral_counts
from maillage.referrals.references import reference
from maillage.referrals.tasks import expire_unanswered
from tests.days import today
from tests.referrals.forwarding.test_redirecting import restart, send_again
from tests.referrals.world import ADVISER, WORKER, Signed, followed_by, member, send_referral, work

pytestmark = pytest.mark.security


@contextmanager
def as_the_worker() -> Iterator[None]:
    """The job's own connection."""
    default, before = connections["default"], dict(connections["default"].settings_dict)
    default.close()
    default.settings_dict.update(connections["worker"].settings_dict)
    try:
        yield
    finally:
        default.close()
        default.settings_dict.clear()
        default.settings_dict.update(before)


def page(address: str, path: str) -> str:
    client = Client()
    client.force_login(User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend")
    return client.get(path).content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_what_nobody_acknowledged_ends_once_and_its_sender_goes_on(committed: Signed) -> None:
    forgotten, late = send_referral(committed), send_referral(committed)
    work(late, "acknowledge")
    soon, then = now() + timedelta(days=89), now() + timedelta(days=91)
    with as_the_worker():
        assert expire(at=soon, days=90) == 0
        assert expire(at=then, days=90) == 1
        assert expire(at=then, days=90) == 0
        expire_unanswered(0)  # the job, today: nothing is so old
    with member(WORKER) as worker:
        found = Referral.objects.get(case_id=forgotten)
        assert (found.state, found.closed_at, found.closed_by) == ("expired", then, None)
        assert Referral.objects.get(case_id=late).state == "acknowledged"
        told = Message.objects.filter(kind="referral_expired", recipient_id=worker.organisation)
        assert [message.path for message in told] == [f"/orientations/{forgotten}/"]
        assert referral_counts(committed.id, worker) == ReferralCounts(2, 1, 0, 0)
        ((part, where),) = to_restart(worker, on=then.date(), limit=5)
        assert (part.case_id, where) == (forgotten, None)
    with member(ADVISER):
        assert Entry.objects.filter(verb="expire", object_ref=str(forgotten)).count() == 1
    followed_by(forgotten, ADVISER)
    for address, words in (
        (WORKER, ("Sans réponse de la caisse", "Appelez le référent", f"/conventions/{committed.id}/", "Repartir avec ce qui")),
        (ADVISER, ("Expirée sans accusé de réception", "il peut vous l’envoyer à nouveau")),
    ):  # fmt: skip
        shown = page(address, f"/orientations/{forgotten}/")
        for said in words:
            assert said in shown, said
        assert reference(forgotten) not in page(address, "/orientations/")
    draft = restart(forgotten)
    with member(WORKER) as worker:
        assert open_draft(worker, draft).content.authorisation == committed.authorisation().id
    assert send_again(draft) == draft


def test_no_page_makes_a_referral_expire(signed: Signed) -> None:
    case = send_referral(signed)
    for address in (ADVISER, WORKER):
        with (
            member(address),
            pytest.raises(DatabaseError, match="not a step of this side"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE referrals_referral SET state = 'expired', closed_at = now() + interval '1 day' WHERE case_id = %s",
                [case],
            )


def test_the_web_does_not_learn_what_waits(signed: Signed) -> None:
    send_referral(signed)
    with (
        member(ADVISER),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM referrals_unanswered(now(), NULL, NULL, 5)")


def test_one_that_is_acknowledged_meanwhile_stays(signed: Signed, monkeypatch: Any) -> None:
    case = send_referral(signed)
    rows = [expiring.Unanswered(case, *_sides(case), place=(now(), case))]
    work(case, "acknowledge")
    monkeypatch.setattr(expiring, "_unanswered", lambda _before, after: [] if after else rows)
    assert expire(at=now() + timedelta(days=91), days=90) == 0
    assert to_restart_of(WORKER) == []


def test_those_that_cannot_end_do_not_hide_the_others(committed: Signed, monkeypatch: Any) -> None:
    left, also_left, forgotten = (send_referral(committed) for _ in range(3))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_participation SET until = now() WHERE role = 'recipient' AND case_id = ANY(%s)",
            [[left, also_left]],
        )  # the caisse's own part has ended: nobody may end these in its name
    monkeypatch.setattr(expiring, "PAGE", 2)
    with as_the_worker():
        assert expire(at=now() + timedelta(days=91), days=90) == 1
        assert expire(at=now() + timedelta(days=91), days=90) == 0
    with member(WORKER):
        states = dict(Referral.objects.values_list("case_id", "state"))
    assert states == {left: "sent", also_left: "sent", forgotten: "expired"}


def _sides(case: Any) -> tuple[Any, Any]:
    with member(WORKER):
        found = Referral.objects.select_related("case").get(case_id=case).case
        return found.caisse_id, found.sender_id


def to_restart_of(address: str) -> list[Any]:
    with member(address) as someone:
        return to_restart(someone, on=today(), limit=5)
