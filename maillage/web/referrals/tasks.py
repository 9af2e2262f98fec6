"""What « À faire » says of referrals. Never a person's name: a reference, who sent it, and why it waits."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.catalogue.services import service_name
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.drafts import drafts_of
from maillage.referrals.policies import can_send
from maillage.referrals.queries import waiting
from maillage.referrals.references import reference
from maillage.referrals.states import State
from maillage.web.home.tasks import Task
from maillage.web.presentation.dates import distance, long_instant

SHOWN = 50


def due(member: Member, on: date) -> list[Task]:
    """The caisse: what to acknowledge, whom to contact. The sender: drafts to finish."""
    tasks = []
    if member.may(Permission.WORK_REFERRALS):
        tasks += _to_work(member, on)
    if can_send(member):
        tasks += _to_finish(member)
    return tasks


def _to_work(member: Member, on: date) -> list[Task]:
    return [
        Task(
            title=("Accuser réception : " if part.state == State.SENT else "Contacter la personne : ")
            + f"{service_name(part.case.service)}, {reference(part.case_id)}"
            + (" (urgent)" if part.urgent else ""),
            url=reverse("referrals:case", args=[part.case_id]),
            due_on=part.due_on,
            why=f"Envoyée {distance(local_day(part.since, member), on)} par {part.case.sender.short_name}. "
            + (
                "Cet organisme attend de savoir que vous l’avez."
                if part.state == State.SENT
                else "La personne attend votre appel."
            ),
            kind="referral",
        )
        for part in waiting(member, limit=SHOWN)
    ]


def local_day(instant: datetime, member: Member) -> date:
    """The day of an instant where the member works."""
    return instant.astimezone(ZoneInfo(member.time_zone)).date()


def _to_finish(member: Member) -> list[Task]:
    return [
        Task(
            title="Terminer un brouillon d’orientation",
            url=reverse("referrals:step", args=[draft.id, "verification"]),
            due_on=None,
            why=f"Enregistré le {long_instant(draft.updated_at)}, pas encore envoyé : la caisse ne l’a pas.",
            kind="referral_draft",
        )
        for draft in drafts_of(member)[:SHOWN]
    ]
