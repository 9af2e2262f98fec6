"""Where a household stands against the ceilings (CSS L861-1; CASF L251-1): an estimate, never a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from maillage.rights.estimating.figures import Ceilings, ceilings, contributions

LARGEST: Final = 30
"""People of one household, beyond which somebody typed something else."""


class Standing(StrEnum):
    """Where resources are: under the free ceiling, under the one with a contribution, above both, or not to be told."""

    FREE = "free"
    SHARED = "shared"
    ABOVE = "above"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Where a household stands for a right, the ceilings it was compared with (euros for twelve months), and what is doubtful.

    `monthly`: the contribution of the whole household, in euros a month, where there is one.
    """

    standing: Standing
    free: int | None = None
    shared: int | None = None
    monthly: int | None = None
    source: str = ""
    since: date | None = None
    doubts: tuple[str, ...] = ()


def zone_of(departement: str) -> str:
    """The zone of ceilings of a département."""
    return "outre_mer" if departement.startswith("97") else "metropole"


def estimate(right: str, *, resources: int, ages: Sequence[int], zone: str, on: date) -> Estimate:
    """Where a household of these ages with these resources (euros, last twelve months) stands for `c2s` or `ame`.

    Nobody is above a ceiling that no source gave. Raises ValueError for resources below nothing, no one, or too many people.
    """
    if resources < 0:
        raise ValueError("Les ressources ne peuvent pas être négatives")
    if not 0 < len(ages) <= LARGEST or min(ages) < 0:
        raise ValueError(f"Un foyer a de 1 à {LARGEST} personnes")
    table = ceilings(zone, on)
    if table is None:
        return Estimate(Standing.UNKNOWN, doubts=(_NO_TABLE,))
    free, shared = table.free_for(len(ages)), table.shared_for(len(ages))
    found = Estimate(
        _standing(right, resources, free, shared),
        free,
        None if right == "ame" else shared,
        source=table.source,
        since=table.since,
        doubts=_doubts(table, on),
    )
    if found.standing is Standing.UNKNOWN:
        return replace(found, doubts=(*found.doubts, _NO_SIZE if free is None else _NO_SHARED))
    given = contributions(on)
    if found.standing is Standing.SHARED and given:
        return replace(found, monthly=sum(map(given.of, ages)))
    return found


def _standing(right: str, resources: int, free: int | None, shared: int | None) -> Standing:
    if free is None:
        return Standing.UNKNOWN
    if resources <= free:
        return Standing.FREE
    if right == "ame":
        return Standing.ABOVE
    if shared is None:
        return Standing.UNKNOWN
    return Standing.SHARED if resources <= shared else Standing.ABOVE


_NO_TABLE: Final = "Aucun plafond n’est connu de Maillage pour ce territoire à cette date."
_NO_SIZE: Final = "Aucun plafond n’est connu de Maillage pour un foyer de cette taille."
_NO_SHARED: Final = "Le plafond avec participation n’est pas connu de Maillage à cette date."


def _doubts(table: Ceilings, on: date) -> tuple[str, ...]:
    if table.until is None or on <= table.until:
        return ()
    return (
        f"Derniers plafonds connus de Maillage, publiés jusqu’au {table.until:%d/%m/%Y} : ils ont pu changer.",
    )
