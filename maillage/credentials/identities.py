"""Identities at a provider, tied to accounts that were opened here: nobody is signed up by one."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.credentials.entering import in_the_name_of
from maillage.credentials.models import Identity
from maillage.organisations.models import User
from maillage.organisations.people.notifications import tell_owner


def owner_of(*, issuer: str, subject: str) -> UUID | None:
    """Whose account this identity opens, asked before anybody is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_identified(%s, %s)", [issuer, subject])
        found: UUID | None = cursor.fetchone()[0]
    return found


@transaction.atomic
def link(*, user: User, issuer: str, subject: str, at: datetime) -> bool:
    """Tie an identity to an account, and tell its person; False when the account is tied to another one already, which stays."""
    with in_the_name_of(user.id):
        if Identity.objects.filter(user=user, issuer=issuer).exists():
            return False
        made = Identity.objects.create(user=user, issuer=issuer, subject=subject, linked_at=at)
        record(
            verb="identity.link", object_type="identity", object_ref=made.id, by=user.id, organisation=None
        )
        tell_owner(user=user.id, change=at.isoformat())
    return True
