"""The reminders of open campaigns, under the worker's role: to the parties of each convention whose sheet nobody has handed over.

What leaves is a reference and a link, one message for each fact: a round that stops half-way goes on at the next one, and tells nobody
twice. That a reminder left is written once all were told.
"""

import logging
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.notifications import reference, tell
from maillage.core.row_security import acting
from maillage.core.statements import insert
from maillage.indicators.campaigns.models import Campaign, CampaignReminder
from maillage.indicators.campaigns.queries import reminders_left
from maillage.indicators.campaigns.rules import ZONE, reminder_days, reminder_due
from maillage.indicators.campaigns.states import State

logger = logging.getLogger(__name__)


def remind(*, at: datetime) -> int:
    """Send the reminders whose day has come; how many. A second run sends none.

    One campaign that fails is left for the next run, and logged.
    """
    sent = 0
    for campaign in Campaign.objects.filter(state=State.OPEN).defer("questions").order_by("id"):
        try:
            sent += _remind(campaign, at)
        except Exception as error:  # noqa: BLE001 - one campaign must not keep the others from their dates
            logger.error("Reminders of campaign %s: %s", campaign.pk, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return sent


def _remind(campaign: Campaign, at: datetime) -> bool:
    on = at.astimezone(ZONE).date()
    planned = reminder_days(campaign.reminders, campaign.due_on, campaign.opened_at.astimezone(ZONE).date())
    with transaction.atomic(), acting(organisation=campaign.opened_for_id):
        left = [one.on for one in reminders_left(campaign)]
    day = reminder_due(planned, left, campaign.due_on, on)
    if day is None:
        return False
    told = 0
    for convention, parties in _unanswered(campaign.pk):
        with transaction.atomic(), acting(organisation=parties[0]):
            _tell(campaign, convention, parties, day, on)
        told += 1
    return _left(campaign, day, told, at)


def _unanswered(campaign: UUID) -> list[tuple[UUID, list[UUID]]]:
    """The conventions whose sheet nobody has handed over, each with its parties, whoever holds it first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT convention, party FROM indicators_unanswered(%s)", [campaign])
        rows: list[tuple[UUID, UUID]] = cursor.fetchall()
    return [(key, [party for _, party in found]) for key, found in groupby(rows, key=lambda row: row[0])]


def _tell(campaign: Campaign, convention: UUID, parties: list[UUID], day: date, on: date) -> None:
    tell(
        "year_expected",
        convention=convention,
        to=parties,
        fact=f"{campaign.pk}:{day.isoformat()}",
        on=on,
        named=(reference(convention), f"/bilans/{convention}/{campaign.year}/"),
    )


def _left(campaign: Campaign, day: date, told: int, at: datetime) -> bool:
    """Write that the reminder of a day left; False when another run wrote it meanwhile."""
    with transaction.atomic(), acting(organisation=campaign.opened_for_id):
        row = CampaignReminder(campaign_id=campaign.pk, on=day, sent_at=at, conventions=told)
        if not insert(row, unless_there=True):
            return False
        record(
            verb="campaign.reminded",
            object_type="campaign",
            object_ref=campaign.pk,
            by=None,
            organisation=campaign.opened_for_id,
            reason=f"{told} conventions",
        )
    return True
