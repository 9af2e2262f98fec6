"""What every recorded fact shares: open the convention to record, keep the fact, refresh, tell the other parties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Event
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.policies import WRITABLE, can_record
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import day_of, keep, lock_and_load, require
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.core.refusals import Fault, Refused
from maillage.documents.models import Document
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Fact:
    """What is about to be recorded. `fact_id` was made when the form was shown; `document` is a document's id."""

    kind: RecordedKind
    day: date
    party: str = ""
    detail: Mapping[str, Any] | None = None
    document: UUID | None = None
    fact_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The fact as kept, what the convention is now, and what must be said of it: « hors de la fenêtre, sans effet »…"""

    event: Event
    facts: Facts
    flags: tuple[str, ...] = ()


def open_record(convention: Convention, by: Member) -> LoadedConvention:
    """The convention locked, for a party's referent to record a fact.

    Raises PermissionDenied to anybody else, `Refused` while the text is not signed by all.
    """
    known = lock_and_load(convention)
    if known.row.state in WRITABLE:
        require(known.mine is not None)
        raise Refused("Cette convention n’est pas encore signée par toutes les parties.")
    require(can_record(by, known))
    return known


def keep_fact(known: LoadedConvention, fact: Fact, *, by: Member, at: datetime) -> Recorded:
    """Keep the fact, make the row true again, tell the other parties; what the rules then say more is flagged."""
    on = day_of(known.row, at)
    before = set(known.facts(on).warnings)
    event = keep(
        convention=known.row,
        kind=fact.kind,
        day=fact.day,
        by=by,
        at=at,
        party_key=fact.party,
        detail=fact.detail,
        document=fact.document,
        fact_id=fact.fact_id,
    )
    return conclude(known, event, before, by=by, at=at)


def conclude(
    known: LoadedConvention, event: Event, before: set[Any], *, by: Member, at: datetime
) -> Recorded:
    """Refresh after a fact and tell the others; `before` are the warnings known until then."""
    on = day_of(known.row, at)
    after = refresh(known.row, on).facts(on)
    others = [party.organisation for party in known.signatories if party.organisation != by.organisation]
    tell("convention_fact", convention=known.id, to=others, fact=event.id, on=on)
    return Recorded(event, after, tuple(remark.text for remark in after.warnings if remark not in before))


def again(known: LoadedConvention, event: Event, at: datetime) -> Recorded:
    """The answer to a form sent twice."""
    return Recorded(event, known.facts(day_of(known.row, at)))


def document_fault(document: UUID | None, field: str = "document", *, needed: str = "") -> Fault | None:
    """A document counts only if the acting organisation may read it; `needed` is the message when one is required."""
    if document is None:
        return Fault(needed, field) if needed else None
    if Document.objects.filter(pk=document).exists():
        return None
    return Fault("Ce document n’est pas disponible : déposez-le à nouveau.", field)


def note_fault(note: str, field: str = "note") -> Fault | None:
    """A note is short: a reference, a summary; never a person's situation."""
    return None if len(note) <= 1000 else Fault("1 000 caractères au plus.", field)
