"""Sending a file to the caisse, all at once or not at all; what the caisse does next is in `examining` and `deciding`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models.functions import Now

from maillage.audit.actions import record
from maillage.beneficiaries.actions import record_consent, record_information, register_person
from maillage.beneficiaries.queries import cases_of_person
from maillage.beneficiaries.stopping import must_not_object
from maillage.cases.actions import (
    AuthorisationClosed,
    CaseExists,
    NotAuthorised,
    OpenedCase,
    open_case,
    open_from,
)
from maillage.cases.following import begin_following
from maillage.cases.models import Authorisation
from maillage.cases.rules import Reason
from maillage.conventions.data_roles.unsaid import Unsaid, unsaid_among, unsaid_of
from maillage.core import crypto
from maillage.core.calendar import add
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.actions import share_with
from maillage.organisations.member import Member
from maillage.referrals.drafts import refusal_without_keys
from maillage.referrals.references import reference
from maillage.rights.content import Content, Step, details_to_bytes, unfinished
from maillage.rights.declared.rights import Right
from maillage.rights.models import Application, ApplicationEvent, Piece, Preparation, PreparedPiece
from maillage.rights.notifications import tell
from maillage.rights.policies import can_file
from maillage.rights.preparing import open_preparation
from maillage.rights.queries import visible_to
from maillage.rights.sealed import DETAILS
from maillage.vault.actions import NoKeyPair

KEPT: Final = "Votre dossier est gardé."
CLOSED: Final = f"La convention ne permet pas, ou ne permet plus, de déposer cette demande. {KEPT}"


class Incomplete(Exception):
    """Steps miss an answer, or an answer no longer holds. `steps` names them in order."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__("Il manque des réponses avant d’envoyer.")
        self.steps = steps


class RunsAlready(Refused):
    """The organisation has an application for the same right of the same person that is not decided. `case` is that one."""

    def __init__(self, case: UUID) -> None:
        super().__init__(
            f"Une demande du même droit est déjà en cours pour cette personne : dossier {reference(case)}. "
            "Suivez-la plutôt, ou retirez-la d’abord."
        )
        self.case = case


def authorisations(by: Member) -> list[Authorisation]:
    """Under what the member's organisation may file applications now, by the database's clock."""
    rows = Authorisation.objects.filter(
        sender=by.organisation, open_during__contains=Now(), rights__len__gt=0
    )
    return list(rows.select_related("recipient").order_by("recipient__sort_name", "id"))


def unsaid(by: Member, *, at: datetime) -> list[Unsaid]:
    """Under what the member's organisation could file applications, were it said who answers for their data."""
    rows = Authorisation.objects.filter(sender=by.organisation, rights__len__gt=0)
    return unsaid_among(rows.order_by("article", "id"), by, at=at)


@transaction.atomic
def file(*, preparation: UUID, by: Member, at: datetime) -> UUID:
    """Turn a prepared file into a case shared with the caisse. Returns the case's id, the preparation's.

    The database's own clock decides whether the convention allows it. Sent twice, the second finds the case. Raises Incomplete,
    RunsAlready, Refused (the convention, or keys; the file stays), or Preparation.DoesNotExist.
    """
    if not can_file(by):
        raise PermissionDenied("Votre rôle ne permet pas d’envoyer un dossier de droits.")
    try:
        opened = open_preparation(by, preparation, for_update=True)
    except Preparation.DoesNotExist:
        if visible_to(by).filter(case_id=preparation, role="sender").exists():
            return preparation
        raise
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    content = opened.content
    missing = unfinished(content, opened.there, on=on)
    declared = content.declared
    if missing or declared is None:
        raise Incomplete(missing or (Step.RIGHT,))
    under = _allowed(content, declared, by)
    try:
        case = _opened(content, preparation, under)
    except (AuthorisationClosed, NotAuthorised) as error:
        unsaid = unsaid_of(under, by, at=at)
        raise unsaid.refused(KEPT) if unsaid else Refused(CLOSED) from error
    except CaseExists:
        return preparation
    except NoKeyPair as error:
        raise refusal_without_keys(error, by) from error
    _write(case, content, declared, opened.pieces, under=under, by=by, at=at, on=on)
    return preparation


def _opened(content: Content, case: UUID, under: Authorisation) -> OpenedCase:
    """The case, linked to the referral that opened this right, where there is one that is still its organisation's."""
    if content.origin is None:
        return open_case(case=case, under=under, kind="application", urgent=content.urgent)
    return open_from(former=content.origin, case=case, under=under, kind="application", urgent=content.urgent)


def _allowed(content: Content, declared: Right, by: Member) -> Authorisation:
    """Under what the file may go to the caisse. Raises RunsAlready, Refused."""
    running = _running(content, by)
    if running is not None:
        raise RunsAlready(running)
    rows = Authorisation.objects.select_related("recipient").filter(sender=by.organisation)
    under = rows.filter(id=content.authorisation).first() if content.authorisation else None
    if under is None or content.right not in under.rights:
        raise Refused(CLOSED)
    if under.recipient.departement in declared.not_in:
        raise Refused(f"{declared.label} : cette demande n’existe pas dans le département de la caisse.")
    if content.person is not None:
        must_not_object(person=content.person, counterpart=under.recipient_id, service=under.service, by=by)
    return under


def _running(content: Content, by: Member) -> UUID | None:
    """An application of hers for the same right that waits for its decision; None when there is none that her index knows."""
    person = content.person
    if person is None:
        return None
    known = cases_of_person(by=by, nir=person.nir, surname=person.surname, birth_date=person.birth_date)
    rows = Application.objects.filter(case_id__in=known, right=content.right, closed_at__isnull=True)
    return rows.order_by("case_id").values_list("case_id", flat=True).first()


def _write(
    case: OpenedCase,
    content: Content,
    declared: Right,
    pieces: Sequence[PreparedPiece],
    *,
    under: Authorisation,
    by: Member,
    at: datetime,
    on: date,
) -> None:
    handed, person, told, agreement = content.handed, content.person, content.told, content.agreement
    if not (person and told and agreement):  # `unfinished` found nothing missing
        raise Incomplete(tuple(Step))
    within = declared.forwarded_within
    Application.objects.create(
        case_id=case.id,
        right=declared.key,
        urgent=content.urgent,
        proof=content.proof if content.urgent else "",
        details=_sealed(case, content),
        handed_on=handed.on if handed else None,
        handed_to=handed.to if handed else "",
        forward_by=add(handed.on, within) if handed and within and handed.to != "caisse" else None,
        sent_at=case.opened_at,
        sent_by=by.user,
    )
    happened = [("handed_over", handed.on)] if handed else []
    ApplicationEvent.objects.bulk_create(
        ApplicationEvent(
            case_id=case.id,
            organisation_id=by.organisation,
            kind=kind,
            day=day,
            noted_at=at,
            noted_by=by.user,
        )
        for kind, day in [*happened, ("sent", on)]
    )
    _share(case.id, pieces, under.recipient_id, by=by, at=at)
    register_person(case=case.id, key=case.key, identity=person)
    record_information(case=case.id, told=told, recipient=under.recipient_id, by=by)
    record_consent(case=case.id, key=case.key, agreement=agreement, by=by, at=case.opened_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_filed(%s)", [case.id])
    begin_following(case=case.id, reason=Reason.SENT, by=by, at=case.opened_at)
    record(
        verb="file", object_type="application", object_ref=case.id, by=by.user, organisation=by.organisation
    )
    tell("application_sent", case=case.id, to=under.recipient_id, urgent=content.urgent)


def _sealed(case: OpenedCase, content: Content) -> bytes:
    return crypto.encrypt(case.key, details_to_bytes(content.details()), at=DETAILS.place(case.id))


def _share(case: UUID, pieces: Sequence[PreparedPiece], caisse: UUID, *, by: Member, at: datetime) -> None:
    """Let the caisse read the documents, and make them pieces of the case."""
    for piece in pieces:
        share_with(document=piece.document, organisations=[caisse], by=by)
    Piece.objects.bulk_create(
        Piece(
            id=uuid7(),
            case_id=case,
            organisation_id=by.organisation,
            document_id=piece.document_id,
            key=piece.key,
            dated_on=piece.dated_on,
            valid_until=piece.valid_until,
            added_at=at,
            added_by=by.user,
        )
        for piece in pieces
    )
