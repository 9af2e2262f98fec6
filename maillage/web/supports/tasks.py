"""What « À faire » says of supports: validities that end and that nothing follows, stocks that run low."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from maillage.catalogue.queries import ending
from maillage.catalogue.rules import ENDING_DAYS
from maillage.catalogue.stock import running_low
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.dates import long_date


def due(member: Member, on: date) -> list[Task]:
    """Of those who keep them."""
    if not member.may(Permission.WRITE_CONVENTIONS):
        return []
    return [*_ending(member, on), *_low(member)]


def _ending(member: Member, on: date) -> Iterator[Task]:
    for version in ending(member, on=on):
        last = version.valid_until
        if last is None:
            continue
        yield Task(
            title=f"Remplacer, prolonger ou retirer : {version.support.title}",
            url=reverse("supports:support", args=[version.support_id]),
            due_on=last,
            why=f"La version « {version.label} » vaut jusqu’au {long_date(last)}, et rien ne la suit.",
            kind="support",
            explanation=Explanation(
                fact=f"Cette version a été publiée pour valoir jusqu’au {long_date(last)}.",
                rule=f"Passé ce jour, plus aucune adresse ne la donne. Annoncé {ENDING_DAYS} jours avant : repère de la plateforme.",
            ),
        )


def _low(member: Member) -> Iterator[Task]:
    for held in running_low(member):
        yield Task(
            title=f"Commander des exemplaires : {held.support.title}",
            url=reverse("supports:stock", args=[held.support.id]),
            due_on=None,
            why=f"Il en reste {held.left}, moins que les {held.threshold} que votre organisme veut garder."
            if held.left
            else "Il n’en reste plus.",
            kind="support",
        )
