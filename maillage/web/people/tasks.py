"""What « À faire » says to an administrator of her colleagues: who waits for a training to be dated."""

from datetime import date

from django.urls import reverse

from maillage.organisations.member import Member
from maillage.organisations.people.queries import untrained
from maillage.organisations.roles import Permission
from maillage.web.home.tasks import Task
from maillage.web.presentation.numbers import counted


def trainings_due(member: Member, on: date) -> list[Task]:
    """One line, however many wait: a whole team may be invited on the same day."""
    if not member.may(Permission.MANAGE_ORGANISATION):
        return []
    waiting = untrained(member, on=on)
    if not waiting:
        return []
    alone = waiting[0] if len(waiting) == 1 else None
    return [
        Task(
            title=f"Dater une formation RGPD : {alone.full_name if alone else counted(len(waiting), 'personne')}",
            url=reverse("people:training", args=[alone.id]) if alone else reverse("people:members"),
            due_on=None,
            why="Rien ne s’ouvre à une personne avant qu’un·e administrateur·rice date sa formation à la protection des données.",
            kind="training",
        )
    ]
