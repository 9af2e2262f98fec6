"""What others corrected of an identity and one's own organisation has not taken up, for « À faire ». Never a person's name."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.beneficiaries.correcting import to_take_up
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.web.home.tasks import Task
from maillage.web.presentation.dates import long_date

SHOWN: Final = 50


def due(member: Member, on: date) -> list[Task]:  # noqa: ARG001 -- every source is asked for a day
    """For whoever sends or works cases."""
    if not (member.may(Permission.SEND_REFERRALS) or member.may(Permission.WORK_REFERRALS)):
        return []
    zone = ZoneInfo(member.time_zone)
    return [
        Task(
            f"Reprendre une identité corrigée, dossier {reference(one.case_id)}",
            reverse("identity:former", args=[one.case_id]),
            None,
            f"{one.organisation.short_name} l’a corrigée le {long_date(one.corrected_at.astimezone(zone).date())} : mettez à jour ce que"
            " vous gardez de votre côté, puis dites-le.",
            "identity",
        )
        for one in to_take_up(member, limit=SHOWN)
    ]
