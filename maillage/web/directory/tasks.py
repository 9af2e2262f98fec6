"""What « À faire » says to who manages the directory: the imports whose rehearsal she has not looked at yet."""

from datetime import date

from django.urls import reverse

from maillage.organisations.directory.imports.working import to_confirm
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.home.tasks import Task


def imports_to_confirm(member: Member, _on: date) -> list[Task]:
    """One line an import: each has a report of its own."""
    if not member.may(Permission.MANAGE_DIRECTORY):
        return []
    return [
        Task(
            title=f"Confirmer ou abandonner l’import « {name} »",
            url=reverse("directory:import", args=[identifier]),
            due_on=None,
            why="L’essai est terminé : rien n’est écrit dans l’annuaire avant votre accord.",
            kind="import",
        )
        for identifier, name in to_confirm(member)
    ]
