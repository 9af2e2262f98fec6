"""What « À faire » says to who brought a table: its columns to check, or a try that waits for her word. Never the name of the file."""

from datetime import date
from typing import Final

from django.urls import reverse

from maillage.organisations.member import Member
from maillage.rights.bulk import acting
from maillage.rights.imported.states import State
from maillage.rights.policies import can_file
from maillage.web.home.tasks import Task
from maillage.web.presentation.dates import short_instant

_TODO: Final[dict[str, tuple[str, str]]] = {
    State.READ: (
        "Vérifier les colonnes du tableau",
        "Il est lu : dites ce que sont ses colonnes, puis un essai dira ligne à ligne ce qui serait fait.",
    ),
    State.REHEARSED: (
        "Confirmer ou abandonner le tableau",
        "L’essai est terminé : aucun dossier n’est commencé avant votre accord.",
    ),
}


def tables_waiting(member: Member, _on: date) -> list[Task]:
    """One line a table."""
    if not can_file(member):
        return []
    return [
        Task(
            title=f"{_TODO[row.state][0]} du {short_instant(row.uploaded_at)}",
            url=reverse("preparations:import", args=[row.id]),
            due_on=None,
            why=_TODO[row.state][1],
            kind="import",
        )
        for row in acting.waiting_for(member)
    ]
