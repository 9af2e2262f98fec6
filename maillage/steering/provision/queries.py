"""The provisions of a convention: the triangle that counts, those before it, what was paid in the end."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.steering.provision.models import ProvisionActual, ProvisionTriangle
from maillage.steering.provision.rules import Component, Estimate, Triangle, estimate


@dataclass(frozen=True, slots=True)
class Drawn:
    """A triangle as it was given, by which party (its key), when."""

    id: UUID
    triangle: Triangle
    source: str
    reason: str
    party: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Actual:
    """What was paid in the end, as it was given."""

    id: UUID
    cents: int
    known_on: date
    source: str
    reason: str
    party: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Provision:
    """The provision of a year for one component: its triangles and what was paid in the end, the newest first."""

    year: int
    component: Component
    drawn: tuple[Drawn, ...]
    actuals: tuple[Actual, ...] = ()

    @property
    def newest(self) -> Drawn:
        """The triangle that counts."""
        return self.drawn[0]

    @property
    def actual(self) -> Actual | None:
        """What counts of what was paid."""
        return self.actuals[0] if self.actuals else None

    @property
    def estimate(self) -> Estimate:
        """What the triangle that counts gives."""
        return estimate(self.newest.triangle)


def provisions(known: LoadedConvention) -> tuple[Provision, ...]:
    """Every provision of a convention, the latest year first, by two questions."""
    keys = {party.organisation: party.key for party in known.parties}
    drawn: dict[tuple[int, str], list[Drawn]] = {}
    for row in ProvisionTriangle.objects.filter(convention=known.row).order_by("-recorded_at", "-id"):
        triangle = Triangle(row.first_year, tuple(tuple(line) for line in row.cells))
        found = Drawn(
            row.pk, triangle, row.source, row.reason, keys.get(row.recorded_for_id, ""), row.recorded_at
        )
        drawn.setdefault((row.year, row.component), []).append(found)
    paid: dict[tuple[int, str], list[Actual]] = {}
    for one in ProvisionActual.objects.filter(convention=known.row).order_by("-recorded_at", "-id"):
        party = keys.get(one.recorded_for_id, "")
        said = Actual(one.pk, one.cents, one.known_on, one.source, one.reason, party, one.recorded_at)
        paid.setdefault((one.year, one.component), []).append(said)
    order = list(Component)
    return tuple(
        Provision(year, Component.of(component), tuple(given), tuple(paid.get((year, component), ())))
        for (year, component), given in sorted(
            drawn.items(), key=lambda pair: (-pair[0][0], order.index(Component.of(pair[0][1])))
        )
    )


def provision(known: LoadedConvention, year: int, component: str) -> Provision | None:
    """One of them; None where no triangle was given."""
    return next(
        (one for one in provisions(known) if (one.year, one.component.value) == (year, component)), None
    )
