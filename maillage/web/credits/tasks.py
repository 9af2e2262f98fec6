"""What « À faire » says of followed credits: the months that a series lacks, one line for each envelope."""

from datetime import date

from django.urls import reverse

from maillage.core.french import listed
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.steering.credits.queries import Lacking, lacking
from maillage.web.credits.drawing import month_name
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.typography import typeset

_NAMED = 3
"""Months that a line names; more are counted."""


def due(member: Member, on: date) -> list[Task]:
    """To the referents of the parties that follow an envelope together: whoever has the figure gives it."""
    if not member.may(Permission.WRITE_CONVENTIONS):
        return []
    return [_task(one) for one in lacking(member, on)]


def _task(one: Lacking) -> Task:
    first, named = one.months[0], listed([f"{month_name(month.month)} {month.year}" for month in one.months])
    reason = Explanation(
        fact=typeset(f"La série « {one.name} » est suivie mois par mois. Manque : {named}."),
        rule="Le chiffre d’un mois se donne avant la fin du mois suivant : repère de la plateforme. Sans lui, l’année ne se projette "
        "que jusqu’au trou.",
    )
    told = named if len(one.months) <= _NAMED else counted(len(one.months), "mois", "mois")
    return Task(
        title=typeset(f"Compléter les crédits : {one.name} ({told})"),
        url=f"{reverse('credits:envelope', args=[one.convention, one.envelope])}?annee={first.year}",
        due_on=first.due_on,
        why=f"{one.title}. Un mois manque à une série suivie."
        if len(one.months) == 1
        else f"{one.title}. Des mois manquent à une série suivie.",
        kind="credits",
        explanation=reason,
    )
