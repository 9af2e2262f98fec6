"""Registered letters: from the dates recorded for each addressee to the day that a delay counts from."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.record import Record
from maillage.core.calendar import Period, add
from maillage.core.holidays import add_working_days

DENUNCIATION: Final = {
    "sending": EventKind.DENUNCIATION_SENT,
    "first_presentation": EventKind.DENUNCIATION_PRESENTED,
    "receipt": EventKind.DENUNCIATION_RECEIVED,
}
FORMAL_NOTICE: Final = {
    "sending": EventKind.FORMAL_NOTICE_SENT,
    "first_presentation": EventKind.FORMAL_NOTICE_PRESENTED,
    "receipt": EventKind.FORMAL_NOTICE_RECEIVED,
}
COUNTED_FROM_LABELS: Final = {
    "sending": "l'envoi",
    "first_presentation": "la première présentation",
    "receipt": "la réception",
}


class Letters(NamedTuple):
    """One letter to each addressee: the delay is counted from the last of them, and is early if the first
    is.
    """

    first: date
    last: date
    party: str | None


def letters(events: Iterable[Event], name: str, keys: Sequence[str]) -> list[Letters]:
    """The complete sets of letters among `events` (all of one kind), for the exit `name`, oldest first.

    A letter without an addressee went to all of them. With addressees, the set is complete once each other
    party has its own: a denunciation binds nobody before (S0 art. 6, S2 art. 9: « des autres parties »).
    """
    by_party: dict[str | None, list[Event]] = {}
    for event in events:
        if event.clause in {None, name}:
            by_party.setdefault(event.party, []).append(event)
    found: list[Letters] = []
    for party, sent in by_party.items():
        found += [Letters(event.on, event.on, party) for event in sent if event.addressee is None]
        days: dict[str, list[date]] = {}
        for event in sent:
            if event.addressee is not None and event.addressee != party:
                days.setdefault(event.addressee, []).append(event.on)
        expected = {key for key in keys if key != party} if party else set(days)
        if days and expected <= days.keys():
            rounds = zip(*(sorted(days[key]) for key in expected), strict=False)
            found += [Letters(min(dates), max(dates), party) for dates in rounds]
    return sorted(found, key=lambda letter: letter.last)


def known_letters(
    record: Record, kinds: dict[str, EventKind], counted_from: str, name: str, keys: Sequence[str]
) -> list[Letters]:
    """The sets of letters that the delay may count from; none while that step is not recorded for all."""
    kind = kinds.get(counted_from)
    return letters(record.of(kind), name, keys) if kind else []


def last_day_of(start: date, delay: Period, departement: str) -> date:
    """The last day of a delay that `start` opens and leaves out; working days are those of `departement`."""
    if delay.working_days:
        return add_working_days(start, delay.working_days, departement)
    return add(start, delay)
