"""The credits that a convention follows: envelopes, their years with every correction, the measures taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Party
from maillage.core.text import words_key
from maillage.organisations.member import Member
from maillage.steering.credits.models import CreditEnvelope, CreditFigure, RegulationMeasure
from maillage.steering.credits.rules import (
    Missing,
    Projection,
    Target,
    Unprojected,
    Year,
    missing_months,
    project,
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount as it was given, by which party (its key), when; `corrects` is the one whose place it took, for `reason`."""

    id: UUID
    year: int
    month: int
    cents: int
    source: str
    reason: str
    party: str
    at: datetime
    corrects: UUID | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of regulation."""

    day: date
    what: str
    cents: int | None
    party: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope with its figures, the oldest first; those that count are in no other's `corrects`."""

    id: UUID
    name: str
    target: Target
    figures: tuple[Figure, ...] = ()
    measures: tuple[Measure, ...] = field(default=())

    @property
    def counting(self) -> Mapping[tuple[int, int], Figure]:
        """The figure that counts of each year and month (0: the objective)."""
        replaced = {figure.corrects for figure in self.figures}
        return {(one.year, one.month): one for one in self.figures if one.id not in replaced}

    @property
    def years(self) -> tuple[Year, ...]:
        """Its years, the oldest first."""
        counting = self.counting
        return tuple(
            Year(
                number,
                {month: one.cents for (year, month), one in counting.items() if year == number and month},
                counting[number, 0].cents if (number, 0) in counting else None,
            )
            for number in sorted({year for year, _ in counting})
        )

    def year(self, number: int) -> Year:
        """One of its years, empty where nothing was given."""
        return next((one for one in self.years if one.number == number), Year(number, {}))

    def projected(self, number: int) -> Projection | Unprojected:
        """What a year would end at."""
        return project(self.year(number), self.years)

    def history(self, year: int) -> tuple[Figure, ...]:
        """Every figure of a year that is or was a correction, or that one corrected, the newest first."""
        corrected = {one.corrects for one in self.figures if one.corrects}
        found = [one for one in self.figures if one.year == year and (one.corrects or one.id in corrected)]
        return tuple(reversed(found))


def envelopes(known: LoadedConvention, only: UUID | None = None) -> tuple[Envelope, ...]:
    """The envelopes of a convention by name, with their figures and measures: three questions."""
    keys = {party.organisation: party.key for party in known.parties}
    rows = CreditEnvelope.objects.filter(convention=known.row).order_by("name_key", "id")
    found = list(rows.filter(pk=only) if only else rows)
    ids = [row.pk for row in found]
    figures = _by_envelope(
        (row.envelope_id, _figure(row, keys.get(row.recorded_for_id, "")))
        for row in CreditFigure.objects.filter(convention=known.row, envelope__in=ids).order_by(
            "recorded_at", "id"
        )
    )
    measures = _by_envelope(
        (row.envelope_id, Measure(row.day, row.what, row.cents, keys.get(row.recorded_for_id, "")))
        for row in RegulationMeasure.objects.filter(envelope__in=ids).order_by("-day", "-recorded_at", "id")
    )
    return tuple(
        Envelope(
            row.pk,
            row.name,
            Target.of(row.target),
            tuple(figures.get(row.pk, ())),
            tuple(measures.get(row.pk, ())),
        )
        for row in found
    )


@dataclass(frozen=True, slots=True)
class Lacking:
    """An envelope of which months miss, the oldest first, under a convention of the member's."""

    convention: UUID
    title: str
    envelope: UUID
    name: str
    months: tuple[Missing, ...]


def lacking(member: Member, on: date, most: int = 50) -> list[Lacking]:
    """The followed envelopes that lack a month, by convention then name: of the conventions in force that the organisation signed.

    One question.
    """
    signed = Party.objects.filter(organisation=member.organisation, state="in_force").exclude(role="informed")
    rows = CreditFigure.objects.filter(convention__in=signed.values("convention"), month__gte=1)
    known: dict[tuple[str, UUID, str, UUID], set[tuple[int, int]]] = {}
    for title, convention, name, envelope, year, month in rows.values_list(
        "convention__title", "convention", "envelope__name", "envelope", "year", "month"
    ).order_by("convention__sort_title", "convention", "envelope__name_key", "envelope", "year", "month"):
        known.setdefault((title, convention, name, envelope), set()).add((year, month))
    found = (
        Lacking(convention, title, envelope, name, missing_months(months, on))
        for (title, convention, name, envelope), months in known.items()
    )
    return [one for one in found if one.months][:most]


def known_amounts(found: Sequence[Envelope]) -> dict[tuple[str, int, int], int]:
    """The amount that counts of each envelope (by the words of its name), year and month, as an import compares it."""
    return {
        (words_key(one.name), year, month): figure.cents
        for one in found
        for (year, month), figure in one.counting.items()
    }


def _by_envelope(pairs: Iterable[tuple[UUID, _T]]) -> dict[UUID, list[_T]]:
    found: dict[UUID, list[_T]] = {}
    for envelope, one in pairs:
        found.setdefault(envelope, []).append(one)
    return found


def _figure(row: CreditFigure, party: str) -> Figure:
    return Figure(
        row.pk,
        row.year,
        row.month,
        row.cents,
        row.source,
        row.reason,
        party,
        row.recorded_at,
        row.corrects_id,
    )
