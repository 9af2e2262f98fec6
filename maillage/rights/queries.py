"""Applications as a member reads them. Each question starts from her organisation's participations; reading is journalled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from maillage.audit.actions import record
from maillage.beneficiaries.correcting import with_corrections
from maillage.beneficiaries.models import Consent, Information
from maillage.beneficiaries.queries import consent_of, identities_in
from maillage.beneficiaries.rules import Identity
from maillage.beneficiaries.stopping import with_stopped
from maillage.cases.following import with_reason
from maillage.cases.models import Participation
from maillage.cases.queries import Kin, kin_of, reading, with_kin
from maillage.cases.queries import visible_to as participations_visible_to
from maillage.cases.rules import REASONS, Reason
from maillage.core import crypto
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.referrals.history import columns_of, noted_rows
from maillage.referrals.sealed_words import open_words
from maillage.rights.content import Details, details_from_bytes
from maillage.rights.models import Application, ApplicationEvent, Piece, PieceRequest
from maillage.rights.sealed import DECISION, DETAILS, REQUEST


@dataclass(frozen=True, slots=True)
class File:
    """All that a member may read of one application. `words` are those of the decision, `asked` those of each request; `people`,
    the names of those who noted its events; `kin`, the cases to which it is linked, where her organisation takes part too.
    """

    participation: Participation
    application: Application
    identity: Identity | None
    details: Details
    words: str
    asked: dict[UUID, str]
    events: tuple[ApplicationEvent, ...]
    people: Mapping[UUID, str]
    requests: tuple[PieceRequest, ...]
    pieces: tuple[Piece, ...]
    information: Information | None
    consent: Consent | None
    opened_as: Reason
    kin: tuple[Kin, ...] = ()


class NotFollowed(Exception):
    """The member's organisation takes part in the case; she neither follows it nor gave a reason for consulting it today."""

    def __init__(self, participation: Participation, application: Application) -> None:
        super().__init__("Vous ne suivez pas ce dossier.")
        self.participation = participation
        self.application = application


def visible_to(member: Member) -> QuerySet[Participation]:
    """The member's applications, as her organisation's participations in cases of that kind."""
    return participations_visible_to(member).filter(kind="application")


def application_of(member: Member, case: UUID) -> Application:
    """The application to act on, with its case and both sides, nothing decrypted; raises Participation.DoesNotExist."""
    part = (
        visible_to(member)
        .select_related("case__application", "case__caisse", "case__sender")
        .get(case_id=case)
    )
    found: Application = part.case.application
    found.case = part.case
    return found


def rights_asked(member: Member, cases: Iterable[UUID]) -> dict[UUID, str]:
    """Which right each of these applications of the member's organisation asks for."""
    mine = visible_to(member).filter(case_id__in=list(cases))
    return dict(
        Application.objects.filter(case_id__in=mine.values("case_id")).values_list("case_id", "right")
    )


def piece_of(member: Member, piece: UUID) -> Piece:
    """A piece of an application of the member's organisation; raises Piece.DoesNotExist."""
    rows = Piece.objects.filter(case_id__in=visible_to(member).values("case_id"))
    return rows.select_related("document").get(id=piece)


def nothing_added(requests: Iterable[PieceRequest], pieces: Iterable[Piece]) -> bool:
    """Whether pieces are awaited and none of them was added since they were asked."""
    waiting = [row for row in requests if row.answered_on is None]
    added = any(
        piece.key in row.keys and piece.added_at >= row.asked_at for row in waiting for piece in pieces
    )
    return bool(waiting) and not added


def file_of(member: Member, case: UUID) -> File:
    """One application, opened; the reading is journalled with its reason.

    Raises Participation.DoesNotExist for whoever takes no part in it, NotFollowed for a colleague who may not open it.
    """
    rows = visible_to(member).select_related(
        "case__sender", "case__caisse", "case__authorisation", "case__consent", "case__application"
    )
    part = with_corrections(with_stopped(with_kin(with_reason(member, rows)), member)).get(case_id=case)
    application: Application = part.case.application
    application.case = part.case
    if not part.opened_as:
        _journal(case, (), member, reason="sans ouvrir l’identité")
        raise NotFollowed(part, application)
    found = _opened(part)
    _journal(case, ("identity", "details"), member, reason=REASONS[found.opened_as])
    return found


def file_for_her(member: Member, case: UUID, *, why: str) -> File:
    """One application, opened because the person asks what is kept of her: the caller sees to it that her role allows it.

    Without following it nor consulting it; the reading is journalled with why. Raises Participation.DoesNotExist.
    """
    rows = visible_to(member).select_related(
        "case__sender", "case__caisse", "case__authorisation", "case__consent", "case__application"
    )
    part = with_kin(rows).get(case_id=case)
    part.opened_as = Reason.CONSULTED
    found = _opened(part)
    _journal(case, ("identity", "details"), member, reason=why)
    return found


def _opened(part: Participation) -> File:
    """All of one application, read with the key of its case."""
    case = part.case_id

    def read(keys: dict[UUID, bytes]) -> File:
        row = _with_all_noted(case)
        row.case = part.case
        key = keys.get(case)
        requests = tuple(noted_rows(row, "noted_requests", PieceRequest))
        sealed = vars(row)["sealed_identity"]
        return File(
            participation=part,
            application=row,
            identity=identities_in(keys, {case: bytes(sealed)}).get(case) if sealed else None,
            details=details_from_bytes(crypto.decrypt(key, bytes(row.details), at=DETAILS.place(case)))
            if key and row.details
            else Details(),
            words=open_words(row.sealed_words, DECISION, case, key=key),
            asked={one.id: open_words(one.sealed_words, REQUEST, one.id, key=key) for one in requests},
            events=tuple(noted_rows(row, "noted_events", ApplicationEvent)),
            people={UUID(one["id"]): one["name"] for one in vars(row)["noted_people"]},
            requests=requests,
            pieces=tuple(
                Piece.objects.filter(case_id=case).select_related("document").order_by("added_at", "id")
            ),
            information=next(iter(noted_rows(row, "noted_information", Information)), None),
            consent=consent_of(part.case),
            opened_as=Reason(part.opened_as or Reason.CONSULTED),
            kin=tuple(kin_of(part)),
        )

    return reading([part], read)


def _with_all_noted(case: UUID) -> Any:
    """The application with what was asked, what happened and by whom, what the person was told and her sealed identity: one query."""
    requests = PieceRequest.objects.order_by("number")
    events = ApplicationEvent.objects.order_by("day", "noted_at", "id")
    told = Information.objects.order_by("id")
    acted = ApplicationEvent.objects.filter(case_id=OuterRef(OuterRef("case_id"))).values("noted_by")
    people = User.objects.filter(id__in=acted).values(row=JSONObject(id="id", name="full_name"))
    return Application.objects.annotate(
        noted_requests=_rows(requests, PieceRequest),
        noted_events=_rows(events, ApplicationEvent),
        noted_information=_rows(told, Information),
        noted_people=ArraySubquery(people),
        sealed_identity=F("case__beneficiary__identity"),
    ).get(case_id=case)


def _rows(rows: QuerySet[Any], model: type[Model]) -> ArraySubquery:
    columns = {column: column for column in columns_of(model)}
    return ArraySubquery(rows.filter(case_id=OuterRef("case_id")).values(row=JSONObject(**columns)))


def _journal(case: UUID, fields: tuple[str, ...], member: Member, *, reason: str) -> None:
    record(
        verb="read",
        object_type="application",
        object_ref=case,
        by=member.user,
        organisation=member.organisation,
        fields=fields,
        reason=reason,
    )
