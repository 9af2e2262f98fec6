"""Reminders of a campaign: to the parties of the conventions that have not handed over their sheet, once each whatever stops."""

from copy import copy
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connections, transaction

from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.indicators.campaigns import actions, reminding
from maillage.indicators.campaigns.models import Campaign, CampaignReminder
from maillage.indicators.campaigns.queries import reminders_left
from maillage.indicators.campaigns.reminding import remind
from maillage.indicators.sheets import actions as sheets
from maillage.indicators.tasks import remind_of_campaigns
from maillage.notifications.models import Message
from tests.conftest import Groundwork, LayGroundwork
from tests.conventions.people import CCAS, CNAM, CPAM, CROIX_ROUGE, body, instant, member, seen, signed
from tests.conventions.people import worker_process as as_the_worker
from tests.indicators.campaigns.world import OPENED, YEAR, close, framework, implement, opened

FIRST, SECOND, LAST = "2026-01-31", "2026-02-16", "2026-02-27"
BODIES = ("cpam", "carsat", "ccas")


def ask() -> tuple[UUID, Campaign]:
    """A local convention, and the campaign that asks it its questions."""
    national, local = framework(), signed()
    implement(local, national)
    return local, opened(national)


@pytest.fixture(scope="module")
def groundwork(lay_groundwork: LayGroundwork) -> Groundwork:
    return lay_groundwork(ask)


@pytest.fixture
def asked(groundwork: Groundwork, fresh_database: object) -> tuple[UUID, Campaign]:
    local, campaign = groundwork.world
    return local, copy(campaign)


def run(*days: str) -> list[int]:
    with as_the_worker():
        return [remind(at=instant(day)) for day in days]


def told() -> list[tuple[str, bool, str]]:
    """Each message to a body's own box: whom, whether it waits for the summary of the day, and where it leads."""
    found = []
    for name in BODIES:
        with transaction.atomic(), acting(organisation=body(name).id):
            rows = Message.objects.filter(kind="year_expected", recipient_id=body(name).id, referent_id=None)
            found += [(name, row.held, row.path) for row in rows.order_by("id")]
    return found


def left(campaign: Campaign, reader: str = CNAM) -> list[tuple[date, int]]:
    with member(reader, OPENED):
        return [(one.on, one.conventions) for one in reminders_left(campaign)]


def test_each_reminder_leaves_on_its_day_once_to_each_party(asked: tuple[UUID, Campaign]) -> None:
    local, campaign = asked
    assert run("2026-01-30", FIRST, FIRST, "2026-02-01") == [0, 1, 0, 0]
    path = f"/bilans/{local}/{YEAR.number}/"
    assert sorted(told()) == [(name, True, path) for name in sorted(BODIES)]
    assert run(SECOND, LAST, LAST, "2026-03-02", "2026-03-03") == [1, 1, 0, 0, 0]
    assert len(told()) == 9
    assert left(campaign) == [(date.fromisoformat(day), 1) for day in (FIRST, SECOND, LAST)]
    assert left(campaign, CROIX_ROUGE) == [], "whoever opened the campaign reads it"
    with as_the_worker():
        remind_of_campaigns(0)  # the job, long after: nothing


def test_who_handed_over_the_sheet_is_not_reminded_until_it_is_given_back(
    asked: tuple[UUID, Campaign],
) -> None:
    local, campaign = asked
    with member(CCAS, OPENED) as partner:
        sheets.submit(convention=seen(partner, local), year=YEAR, by=partner, at=OPENED)
    assert run(FIRST) == [1]
    assert (told(), left(campaign)) == ([], [(date.fromisoformat(FIRST), 0)])
    with member(CPAM, OPENED) as caisse:
        sheets.give_back(
            convention=seen(caisse, local), year=YEAR, reason="Il manque les séances.", by=caisse, at=OPENED
        )
    assert run(SECOND) == [1]
    assert sorted(name for name, *_ in told()) == sorted(BODIES)


def test_a_round_that_stops_half_way_goes_on_and_tells_nobody_twice(
    asked: tuple[UUID, Campaign], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, campaign = asked

    def stop(*given: Any) -> bool:
        raise RuntimeError(*given)

    with monkeypatch.context() as patch:
        patch.setattr(reminding, "_left", stop)
        assert run(FIRST) == [0]
    assert (len(told()), left(campaign)) == (3, [])
    assert run("2026-02-02") == [1]
    assert (len(told()), left(campaign)) == (3, [(date.fromisoformat(FIRST), 1)])


def test_days_without_a_worker_send_the_last_reminder_only(asked: tuple[UUID, Campaign]) -> None:
    assert run("2026-02-28", "2026-03-01") == [1, 0]
    assert left(asked[1]) == [(date.fromisoformat(LAST), 1)]


def test_a_campaign_that_is_closed_or_without_reminders_reminds_nobody(fresh_database: object) -> None:
    national = framework()
    implement(signed(), national)
    campaign = opened(national, reminders=())
    assert run(FIRST, SECOND, LAST) == [0, 0, 0]
    with member(CNAM, OPENED) as actor:
        actions.move_date(
            campaign=campaign, due_on=date(2026, 3, 2), reminders=(3,), by=actor, at=instant("2026-02-01")
        )
    close(campaign, at=instant("2026-02-20"))
    assert run(LAST) == [0]
    assert told() == []


def test_reminders_follow_the_closing_day(asked: tuple[UUID, Campaign]) -> None:
    _, campaign = asked
    assert run(FIRST) == [1]
    with member(CNAM, OPENED) as actor:
        actions.move_date(campaign=campaign, due_on=date(2026, 4, 1), by=actor, at=instant(FIRST))
    assert run(SECOND, "2026-03-02", "2026-03-02", "2026-03-18", "2026-03-29") == [0, 1, 0, 1, 1]


@pytest.mark.parametrize("days", [(0,), (366,), (1, 2, 3, 4, 5, 6, 7)])
def test_days_that_make_no_sense_are_refused_at_their_field_and_by_the_database(
    fresh_database: object, days: tuple[int, ...]
) -> None:
    national = framework()
    with pytest.raises(Refused) as refused:
        opened(national, reminders=days)
    assert refused.value.field == "reminders"
    campaign = opened(national)
    with member(CNAM, OPENED) as actor, pytest.raises(Refused) as refused:
        actions.move_date(campaign=campaign, due_on=date(2026, 4, 1), reminders=days, by=actor, at=OPENED)
    assert refused.value.field == "reminders"
    with pytest.raises(DatabaseError), member(CNAM, OPENED):
        Campaign.objects.filter(pk=campaign.pk).update(reminders=list(days))


def test_a_reminder_is_that_of_one_s_own_open_campaign(asked: tuple[UUID, Campaign]) -> None:
    _, campaign = asked
    at: datetime = instant(FIRST)
    row = {"campaign_id": campaign.pk, "on": at.date(), "sent_at": at, "conventions": 1}
    with pytest.raises(DatabaseError), member(CPAM, OPENED):
        CampaignReminder.objects.create(**row)
    close(campaign)
    with pytest.raises(DatabaseError, match="open campaign"), member(CNAM, OPENED):
        CampaignReminder.objects.create(**row)


def test_only_the_worker_asks_whom_to_remind(asked: tuple[UUID, Campaign]) -> None:
    for alias in ("default", "statistics"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(using=alias):
            connections[alias].cursor().execute("SELECT * FROM indicators_unanswered(%s)", [asked[1].pk])
