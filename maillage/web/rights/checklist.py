"""The check-list of an application: which pieces are there, which miss, what the caisse asked for, round after round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.urls import reverse

from maillage.documents.actions import describe
from maillage.rights.declared.rights import rights
from maillage.rights.declared.rules import Standing, checklist
from maillage.rights.models import Piece, PieceRequest
from maillage.rights.queries import File
from maillage.rights.rules import AGAIN_REASONS
from maillage.web.presentation.components import Document, DueBadge, Fact, due_badge
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.numbers import counted, file_size
from maillage.web.presentation.tones import Tone
from maillage.web.referrals.words import paragraphs
from maillage.web.rights.words import piece_labels

_STANDINGS: Final[Mapping[Standing, tuple[str, Tone]]] = {
    Standing.THERE: ("Là", Tone.GOOD),
    Standing.MISSING: ("Manque", Tone.SOON),
    Standing.UNKNOWN: ("Selon la situation", Tone.NEUTRAL),
    Standing.SPARED: ("Pas nécessaire", Tone.NEUTRAL),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of the list: where it stands, what is accepted for it, whether it is awaited now, its files."""

    label: str
    standing: str
    tone: Tone
    accepted: str
    source: str
    is_asked: bool
    documents: Sequence[Document]


@dataclass(frozen=True, slots=True)
class Round:
    """One request for pieces: its number in words, what it asks, its state."""

    title: str
    labels: Sequence[str]
    facts: Sequence[Fact]
    due: DueBadge | None
    state: str
    tone: Tone
    is_again: bool


def items_of(file: File, on: date) -> list[Item]:
    """The pieces of the right, in its order: those that are needed or there first among themselves."""
    declared = rights().get(file.application.right)
    if declared is None:
        return []
    given: dict[str, list[Piece]] = {}
    for piece in file.pieces:
        given.setdefault(piece.key, []).append(piece)
    awaited = {key for row in file.requests if row.answered_on is None for key in row.keys}
    items = []
    for line in checklist(declared, file.details.answers, given, urgent=file.application.urgent):
        words, tone = _STANDINGS[line.standing]
        if line.standing is Standing.MISSING and not line.piece.indispensable:
            words = "Manque, sans empêcher de juger le dossier"
        items.append(
            Item(
                line.piece.label,
                words,
                tone,
                "" if line.standing is Standing.SPARED else " · ".join(line.piece.one_of),
                line.piece.source,
                line.piece.key in awaited,
                [_document(file, piece, on) for piece in given.get(line.piece.key, ())],
            )
        )
    return items


def missing(file: File) -> list[str]:
    """The keys of the needed pieces that are not there: what a request proposes to ask."""
    declared = rights().get(file.application.right)
    there = {piece.key for piece in file.pieces}
    lines = checklist(declared, file.details.answers, there) if declared else []
    return [line.piece.key for line in lines if line.standing is Standing.MISSING]


def _document(file: File, piece: Piece, on: date) -> Document:
    case = file.participation.case
    described = describe(piece.document)
    side = case.sender if piece.organisation_id == case.sender_id else case.caisse
    dated = f", datée du {short_date(piece.dated_on)}" if piece.dated_on else ""
    valid = ""
    if piece.valid_until:
        over = "n’est plus valable depuis le" if piece.valid_until < on else "valable jusqu’au"
        valid = f", {over} {short_date(piece.valid_until)}"
    return Document(
        label=described.name,
        url=reverse("rights:piece", args=[case.id, piece.id]),
        kind=described.type_label,
        size=file_size(described.size),
        when=f"ajoutée par {side.short_name} le {short_date(piece.added_at)}{dated}{valid}",
    )


def rounds_of(file: File, on: date) -> list[Round]:
    """The requests for pieces, the last one first; a second round stands out and says why."""
    return [_round(row, file, on) for row in reversed(file.requests)]


def _round(row: PieceRequest, file: File, on: date) -> Round:
    facts = [Fact("Demandées le", long_date(row.asked_on))]
    last = row.asked_on + timedelta(days=row.granted_days) if row.granted_days else None
    if last is not None and row.granted_days:
        facts.append(
            Fact(
                "À envoyer au plus tard le", long_date(last), f"{counted(row.granted_days, 'jour')} accordés."
            )
        )
    if row.again:
        facts.append(Fact("Pourquoi une nouvelle demande", AGAIN_REASONS[row.again]))
    if not row.indispensable:
        facts.append(Fact("Effet", "Le dossier peut être jugé sans elles : aucun délai n’est suspendu"))
    if words := file.asked.get(row.id):
        facts.append(Fact("Ce que dit la caisse", paragraphs(words)))
    awaited = row.answered_on is None and file.application.closed_at is None
    if row.answered_on is not None:
        state, tone = f"Reçues le {short_date(row.answered_on)}", Tone.GOOD
    else:
        state, tone = ("Attendues", Tone.SOON) if awaited else ("Jamais reçues", Tone.NEUTRAL)
    return Round(
        title="Première demande" if row.number == 1 else f"Demande n° {row.number}",
        labels=piece_labels(file.application.right, row.keys),
        facts=facts,
        due=due_badge(last, on) if awaited and last is not None else None,
        state=state,
        tone=tone,
        is_again=row.number > 1,
    )
