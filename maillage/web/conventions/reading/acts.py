"""What the reader may do from a convention's page: links to the pages that write, where she has the right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from maillage.conventions.lifecycle import policies
from maillage.web.conventions.reading.known import Known


@dataclass(frozen=True, slots=True)
class Act:
    """One link; the first of them is the page's main button."""

    label: str
    url: str


_Rule = Callable[[Known], bool]
_ACTS: Final[tuple[tuple[str, str, _Rule], ...]] = (
    (
        "Enregistrer la signature de votre organisme",
        "conventions:sign",
        lambda known: policies.can_sign(known.member, known.convention),
    ),
    (
        "Continuer la rédaction",
        "conventions:write",
        lambda known: policies.can_write(known.member, known.convention.row),
    ),
    (
        "Enregistrer un fait",
        "conventions:record",
        lambda known: policies.can_record(known.member, known.convention),
    ),
    (
        "Compléter un blanc",
        "conventions:blanks",
        lambda known: policies.can_fill(known.member, known.convention),
    ),
)


def acts(known: Known) -> list[Act]:
    """The acts that the reader's role and the state allow, in order of importance."""
    found = []
    for label, name, is_allowed in _ACTS:
        url = address(name, known)
        if url and is_allowed(known):
            found.append(Act(label, url))
    return found


def address(name: str, known: Known) -> str:
    """The address of a page about this convention; empty when there is no such page."""
    try:
        return reverse(name, args=[known.convention.id])
    except NoReverseMatch:
        return ""
