"""What durations ask of a member today, for « À faire »: to fix one, and to look before closed cases go."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.urls import reverse

from maillage.organisations.member import Member
from maillage.protection.retention.keeping import Closed, closed_cases, durations_of, is_to_fix, soon
from maillage.protection.retention.policies import can_state
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.numbers import counted

KIND: Final = "duration"


def due(member: Member, on: date) -> list[Task]:
    """That no duration is fixed; how many closed cases come to the end of theirs within thirty days."""
    return due_of(member, closed_cases() if can_state(member) else [], on)


def due_of(member: Member, found: Sequence[Closed], on: date) -> list[Task]:
    """The same, of closed cases that were read already."""
    if not found:
        return []
    own = durations_of(member.organisation)
    tasks = []
    if is_to_fix(found, own, on):
        why = "Aucune durée n’est fixée pour une partie d’entre eux : ils ne s’effacent pas (RGPD, article 5.1 e)."
        url = reverse("protection:durations")
        tasks.append(
            Task("Fixer combien de temps votre organisme garde les dossiers clos", url, None, why, KIND)
        )
    days = soon(found, own, on) if own else []
    if days:
        many = sum(number for _, number in days)
        tasks.append(
            Task(
                f"{counted(many, 'dossier clos arrive', 'dossiers clos arrivent')} au bout de leur durée",
                reverse("protection:calendar"),
                days[0][0],
                "La nuit qui suit son dernier jour, votre organisme ne lira plus rien d’un dossier.",
                KIND,
                Explanation(
                    fact="Ce jour est le dernier du premier de ces dossiers, compté depuis sa clôture.",
                    rule="Durées que votre organisme a fixées ; celle de la convention passe avant, si elle en dit une.",
                    article="RGPD, article 5.1 e",
                ),
            )
        )
    return tasks
