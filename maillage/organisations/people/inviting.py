"""Inviting somebody, and accepting: a link sent to an address, that serves once. The database checks who acts, and the link."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import QuerySet

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.notifications.actions import Draft, post
from maillage.notifications.links import token_of
from maillage.organisations.addresses import is_address
from maillage.organisations.base import Membership, User
from maillage.organisations.member import Member
from maillage.organisations.people.actions import password_faults
from maillage.organisations.people.models import Invitation
from maillage.organisations.people.references import reference
from maillage.organisations.people.rules import (
    INVITATION_LASTS,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    invitation_faults,
)
from maillage.organisations.roles import Permission

PATH = "/invitation/"


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom to invite, as a form gives it."""

    email: str
    full_name: str
    roles: tuple[str, ...]
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link tells whoever holds it: `state` is open, accepted, revoked or expired; the rest only while it is open."""

    state: str
    organisation: str = ""
    email: str = ""
    full_name: str = ""
    roles: tuple[str, ...] = field(default=())
    has_account: bool = False
    is_hers: bool = False  # the signed-in person is the one invited, or the one who accepted


def invitations_of(member: Member) -> QuerySet[Invitation]:
    """Those of the organisation that nobody has used nor closed, the most recent first."""
    return Invitation.objects.filter(
        organisation=member.organisation, accepted_at=None, revoked_at=None
    ).order_by("-sent_at", "-id")


@transaction.atomic
def invite(*, guest: Guest, by: Member, at: datetime) -> UUID:
    """Send an invitation; whether the address has an account changes nothing here. Returns its id.

    Raises Refused at `email`, `full_name`, `roles`, `since`, `until`, or as a whole without the permission.
    """
    _require(by)
    email = guest.email.strip().lower()
    today = at.astimezone(ZoneInfo(by.time_zone)).date()
    faults: list[Fault | None] = [_address_fault(email)]
    faults += invitation_faults(
        full_name=guest.full_name, roles=guest.roles, kind=by.organisation_kind,
        since=guest.since, until=guest.until, today=today,
    )  # fmt: skip
    check(faults)
    if Membership.objects.filter(organisation=by.organisation, user__email=email).exists():
        raise Refused(
            "Cette personne est, ou a été, membre de votre organisme : donnez-lui un rôle depuis sa fiche.",
            "email",
        )
    if invitations_of(by).filter(email=email).exists():
        raise Refused("Une invitation attend déjà cette personne : renvoyez-la depuis la liste.", "email")
    new = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT invite(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                new, email, guest.full_name.strip(), list(guest.roles), guest.since, guest.until,
                _digest(_token(new, 1)), at + INVITATION_LASTS,
            ],
        )  # fmt: skip
    _send(new, 1, by)
    return new


@transaction.atomic
def invite_again(*, invitation: UUID, by: Member, at: datetime) -> None:
    """Send another link; the former dies. Raises Refused when it was used or closed meanwhile."""
    _require(by)
    row = invitations_of(by).filter(id=invitation).first()
    number = row.sendings + 1 if row else 0
    sent = False
    if row is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT invite_again(%s, %s, %s, %s)",
                [row.id, number, _digest(_token(row.id, number)), at + INVITATION_LASTS],
            )
            sent = bool(cursor.fetchone()[0])
    if not sent:
        raise Refused(
            "Cette invitation a déjà servi, a été annulée ou vient d’être renvoyée : la page a été rechargée."
        )
    _send(invitation, number, by)


@transaction.atomic
def revoke_invitation(*, invitation: UUID, by: Member) -> None:
    """Close an invitation: its link opens nothing more. Raises Refused when it was used or closed meanwhile."""
    _require(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT revoke_invitation(%s)", [invitation])
        if not cursor.fetchone()[0]:
            raise Refused("Cette invitation a déjà servi ou a été annulée : la page a été rechargée.")


def open_link(token: str) -> OpenedLink | None:
    """What a link tells the person in context; None for a link that nobody sent."""
    if "\0" in token:  # which no text of PostgreSQL holds
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM invitation_of(%s)", [token])
        row = cursor.fetchone()
    if row is None:
        return None
    state, organisation, email, full_name, roles, has_account, is_hers = row
    return OpenedLink(
        state,
        organisation or "",
        email or "",
        full_name or "",
        tuple(roles or ()),
        bool(has_account),
        bool(is_hers),
    )


@transaction.atomic
def accept(*, token: str) -> UUID:
    """Accept as the signed-in person, whose address is the one invited. Returns the organisation. Raises Refused otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accept_invitation(%s)", [token])
        organisation: UUID | None = cursor.fetchone()[0]
    if organisation is None:
        raise Refused(
            "Cette invitation ne vous ouvre rien : elle a servi, a expiré, ou n’est pas pour cette adresse."
        )
    return organisation


@transaction.atomic
def accept_as_newcomer(*, token: str, email: str, full_name: str, password: str) -> None:
    """Open an account under the invited address, and accept. Raises Refused at `full_name`, `password`, or as a whole."""
    user = User(email=email, full_name=full_name.strip())
    name = None if 0 < len(user.full_name) <= LONGEST_NAME else Fault("Écrivez votre nom.", "full_name")
    check([name, *password_faults(password, user)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accept_invitation_as_newcomer(%s, %s, %s, %s)",
            [token, user.id, user.full_name, make_password(password)],
        )
        if cursor.fetchone()[0] is None:
            raise Refused(
                "Cette invitation a servi ou a expiré pendant que vous remplissiez cette page : rechargez-la."
            )


def _send(invitation: UUID, number: int, by: Member) -> None:
    post(
        [
            Draft(
                once=f"invitation:{invitation}:{number}",
                recipient=by.organisation,
                kind="invitation",
                reference=reference("I", invitation),
                path=PATH,
                invitation=invitation,
            )
        ]
    )


def _token(invitation: UUID, number: int) -> str:
    """As the sender makes it (maillage/notifications/sending.py), of the seed that the database gives it."""
    return token_of(f"{invitation}:{number}")


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _address_fault(email: str) -> Fault | None:
    if is_address(email) and len(email) <= LONGEST_ADDRESS:
        return None
    return Fault("Écrivez une adresse électronique valable.", "email")


def _require(by: Member) -> None:
    if not by.may(Permission.MANAGE_ORGANISATION):
        raise Refused("Seul·e un·e administrateur·rice de l’organisme invite.")
