"""What the parties say of an action sheet: entries that one adds and replaces, never erases; what is due, what is late. Pure.

The text gives a number and a description (S1 art. 3); everything else is written by the parties.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from maillage.conventions.terms.base import Labelled
from maillage.core.calendar import Period, add
from maillage.core.refusals import Fault

SOON: Final = Period(days=30)
"""How long before its day something due is called near."""
LONGEST: Final = 1000
"""Characters of one text of a sheet."""
LEAD: Final = "lead_"
"""Before the key of a party: the function that leads the sheet on its side."""


class Kind(Labelled):
    """What an entry is."""

    SHEET = "sheet", "présentation"
    MILESTONE = "milestone", "jalon"
    EXCHANGE = "exchange", "échange de données"
    DELIVERY = "delivery", "livraison"
    RISK = "risk", "risque"
    NOTE = "note", "note d’avancement"
    STUDY = "study", "étude conjointe"


class Step(Labelled):
    """Where an entry stands."""

    PLANNED = "planned", "prévu"
    STARTED = "started", "commencé"
    DONE = "done", "fait"
    DROPPED = "dropped", "abandonné"
    RUNNING = "running", "en cours"
    STOPPED = "stopped", "arrêté"
    OPEN = "open", "à surveiller"
    CLOSED = "closed", "levé"
    ASKED = "asked", "demandée"
    AGREED = "agreed", "acceptée"
    REFUSED = "refused", "refusée"
    DELIVERED = "delivered", "données remises"
    CONCLUDED = "concluded", "terminée"


class Pace(Labelled):
    """How often data are handed over."""

    ONCE = "once", "une fois"
    WEEKLY = "weekly", "chaque semaine"
    MONTHLY = "monthly", "chaque mois"
    QUARTERLY = "quarterly", "chaque trimestre"
    HALF_YEARLY = "half_yearly", "chaque semestre"
    YEARLY = "yearly", "chaque année"
    ON_DEMAND = "on_demand", "à la demande"


class Gravity(Labelled):
    """How grave a risk is."""

    LOW = "low", "faible"
    MEDIUM = "medium", "moyen"
    HIGH = "high", "élevé"


class Standing(Labelled):
    """How near something due is, on a day; stored nowhere."""

    LATE = "late", "en retard"
    SOON = "soon", "bientôt"
    AHEAD = "ahead", "à venir"


STEPS: Final[Mapping[Kind, tuple[Step, ...]]] = {
    Kind.MILESTONE: (Step.PLANNED, Step.STARTED, Step.DONE, Step.DROPPED),
    Kind.EXCHANGE: (Step.RUNNING, Step.STOPPED),
    Kind.RISK: (Step.OPEN, Step.CLOSED),
    Kind.STUDY: (Step.ASKED, Step.AGREED, Step.REFUSED, Step.DELIVERED, Step.CONCLUDED),
}
"""The states of an entry of each kind; the others have none."""
BEFORE: Final[Mapping[Step, Step]] = {
    Step.AGREED: Step.ASKED,
    Step.REFUSED: Step.ASKED,
    Step.DELIVERED: Step.AGREED,
    Step.CONCLUDED: Step.DELIVERED,
}
"""Of each step of a study, the one that it follows (S4 art. 2, S1 sheet 8)."""
ANSWERS: Final = frozenset({Step.AGREED, Step.REFUSED})
"""The steps of a study that belong to a party that did not ask."""
DETAILS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.SHEET: ("partners", "indicators"),
    Kind.EXCHANGE: ("supplier", "format", "pace", "legal_basis"),
    Kind.RISK: ("gravity", "answer"),
    Kind.STUDY: ("reference", "delivered", "aggregates", "result"),
}
"""What an entry says besides its text; a sheet also names a lead for each party (`LEAD`)."""
_LENGTHS: Final = {
    Pace.WEEKLY: Period(days=7),
    Pace.MONTHLY: Period(months=1),
    Pace.QUARTERLY: Period(months=3),
    Pace.HALF_YEARLY: Period(months=6),
    Pace.YEARLY: Period(months=12),
}
_STUDY_NEEDS: Final = {
    Step.AGREED: (("reference", "Dites quel écrit le dit : une lettre, un courriel, sa date."),),
    Step.REFUSED: (("reference", "Dites quel écrit le dit : une lettre, un courriel, sa date."),),
    Step.DELIVERED: (
        ("delivered", "Dites quelles données ont été remises."),
        ("aggregates", "Seuls des agrégats se remettent : confirmez que ce sont des agrégats."),
    ),
    Step.CONCLUDED: (("result", "Dites ce que l’étude a montré."),),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What one writes. `day`: due day of a milestone, first delivery expected of an exchange, day of what happened otherwise."""

    text: str
    step: Step | None = None
    day: date | None = None
    done_on: date | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written, by which party (its key, empty if it is none any more), when; `item` is the same in all that replace each other.

    `of` is the exchange of a delivery.
    """

    id: UUID
    item: UUID
    kind: Kind
    said: Said
    party: str
    at: datetime
    of: UUID | None = None


def faults(kind: Kind, said: Said, parties: Iterable[str], on: date) -> list[Fault]:
    """What is wrong with an entry, at the names of its fields."""
    found = []
    if not said.text.strip():
        found.append(Fault(_EMPTY[kind], "text"))
    texts = {"text": said.text, **said.detail}
    found += [Fault("1 000 caractères au plus.", name) for name, text in texts.items() if len(text) > LONGEST]
    known = tuple(parties)
    names = {*DETAILS.get(kind, ()), *((f"{LEAD}{key}" for key in known) if kind is Kind.SHEET else ())}
    if set(said.detail) - names or said.step not in (STEPS.get(kind) or (None,)):
        found.append(Fault("Ce formulaire n’est plus celui de cette fiche : rechargez la page."))
    return [*found, *_dates(kind, said, on), *_of_its_kind(kind, said, known)]


def _dates(kind: Kind, said: Said, on: date) -> list[Fault]:
    found = []
    if kind in _HAPPENED and said.day is None:
        found.append(Fault("Dites quel jour.", "day"))
    if kind in _HAPPENED and said.day is not None and said.day > on:
        found.append(Fault("Cette date est dans l’avenir : notez le fait une fois qu’il a eu lieu.", "day"))
    if (said.step is Step.DONE) != (said.done_on is not None):
        told = (
            "Dites quel jour il a été fait."
            if said.step is Step.DONE
            else "Un jalon qui n’est pas fait n’a pas ce jour."
        )
        found.append(Fault(told, "done_on"))
    if said.done_on is not None and said.done_on > on:
        found.append(
            Fault("Cette date est dans l’avenir : un jalon est fait une fois qu’il l’est.", "done_on")
        )
    return found


def _of_its_kind(kind: Kind, said: Said, parties: tuple[str, ...]) -> list[Fault]:
    detail = said.detail
    if kind is Kind.EXCHANGE:
        pace = detail.get("pace", "")
        found = [] if pace in set(Pace) else [Fault("Choisissez un rythme.", "pace")]
        if detail.get("supplier", "") not in parties:
            found.append(Fault("Choisissez qui fournit.", "supplier"))
        if not detail.get("legal_basis", "").strip():
            found.append(Fault("Dites sur quelle base légale : sans elle, rien ne circule.", "legal_basis"))
        if pace in set(_LENGTHS) and said.day is None:
            found.append(Fault("Dites pour quand la première livraison est attendue.", "day"))
        return found
    if kind is Kind.RISK and detail.get("gravity", "") not in set(Gravity):
        return [Fault("Choisissez un niveau.", "gravity")]
    if kind is Kind.STUDY and said.step is not None:
        needs = _STUDY_NEEDS.get(said.step, ())
        return [Fault(told, name) for name, told in needs if not detail.get(name, "").strip()]
    return []


def follows(before: Step | None, after: Step | None, kind: Kind) -> bool:
    """Whether an entry in one state may be replaced by one in another: a study goes step by step, the others as one corrects them."""
    if kind is not Kind.STUDY or after is None:
        return True
    return before is BEFORE.get(after)


def next_delivery(first: date | None, pace: Pace, last: date | None) -> date | None:
    """The day for which the next delivery is expected: the first, then one span of the pace after the last one made; None: none is."""
    if pace is Pace.ON_DEMAND or (pace is Pace.ONCE and last is not None):
        return None
    return first if last is None else add(last, _LENGTHS[pace])


def due(entry: Entry, last_delivery: date | None = None) -> date | None:
    """The day that is awaited of an entry: of a milestone not done yet, of the next delivery of an exchange; None otherwise."""
    said = entry.said
    if entry.kind is Kind.MILESTONE and said.step in {Step.PLANNED, Step.STARTED}:
        return said.day
    if entry.kind is Kind.EXCHANGE and said.step is Step.RUNNING:
        return next_delivery(said.day, Pace.of(said.detail["pace"]), last_delivery)
    return None


def standing(awaited: date | None, on: date) -> Standing | None:
    """How near an awaited day is; None where none is awaited."""
    if awaited is None:
        return None
    if awaited < on:
        return Standing.LATE
    return Standing.SOON if awaited <= add(on, SOON) else Standing.AHEAD


_HAPPENED: Final = frozenset({Kind.DELIVERY, Kind.NOTE, Kind.STUDY})
"""Kinds whose day is that of what happened."""
_EMPTY: Final = {
    Kind.SHEET: "Donnez un titre à cette fiche.",
    Kind.MILESTONE: "Dites quel est ce jalon.",
    Kind.EXCHANGE: "Dites ce qui est échangé.",
    Kind.DELIVERY: "Dites ce qui a été livré.",
    Kind.RISK: "Dites quel est ce risque.",
    Kind.NOTE: "Écrivez la note.",
    Kind.STUDY: "Dites ce qui est demandé.",
}
