"""Keeping a version of the record: only when it says something else than the last one; on demand, and each day by the job."""

import logging
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.recording import SYSTEM
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.member import Member
from maillage.protection.policies import can_follow
from maillage.protection.records.models import RecordVersion
from maillage.protection.records.queries import record_of
from maillage.protection.records.rules import Difference, canonical, difference, digest, parsed

logger = logging.getLogger(__name__)


def keep(*, by: Member, at: datetime) -> RecordVersion | None:
    """Keep today's record; None where the last version says the same. Raises PermissionDenied."""
    if not can_follow(by):
        raise PermissionDenied("Le registre est tenu par qui veille aux données de l’organisme.")
    return _keep(by.organisation, by.user, at)


def keep_all(at: datetime) -> int:
    """The worker's: a version for each organisation whose record changed; how many. One that fails is logged, the others go on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_record_keepers()")
        bodies: list[UUID] = [row[0] for row in cursor.fetchall()]
    kept = 0
    for body in bodies:
        try:
            with transaction.atomic(), acting(organisation=body):
                kept += _keep(body, SYSTEM, at) is not None
        except Exception as error:  # noqa: BLE001 - one record must not keep the others from being kept
            logger.error("The record of %s failed: %s", body, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return kept


@transaction.atomic
def _keep(organisation: UUID, user: UUID, at: datetime) -> RecordVersion | None:
    with connection.cursor() as cursor:  # of two that keep at once, the second sees what the first kept
        cursor.execute("SELECT pg_advisory_xact_lock(7306, hashtext(%s))", [str(organisation)])
    now = record_of(organisation, at)
    content = canonical(now)
    last = RecordVersion.objects.filter(organisation=organisation).order_by("-number").first()
    if last is not None and last.content == content:
        return None
    found = difference(parsed(last.content), now) if last is not None else Difference()
    row = RecordVersion.objects.create(
        id=uuid7(),
        organisation_id=organisation,
        number=last.number + 1 if last is not None else 1,
        content=content,
        digest=digest(content),
        added=len(found.added) if last is not None else len(now.entries),
        removed=len(found.removed),
        # The order of processings alone changed: a version all the same, since its bytes are others.
        changed=len(found.changed) or int(found.is_nothing and last is not None),
        recorded_at=at,
        recorded_by=user,
    )
    record(
        verb="record.keep",
        object_type="record_version",
        object_ref=row.pk,
        by=None if user == SYSTEM else user,
        organisation=organisation,
    )
    return row
