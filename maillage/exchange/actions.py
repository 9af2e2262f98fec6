"""Writing about a case, or in a convention's box; saying what one has read. What follows belongs to the rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.cases.queries import visible_to as participations_of
from maillage.core import crypto
from maillage.core.refusals import Fault, Refused, check
from maillage.documents.actions import Upload, store_upload
from maillage.exchange import detector
from maillage.exchange.models import Attachment, Message, Note, Seen
from maillage.exchange.rules import LARGEST_FILE, MOST_FILES, text_problem
from maillage.organisations.member import Member

ENDED = "Ce dossier est terminé : on n’y écrit plus."


@dataclass(frozen=True, slots=True)
class Writing:
    """A message as a form gives it: `message_id` comes with the form; a file may say everything by itself."""

    message_id: UUID
    text: str
    file: Upload | None = None


@transaction.atomic
def write(*, case: UUID, writing: Writing, by: Member, at: datetime) -> bool:
    """Write to the other side, once however often the form is sent: False when it was there. Dated by the database.

    The caller holds the case's own row, so that its key does not change meanwhile, and says who may write. Raises
    Participation.DoesNotExist to whoever takes no part, Refused at `text` or `file`, where the case has ended too.
    """
    part = participations_of(by).select_related("case").get(case_id=case)
    new = writing.message_id
    if Message.objects.filter(id=new).exists():
        return False
    _check(writing, part)
    key = keys_of([part]).get(case)
    if key is None:
        raise Refused("Les données de ce dossier ont été détruites.", "text")
    sealed = crypto.encrypt(key, writing.text.strip().encode(), at=message_place(new))
    Message.objects.create(
        id=new, case_id=case, organisation_id=by.organisation, author=by.user, sealed_text=sealed
    )
    if writing.file is not None:
        document = store_upload(
            file=writing.file, organisation=by.organisation, readers=[part.case.sender_id, part.case.caisse_id], by=by,
            at=at, field="file", largest=LARGEST_FILE,
        )  # fmt: skip
        Attachment.objects.create(case_id=case, message_id=new, document=document)
    record(
        verb="message",
        object_type=part.case.kind,
        object_ref=case,
        by=by.user,
        organisation=by.organisation,
    )
    # Whoever answers has the messages before hers under her eyes.
    mark_read(case=case, upto=new, by=by)
    return True


def _check(writing: Writing, part: Participation) -> None:
    """Raise Refused with all that is wrong but the file's content."""
    full = writing.file is not None and Attachment.objects.filter(case_id=part.case_id).count() >= MOST_FILES
    problem = None if writing.file is not None and not writing.text.strip() else text_problem(writing.text)
    if part.closed_at is not None:
        problem = ENDED
    check(
        [
            Fault(problem, "text") if problem else None,
            Fault(f"Ce dossier a déjà {MOST_FILES} pièces : il n’en prend plus.", "file") if full else None,
        ]
    )


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
