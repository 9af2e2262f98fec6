"""Opening an account and giving a role, the operator's acts so far (as the owner, nobody signed in); changing one's own password."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from maillage.audit.actions import record
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.addresses import is_address
from maillage.organisations.base import Membership, Organisation, User
from maillage.organisations.member import Member
from maillage.organisations.people.notifications import tell_owner
from maillage.organisations.people.rules import role_fault
from maillage.organisations.roles import ROLES, Role


def open_account(
    *, email: str, full_name: str, password: str, by: UUID | None, using: str, one_time: bool = False
) -> User:
    """Open someone's account; she works nowhere until she has a role. Raises Refused at `email`, `full_name`, `password`.

    A `one_time` password is known to whoever opens the account: the first sign-in replaces it.
    """
    user = User(email=email.lower(), full_name=full_name, one_time_password=one_time)
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
    check([role_fault(role, organisation.kind, field="role")])
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
def change_password(*, user: User, password: str, by: Member | None, at: datetime) -> None:
    """Change one's own password: every session opened with the former one ends, and she is told. Raises Refused at `password`.

    `by` is None for somebody who may not act for an organisation yet: a password that was given is changed first.
    """
    check(password_faults(password, user))
    user.set_password(password)
    user.one_time_password = False
    user.save(update_fields=["password", "one_time_password"])
    record(
        verb="account.change_password",
        object_type="user",
        object_ref=user.id,
        by=user.id,
        organisation=by.organisation if by else None,
    )
    tell_owner(user=user.id, change=at.isoformat())


def password_faults(password: str, user: User) -> list[Fault]:
    """What the validators of the settings hold against a password, in French."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Fault(message, "password") for message in error.messages]
    return []


def _address_faults(user: User) -> list[Fault]:
    faults = [] if user.full_name.strip() else [Fault("Donnez le nom de la personne.", "full_name")]
    if not is_address(user.email):
        faults.append(Fault(f"« {user.email} » n’est pas une adresse électronique.", "email"))
    return faults
