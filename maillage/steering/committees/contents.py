"""What the file of a meeting holds: sections of one order and one set of labels, which the PDF, the workbook and the page draw."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from maillage.conventions.commitments.queries import register
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.calendar import french
from maillage.indicators.report import COLUMNS
from maillage.steering.committees.agenda import Point, names
from maillage.steering.committees.models import Decision, Meeting
from maillage.steering.committees.queries import missing_parties
from maillage.steering.committees.states import DECISION_WORDS, WORDS, DecisionState, State

COMMITMENTS: Final = (
    "Engagement",
    "À la charge de",
    "Où il en est",
    "Attendu pour",
    "Ce qui le montre",
    "Article",
)
DECISIONS: Final = ("Décision", "À la charge de", "Pour le", "État", "Réunion")
AGENDA: Final = ("Point", "Sujet", "Précision")
WORDS_OF_PARTIES: Final = ("Nature", "Texte", "Écrit par")
NATURES: Final = {"alerts": "Alerte", "practices": "Bonne pratique", "paths": "Piste d’amélioration"}


@dataclass(frozen=True, slots=True)
class Section:
    """A table under a title; `widths` are shares of a printed page, `short` the columns that it prints: all without it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    empty: str
    short: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """All that the file of a meeting is made of."""

    known: LoadedConvention
    meeting: Meeting
    points: Sequence[Point]
    decisions: Sequence[Decision]
    figures: Sequence[tuple[str, ...]]
    year: int
    on: date


def sections(found: Material) -> tuple[Section, ...]:
    """The file, section by section."""
    return (
        _meeting(found),
        _agenda(found.points),
        _commitments(found.known, found.on),
        decisions_section(found.decisions, names(found.known)),
        _thresholds(found.points),
        _words(found.points),
        _figures(found.figures, found.year),
    )


def _meeting(found: Material) -> Section:
    rows = tuple(chain(_convention_rows(found.known), _meeting_rows(found.known, found.meeting)))
    return Section("Convention et réunion", ("Élément", "Valeur"), rows, (1, 3), "")


def _convention_rows(known: LoadedConvention) -> Iterator[tuple[str, str]]:
    yield "Convention", known.row.title
    yield "Parties", ", ".join(party.name for party in known.signatories)
    if known.row.starts_on:
        yield "Prend effet le", french(known.row.starts_on)
    yield (
        "Terme en cours",
        f"jusqu’au {french(known.row.ends_on)}" if known.row.ends_on else "sans fin connue",
    )


def _meeting_rows(known: LoadedConvention, row: Meeting) -> Iterator[tuple[str, str]]:
    body = names(known)
    yield "Réunion", f"{row.name}, bilan final" if row.kind == "final" else row.name
    yield "État", WORDS[State(row.state)]
    yield "Jour", when(known, row)
    if row.place:
        yield "Lieu", row.place
    if row.link:
        yield "À distance", row.link
    if row.inside:
        yield "Tenue au sein de", row.inside
    yield "Parties membres", ", ".join(body.get(key, key) for key in row.members)
    yield "Quorum", "parties à représenter : " + ", ".join(body.get(key, key) for key in row.needed)
    if row.held_at:
        yield "Présence", presence_words(row, body)
        yield "Quorum réuni", quorum_words(row, body)


def presence_words(row: Meeting, body: Mapping[str, str]) -> str:
    """Each party represented, by which function, in the order of the text."""
    keys = [*row.members, *(key for key in row.presence if key not in row.members)]
    said = [(body.get(key, key), row.presence[key]) for key in keys if key in row.presence]
    return ", ".join(f"{name} ({function})" if function else name for name, function in said)


def when(known: LoadedConvention, row: Meeting) -> str:
    """« 12/03/2027 à 14 h 30 », at the caisse's clock."""
    if row.starts_at is None:
        return f"{french(row.planned_on)}, à confirmer"
    at = row.starts_at.astimezone(known.zone)
    return f"{french(at.date())} à {at.hour} h {at.minute:02d}"


def quorum_words(row: Meeting, body: Mapping[str, str]) -> str:
    """Whether all those who must be represented were."""
    missing = missing_parties(row)
    if not missing:
        return "oui"
    return f"non : {', '.join(body.get(key, key) for key in missing)} n’y était pas ; les décisions sont à confirmer"


def _agenda(points: Sequence[Point]) -> Section:
    rows: list[tuple[str, str, str]] = []
    for number, point in enumerate(points, 1):
        title = f"{number}. {point.title}"
        rows += [(title, line.text, line.detail) for line in point.lines] or [(title, "", "")]
    return Section("Ordre du jour", AGENDA, tuple(rows), (3, 5, 4), "Rien à l’ordre du jour.")


def _commitments(known: LoadedConvention, on: date) -> Section:
    body = names(known)
    rows = tuple(
        (
            one.clause.what,
            ", ".join(body.get(key, key) for key in one.clause.debtors),
            one.followed.standing.label,
            french(one.followed.due) if one.followed.due else "–",
            " ; ".join(
                f"{french(shown.day)}, {body.get(shown.party, shown.party)}"
                + (f" : {shown.note}" if shown.note else "")
                for shown in one.evidence
                if not shown.taken_back
            )
            or "–",
            one.clause.article,
        )
        for one in register(known, on)
    )
    return Section(
        "Registre des engagements", COMMITMENTS, rows, (5, 3, 2, 2, 4, 2), "Aucun engagement dans le texte."
    )


def decisions_section(decisions: Sequence[Decision], body: Mapping[str, str]) -> Section:
    """Each decision and what became of it."""
    rows = tuple(
        (
            one.text,
            body.get(one.owner_key, one.owner_key),
            french(one.due_on),
            DECISION_WORDS[DecisionState(one.state)] + (f" : {one.note}" if one.note else ""),
            french(one.meeting.planned_on),
        )
        for one in decisions
    )
    return Section("Décisions et leur suivi", DECISIONS, rows, (6, 2, 2, 3, 2), "Aucune décision.")


def _thresholds(points: Sequence[Point]) -> Section:
    lines = [line for point in points if point.key == "thresholds" for line in point.lines]
    rows = tuple((line.text, line.detail) for line in lines)
    return Section("Seuils franchis", ("Ce qui est compté", "Nombre"), rows, (5, 3), "Aucun seuil franchi.")


def _words(points: Sequence[Point]) -> Section:
    rows = tuple(
        (NATURES[point.key], line.text, line.detail)
        for point in points
        if point.key in NATURES
        for line in point.lines
    )
    title = "Alertes, bonnes pratiques, pistes d’amélioration"
    return Section(
        title, WORDS_OF_PARTIES, rows, (2, 6, 2), "Les parties n’ont rien écrit depuis la dernière réunion."
    )


def _figures(rows: Sequence[tuple[str, ...]], year: int) -> Section:
    """The lines of the yearly report as it gives them everywhere; on paper, its columns that say what was counted and how."""
    shown = ("Indicateur", "Valeur", "Unité", "Règle de comptage", "Article")
    return Section(
        f"Chiffres de l’année {year}",
        COLUMNS,
        tuple(rows),
        (5, 2, 2, 4, 2),
        f"Aucun chiffre n’est disponible pour {year}.",
        short=tuple(COLUMNS.index(name) for name in shown),
    )


def year_of(day: date) -> int:
    """The year whose figures a meeting looks at: its own from July on, the one before until then."""
    return day.year if day.month >= 7 else day.year - 1
