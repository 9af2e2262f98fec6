"""The register of commitments and obligations of a convention, with what was done of them (row A20)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from maillage.conventions.commitments.models import CommitmentEvidence, EvidenceCount, ObligationMark
from maillage.conventions.commitments.rules import Followed, Numbers, Running, Shown, Source, follow
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms import Terms
from maillage.conventions.terms.commitments import Commitment
from maillage.conventions.terms.obligations import Obligation


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One act on an obligation, with those that answer it. `party` is the key of who did it."""

    id: UUID
    kind: str
    day: date
    party: str
    note: str
    document: UUID | None
    answers: tuple["MarkLine", ...] = ()

    @property
    def is_open(self) -> bool:
        """Asked and not answered, or opened and not closed."""
        return self.kind in {"asked", "opened"} and not self.answers


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """An obligation of the text and its acts, oldest first."""

    clause: Obligation
    marks: tuple[MarkLine, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """What shows that a commitment is kept. `party` is the key of who noted it; `taken_back` why it no longer counts, or empty.

    With a `fact`, Maillage noted it on a day from a `source`; `numbers` are there where it counts and the reader may know.
    """

    id: UUID
    day: date
    occurrence: date | None
    party: str
    note: str
    document: UUID | None
    taken_back: str = ""
    source: Source = Source.HAND
    fact: str = ""
    noted_on: date | None = None
    numbers: Numbers | None = None


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment of the text: where it stands on the day, and what shows it, the newest first."""

    clause: Commitment
    followed: Followed
    evidence: tuple[EvidenceLine, ...] = ()


def register(known: LoadedConvention, on: date) -> tuple[CommitmentLine, ...]:
    """The register on a day: each commitment of that day's text, in the order of the text."""
    [lines] = registers([(known, known.readable(on))], on)
    return lines


def registers(texts: Sequence[tuple[LoadedConvention, Terms]], on: date) -> list[tuple[CommitmentLine, ...]]:
    """The registers of several conventions, each with its text of the day, in their order, by one question."""
    rows = CommitmentEvidence.objects.filter(convention__in=[known.id for known, _ in texts])
    rows = rows.select_related("numbers")
    found: dict[UUID, list[CommitmentEvidence]] = {}
    for row in rows.order_by("-day", "-recorded_at", "id"):
        found.setdefault(row.convention_id, []).append(row)
    return [_register(known, text, found.get(known.id, []), on) for known, text in texts]


def _register(
    known: LoadedConvention, text: Terms, rows: Sequence[CommitmentEvidence], on: date
) -> tuple[CommitmentLine, ...]:
    keys = {party.organisation: party.key for party in known.parties}
    taken_back = {row.cancels_id: row.note for row in rows if row.cancels_id}
    shown: dict[str, list[EvidenceLine]] = {}
    for row in rows:
        if row.cancels_id is None:
            party, why = keys.get(row.recorded_for_id, ""), taken_back.get(row.pk, "")
            shown.setdefault(row.commitment_key, []).append(_line(known, row, party, why))
    since = running(known, on)
    return tuple(_commitment(clause, since, tuple(shown.get(clause.key, ())), on) for clause in _chosen(text))


def _line(known: LoadedConvention, row: CommitmentEvidence, party: str, taken_back: str) -> EvidenceLine:
    """`numbers` is None for whoever row security keeps from them."""
    found: EvidenceCount | None = getattr(row, "numbers", None)
    return EvidenceLine(
        row.pk,
        row.day,
        row.occurrence,
        party,
        row.note,
        row.document_id,
        taken_back,
        Source.of(row.source),
        row.fact,
        row.recorded_at.astimezone(known.zone).date(),
        Numbers(found.since, found.until, found.counted, found.over) if found else None,
    )


def _commitment(
    clause: Commitment, since: Running | None, lines: tuple[EvidenceLine, ...], on: date
) -> CommitmentLine:
    counting = [Shown(one.day, one.occurrence) for one in lines if not one.taken_back]
    return CommitmentLine(clause, follow(clause, since, counting, on), lines)


def running(known: LoadedConvention, on: date) -> Running | None:
    """From when to when the convention is in force, under every reading of its text; None while that is not certain."""
    days = known.facts(on).certain_range
    return Running(*days) if days else None


def commitments(known: LoadedConvention, on: date) -> tuple[Commitment, ...]:
    """The commitments of the day's text: those of a clause that the parties dropped are not in it."""
    return _chosen(known.readable(on))


def _chosen(text: Terms) -> tuple[Commitment, ...]:
    return tuple(one for one in text.commitments if not one.optional or one.chosen is not False)


def obligations(known: LoadedConvention, on: date) -> tuple[ObligationLine, ...]:
    """Each obligation of the day's text with its acts."""
    rows = list(ObligationMark.objects.filter(convention=known.row).order_by("day", "recorded_at", "id"))
    keys = {party.organisation: party.key for party in known.parties}
    return tuple(
        ObligationLine(clause, _marks([row for row in rows if row.obligation_key == clause.key], keys))
        for clause in known.terms(on).obligations
    )


def _marks(rows: Sequence[ObligationMark], keys: dict[UUID, str]) -> tuple[MarkLine, ...]:
    def line(row: ObligationMark) -> MarkLine:
        answers = tuple(line(one) for one in rows if one.answers_id == row.pk)
        party = keys.get(row.recorded_for_id, "")
        return MarkLine(row.pk, row.kind, row.day, party, row.note, row.document_id, answers)

    return tuple(line(row) for row in rows if row.answers_id is None)
