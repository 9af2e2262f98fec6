"""Opening an account again: the operator's act, for whoever lost what she signs in with."""

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from maillage.audit.actions import record
from maillage.core.refusals import check
from maillage.credentials.models import Factor, Identity, OpenSession
from maillage.organisations.models import User
from maillage.organisations.people.actions import password_faults
from maillage.organisations.people.notifications import tell_owner


def reopen_account(
    *, user: User, password: str, forget_factors: bool, by: UUID | None, at: datetime, using: str
) -> None:
    """Give a password that serves to choose another, and end every session; with `forget_factors`, the second factors
    and the tie to a provider go too. She is told, at her address. Raises Refused at `password`.
    """
    check(password_faults(password, user))
    with transaction.atomic(using=using):
        user.set_password(password)
        user.one_time_password = True
        user.save(update_fields=["password", "one_time_password"], using=using)
        mine = OpenSession.objects.using(using).filter(user=user)
        Session.objects.using(using).filter(session_key__in=mine.values("key")).delete()
        mine.delete()
        if forget_factors:
            Factor.objects.using(using).filter(user=user).delete()
            Identity.objects.using(using).filter(user=user).delete()
        record(
            verb="account.reopen",
            object_type="user",
            object_ref=user.id,
            by=by,
            organisation=None,
            reason="second factors forgotten" if forget_factors else "",
            using=using,
        )
        tell_owner(user=user.id, change=at.isoformat(), using=using)
