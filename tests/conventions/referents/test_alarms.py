"""The daily alarm of empty posts: once a vacancy, to whom it concerns, gone when somebody is named."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.sweeping import sweep
from maillage.conventions.referents.actions import Tenure, end_tenure, name_referent
from maillage.conventions.referents.models import Referent
from maillage.conventions.tasks import WATCHES
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.notifications.models import Message
from tests.conventions.people import (
    CPAM,
    HOSPITAL,
    S2,
    S3,
    SIGNED,
    body,
    instant,
    member,
    seen,
    signed,
    swept,
    worker_process,
)

pytestmark = pytest.mark.usefixtures("fresh_database")
START = date(2024, 11, 14)
PARTIES = ("cpam", "carsat", "ccas")


def named(convention: UUID, address: str = CPAM, since: date = START) -> Referent:
    tenure = Tenure(uuid7(), "local", "Chargée de mission", since, "partenariats@cpam.example.org")
    with member(address, SIGNED) as actor:
        return name_referent(convention=seen(actor, convention), tenure=tenure, by=actor, at=SIGNED)


def ended(convention: UUID, row: Referent, until: str, at: str) -> None:
    with member(CPAM, instant(at)) as actor:
        end_tenure(
            convention=seen(actor, convention), referent=row.pk, until=date.fromisoformat(until), by=actor, at=instant(at)
        )  # fmt: skip


def alarms(*parties: str, kind: str = "convention_vacancy") -> Counter[tuple[str, str]]:
    """How many alarms each party got, by the party and level of the post and the day of the vacancy."""
    found: Counter[tuple[str, str]] = Counter()
    for name in parties or PARTIES:
        with transaction.atomic(), acting(organisation=body(name).id):
            for once in Message.objects.filter(kind=kind, referent_id=None).values_list("once", flat=True):
                found[name, ":".join(once.split(":")[2:4])] += 1
    return found


def days(convention: UUID, first: str, number: int, every: int = 1) -> None:
    swept(convention, *(instant(first) + timedelta(days=ahead) for ahead in range(0, number, every)))


def test_a_post_never_filled_is_said_once_thirty_days_after_the_start_to_all_where_a_change_is_told() -> None:
    new = signed()
    named(new)
    named(new, "referent@ccas.example.org")
    days(new, "2024-11-15", 29, every=7)  # the last of them too
    assert not alarms()
    days(new, "2024-12-14", 5)
    assert alarms() == {(name, "1-local:2024-11-14"): 1 for name in PARTIES}


def test_a_text_that_only_keeps_a_list_warns_the_party_that_owes_it_alone() -> None:
    new = signed(S2)
    named(new)
    named(new, "referente@carsat.example.org")
    swept(new, instant("2024-12-20"))
    assert alarms("cpam", "carsat", "hospital") == {("hospital", "2-local:2024-11-14"): 1}
    with member(HOSPITAL, SIGNED) as reader:
        assert seen(reader, new).title


def test_an_end_is_warned_of_thirty_days_before_then_said_when_nobody_came() -> None:
    new = signed()
    for address in (CPAM, "referent@ccas.example.org", "referente@carsat.example.org"):
        named(new, address)
    with transaction.atomic(), acting(organisation=body("cpam").id):
        row = Referent.objects.get(party_key="cpam")
    ended(new, row, "2025-03-31", at="2025-02-03")
    swept(new, instant("2025-03-01"))
    assert not alarms(kind="convention_vacancy_soon")
    days(new, "2025-03-02", 29, every=7)
    assert alarms(kind="convention_vacancy_soon") == {("cpam", "0-local:2025-04-01"): 1}
    assert not alarms()
    days(new, "2025-03-31", 4)
    assert alarms() == {(name, "0-local:2025-04-01"): 1 for name in PARTIES}


def test_naming_somebody_clears_the_alarm_and_another_vacancy_is_said_anew() -> None:
    new = signed()
    for address in (CPAM, "referent@ccas.example.org", "referente@carsat.example.org"):
        named(new, address)
    with transaction.atomic(), acting(organisation=body("cpam").id):
        row = Referent.objects.get(party_key="cpam")
    ended(new, row, "2025-03-02", at="2025-03-02")
    swept(new, instant("2025-03-03"))
    second = named(new, since=date(2025, 3, 5))
    days(new, "2025-03-04", 4)
    assert alarms("cpam") == {("cpam", "0-local:2025-03-03"): 1}
    ended(new, second, "2025-03-09", at="2025-03-09")
    days(new, "2025-03-10", 2)
    assert alarms("cpam") == {("cpam", "0-local:2025-03-03"): 1, ("cpam", "0-local:2025-03-10"): 1}


def test_a_worker_that_slept_still_says_it_once() -> None:
    signed()
    with worker_process():
        for day in ("2025-02-20", "2025-02-21"):
            assert sweep(instant(day), WATCHES).failed == 0
    assert set(alarms().values()) == {1}
    assert len(alarms()) == 9, "three posts, three parties"


def test_nothing_is_said_once_the_convention_has_ended() -> None:
    new = signed(S3)
    Convention.objects.using("owner").filter(pk=new).update(state="ended", end_kind="expired")
    with worker_process(), transaction.atomic(), acting(organisation=body("cpam").id):
        for watch in WATCHES:
            watch(_loaded(new), date(2025, 6, 1))
    assert not alarms()


def _loaded(convention: UUID) -> Any:
    from maillage.conventions.lifecycle.queries import load

    return load(Convention.objects.get(pk=convention))
