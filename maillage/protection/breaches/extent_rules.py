"""How far a breach reaches, as it becomes better known: what an update may say, what it changes, what it asks again. Pure.

Sources: GDPR art. 33.3 a (persons, records, categories of data) and 33.4 (what is not known at once follows in phases).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from maillage.core.refusals import Fault
from maillage.protection.breaches.rules import HAPPENED, noticed_fault, number_fault

FIELDS: Final = ("natures", "data", "people", "records", "goes_on", "began_at", "stopped_at")
"""What an update says, in the order in which it is read."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What is known at one moment: what happened to which data, how many, whether it goes on, since and until when; None: nobody knows."""

    natures: tuple[str, ...]
    data: tuple[str, ...]
    people: int | None = None
    records: int | None = None
    goes_on: bool | None = None
    began_at: datetime | None = None
    stopped_at: datetime | None = None


def changed(former: Extent, new: Extent) -> tuple[str, ...]:
    """The fields of which an update says something else."""
    before, after = _compared(former), _compared(new)
    return tuple(name for name, was, now in zip(FIELDS, before, after, strict=True) if was != now)


def _compared(one: Extent) -> tuple[object, ...]:
    """The order in which answers were ticked says nothing."""
    ticked = frozenset(one.natures), frozenset(one.data)
    return *ticked, one.people, one.records, one.goes_on, one.began_at, one.stopped_at


def extent_faults(new: Extent, last: Extent, *, noticed: datetime, at: datetime) -> list[Fault | None]:
    """What is wrong with an update, at its field: it says something new, and a breach begins before it is noticed and before it ends."""
    return [
        None if new.natures else Fault("Cochez au moins une réponse.", "natures"),
        None if new.data else Fault("Cochez au moins une sorte de données.", "kinds"),
        number_fault(new.people, "people"),
        number_fault(new.records, "records"),
        _began_fault(new, noticed, at),
        _stopped_fault(new, at),
        None
        if changed(last, new)
        else Fault("Rien n’a changé : corrigez ce qui est mieux connu, ou ajoutez une précision au dossier."),
    ]


def _began_fault(new: Extent, noticed: datetime, at: datetime) -> Fault | None:
    if new.began_at is None:
        return None
    if new.began_at > noticed:
        return Fault("Une violation commence avant d’être constatée : corrigez ce moment.", "began_on")
    return noticed_fault(new.began_at, at, "began_on", HAPPENED)


def _stopped_fault(new: Extent, at: datetime) -> Fault | None:
    if new.stopped_at is None:
        return None
    if new.goes_on is not False:
        return Fault(
            "Une violation qui a pris fin ne continue plus : répondez « Non », ou laissez la fin vide.",
            "stopped_on",
        )
    if new.began_at is not None and new.stopped_at < new.began_at:
        return Fault("La fin vient après le début.", "stopped_on")
    return noticed_fault(new.stopped_at, at, "stopped_on", HAPPENED)


def to_complete(filed: Iterable[datetime], updated: datetime | None) -> bool:
    """Whether what the authority was told is to be completed: its extent became better known since (GDPR art. 33.4).

    A filing is noted to the minute: one of the same minute as the update holds it already.
    """
    last = max(filed, default=None)
    return last is not None and updated is not None and last < updated.replace(second=0, microsecond=0)
