"""The one writer of what a convention's row derives from its text and its facts: state, dates, range in force, flows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from maillage.conventions.flows.actions import instants, publish
from maillage.conventions.lifecycle.events import EventKind
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.reminders import UsefulDay, last_useful_days
from maillage.conventions.lifecycle.states import TRANSITIONS, EndKind, State, verb_to
from maillage.conventions.terms import Terms
from maillage.core.calendar import DAY
from maillage.core.moves import keep_state, move

_UNSIGNED: Final = frozenset({State.DRAFT, State.PROPOSED, State.PARTLY_SIGNED})


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing to do about a convention, in words without anybody's name."""

    on: date
    what: str


def refresh(convention: Convention, on: date) -> LoadedConvention:
    """Write what text and facts say on that day, publish the flows, and give back the convention as loaded.

    The row must be locked by the caller, or be the sweep's own. While readings disagree, the convention counts as in
    force if one reading says so, and its flows are open on the days on which all agree.
    """
    known = load(convention)
    text = known.terms(on)
    facts = known.facts(on)
    state = overall_state(facts)
    if convention.state == State.ENDED and state is not State.ENDED:
        return known  # what is learnt after the end is kept in the history and opens nothing again
    due = next_due(known, text, facts, on)
    days = None if state in _UNSIGNED else facts.certain_range
    values = {
        "is_disputed": is_disputed(facts),
        "end_kind": _end_kind(facts) if state is State.ENDED else "",
        "starts_on": facts.starts,
        "ends_on": facts.ends,
        "in_force": None if state in _UNSIGNED else instants(days, known.zone),
        "next_due_on": due.on if due else None,
        "next_due_what": due.what if due else "",
    }
    _write(convention, state, values, known)
    if state not in _UNSIGNED:
        publish(
            convention=convention.id,
            terms=text,
            during=days,
            departures=((left.party, left.effect) for left in facts.departures),
            zone=known.zone,
        )
    return known


def _write(convention: Convention, state: State, values: Mapping[str, Any], known: LoadedConvention) -> None:
    """Through the one door when the state changes; else a plain change of what hangs on it, if there is any."""
    changed = {name: value for name, value in values.items() if getattr(convention, name) != value}
    if state != convention.state:
        end = EndKind(values["end_kind"]) if values["end_kind"] else None
        agreed = any(event.kind is EventKind.ENDED_BY_AGREEMENT for event in known.events)
        move(convention, TRANSITIONS, verb_to(state, end, agreed=agreed), **changed)
    elif changed:
        keep_state(convention, **changed)


def overall_state(facts: Facts) -> State:
    """The one state that the list shows: that of the text's most lasting reading when they disagree."""
    if facts.state is not None:
        return facts.state
    states = {each.state for each in facts.each()}
    return next(state for state in (State.IN_FORCE, State.SIGNED, State.ENDED) if state in states)


def is_disputed(facts: Facts) -> bool:
    """Whether it is in force under one reading of its text and not under another."""
    return facts.may_be_in_force and not facts.is_in_force


def _end_kind(facts: Facts) -> str:
    kinds = [each.end_kind for each in facts.each() if each.end_kind is not None]
    return (facts.end_kind or kinds[0]).value


def next_due(known: LoadedConvention, text: Terms, facts: Facts, on: date) -> Due | None:
    """The earliest of what is coming: last useful day, end of a delay to comply, start, end decided; or the signature awaited."""
    if facts.state is not None and facts.state in _UNSIGNED:
        return None
    found = [
        _useful(day) for day in last_useful_days(text, known.events, on, known.departement) if day.day >= on
    ]
    doubt = ", selon la lecture" if facts.outlooks else ""
    outs = {one.out for one in facts.outlooks} or {each.out_from for each in facts.each()}
    found += [
        Due(out - DAY, f"Dernier jour en vigueur{doubt}") for out in outs if out is not None and out > on
    ]
    for each in facts.each():
        if each.state is State.SIGNED and each.starts is not None and each.starts > on:
            found.append(Due(each.starts, "Prise d’effet"))
        found += [
            Due(row.first_day - DAY, "Fin du délai pour se conformer")
            for row in each.exits
            if row.kind == "formal_notice" and row.first_day is not None and row.first_day > on
        ]
    return min(found, key=lambda due: (due.on, due.what), default=None)


def _useful(day: UsefulDay) -> Due:
    doubt = ", selon la lecture" if day.reading else ""
    return Due(day.day, f"Dernier jour utile avant qu’elle {day.what.label}{doubt}")
