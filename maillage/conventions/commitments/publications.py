"""A support published in the library is evidence of the commitments whose text says so: noted by the daily round (rows A20, C13)."""

from collections.abc import Iterator
from datetime import date, datetime, time

from maillage.catalogue.queries import Publication, published_between
from maillage.catalogue.rules import KINDS
from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.commitments.queries import commitments, running
from maillage.conventions.commitments.rules import Source, shown_by_support
from maillage.conventions.commitments.showing import KnownFact, note_known
from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.terms.commitments import Commitment
from maillage.core.calendar import DAY
from maillage.core.row_security import acting


def show_publications(known: LoadedConvention, on: date) -> None:
    """Note what each party published since the convention is in force and that shows a commitment of its own; nothing twice.

    A proof that was taken back is not noted again. Under the worker's role, which acts for each of them in turn.
    """
    since = running(known, on)
    if since is None or on < since.since:
        return
    last = on if since.until is None else min(on, since.until - DAY)
    asked = [one for one in commitments(known, on) if one.support_kinds]
    for party in known.signatories if asked else ():
        owed = [one for one in asked if party.key in one.debtors]
        if owed:
            with acting(organisation=party.organisation):
                _show(known, party, owed, since.since, last)


def _show(known: LoadedConvention, party: PartyRow, owed: list[Commitment], first: date, last: date) -> None:
    noted = set(
        CommitmentEvidence.objects.filter(
            convention=known.row, source=Source.SUPPORT, recorded_for=party.organisation
        ).values_list("commitment_key", "fact")
    )
    # The database writes the instant itself: the day alone is the round's.
    at = datetime.combine(last, time(), known.zone)
    for key, fact in _facts(owed, published_between(party.organisation, first, last)):
        if (key, fact.fact) not in noted:
            note_known(
                known=known, commitment=key, fact=fact, organisation=party.organisation, by=None, at=at
            )


def _facts(owed: list[Commitment], published: list[Publication]) -> Iterator[tuple[str, KnownFact]]:
    for one in published:
        label = f", version {one.label}" if one.label else ""
        note = f"{KINDS[one.kind]} « {one.title} »{label}."
        fact = KnownFact(Source.SUPPORT, f"{one.support}/{one.version}", one.on, note)
        yield from ((clause.key, fact) for clause in owed if shown_by_support(clause, one.kind, one.services))
