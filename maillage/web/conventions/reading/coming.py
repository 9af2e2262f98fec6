"""What is coming in all the conventions of a member, in the order of the days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.queries import load_all, visible_to
from maillage.conventions.lifecycle.timeline import MilestoneKind, upcoming
from maillage.organisations.member import Member
from maillage.web.conventions.reading.known import text_on
from maillage.web.conventions.reading.values import article_words, reading_texts, readings_in_words
from maillage.web.presentation.typography import typeset

MOST = 500
"""Conventions gathered at most; a caisse has about eighty."""
_LABELS = {
    MilestoneKind.START: "Prises d’effet",
    MilestoneKind.END: "Fins de terme",
    MilestoneKind.RENEWAL: "Renouvellements",
    MilestoneKind.ANNIVERSARY: "Anniversaires",
    MilestoneKind.WINDOW_OPENS: "Ouvertures de fenêtre",
    MilestoneKind.LAST_USEFUL_DAY: "Derniers jours utiles",
    MilestoneKind.MAY_TERMINATE: "Fins de délai de mise en demeure",
    MilestoneKind.OUT: "Fins de préavis",
}
KINDS = [(kind.value, label) for kind, label in _LABELS.items()]


@dataclass(frozen=True, slots=True)
class Coming:
    """One day of one convention."""

    on: date
    kind: str
    what: str
    reading: str
    article: str
    convention: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Days:
    """The days in order; `is_cut` when there are more conventions than are gathered."""

    found: Sequence[Coming]
    is_cut: bool


def coming(
    member: Member, *, on: date, until: date, level: str = "", kind: str = "", today: bool = False
) -> Days:
    """The days after `on` (from it on with `today`) and until `until`, of the conventions that are signed or in force."""
    rows = visible_to(member).filter(state__in=["signed", "in_force"]).order_by("sort_title", "id")
    if level:
        rows = rows.filter(level=level)
    gathered = load_all(rows[: MOST + 1])
    found = [one for known in gathered[:MOST] for one in _of(known, on, until, today=today)]
    found = [one for one in found if kind in {"", one.kind}]
    ordered = sorted(found, key=lambda one: (one.on, one.title, one.kind, one.convention, one.reading))
    return Days(ordered, len(gathered) > MOST)


def _of(known: LoadedConvention, on: date, until: date, *, today: bool) -> list[Coming]:
    terms = text_on(known, on)
    marks = upcoming(terms, known.events, on, until, known.departement, today=today)
    texts = reading_texts(terms)
    return [
        Coming(
            on=mark.on,
            kind=mark.kind.value,
            what=typeset(mark.label[:1].upper() + mark.label[1:]),
            reading=readings_in_words(mark.reading, texts),
            article=article_words(mark.article) if mark.article else "",
            convention=known.id,
            title=known.row.title,
        )
        for mark in marks
    ]
