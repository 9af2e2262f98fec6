"""Noting what shows that a commitment is kept, by hand or from what Maillage knows, and taking it back (row A20)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.commitments.models import CommitmentEvidence, EvidenceCount
from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.commitments.queries import commitments, running
from maillage.conventions.commitments.rules import Numbers, Source, occurrences
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import (
    SYSTEM,
    day_of,
    new_row,
    not_in_the_future,
    own_id,
)
from maillage.conventions.lifecycle.telling import document_fault, note_fault
from maillage.conventions.terms.commitments import Commitment
from maillage.core.calendar import french
from maillage.core.refusals import Fault, Refused, check
from maillage.core.statements import insert
from maillage.organisations.member import Member

NEEDED: Final = "Dites en un mot ce qui le montre, ou joignez un document."


@dataclass(frozen=True, slots=True)
class Noted:
    """What a form says: `evidence_id` was made when it was shown; `occurrence` is the first day of the time that it is for."""

    evidence_id: UUID
    day: date
    occurrence: date | None = None
    note: str = ""
    document: UUID | None = None


@dataclass(frozen=True, slots=True)
class KnownFact:
    """What Maillage knows: `fact` names it, so that it is noted once; `numbers` are kept for whoever may read them."""

    source: Source
    fact: str
    day: date
    note: str
    numbers: Numbers | None = None


@transaction.atomic
def note_known(
    *,
    known: LoadedConvention,
    commitment: str,
    fact: KnownFact,
    organisation: UUID,
    by: UUID | None,
    at: datetime,
) -> bool:
    """Note what Maillage knows, for the acting organisation, which owes the commitment; False when that fact was noted already.

    One that was taken back stays so. `by`: whose act it follows from; None for the daily round.
    """
    row = CommitmentEvidence(
        convention=known.row,
        commitment_key=commitment,
        day=fact.day,
        note=fact.note,
        source=fact.source,
        fact=fact.fact,
        recorded_at=at,
        recorded_by=by or SYSTEM,
        recorded_for_id=organisation,
    )
    if not insert(row, unless_there=True):
        return False
    if fact.numbers is not None:
        found = fact.numbers
        EvidenceCount.objects.create(
            evidence_id=row.pk,
            convention_id=known.id,
            since=found.since,
            until=found.until,
            counted=found.counted,
            over=found.over,
        )
    record(
        verb="convention.evidence_noted",
        object_type="commitment",
        object_ref=row.pk,
        by=by,
        organisation=organisation,
        reason="" if by else "daily round",
    )
    return True


@transaction.atomic
def note_evidence(
    *, convention: Convention, commitment: str, noted: Noted, by: Member, at: datetime
) -> CommitmentEvidence:
    """One of those who owe a commitment says what shows that it was kept.

    Raises PermissionDenied; Refused as a whole (not in force yet, not hers), or at `day`, `occurrence`, `note`, `document`.
    """
    known = open_signed(convention, by)
    if (kept := _kept(known, noted.evidence_id, by)) is not None:
        return kept
    on = day_of(known.row, at)
    clause = _clause(known, commitment, on)
    _owes(known, clause)
    check(_faults(known, clause, noted, on))
    return _write(known, clause.key, noted, None, by=by, at=at)


@transaction.atomic
def cancel_evidence(
    *, convention: Convention, evidence: UUID, noted: Noted, by: Member, at: datetime
) -> CommitmentEvidence:
    """Whoever noted a proof takes it back, with the reason in the note. Raises Refused when it is not hers, or taken back already."""
    known = open_signed(convention, by)
    if (kept := _kept(known, noted.evidence_id, by)) is not None:
        return kept
    row = CommitmentEvidence.objects.filter(pk=evidence, convention=known.row, cancels__isnull=True).first()
    if row is None or row.recorded_for_id != by.organisation:
        raise Refused("Cette preuve n’est pas de votre organisme.")
    if CommitmentEvidence.objects.filter(cancels=row).exists():
        raise Refused("Quelqu’un l’a retirée avant vous : la page a été rechargée.")
    empty = Fault("Dites pourquoi : une preuve retirée reste lisible.", "note")
    check([note_fault(noted.note), empty if not noted.note.strip() else None])
    said = Noted(noted.evidence_id, day_of(known.row, at), note=noted.note)
    return _write(known, row.commitment_key, said, row, by=by, at=at)


def _kept(known: LoadedConvention, token: UUID, by: Member) -> CommitmentEvidence | None:
    return CommitmentEvidence.objects.filter(pk=own_id(token, by), convention=known.row).first()


def _clause(known: LoadedConvention, key: str, on: date) -> Commitment:
    found = next((one for one in commitments(known, on) if one.key == key), None)
    if found is None:
        raise Refused("Cet engagement n’est pas dans le texte.")
    return found


def _owes(known: LoadedConvention, clause: Commitment) -> None:
    if known.mine is None or known.mine.key not in clause.debtors:
        raise Refused("Cet engagement n’est pas celui de votre organisme.", None, clause.article)


def _faults(known: LoadedConvention, clause: Commitment, noted: Noted, on: date) -> list[Fault | None]:
    since = running(known, on)
    if since is None or on < since.since:
        raise Refused("La convention n’a pas encore pris effet : rien n’est dû.")
    firsts = {one.first for one in occurrences(clause.cadence, since, on)}
    early = f"La convention a pris effet le {french(since.since)} : rien n’était dû avant."
    return [
        not_in_the_future(noted.day, on, "day"),
        Fault(early, "day") if noted.day < since.since else None,
        Fault("Choisissez une échéance de la liste.", "occurrence")
        if noted.occurrence not in {None, *firsts}
        else None,
        note_fault(noted.note),
        document_fault(noted.document),
        Fault(NEEDED, "note") if noted.document is None and not noted.note.strip() else None,
    ]


def _write(
    known: LoadedConvention,
    key: str,
    noted: Noted,
    cancels: CommitmentEvidence | None,
    *,
    by: Member,
    at: datetime,
) -> CommitmentEvidence:
    with new_row():
        row = CommitmentEvidence.objects.create(
            id=own_id(noted.evidence_id, by),
            convention=known.row,
            commitment_key=key,
            occurrence=noted.occurrence,
            day=noted.day,
            note=noted.note.strip(),
            document_id=noted.document,
            cancels=cancels,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    record(
        verb="convention.evidence_cancelled" if cancels else "convention.evidence_noted",
        object_type="commitment",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    return row
