"""Obligations that someone ticks, asks and approves, opens and closes (rows A17, A18, A21-A23)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.commitments.models import ObligationMark
from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.recording import (
    day_of,
    new_row,
    not_in_the_future,
    own_id,
)
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.telling import document_fault
from maillage.conventions.terms.obligations import Obligation, ObligationGesture
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member

_GESTURES: Final = {
    "ticked": ObligationGesture.TICK,
    "asked": ObligationGesture.APPROVE,
    "opened": ObligationGesture.OPEN,
}
_ANSWERS: Final = {"asked": ("approved", "refused"), "opened": ("closed",)}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a form says of an act: `mark_id` was made when it was shown; `document` is a document's id."""

    mark_id: UUID
    day: date
    note: str = ""
    document: UUID | None = None


@transaction.atomic
def tick(*, convention: Convention, obligation: str, mark: Mark, by: Member, at: datetime) -> ObligationMark:
    """One's organisation did what it owes: it informed before diffusing, it bore its costs (S2 art. 7, S4 art. 12)."""
    return _begin(convention, obligation, "ticked", mark, by=by, at=at)


@transaction.atomic
def ask(*, convention: Convention, obligation: str, mark: Mark, by: Member, at: datetime) -> ObligationMark:
    """Ask the others to approve, case by case: a logo, a publication, a disclosure (S4 art. 5, S2 art. 8)."""
    return _begin(convention, obligation, "asked", mark, by=by, at=at)


@transaction.atomic
def open_procedure(
    *, convention: Convention, obligation: str, mark: Mark, by: Member, at: datetime
) -> ObligationMark:
    """Open a procedure that the text provides: a dispute, first amicable (S0 art. 7)."""
    return _begin(convention, obligation, "opened", mark, by=by, at=at)


@transaction.atomic
def answer(
    *, convention: Convention, asked: UUID, approved: bool, mark: Mark, by: Member, at: datetime
) -> ObligationMark:
    """Approve or refuse what another party asked; where the text wants it in writing, with a document or its reference.

    Raises `Refused` as a whole when it was answered meanwhile, or when one's own organisation asked.
    """
    return _finish(convention, asked, "approved" if approved else "refused", mark, by=by, at=at)


@transaction.atomic
def close_procedure(
    *, convention: Convention, opened: UUID, mark: Mark, by: Member, at: datetime
) -> ObligationMark:
    """Close a procedure, with how it ended in the note. Raises `Refused` when it was closed meanwhile."""
    return _finish(convention, opened, "closed", mark, by=by, at=at)


def _begin(
    convention: Convention, obligation: str, kind: str, mark: Mark, *, by: Member, at: datetime
) -> ObligationMark:
    known = open_signed(convention, by)
    if (kept := _kept(known, mark, by)) is not None:
        return kept
    clause = _clause(known, obligation, at)
    mine = known.mine.key if known.mine else ""
    if clause.gesture is not _GESTURES[kind]:
        raise Refused("Cette obligation se traite autrement.", "obligation", clause.article)
    if kind == "ticked" and clause.debtors and mine not in clause.debtors:
        raise Refused("Cette obligation n’est pas celle de votre organisme.", "obligation", clause.article)
    check(_faults(known, mark, at))
    return _write(known, clause.key, kind, mark, None, by=by, at=at)


def _finish(
    convention: Convention, begun: UUID, kind: str, mark: Mark, *, by: Member, at: datetime
) -> ObligationMark:
    known = open_signed(convention, by)
    if (kept := _kept(known, mark, by)) is not None:
        return kept
    row = ObligationMark.objects.filter(pk=begun, convention=known.row).first()
    if row is None or kind not in _ANSWERS.get(row.kind, ()):
        raise Refused("Cette demande n’existe pas.")
    if ObligationMark.objects.filter(answers=row).exists():
        raise Refused("Quelqu’un a répondu avant vous : la page a été rechargée.")
    clause = _clause(known, row.obligation_key, at)
    mine = known.mine.key if known.mine else ""
    if row.kind == "asked" and row.recorded_for_id == by.organisation:
        raise Refused("La réponse revient aux autres parties.", None, clause.article)
    if row.kind == "asked" and clause.approvers and mine not in clause.approvers:
        raise Refused("Le texte confie cette réponse à une autre partie.", None, clause.article)
    needed = "Le texte veut une réponse écrite : joignez-la ou citez-la." if clause.written else ""
    check(
        [
            *_faults(known, mark, at),
            Fault("La réponse suit la demande.", "day") if mark.day < row.day else None,
            Fault(needed, "document", clause.article)
            if needed and mark.document is None and not mark.note.strip()
            else None,
        ]
    )
    return _write(known, row.obligation_key, kind, mark, row, by=by, at=at)


def _kept(known: LoadedConvention, mark: Mark, by: Member) -> ObligationMark | None:
    return ObligationMark.objects.filter(pk=own_id(mark.mark_id, by), convention=known.row).first()


def _clause(known: LoadedConvention, key: str, at: datetime) -> Obligation:
    on = day_of(known.row, at)
    clause = next((one for one in known.terms(on).obligations if one.key == key), None)
    if clause is None:
        raise Refused("Choisissez une obligation du texte.", "obligation")
    if (
        known.row.state == State.ENDED
        and not clause.outlives_term
        and clause.gesture is not ObligationGesture.OPEN
    ):
        raise Refused("Cette obligation a pris fin avec la convention.", "obligation", clause.article)
    return clause


def _faults(known: LoadedConvention, mark: Mark, at: datetime) -> list[Fault | None]:
    return [
        not_in_the_future(mark.day, day_of(known.row, at), "day"),
        Fault("1 000 caractères au plus.", "note") if len(mark.note) > 1000 else None,
        document_fault(mark.document),
    ]


def _write(
    known: LoadedConvention,
    obligation: str,
    kind: str,
    mark: Mark,
    answers: ObligationMark | None,
    *,
    by: Member,
    at: datetime,
) -> ObligationMark:
    with new_row():
        row = ObligationMark.objects.create(
            id=own_id(mark.mark_id, by),
            convention=known.row,
            obligation_key=obligation,
            kind=kind,
            answers=answers,
            day=mark.day,
            note=mark.note.strip(),
            document_id=mark.document,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    record(
        verb=f"convention.obligation_{kind}",
        object_type="obligation",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    others = [party.organisation for party in known.signatories if party.organisation != by.organisation]
    tell("convention_obligation", convention=known.id, to=others, fact=row.pk, on=day_of(known.row, at))
    return row
