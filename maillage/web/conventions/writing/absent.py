"""The parties that have not signed: those that sign here by themselves, and those for which another records it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.signatures.queries import signing_here
from maillage.conventions.signatures.rules import signs_itself
from maillage.web.presentation.components import Refusal


@dataclass(frozen=True, slots=True)
class Awaited:
    """Names of the parties to ask, and each absent one with the page that records its signature."""

    asked: tuple[str, ...]
    recorded: tuple[tuple[str, str], ...]


def awaited(known: LoadedConvention, signed: Collection[str], mine: str) -> Awaited:
    """The other parties of a text that have not signed it."""
    left = [party for party in known.signatories if party.key not in {*signed, mine}]
    here = signing_here(known) if left else frozenset()
    return Awaited(
        tuple(party.short_name for party in left if party.key in here),
        tuple(
            (party.short_name, reverse("conventions:sign_absent", args=[known.id, party.key]))
            for party in left
            if party.key not in here
        ),
    )


def to_ask(known: LoadedConvention, party: PartyRow) -> Refusal | None:
    """Why this party's signature is not recorded by another one; None when it may be."""
    if party.key not in signing_here(known):
        return None
    return Refusal(
        title="Cette partie signe elle-même",
        reason=signs_itself(party.short_name),
        would_open="Si cet organisme n’avait plus personne dans Maillage qui puisse signer, sa signature pourrait être "
        "enregistrée ici avec le document signé.",
        contact=party.name,
    )
