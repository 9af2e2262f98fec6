"""Who acts in the tests of people: an administrator, somebody invited, somebody at work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.notifications.links import token_of
from maillage.organisations.member import Member, enter
from maillage.organisations.models import Invitation, Membership, Organisation, User
from maillage.organisations.people.inviting import Guest, invite
from tests.days import today

ADMINISTRATOR, WORKER, REFERENT = (
    "admin@ccas.example.org",
    "social@ccas.example.org",
    "referent@ccas.example.org",
)
STRANGER_ADMINISTRATOR, TWO_EMPLOYERS = "admin@villexemple.example.org", "deux@example.org"
NEWCOMER = "nouvelle@ccas.example.org"


@contextmanager
def member(address: str) -> Iterator[Member]:
    """Someone acting for her first organisation; what she did is then committed."""
    with transaction.atomic():
        user = User.objects.get(email=address)
        found = enter(user=user.id, user_name=user.full_name, wanted=None, on=today())
        assert found is not None
        with acting(organisation=found.organisation, user=found.user):
            yield found


def organisation(short_name: str = "CCAS") -> UUID:
    return Organisation.objects.get(short_name=short_name).id


def user(address: str) -> UUID:
    return User.objects.get(email=address).id


def membership(address: str, role: str) -> UUID:
    with member(ADMINISTRATOR):
        return Membership.objects.get(user__email=address, organisation=organisation(), role=role).id


def guest(email: str = NEWCOMER, **changed: object) -> Guest:
    known = {"email": email, "full_name": "Nour Exemple", "roles": ("partner_worker",), "since": today()}
    return Guest(**(known | changed))  # type: ignore[arg-type]  # as each test changes it


def invited(email: str = NEWCOMER, **changed: object) -> UUID:
    """An invitation sent by the CCAS's administrator."""
    with member(ADMINISTRATOR) as administrator:
        return invite(guest=guest(email, **changed), by=administrator, at=now())


def link(invitation: UUID, number: int = 1) -> str:
    """The link that its message carries."""
    return f"/invitation/{token_of(f'{invitation}:{number}')}/"


def expired(invitation: UUID) -> None:
    """Its fourteen days are over."""
    sent = now() - timedelta(days=20)
    Invitation.objects.using("owner").filter(pk=invitation).update(
        sent_at=sent, expires_at=sent + timedelta(days=14)
    )
