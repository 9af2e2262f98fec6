"""Roles that end at once, as an administrator of the organisation ends them: the only way that PostgreSQL leaves."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from maillage.core.row_security import acting
from maillage.organisations.models import Membership


def end_at_once(organisation: UUID, which: Q) -> None:
    """End these roles of an organisation that has an administrator, or none of these."""
    with transaction.atomic(), acting(organisation=organisation):
        rows = list(Membership.objects.filter(which, organisation=organisation))
        administrator = Membership.objects.filter(organisation=organisation, role="administrator").first()
    if not rows:
        return
    assert administrator is not None
    with (
        transaction.atomic(),
        acting(organisation=organisation, user=administrator.user_id),
        connection.cursor() as cursor,
    ):
        for row in rows:
            cursor.execute("SELECT end_membership(%s, NULL, true)", [row.id])
