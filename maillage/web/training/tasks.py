"""What « À faire » says of trainings: the sessions that are over and not signed off."""

from datetime import date

from django.urls import reverse

from maillage.core.clock import now
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.training.queries import to_sign_off, zone_of
from maillage.web.home.tasks import Task
from maillage.web.training.words import when

SHOWN = 50


def due(member: Member, on: date) -> list[Task]:
    """The organiser's own sessions to sign off."""
    _ = on
    if not member.may(Permission.WRITE_CONVENTIONS):
        return []
    return [
        Task(
            title=f"Signer la feuille d’une séance : {row.module.title}",
            url=reverse("training:sign_off", args=[row.id]),
            due_on=row.ends_at.astimezone(zone_of(row)).date(),
            why=f"Tenue le {when(row)} : les partenaires attendent leurs attestations, et la convention sa preuve.",
            kind="training_session",
        )
        for row in to_sign_off(member, at=now(), limit=SHOWN)
    ]
