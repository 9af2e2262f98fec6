"""What « À faire » says of appointments: those that are over and of which the agent noted nothing. Never a person's name."""

from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.core.clock import now
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.secondments.agenda import to_note
from maillage.web.home.tasks import Task
from maillage.web.presentation.dates import long_instant

SHOWN = 50


def due(member: Member, on: date) -> list[Task]:
    """The seconded agent's own appointments to note."""
    _ = on
    if not member.may(Permission.WORK_REFERRALS):
        return []
    return [
        Task(
            title=f"Noter la suite d’un rendez-vous : {row.secondment.host.short_name}, {reference(row.case_id)}",
            url=reverse("secondments:appointment", args=[row.case_id]),
            due_on=row.starts_at.astimezone(ZoneInfo(row.secondment.time_zone)).date(),
            why=f"Prévu le {long_instant(row.starts_at, ZoneInfo(row.secondment.time_zone))} : "
            "la structure qui l’a pris attend d’en savoir la suite.",
            kind="appointment",
        )
        for row in to_note(member, at=now(), limit=SHOWN)
    ]
