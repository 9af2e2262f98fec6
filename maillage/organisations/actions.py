"""Opening an organisation, an account and a role; changing one's own password.

The first three are the operator's so far: they run as the owner, with nobody signed in.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from maillage.audit.actions import record
from maillage.core.refusals import Fault, Refused, check
from maillage.core.text import sort_key
from maillage.organisations.member import Member
from maillage.organisations.models import Membership, Organisation, User
from maillage.organisations.roles import ROLES, Role
from maillage.organisations.rules import sheet_faults, zone_named


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is said of a new organisation. Without a time zone, that of its département, else Paris."""

    kind: str
    name: str
    short_name: str
    siret: str
    departement: str = ""
    time_zone: str = ""
    mailbox: str = ""


def open_organisation(*, sheet: Sheet, by: UUID | None, using: str) -> Organisation:
    """Enter a body in the directory; `by` is None for the operator. Raises Refused at the sheet's fields.

    Its key pair is made by the caller, in the same transaction: keys live in a room above this one.
    """
    faults = sheet_faults(
        kind=sheet.kind,
        name=sheet.name,
        short_name=sheet.short_name,
        siret=sheet.siret,
        departement=sheet.departement,
        time_zone=sheet.time_zone,
    )
    check([*faults, _mailbox_fault(sheet.mailbox)])
    with transaction.atomic(using=using):
        known = Organisation.objects.using(using).filter(Q(siret=sheet.siret) | Q(name=sheet.name)).first()
        if known is not None:
            field, what = ("siret", "SIRET") if known.siret == sheet.siret else ("name", "nom")
            raise Refused(f"Ce {what} est déjà celui de « {known.name} » : rien n’a été changé.", field)
        zone = zone_named(sheet.departement)
        organisation = Organisation.objects.using(using).create(
            kind=sheet.kind,
            name=sheet.name,
            short_name=sheet.short_name,
            sort_name=sort_key(sheet.name),
            siret=sheet.siret,
            departement=sheet.departement,
            time_zone=sheet.time_zone or (zone.key if zone else "Europe/Paris"),
            mailbox=sheet.mailbox,
        )
        record(
            verb="organisation.open",
            object_type="organisation",
            object_ref=organisation.id,
            by=by,
            organisation=organisation.id,
            using=using,
        )
    return organisation


def open_account(*, email: str, full_name: str, password: str, by: UUID | None, using: str) -> User:
    """Open someone's account; she works nowhere until she has a role. Raises Refused at `email`, `full_name`, `password`."""
    user = User(email=email.lower(), full_name=full_name)
    check([*_address_faults(user), *password_faults(password, user)])
    with transaction.atomic(using=using):
        if User.objects.using(using).filter(email=user.email).exists():
            raise Refused(f"« {user.email} » a déjà un compte.", "email")
        user.set_password(password)
        user.save(using=using)
        record(
            verb="account.open", object_type="user", object_ref=user.id, by=by, organisation=None, using=using
        )
    return user


def give_role(
    *, user: User, organisation: Organisation, role: str, by: UUID | None, at: datetime, using: str
) -> Membership:
    """Let someone act in an organisation, from the day that it is there. Raises Refused at `role`."""
    if role not in ROLES:
        raise Refused(f"Rôle inconnu : « {role} ». Connus : {', '.join(Role)}.", "role")
    on = at.astimezone(ZoneInfo(organisation.time_zone)).date()
    with transaction.atomic(using=using):
        current = Membership.objects.using(using).filter(Q(until=None) | Q(until__gte=on))
        if current.filter(user=user, organisation=organisation, role=role).exists():
            raise Refused(
                f"« {user.email} » a déjà ce rôle à « {organisation.name} » : rien n’a été changé.", "role"
            )
        membership = Membership.objects.using(using).create(
            user=user, organisation=organisation, role=role, since=on
        )
        record(
            verb="membership.open",
            object_type="membership",
            object_ref=membership.id,
            by=by,
            organisation=organisation.id,
            using=using,
        )
    return membership


@transaction.atomic
def change_password(*, user: User, password: str, by: Member) -> None:
    """Change one's own password: every session opened with the former one ends. Raises Refused at `password`."""
    check(password_faults(password, user))
    user.set_password(password)
    user.save(update_fields=["password"])
    record(
        verb="account.change_password",
        object_type="user",
        object_ref=user.id,
        by=by.user,
        organisation=by.organisation,
    )


def password_faults(password: str, user: User) -> list[Fault]:
    """What the validators of the settings hold against a password, in French."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Fault(message, "password") for message in error.messages]
    return []


def _address_faults(user: User) -> list[Fault]:
    faults = [] if user.full_name.strip() else [Fault("Donnez le nom de la personne.", "full_name")]
    if not _is_address(user.email):
        faults.append(Fault(f"« {user.email} » n’est pas une adresse électronique.", "email"))
    return faults


def _mailbox_fault(mailbox: str) -> Fault | None:
    if mailbox and not _is_address(mailbox):
        return Fault(f"« {mailbox} » n’est pas une adresse électronique.", "mailbox")
    return None


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
