"""Drafts: kept at each step, sealed to their own organisation, seen by their author alone."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from maillage.audit.actions import record
from maillage.cases.queries import takes_part
from maillage.core import crypto
from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.core.statements import insert, kept
from maillage.organisations.member import Member
from maillage.organisations.models import Membership
from maillage.organisations.people.leaving import replaced_today
from maillage.organisations.roles import ROLES, Permission
from maillage.referrals.content import Content, content_from_bytes, content_to_bytes
from maillage.referrals.models import Draft
from maillage.referrals.policies import can_send
from maillage.vault.actions import NoKeyPair, vault
from maillage.vault.store import KeyDestroyed


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """A draft and what it holds, unsealed."""

    id: UUID
    content: Content
    updated_at: datetime


def drafts_of(member: Member) -> QuerySet[Draft]:
    """The drafts that the member herself began for this organisation: need to know stops at the author until it is sent."""
    return Draft.objects.filter(organisation=member.organisation, author=member.user).order_by(
        "-updated_at", "id"
    )


def drafts_within_reach(member: Member) -> QuerySet[Draft]:
    """Her own drafts, and those of whom she replaces today."""
    return _within_reach(member.organisation, member.user)


def _within_reach(organisation: UUID, person: UUID) -> QuerySet[Draft]:
    mine = Q(author=person) | Q(author__in=replaced_today(organisation, person).values("user_id"))
    return Draft.objects.filter(mine, organisation=organisation)


@kept
def _taken(draft: UUID, organisation: UUID, person: UUID) -> QuerySet[Draft]:
    return _within_reach(organisation, person).filter(id=draft).select_for_update()


def hand_over(*, draft: UUID, to: UUID, by: Member, at: datetime) -> None:
    """Give a draft to a colleague, unopened: its author herself, or an administrator when she leaves.

    `to` must be somebody who sends referrals in the same organisation on that day. Raises Refused at `to`, Draft.DoesNotExist.
    """
    with transaction.atomic():
        rows = Draft.objects.filter(organisation=by.organisation)
        if not by.may(Permission.MANAGE_ORGANISATION):
            rows = rows.filter(author=by.user)
        row = rows.select_for_update().get(id=draft)
        if to not in senders(by, on=at.astimezone(ZoneInfo(by.time_zone)).date()):
            raise Refused("Choisissez une personne de votre organisme qui envoie des orientations.", "to")
        Draft.objects.filter(id=row.id).update(author=to)
        record(
            verb="hand_over",
            object_type="referral_draft",
            object_ref=draft,
            by=by.user,
            organisation=by.organisation,
        )


def senders(member: Member, *, on: date) -> set[UUID]:
    """The people of the organisation whose role sends referrals on a day."""
    roles = [role for role, declared in ROLES.items() if Permission.SEND_REFERRALS in declared.permissions]
    rows = Membership.objects.filter(organisation=member.organisation, role__in=roles, since__lte=on)
    return {row.user_id for row in rows if row.until is None or row.until >= on}


def open_draft(member: Member, draft: UUID, *, for_update: bool = False) -> OpenedDraft:
    """A draft of the member's, unsealed; raises Draft.DoesNotExist. `for_update` makes a second sender wait.

    A reading is journalled, her own too: what the page shows is somebody's identity.
    """
    row = _row(member, draft, for_update)
    if not for_update:
        record(
            verb="read",
            object_type="referral_draft",
            object_ref=draft,
            by=member.user,
            organisation=member.organisation,
            fields=("identity", "narrative", "situation"),
        )
    try:
        opened = _opened(row)
    except KeyDestroyed:
        # Its pair was renewed since the row was read: by now the draft is sealed to the new one.
        row = _row(member, draft, for_update)
        opened = _opened(row)
    return OpenedDraft(row.id, content_from_bytes(opened), row.updated_at)


def _row(member: Member, draft: UUID, for_update: bool) -> Draft:
    if not for_update:
        return drafts_within_reach(member).get(id=draft)
    for row in _taken(draft, member.organisation, member.user):
        return row
    raise Draft.DoesNotExist


def _opened(row: Draft) -> bytes:
    return vault().open_for_self(bytes(row.sealed), at=draft_place(row.id))


@transaction.atomic
def begin(*, token: UUID, content: Content, by: Member, at: datetime) -> UUID:
    """Begin a draft under the token that its form was shown with; the same token twice makes one draft. Returns its id.

    Raises Refused when the organisation has no keys to which it could be sealed.
    """
    if not can_send(by):
        raise PermissionDenied("Votre rôle ne permet pas d’envoyer une orientation.")
    new = bound_id(token, organisation=by.organisation, author=by.user)
    if takes_part(new, by.organisation):
        return new  # sent already: whoever opens the draft is led to the case
    row = Draft(
        id=new,
        organisation_id=by.organisation,
        author=by.user,
        sealed=_sealed(new, content, by),
        updated_at=at,
    )
    insert(row, unless_there=True)
    return new


@transaction.atomic
def keep(*, draft: UUID, content: Content, by: Member, at: datetime) -> None:
    """Keep a draft's new content; raises Draft.DoesNotExist when it was sent or thrown away meanwhile, Refused without keys."""
    kept = drafts_within_reach(by).filter(id=draft).update(sealed=_sealed(draft, content, by), updated_at=at)
    if not kept:
        raise Draft.DoesNotExist


@transaction.atomic
def discard(*, draft: UUID, by: Member) -> None:
    """Throw a draft away; nothing of it remains. Throwing it away twice is the same as once."""
    deleted, _ = drafts_within_reach(by).filter(id=draft).delete()
    if deleted:
        record(
            verb="discard",
            object_type="referral_draft",
            object_ref=draft,
            by=by.user,
            organisation=by.organisation,
        )


def discard_sent(*, draft: UUID, by: Member) -> None:
    """Remove a draft whose case has just been opened, in the transaction that took it for the sending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM referrals_draft WHERE id = %s AND organisation_id = %s", [draft, by.organisation]
        )


def _sealed(draft: UUID, content: Content, by: Member) -> bytes:
    try:
        return vault().seal_for_self(
            content_to_bytes(content), organisation=by.organisation, at=draft_place(draft)
        )
    except NoKeyPair as error:
        raise refusal_without_keys(error, by) from error


def refusal_without_keys(error: NoKeyPair, by: Member) -> Refused:
    """Which side has no keys, for whoever writes or sends: an organisation opened by halves."""
    whose = "Votre organisme" if by.organisation in error.organisations else "L’organisme destinataire"
    return Refused(
        f"{whose} n’a pas encore de clés sur Maillage : rien ne peut lui être confié. Rien n’a été envoyé. "
        "Prévenez l’exploitant de la plateforme."
    )


def draft_place(draft: UUID) -> bytes:
    """Where a sealed draft belongs."""
    return crypto.place("referrals_draft", "sealed", draft)
