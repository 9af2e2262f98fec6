"""Handing somebody's cases to a colleague all at once, and undoing it within the day: for administrators, who open no case by it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.cases.models import Following
from maillage.cases.rules import Reason, end_of_day
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.handing.queries import MOST, digest, followings_of, reads_referrals, takers
from maillage.referrals.models import BulkHandOver, HandedCase


@dataclass(frozen=True, slots=True)
class Handing:
    """What an administrator decided on the dry run: whose cases, to whom, and the digest of those that were shown."""

    id: UUID
    giver: UUID
    taker: UUID
    seen: str


@transaction.atomic
def hand_over_cases(*, handing: Handing, by: Member, at: datetime) -> int:
    """Move the cases that the dry run showed; how many. A form sent twice moves nothing more.

    Raises Refused at `to`, or as a whole when what would move is no longer what was shown; PermissionDenied.
    """
    _check_administers(by)
    done = BulkHandOver.objects.filter(id=handing.id, organisation=by.organisation).first()
    if done is not None:
        return done.handed.count()
    zone = ZoneInfo(by.time_zone)
    if handing.taker not in dict(takers(by, handing.giver, on=at.astimezone(zone).date())):
        raise Refused("Choisissez un ou une collègue de la liste.", "to")
    ending = list(followings_of(by, handing.giver).select_for_update(of=("self",))[:MOST])
    if not ending or digest([row.id for row in ending]) != handing.seen:
        raise Refused("Ces dossiers ont changé depuis l’essai : voici ce qui serait remis maintenant.")
    bulk = BulkHandOver.objects.create(
        id=handing.id,
        organisation_id=by.organisation,
        giver=handing.giver,
        taker=handing.taker,
        done_at=at,
        done_by=by.user,
        undone_before=end_of_day(at, zone),
    )
    cases = [row.case_id for row in ending]
    begun = _begin(cases, handing.taker, by, at)
    Following.objects.filter(id__in=[row.id for row in ending]).update(until=at)
    HandedCase.objects.bulk_create(
        HandedCase(
            organisation_id=by.organisation,
            hand_over=bulk,
            case_id=row.case_id,
            ended=row,
            begun_id=begun.get(row.case_id),
        )
        for row in ending
    )
    for case in cases:
        _record("hand_over", case, by, f"à {handing.taker}, depuis {handing.giver}, remise en nombre")
    return len(cases)


@transaction.atomic
def undo_hand_over(*, hand_over: UUID, by: Member, at: datetime) -> tuple[int, int]:
    """Give back what was handed over today: how many cases, and how many stay where they went meanwhile.

    Raises BulkHandOver.DoesNotExist, Refused when it is too late or when nobody takes them back, PermissionDenied.
    """
    _check_administers(by)
    bulk = BulkHandOver.objects.select_for_update().get(id=hand_over, organisation=by.organisation)
    if bulk.undone_at is not None or at >= bulk.undone_before:
        raise Refused("Une remise s’annule une fois, le jour même : confiez à nouveau ces dossiers.")
    if not reads_referrals(by, bulk.giver, on=at.astimezone(ZoneInfo(by.time_zone)).date()):
        raise Refused(
            "Cette personne ne lit plus les orientations ici : confiez ces dossiers à quelqu’un d’autre."
        )
    handed = list(bulk.handed.select_related("begun").order_by("case_id"))
    back = [row for row in handed if row.begun is None or row.begun.until is None]
    BulkHandOver.objects.filter(id=bulk.id).update(undone_at=at, undone_by=by.user)
    Following.objects.filter(id__in=[row.begun_id for row in back if row.begun_id], until=None).update(
        until=at
    )
    cases = [row.case_id for row in back]
    _begin(cases, bulk.giver, by, at)
    for case in cases:
        _record("hand_over.undo", case, by, f"à {bulk.giver}, depuis {bulk.taker}, remise annulée")
    return len(back), len(handed) - len(back)


def _begin(cases: list[UUID], person: UUID, by: Member, at: datetime) -> dict[UUID, UUID]:
    """The new followings of somebody, by case; those that she follows already are left as they are."""
    known = set(
        Following.objects.filter(
            organisation=by.organisation, user_id=person, until__isnull=True, case_id__in=cases
        ).values_list("case_id", flat=True)
    )
    rows = [
        Following(
            id=uuid7(),
            organisation_id=by.organisation,
            case_id=case,
            user_id=person,
            reason=Reason.HANDED,
            since=at,
            given_by=by.user,
        )
        for case in cases
        if case not in known
    ]
    Following.objects.bulk_create(rows)
    return {row.case_id: row.id for row in rows}


def _check_administers(by: Member) -> None:
    if not by.may(Permission.MANAGE_ORGANISATION):
        raise PermissionDenied("Seule l’administration de l’organisme remet des dossiers en nombre.")


def _record(verb: str, case: UUID, by: Member, reason: str) -> None:
    record(
        verb=verb,
        object_type="referral",
        object_ref=case,
        by=by.user,
        organisation=by.organisation,
        reason=reason,
    )
