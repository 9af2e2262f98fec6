"""Keeping a view of one's list under a name, and forgetting it."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.exchange.detector import problem
from maillage.organisations.member import Member
from maillage.referrals.models import SavedView
from maillage.referrals.saved.rules import MOST, name_problem


def views_of(member: Member) -> list[SavedView]:
    """The member's own views of this organisation's list, by name."""
    return list(
        SavedView.objects.filter(organisation=member.organisation, user_id=member.user).order_by("name")
    )


def save_view(*, name: str, query: str, by: Member, at: datetime) -> UUID:
    """Keep filters under a name; returns the view's id. Raises Refused at `name`."""
    name = " ".join(name.split())
    wrong = name_problem(name) or problem(name)
    if wrong:
        raise Refused(wrong, "name")
    if len(views_of(by)) >= MOST:
        raise Refused(f"Vous avez déjà {MOST} vues : supprimez-en une d’abord.", "name")
    new = uuid7()
    try:
        with transaction.atomic():
            SavedView.objects.create(
                id=new, organisation_id=by.organisation, user_id=by.user, name=name, query=query, saved_at=at
            )
    except IntegrityError as twice:
        raise Refused(
            "Vous avez déjà une vue de ce nom, ou ces filtres ne se gardent pas.", "name"
        ) from twice
    return new


def forget_view(*, view: UUID, by: Member) -> str:
    """Forget one of one's own views; returns its name. Raises SavedView.DoesNotExist for anybody else's."""
    row = SavedView.objects.get(id=view, organisation=by.organisation, user_id=by.user)
    row.delete()
    return row.name
