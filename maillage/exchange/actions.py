"""Writing about a case, or in a convention's box; saying what one has read. What follows belongs to the rooms above."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.cases.queries import keys_of
from maillage.cases.queries import visible_to as participations_of
from maillage.core import crypto
from maillage.core.refusals import Refused
from maillage.exchange import detector
from maillage.exchange.models import Message, Note, Seen
from maillage.exchange.rules import text_problem
from maillage.organisations.member import Member

ENDED = "Ce dossier est terminé : on n’y écrit plus."


@transaction.atomic
def write(*, case: UUID, message_id: UUID, text: str, by: Member) -> bool:
    """Write to the other side, once however often the form is sent: False when it was there. Dated by the database.

    The caller holds the case's own row, so that its key does not change meanwhile, and says who may write. Raises
    Participation.DoesNotExist to whoever takes no part, Refused at `text`, where the case has ended too.
    """
    part = participations_of(by).select_related("case").get(case_id=case)
    if Message.objects.filter(id=message_id).exists():
        return False
    problem = ENDED if part.closed_at is not None else text_problem(text)
    if problem:
        raise Refused(problem, "text")
    key = keys_of([part]).get(case)
    if key is None:
        raise Refused("Les données de ce dossier ont été détruites.", "text")
    sealed = crypto.encrypt(key, text.strip().encode(), at=message_place(message_id))
    Message.objects.create(
        id=message_id, case_id=case, organisation_id=by.organisation, author=by.user, sealed_text=sealed
    )
    record(
        verb="message",
        object_type=part.case.kind,
        object_ref=case,
        by=by.user,
        organisation=by.organisation,
    )
    # Whoever answers has the messages before hers under her eyes.
    mark_read(case=case, upto=message_id, by=by)
    return True


@transaction.atomic
def mark_read(*, case: UUID, upto: UUID, by: Member) -> None:
    """Remember that this member has read a case's messages up to one; a mark never goes back.

    Raises Message.DoesNotExist for one that is not of this case, or not hers to read.
    """
    message = Message.objects.get(id=upto, case_id=case)
    mark, made = Seen.objects.select_related("message").get_or_create(
        organisation_id=by.organisation, case_id=case, user_id=by.user, defaults={"message": message}
    )
    if not made and mark.message.at < message.at:
        Seen.objects.filter(id=mark.id).update(message=message)


@transaction.atomic
def write_note(
    *, convention: UUID, note_id: UUID, text: str, names: Sequence[detector.Name], by: Member
) -> bool:
    """Write to the other parties of a convention, about nobody, once: False when it was there. Dated by the database.

    `names` are those of whose cases she follows under this convention. The caller says who may write, and that the convention
    is in force. Raises Refused at `text`, with all that names somebody.
    """
    if Note.objects.filter(id=note_id, organisation_id=by.organisation).exists():
        return False
    problem = text_problem(text) or detector.problem(text, names)
    if problem:
        raise Refused(problem, "text")
    Note.objects.create(
        id=note_id,
        convention_id=convention,
        organisation_id=by.organisation,
        author=by.user,
        text=text.strip(),
    )
    record(
        verb="note",
        object_type="convention",
        object_ref=convention,
        by=by.user,
        organisation=by.organisation,
    )
    return True


def last_read(case: UUID) -> UUID | None:
    """The last message that somebody of the other side has read; None when nobody has read any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_last_read(%s)", [case])
        found: UUID | None = cursor.fetchone()[0]
    return found


def message_place(message: UUID) -> bytes:
    """Where an encrypted message belongs."""
    return crypto.place("exchange_message", "sealed_text", message)
