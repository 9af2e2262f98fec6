"""One convention on one day, judged under one combination of readings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from maillage.conventions.lifecycle.course import (
    Course,
    Renewing,
    course,
    renewal_remarks,
    starting_day,
    unused_renewals,
)
from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.exits import (
    DENUNCIATION_EVENTS,
    is_denunciation,
    is_live,
    outcome,
)
from maillage.conventions.lifecycle.facts import Departure, Remark
from maillage.conventions.lifecycle.reading import Ambiguity, remaining, retained
from maillage.conventions.lifecycle.record import Record, signing
from maillage.conventions.lifecycle.situation import Effect, Situation
from maillage.conventions.lifecycle.states import EndKind, State
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.duration import ExitClause, Renewal, Term
from maillage.conventions.terms.readings import Variant
from maillage.core.calendar import DAY, french, next_anniversary_after

_SILENT_TERM = Term(article="-", lasts="indefinite")
_ENDING = {EventKind.SUPERSEDED: EndKind.SUPERSEDED, EventKind.ENDED_BY_AGREEMENT: EndKind.TERMINATED}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of one combination. `out` is the first day no longer in force, known so far."""

    state: State
    end_kind: EndKind | None
    ends: date | None
    anniversary: date | None
    course: Course
    situation: Situation
    out: date | None
    effects: tuple[Effect, ...]
    departures: tuple[Departure, ...]
    remarks: tuple[Remark, ...]

    def key(self) -> tuple[object, ...]:
        """What must be equal for two readings to say the same thing."""
        return (self.state, self.end_kind, self.course.starts, self.ends)

    def following(self) -> tuple[date | None, date | None]:
        """What follows: the first day no longer in force that is in sight, or the next renewal."""
        coming = [row.since for row in self.course.renewals if row.since > self.situation.on]
        return (self.out, min(coming, default=None))


class Case:
    """What does not depend on the readings: the record, the signatures, the clauses and their open
    readings.
    """

    def __init__(
        self,
        terms: Any,
        events: Iterable[Event],
        on: date,
        departement: str,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.id: str = terms.id
        self.on = on
        self.departement = departement
        self.record = Record(events, on)
        self.keys = tuple(party.key for party in terms.parties)
        self.names = {party.key: _name(party) for party in terms.parties} | dict(names or {})
        self.signing = signing(self.keys, self.record, self.names)
        self.choices = retained(self.record)
        self.remarks: list[Remark] = [*self.signing.remarks]
        term: Term = self._stated(terms.term, "Durée non précisée : aucun terme connu.") or _SILENT_TERM
        self.renewal: Renewal | None = self._stated(terms.renewal, "Renouvellement non précisé.")
        self.exits: tuple[ExitClause, ...] = self._stated(terms.exits, "Modes de sortie non précisés.") or ()
        self.exit_variants = [remaining(clause.name, clause, self.choices) for clause in self.exits]
        self.live = [index for index, clause in enumerate(self.exits) if is_live(clause, self.record)]
        self.term_variants = remaining("term", term, self.choices)
        self.renewal_variants = remaining("renewal", self.renewal, self.choices) if self.renewal else ()
        self.ambiguities = self._ambiguities()
        self.oppositions = self._oppositions()

    def _stated(self, clause: Any, silence: str) -> Any:
        if isinstance(clause, Blank):
            self.remarks.append(Remark(clause.article or "", f"À compléter : {clause.asked}"))
            return None
        if clause is None:
            self.remarks.append(Remark("", silence))
        return clause

    def _ambiguities(self) -> list[Ambiguity]:
        found = [Ambiguity("term", self._starts_apart(self.term_variants))]
        if self.renewal is not None:
            found.append(Ambiguity("renewal", self.renewal_variants))
        found += [Ambiguity(self.exits[index].name, self.exit_variants[index]) for index in self.live]
        return found

    def _starts_apart(self, variants: Sequence[Variant[Any]]) -> Sequence[Variant[Any]]:
        """The readings of the term, or one of them when they lead to one start and one end: a single day
        signed.
        """
        ends = {
            (starting_day(one.clause, self.signing), one.clause.lasts, one.clause.ends_on) for one in variants
        }
        return variants if len(ends) > 1 else variants[:1]

    def _oppositions(self) -> list[date]:
        """Days on which a party opposed the renewal; a denunciation that the text does not provide says the
        same.
        """
        article = self.renewal.article if self.renewal else ""
        days = [event.on for event in self.record.of(EventKind.RENEWAL_OPPOSED)]
        if self.record.has_any(DENUNCIATION_EVENTS) and not any(map(is_denunciation, self.exits)):
            text = "Le texte ne prévoit pas de dénonciation : celle-ci vaut opposition au renouvellement."
            self.remarks.append(Remark(article, text))
            days += [event.on for event in self.record.of(EventKind.DENUNCIATION_SENT)]
        bound_on = self.signing.last
        if bound_on is None:
            return []
        self.remarks += [
            Remark(article, f"Opposition du {french(day)} antérieure à la signature : sans effet.")
            for day in days
            if day < bound_on
        ]
        return [day for day in days if day >= bound_on]

    def judge(self, chosen: Sequence[Variant[Any]]) -> Judgement:
        """The convention under one reading of each ambiguous clause, in the order of `ambiguities`."""
        renewal: Renewal | None = chosen[1].clause if self.renewal is not None else None
        renewing = Renewing(renewal, self.record, self.oppositions, self.signing.last)
        path = course(chosen[0].clause, renewing, self.signing, self.on)
        bound_on = self.signing.last
        situation = Situation(path, self.record, self.keys, bound_on, self.on, self.departement, self.names)
        effects: list[Effect] = []
        waiting: list[Remark] = []
        remarks = path.remarks
        offset = len(chosen) - len(self.live)
        for position in range(len(self.live)):
            variant = chosen[offset + position]
            result = outcome(variant.clause, variant.name, situation)
            effects += result.effects
            remarks += result.remarks
            waiting += [result.waiting] if result.waiting is not None else []
        effects += self._decided_ends(remarks)
        remarks += self._terminations_without_effect(effects)
        remarks += renewal_remarks(renewal, path, self.record, self.oppositions)
        remarks += unused_renewals(renewal, path, self.record)
        return self._conclude(path, situation, effects, waiting)

    def _conclude(
        self, path: Course, situation: Situation, effects: list[Effect], waiting: list[Remark]
    ) -> Judgement:
        departures = self._departures(effects)
        first = self._first_end(effects, departures)
        out, kind = (first.day, first.kind) if first else (None, None)
        expires = path.expires
        if expires is not None and (out is None or expires < out):
            out, kind = expires, EndKind.EXPIRED
        state = self._state(path.starts, out)
        end = path.running_out if state is not State.ENDED else None
        if out is not None and (end is None or out < end):
            end = out
        if end is not None and path.starts is not None and end <= path.starts:
            path.remarks.append(Remark("", "Terminée avant d'avoir pris effet."))
            path.starts = end = None
        path.remarks += [
            Remark(
                "",
                f"Renouvellement constaté le {french(event.on)}, après la fin au {french(out)} : "
                "ces deux faits se contredisent.",
            )
            for event in path.used
            if out is not None and event.on >= out
        ]
        path.renewals = [row for row in path.renewals if out is None or row.since < out]
        if state is not State.ENDED:
            path.remarks += waiting
        goes_on = path.starts is not None and state is not State.ENDED
        anniversary = next_anniversary_after(path.starts, self.on) if path.starts and goes_on else None
        return Judgement(
            state=state,
            end_kind=kind if state is State.ENDED else None,
            ends=end - DAY if end else None,
            anniversary=anniversary,
            course=path,
            situation=situation,
            out=out,
            effects=tuple(effects),
            departures=departures,
            remarks=tuple(path.remarks),
        )

    def _state(self, starts: date | None, out: date | None) -> State:
        if self.signing.state is not State.SIGNED:
            return self.signing.state
        if out is not None and out <= self.on:
            return State.ENDED
        return State.IN_FORCE if starts is not None and starts <= self.on else State.SIGNED

    def _decided_ends(self, remarks: list[Remark]) -> list[Effect]:
        """A successor, or an agreement of all: they end any convention, whatever its text says."""
        found: list[Effect] = []
        for event_kind, kind in _ENDING.items():
            for event in self.record.of(event_kind):
                if self.signing.last is None or event.on < self.signing.last:
                    text = (
                        f"{event.kind.label.capitalize()} du {french(event.on)} : antérieur à la signature."
                    )
                    remarks.append(Remark("", text))
                else:
                    found.append(Effect(event.effect or event.on, kind, event.party, source=event))
        return found

    def _terminations_without_effect(self, effects: Sequence[Effect]) -> list[Remark]:
        """A decision that no clause carries is kept and flagged (S3 art. 9.4: only after the notice has
        expired).
        """
        decisions = self.record.of(EventKind.TERMINATED)
        if not decisions:
            return []
        carried = [effect.source for effect in effects]
        articles = ", ".join(clause.article for clause in self.exits if not is_denunciation(clause))
        return [
            Remark(
                articles,
                f"Résiliation du {french(event.on)} enregistrée, mais le texte ne la permet pas à cette date.",
            )
            for event in decisions
            if event not in carried
        ]

    def _departures(self, effects: Sequence[Effect]) -> tuple[Departure, ...]:
        """Each party that leaves alone, with the first day of its first effect."""
        if not effects:
            return ()
        days: dict[str, date] = {}
        for effect in effects:
            if effect.leaves and effect.party in self.keys:
                party = str(effect.party)
                days[party] = min(effect.day, days.get(party, effect.day))
        return tuple(
            sorted((Departure(party, day) for party, day in days.items()), key=lambda left: left.effect)
        )

    def _first_end(self, effects: Sequence[Effect], departures: Sequence[Departure]) -> Effect | None:
        """The first end. A party that leaves ends the convention when fewer than two would remain."""
        ending = [effect for effect in effects if not effect.leaves or len(self.keys) <= 2]
        if len(self.keys) > 2 and len(departures) >= len(self.keys) - 1:
            last = departures[len(self.keys) - 2]
            ending.append(Effect(last.effect, EndKind.DENOUNCED, last.party))
        return min(ending, key=lambda effect: effect.day, default=None)


def _name(party: Any) -> str:
    """The party as its text calls it, its key where the text leaves a blank."""
    names = (getattr(party, "short_name", None), getattr(party, "name", None))
    return next((name for name in names if isinstance(name, str) and name), str(party.key))
