"""A support published in the library is evidence of the commitments whose text says so (rows A20, C13): noted when it is published,
and by the daily round, which finds what came before the text said so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from maillage.catalogue import actions
from maillage.catalogue.models import SupportVersion
from maillage.catalogue.queries import Publication, published_between
from maillage.catalogue.rules import KINDS, Span
from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.commitments.queries import commitments, running
from maillage.conventions.commitments.rules import Source, shown_by_support
from maillage.conventions.commitments.showing import KnownFact, note_known
from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.policies import BINDING
from maillage.conventions.lifecycle.queries import load_all, visible_to
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms.commitments import Commitment
from maillage.core.calendar import DAY
from maillage.core.row_security import acting
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class _Owed:
    """The commitments of a convention that supports show, and the days on which one must be published, both included."""

    clauses: Sequence[Commitment]
    first: date
    last: date


@transaction.atomic
def publish(*, version: SupportVersion, span: Span, by: Member, at: datetime) -> None:
    """Publish a version of a support, and note the commitments of its organisation that it shows. Raises as the library's `publish`."""
    actions.publish(version=version, span=span, by=by, at=at)
    for known in load_all(visible_to(by).filter(state__in=list(BINDING)).order_by("id")):
        owed = _owed(known, day_of(known.row, at))
        if owed is not None and known.mine is not None and known.mine.signs:
            _show(known, known.mine, owed, by=by.user, at=at)


def show_publications(known: LoadedConvention, on: date) -> None:
    """Note what each party published since the convention is in force and that shows a commitment of its own; nothing twice.

    A proof that was taken back is not noted again. Under the worker's role, which acts for each of them in turn.
    """
    owed = _owed(known, on)
    if owed is None:
        return
    # The database writes the instant itself: the day alone is the round's.
    at = datetime.combine(owed.last, time(), known.zone)
    for party in known.signatories:
        if any(party.key in one.debtors for one in owed.clauses):
            with acting(organisation=party.organisation):
                _show(known, party, owed, by=None, at=at)


def _owed(known: LoadedConvention, on: date) -> _Owed | None:
    """None where no support shows anything, or before the convention is in force."""
    since = running(known, on)
    if since is None or on < since.since:
        return None
    clauses = [one for one in commitments(known, on) if one.support_kinds]
    last = on if since.until is None else min(on, since.until - DAY)
    return _Owed(clauses, since.since, last) if clauses else None


def _show(known: LoadedConvention, party: PartyRow, owed: _Owed, *, by: UUID | None, at: datetime) -> None:
    """What the acting organisation, this party, published; `by`: whose act it follows from."""
    clauses = [one for one in owed.clauses if party.key in one.debtors]
    if not clauses:
        return
    rows = CommitmentEvidence.objects.filter(
        convention=known.row, source=Source.SUPPORT, recorded_for=party.organisation
    )
    noted = set(rows.values_list("commitment_key", "fact"))
    for key, fact in _facts(clauses, published_between(party.organisation, owed.first, owed.last)):
        if (key, fact.fact) not in noted:
            note_known(known=known, commitment=key, fact=fact, organisation=party.organisation, by=by, at=at)


def _facts(owed: Sequence[Commitment], published: list[Publication]) -> Iterator[tuple[str, KnownFact]]:
    for one in published:
        label = f", version {one.label}" if one.label else ""
        note = f"{KINDS[one.kind]} « {one.title} »{label}."
        fact = KnownFact(Source.SUPPORT, f"{one.support}/{one.version}", one.on, note)
        yield from ((clause.key, fact) for clause in owed if shown_by_support(clause, one.kind, one.services))
