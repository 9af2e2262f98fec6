"""Messages as a member reads them: those of a case, opened with its key, and those that await her."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from maillage.cases.following import running
from maillage.cases.models import Case
from maillage.cases.queries import visible_to as participations_of
from maillage.core import crypto
from maillage.documents.actions import Description, describe
from maillage.documents.models import Document
from maillage.exchange.actions import message_place
from maillage.exchange.models import Attachment, Message, Note, Seen
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission

SHOWN: Final = 50
_OF_A_FILE: Final = ("name", "media_type", "size", "sha256", "wrapped_key")


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the clear, None where its key was destroyed; unread when it comes from the other side after one's mark."""

    id: UUID
    organisation: UUID
    body: str
    author: UUID
    at: datetime
    text: str | None
    is_unread: bool
    attachment: UUID | None = None
    file: Description | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """Messages of a case, the oldest first. `older` is the first one shown, where there are others before it."""

    said: Sequence[Said] = ()
    older: UUID | None = None
    is_whole_end: bool = True
    """Whether the last message of the case is among them."""

    @property
    def unread(self) -> int:
        """How many await the reader."""
        return sum(one.is_unread for one in self.said)

    def authors(self) -> set[UUID]:
        """Those who wrote."""
        return {one.author for one in self.said}


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Messages of one case that a member has not read, and when the first of them was written."""

    case: Case
    messages: int
    since: datetime


def written_about(member: Member, *, before: UUID | None = None) -> ArraySubquery:
    """The last messages of each case, or those before one of them, the newest first: to annotate rows that have a `case_id`.

    So that the page of a case asks once for these and for the rest.
    """
    mark = Seen.objects.filter(
        organisation_id=member.organisation, user_id=member.user, case_id=OuterRef("case_id")
    )
    rows = Message.objects.filter(case_id=OuterRef("case_id"))
    if before is not None:
        rows = rows.filter(
            at__lt=Subquery(Message.objects.filter(id=before, case_id=OuterRef("case_id")).values("at")[:1])
        )
    columns = {name: name for name in ("id", "organisation_id", "author", "at", "sealed_text", "seen")}
    beside = {name: f"attachment__document__{name}" for name in _OF_A_FILE}
    written = JSONObject(
        body="organisation__name",
        attachment="attachment__id",
        document="attachment__document_id",
        **beside,
        **columns,
    )
    rows = rows.annotate(seen=Subquery(mark.values("message__at")[:1])).order_by("-at", "-id")
    return ArraySubquery(rows.values(row=written)[: SHOWN + 1])


def thread_from(
    rows: Sequence[Mapping[str, Any]], member: Member, key: bytes | None, *, before: UUID | None = None
) -> Thread:
    """What `written_about` found of a case that the member opens, with its key. Raises DecryptionError for what was altered."""
    said = [_said(row, member, key) for row in rows[:SHOWN]][::-1]
    return Thread(said, older=said[0].id if len(rows) > SHOWN else None, is_whole_end=before is None)


def _said(row: Mapping[str, Any], member: Member, key: bytes | None) -> Said:
    message, organisation = UUID(row["id"]), UUID(row["organisation_id"])
    at, seen = datetime.fromisoformat(row["at"]), row["seen"]
    text = None
    if key is not None:
        text = crypto.decrypt(key, _bytes(row["sealed_text"]), at=message_place(message)).decode()
    awaits = organisation != member.organisation and (seen is None or at > datetime.fromisoformat(seen))
    attachment = UUID(row["attachment"]) if row["attachment"] else None
    file = describe(_document(row)) if attachment else None
    return Said(message, organisation, row["body"], UUID(row["author"]), at, text, awaits, attachment, file)


def _document(row: Mapping[str, Any]) -> Document:
    """The document of a message, as the row holds it."""
    return Document(
        id=UUID(row["document"]),
        media_type=row["media_type"],
        size=row["size"],
        sha256=row["sha256"],
        name=_bytes(row["name"]),
        wrapped_key=_bytes(row["wrapped_key"]),
        created_at=datetime.fromisoformat(row["at"]),
    )


def _bytes(written: str) -> bytes:
    return bytes.fromhex(written.removeprefix("\\x"))  # as PostgreSQL writes bytes


def awaiting(member: Member, *, limit: int) -> list[Awaiting]:
    """The cases with messages of the other side that await the member, the longest waiting first."""
    rows = list(unread_cases(member).order_by("since", "case_id")[:limit])
    known = (
        Case.objects.select_related("sender", "caisse", "authorisation").in_bulk(
            [row["case_id"] for row in rows]
        )
        if rows
        else {}
    )
    return [Awaiting(known[row["case_id"]], row["messages"], row["since"]) for row in rows]


def unread_cases(member: Member) -> QuerySet[Any, Any]:
    """Of the cases on the member's desk, those where the other side wrote since she read: `case_id`, `messages`, `since`.

    On her desk: the cases that she follows, and the open ones on which she may act and that nobody there follows.
    """
    follows = running(member).filter(until__isnull=True, case_id=OuterRef("case_id"))
    mine = participations_of(member)
    followed = mine.filter(Exists(follows.filter(user_id=member.user)))
    works, sends = member.may(Permission.WORK_REFERRALS), member.may(Permission.SEND_REFERRALS)
    sides = [role for role, acts in (("recipient", works), ("sender", works or sends)) if acts]
    nobodys = mine.filter(~Exists(follows), role__in=sides, closed_at__isnull=True)
    cases = followed.values("case_id").union(nobodys.values("case_id"))
    mark = Seen.objects.filter(
        organisation_id=member.organisation, user_id=member.user, case_id=OuterRef("case_id")
    )
    return (
        Message.objects.filter(case_id__in=cases)
        .exclude(organisation_id=member.organisation)
        .annotate(seen=Subquery(mark.values("message__at")[:1]))
        .filter(Q(seen__isnull=True) | Q(at__gt=F("seen")))
        .values("case_id")
        .annotate(messages=Count("id"), since=Min("at"))
    )


def unread_by(member: Member) -> Exists:
    """Whether the other side of a case wrote since the member read: to annotate rows that have a `case_id`."""
    mark = Seen.objects.filter(
        organisation_id=member.organisation, user_id=member.user, case_id=OuterRef(OuterRef("case_id"))
    )
    after = Exists(mark.filter(message__at__gte=OuterRef("at")))
    return Exists(
        Message.objects.filter(case_id=OuterRef("case_id"))
        .exclude(organisation_id=member.organisation)
        .exclude(after)
    )


@dataclass(frozen=True, slots=True)
class Box:
    """Notes of a convention, the oldest first; `older` is the first one shown, where there are others before it."""

    notes: Sequence[Note]
    older: UUID | None
    is_whole_end: bool


def box_of(convention: UUID, *, before: UUID | None = None) -> Box:
    """The last notes of a convention that the member's organisation reads, or those before one; the caller has checked that."""
    rows = Note.objects.filter(convention_id=convention).select_related("organisation")
    if before is not None:
        rows = rows.filter(
            at__lt=Subquery(Note.objects.filter(id=before, convention_id=convention).values("at")[:1])
        )
    found = list(rows.order_by("-at", "-id")[: SHOWN + 1])
    shown = found[:SHOWN][::-1]
    return Box(shown, shown[0].id if len(found) > SHOWN else None, before is None)


def document_of(member: Member, case: UUID, attachment: UUID) -> Document:
    """The file of a case that the member's organisation takes part in; whoever asks has opened the case.

    Raises Attachment.DoesNotExist.
    """
    cases = participations_of(member).filter(case_id=case).values("case_id")
    return Attachment.objects.select_related("document").get(id=attachment, case_id__in=cases).document
