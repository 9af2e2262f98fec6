"""Making and revoking the address of a calendar, and finding whose it is."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.calendar_feeds.models import CalendarFeed
from maillage.organisations.member import Member, enter

_SALT: Final = "maillage.conventions.calendar_feeds"


@transaction.atomic
def renew(*, new_id: UUID, by: Member, at: datetime) -> CalendarFeed | None:
    """Make the member's new address, and revoke the one she had.

    `new_id` was made when the form was shown: sending it twice makes one address. None when it is not hers.
    """
    if not CalendarFeed.objects.filter(id=new_id).exists():
        CalendarFeed.objects.filter(user=by.user, organisation=by.organisation, revoked_at=None).update(
            revoked_at=at
        )
        CalendarFeed.objects.bulk_create(
            [CalendarFeed(id=new_id, user_id=by.user, organisation_id=by.organisation, created_at=at)],
            ignore_conflicts=True,
        )
        _journal("calendar_address_made", new_id, by)
    return CalendarFeed.objects.filter(id=new_id).first()


@transaction.atomic
def revoke(*, by: Member, at: datetime) -> int:
    """Close the member's address without making another; the number of addresses closed (0 or 1)."""
    closed = CalendarFeed.objects.filter(user=by.user, organisation=by.organisation, revoked_at=None).update(
        revoked_at=at
    )
    if closed:
        _journal("calendar_address_revoked", by.organisation, by)
    return closed


def live(member: Member) -> CalendarFeed | None:
    """The member's address for the organisation she acts for, if she has one."""
    return CalendarFeed.objects.filter(
        user=member.user, organisation=member.organisation, revoked_at=None
    ).first()


def token_of(feed: CalendarFeed) -> str:
    """What the address carries: the row's id, signed."""
    return Signer(salt=_SALT, sep=".").sign(feed.id.hex)


def feed_named(token: str) -> UUID | None:
    """The row that an address names, None for one that nobody made here."""
    try:
        return UUID(hex=Signer(salt=_SALT, sep=".").unsign(token))
    except (BadSignature, ValueError):
        return None


def enter_by(token: str, *, on: date) -> Member | None:
    """Act as the member behind an address, in this transaction.

    None for an address that nobody made, that was revoked, or whose member no longer works there.
    """
    feed = feed_named(token)
    if feed is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM calendar_feed_owner(%s)", [feed])
        found = cursor.fetchone()
    if found is None:
        return None
    user, organisation = found
    member = enter(user=user, user_name="", wanted=organisation, on=on)
    return member if member is not None and member.organisation == organisation else None


def _journal(verb: str, reference: UUID, by: Member) -> None:
    record(
        verb=verb,
        object_type="calendar_feed",
        object_ref=reference,
        by=by.user,
        organisation=by.organisation,
    )
