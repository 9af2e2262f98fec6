"""The agenda of a meeting, built from what is late, what comes, what was decided and what the parties wrote; frozen once it is held."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from maillage.conventions.commitments.queries import obligations, register
from maillage.conventions.commitments.rules import PRESSING
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.timeline import upcoming
from maillage.conventions.terms.base import article_named
from maillage.core.calendar import Period, add, french
from maillage.indicators.counting import all_read_exactly
from maillage.organisations.member import Member
from maillage.referrals.heeding.rules import Kind
from maillage.referrals.thresholds.queries import beyond
from maillage.rights.board.queries import board, side_of
from maillage.rights.sampled.rules import Between
from maillage.steering.committees.models import Decision, Meeting, Remark
from maillage.steering.committees.rules import counted_for
from maillage.steering.committees.states import DECISION_WORDS, STANDING, DecisionState
from maillage.steering.local_actions.queries import to_discuss
from maillage.steering.local_actions.states import WORDS as ACTION_WORDS
from maillage.steering.local_actions.states import State as ActionState

AHEAD: Final = Period(months=12)
"""How far the agenda looks for the dates of the convention: until the next yearly meeting."""
TITLES: Final[dict[str, str]] = {
    "decisions": "Suites des décisions précédentes",
    "commitments": "Engagements en retard ou attendus bientôt",
    "thresholds": "Seuils franchis et délais dépassés",
    "obligations": "Demandes sans réponse",
    "alerts": "Alertes",
    "practices": "Bonnes pratiques",
    "paths": "Pistes d’amélioration",
    "actions": "Actions locales",
    "dates": "Dates de la convention dans l’année",
    "final": "Bilan final de la convention",
}
REMARK_POINTS: Final = {"alert": "alerts", "practice": "practices", "path": "paths"}
_WAITING: Final = {
    Kind.LATE: "Orientations dont la caisse n’a pas accusé réception depuis {period} ou plus",
    Kind.BLOCKED: "Orientations reçues où rien n’avance depuis {period} ou plus",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing under a point of the agenda; `detail` says who, for when, by which article."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the agenda, named by its key in the minutes."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """What is kept of it once the meeting was held."""
        return {
            "key": self.key,
            "title": self.title,
            "lines": [[line.text, line.detail] for line in self.lines],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Point":
        """A point as it was kept."""
        return cls(data["key"], data["title"], tuple(Line(*line) for line in data["lines"]))


def agenda(known: LoadedConvention, meeting: Meeting, member: Member, *, on: date) -> tuple[Point, ...]:
    """What the meeting speaks of: as it stands on a day, or as it was when the meeting was held. Points without anything are left out."""
    if meeting.agenda:
        return tuple(Point.from_data(one) for one in meeting.agenda)
    sources = {
        "final": _final(meeting),
        "decisions": _decisions(known, meeting),
        "commitments": _commitments(known, on),
        "thresholds": _thresholds(known, meeting, member, on),
        "obligations": _obligations(known, on),
        **_remarks(known, meeting),
        "actions": _actions(known, on),
        "dates": _dates(known, on),
    }
    points = [Point(key, TITLES[key], tuple(lines)) for key, lines in sources.items()]
    added = [Point(f"item-{one.pk}", one.text) for one in _added(meeting)]
    return tuple(point for point in points if point.lines) + tuple(added)


def names(known: LoadedConvention) -> dict[str, str]:
    """The short name of the body behind each party."""
    return {party.key: party.short_name for party in known.signatories}


def _final(meeting: Meeting) -> Iterator[Line]:
    if meeting.kind == "final":
        yield Line("Ce que la convention a produit, ce qui reste ouvert, ce que deviennent ses actions")


def _decisions(known: LoadedConvention, meeting: Meeting) -> Iterator[Line]:
    body = names(known)
    for one in standing_decisions(known).exclude(meeting=meeting):
        state = f", {DECISION_WORDS[DecisionState(one.state)].lower()}" if one.state == "to_confirm" else ""
        yield Line(one.text, f"{body.get(one.owner_key, one.owner_key)}, pour le {french(one.due_on)}{state}")


def standing_decisions(known: LoadedConvention) -> QuerySet[Decision]:
    """The decisions of a convention that are neither done nor given up, the earliest due first."""
    rows = Decision.objects.filter(convention=known.row, state__in=STANDING)
    return rows.select_related("meeting").order_by("due_on", "number", "id")


def _commitments(known: LoadedConvention, on: date) -> Iterator[Line]:
    body = names(known)
    for one in register(known, on):
        if one.followed.standing in PRESSING:
            who = ", ".join(body.get(key, key) for key in one.clause.debtors)
            due = f", pour le {french(one.followed.due)}" if one.followed.due else ""
            yield Line(
                one.clause.what,
                f"{one.followed.standing.label}, {who}{due} (article {one.clause.article})",
            )


def _thresholds(known: LoadedConvention, meeting: Meeting, member: Member, on: date) -> Iterator[Line]:
    """Counts of one's own organisation, under eleven in words where a party may read nothing of people exactly: all read the agenda."""
    exact, mine = all_read_exactly(known.id), known.mine.short_name if known.mine else ""
    for one in beyond(known, member, on=on):
        if one.referrals:
            what = _WAITING[one.threshold.kind].format(period=one.threshold.period.label())
            yield Line(what, f"{counted_for(one.referrals, exact=exact)}, compté par {mine}")
    side = side_of(member, known.id)
    last = last_held_on(meeting)
    since = last or known.facts(on).starts
    if side is None or since is None or since >= on:
        return
    found = board(known, side, Between(since, on))
    late = found.whole.promise.of - found.whole.promise.count
    if late:
        said = f"{counted_for(late, exact=exact)}, depuis le {french(since)}, compté par {mine}"
        yield Line("Dossiers de droits décidés après le délai promis", said)


def _obligations(known: LoadedConvention, on: date) -> Iterator[Line]:
    body = names(known)
    for one in obligations(known, on):
        for mark in one.marks:
            if mark.is_open:
                asked = f"demandé par {body.get(mark.party, mark.party)} le {french(mark.day)}"
                yield Line(one.clause.what, f"{asked} (article {one.clause.article})")


def _remarks(known: LoadedConvention, meeting: Meeting) -> dict[str, list[Line]]:
    body = {party.organisation: party.short_name for party in known.signatories}
    found: dict[str, list[Line]] = {point: [] for point in REMARK_POINTS.values()}
    for one in gathered(known, meeting):
        found[REMARK_POINTS[one.kind]].append(Line(one.text, body.get(one.recorded_for_id, "")))
    return found


def gathered(known: LoadedConvention, meeting: Meeting | None) -> QuerySet[Remark]:
    """What the parties wrote since the committee last met, the oldest first."""
    rows = Remark.objects.filter(convention=known.row, meeting=None, withdrawn_at=None)
    if meeting is not None and (last := last_held(meeting)) is not None:
        rows = rows.filter(recorded_at__gt=last.held_at)
    return rows.order_by("recorded_at", "id")


def last_held(meeting: Meeting) -> Meeting | None:
    """The meeting of the same committee that was held before."""
    rows = Meeting.objects.filter(
        convention_id=meeting.convention_id, committee_key=meeting.committee_key, held_at__isnull=False
    )
    return rows.exclude(pk=meeting.pk).order_by("-starts_at").first()


def last_held_on(meeting: Meeting) -> date | None:
    """The day of that meeting."""
    last = last_held(meeting)
    return last.planned_on if last else None


def _actions(known: LoadedConvention, on: date) -> Iterator[Line]:
    for one in to_discuss(known, on):
        yield Line(one.title, ACTION_WORDS[ActionState(one.state)])


def _dates(known: LoadedConvention, on: date) -> Iterator[Line]:
    until = add(on, AHEAD)
    for mark in upcoming(known.readable(on), known.events, on, until, known.departement, today=True):
        article = article_named(mark.article)
        yield Line(f"{french(mark.on)} : {mark.label}", article)


def _added(meeting: Meeting) -> QuerySet[Remark]:
    return meeting.items.filter(withdrawn_at=None).order_by("recorded_at", "id")
