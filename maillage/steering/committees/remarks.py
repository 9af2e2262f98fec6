"""The few words that each party writes for a committee: points of an agenda; alerts, good practices, paths of improvement of the year."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.steering.committees.models import Meeting, Remark
from maillage.steering.committees.opening import must_be_in, open_meeting
from maillage.steering.committees.rules import LONGEST_WORD, MOST_WORDS
from maillage.steering.committees.states import State
from maillage.steering.saying import tell_journal, text_faults

_COMING = (State.PLANNED, State.CONVENED)


@transaction.atomic
def add_remark(
    *, convention: Convention, remark_id: UUID, kind: str, text: str, by: Member, at: datetime
) -> Remark:
    """Write an alert, a good practice or a path of improvement; the next agenda gathers it.

    Raises PermissionDenied, `Refused` at `kind` or `text`.
    """
    known = open_signed(convention, by)
    unknown = kind not in {"alert", "practice", "path"}
    check([Fault("Choisissez la nature de ce que vous écrivez.", "kind") if unknown else None])
    return _add(known, None, kind, text, remark_id, by=by, at=at)


@transaction.atomic
def add_item(*, meeting: UUID, remark_id: UUID, text: str, by: Member, at: datetime) -> Remark:
    """Add a point to the agenda of a meeting that was not held yet. Raises Meeting.DoesNotExist and as `add_remark`."""
    known, row = open_meeting(meeting, by)
    must_be_in(row, _COMING)
    return _add(known, row, "item", text, remark_id, by=by, at=at)


@transaction.atomic
def withdraw(*, remark: UUID, by: Member, at: datetime) -> Remark:
    """Take back what one's organisation wrote. Raises Remark.DoesNotExist, PermissionDenied, `Refused` when it is not its own."""
    row = Remark.objects.select_related("meeting", "convention").get(pk=remark)
    open_signed(row.convention, by)
    if row.recorded_for_id != by.organisation:
        raise Refused("Ces mots ne sont pas de votre organisme.")
    if row.meeting is not None:
        must_be_in(row.meeting, _COMING)
    if Remark.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=at):
        tell_journal("withdraw", "remark", row.pk, by)
    row.refresh_from_db()
    return row


def _add(
    known: LoadedConvention,
    meeting: Meeting | None,
    kind: str,
    text: str,
    token: UUID,
    *,
    by: Member,
    at: datetime,
) -> Remark:
    new = own_id(token, by)
    if (kept := Remark.objects.filter(pk=new, convention=known.row).first()) is not None:
        return kept
    full = (
        Remark.objects.filter(convention=known.row, meeting=meeting, withdrawn_at=None).count() >= MOST_WORDS
    )
    check(
        [
            *text_faults({"text": text}, known.id, by, longest=LONGEST_WORD, needed=("text",)),
            Fault(f"{MOST_WORDS} au plus : retirez-en avant d’en ajouter.", "text") if full else None,
        ]
    )
    with new_row():
        row = Remark.objects.create(
            id=new,
            convention=known.row,
            meeting=meeting,
            kind=kind,
            text=text.strip(),
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    tell_journal("remark", "remark", row.pk, by)
    return row
