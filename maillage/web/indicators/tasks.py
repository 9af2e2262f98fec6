"""What « À faire » says of yearly sheets: those that a campaign asks, and those to check."""

from datetime import date

from django.urls import reverse

from maillage.indicators.campaigns.queries import expected
from maillage.indicators.sheets.queries import to_check
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.home.tasks import Task


def due(member: Member, on: date) -> list[Task]:
    """The referents of a convention: the questions of its campaigns; whoever holds it: the sheets handed over."""
    del on
    if not member.may(Permission.WRITE_CONVENTIONS):
        return []
    asked = [
        Task(
            title=f"Répondre aux questions de l’année {one.year}",
            url=reverse("indicators:bilan", args=[one.convention, one.year]),
            due_on=one.due_on,
            why=f"{one.title}. La campagne attend la fiche pour ce jour-là.",
            kind="year",
        )
        for one in expected(member)
    ]
    handed = [
        Task(
            title=f"Vérifier la fiche de l’année {row.year}",
            url=reverse("indicators:bilan", args=[row.convention_id, row.year]),
            due_on=None,
            why=f"{row.convention.title}. Une partie vous l’a transmise.",
            kind="year",
        )
        for row in to_check(member)
    ]
    return asked + handed
