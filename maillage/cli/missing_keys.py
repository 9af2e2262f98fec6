"""Keys that the store has lost, one by one: whose, under which convention, and how to bring them back."""

import sys
from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.models import Convention
from maillage.core.row_security import acting
from maillage.organisations.models import Organisation
from maillage.vault.actions import vault
from maillage.vault.belonging import missing

HOW = (
    "Rien ne s’ouvre ni ne se scelle plus sous ces clés, le reste continue. Rendez-les : maillage keys restore FICHIER, avec la "
    "plus récente sauvegarde qui les a ; sans sauvegarde : maillage keys restore --accept-loss (docs/operations/keys.md)."
)


def named(body: UUID, convention: UUID) -> str:
    """An organisation and a convention as the operator knows them."""
    name = Organisation.objects.filter(id=body).values_list("short_name", flat=True).first()
    with transaction.atomic(), acting(organisation=body):
        title = Convention.objects.filter(id=convention).values_list("title", flat=True).first()
    return (
        f"{name or body}, convention « {title} » ({convention})"
        if title
        else f"{name or body}, convention {convention}"
    )


def say_missing() -> int:
    """Complain of each key that something is sealed under and that is not there; how many."""
    lost = missing(vault().store)
    for holder in lost:
        print(f"maillage : le magasin n’a plus la clé de {named(*holder)}.", file=sys.stderr)
    if lost:
        print(f"maillage : {HOW}", file=sys.stderr)
    return len(lost)
