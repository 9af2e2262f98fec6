"""The recorded events as the rules look at them: those known on a day, in order, by kind; and who has
signed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Remark
from maillage.conventions.lifecycle.states import State
from maillage.core.calendar import french

_NOTHING: tuple[Event, ...] = ()


class Record:
    """The events of `on` or before: what comes later is not known yet on that day."""

    __slots__ = ("_by_kind", "ordered")

    def __init__(self, events: Iterable[Event], on: date) -> None:
        self.ordered = sorted((event for event in events if event.on <= on), key=_day)
        by_kind: dict[EventKind, list[Event]] = {}
        for event in self.ordered:
            by_kind.setdefault(event.kind, []).append(event)
        self._by_kind = by_kind

    def of(self, kind: EventKind) -> Sequence[Event]:
        """The events of `kind`, oldest first."""
        return self._by_kind.get(kind, _NOTHING)

    def has_any(self, kinds: Iterable[EventKind]) -> bool:
        """Whether an event of one of these kinds is known."""
        return not self._by_kind.keys().isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class Signing:
    """Where signature stands. `first` and `last` are those of a complete signature, else `None`."""

    state: State
    first: date | None
    last: date | None
    remarks: tuple[Remark, ...] = ()


def signing(keys: Sequence[str], record: Record, names: Mapping[str, str] | None = None) -> Signing:
    """Who signed, and when all had: a text changed in between voids the signatures given before.

    `names` are those by which remarks call the parties; their keys otherwise.
    """
    dates: dict[str, date] = {}
    proposed = False
    unknown: set[str] = set()
    for event in record.ordered:
        if event.kind is EventKind.SIGNED:
            for key in (event.party,) if event.party else keys:
                if key in keys:
                    dates.setdefault(key, event.on)
                else:
                    unknown.add(key)
        elif event.kind is EventKind.TEXT_CHANGED:
            dates.clear()
            proposed = False
        elif event.kind is EventKind.PROPOSED:
            proposed = True
    remarks = tuple(
        Remark("", f"Signature de « {key} », qui n'est pas partie : ignorée.") for key in sorted(unknown)
    )
    if keys and len(dates) == len(keys):
        return Signing(State.SIGNED, min(dates.values()), max(dates.values()), remarks)
    if dates:
        missing = ", ".join((names or {}).get(key, key) for key in keys if key not in dates)
        awaited = Remark("", f"Signature attendue : {missing}.")
        return Signing(State.PARTLY_SIGNED, None, None, (*remarks, awaited))
    return Signing(State.PROPOSED if proposed else State.DRAFT, None, None, remarks)


def several_dates(known: Signing) -> str:
    """« 27/09/2021 et 05/10/2021 », or nothing when all signed on one day."""
    if known.first is None or known.last is None or known.first == known.last:
        return ""
    return f"{french(known.first)} et {french(known.last)}"


def _day(event: Event) -> date:
    return event.on
