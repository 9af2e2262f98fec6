"""A right that a referral opens: a file begun from it with the person already known, which keeps the link until it is sent."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.organisations.member import Member
from maillage.referrals.ending.rules import UNDER_WAY
from maillage.referrals.queries import File
from maillage.referrals.states import State
from maillage.rights.content import Content
from maillage.rights.declared.rights import rights
from maillage.rights.policies import can_file
from maillage.rights.preparing import begin

OPENS: Final = frozenset(
    {State.SENT, State.ACKNOWLEDGED, State.ACCEPTED, State.PAUSED, State.CLOSED, State.REDIRECTED}
)
"""Where a referral opens rights: while it goes on; once closed, what it left under way being then to be applied for; and once
the caisse redirected it, her rights often coming first."""


def may_begin(member: Member, referral: File) -> bool:
    """Whoever prepares files, in an organisation that may apply for rights now, from a referral whose person is still known."""
    return (
        can_file(member)
        and referral.may_apply
        and referral.identity is not None
        and referral.referral.state in OPENS
    )


def rights_under_way(referral: File) -> list[str]:
    """The rights that a referral notes as under way and for which one applies, by the key of their file."""
    noted = {row.right for row in referral.history.rights if row.outcome == UNDER_WAY}
    return [key for key, declared in rights().items() if noted & {key, *declared.opens}]


def opened_content(referral: File) -> Content:
    """What a file begins with: the person; the right too, where the referral leaves one alone under way.

    What she was told and answered is asked again: the purpose is another.
    """
    found = rights_under_way(referral)
    return Content(
        right=found[0] if len(found) == 1 else "",
        person=referral.identity,
        origin=referral.participation.case_id,
    )


@transaction.atomic
def begin_from(*, referral: File, token: UUID, content: Content, by: Member, at: datetime) -> UUID:
    """Begin a file that a referral opens, under the token that its form was shown with; the same token twice makes one.

    `referral` was opened by whoever acts, and that reading is journalled. Raises Refused as `begin` does.
    """
    if not may_begin(by, referral):
        raise PermissionDenied("Aucune demande de droit ne part de cette orientation.")
    origin = referral.participation.case_id
    made = begin(token=token, content=replace(content, person=referral.identity, origin=origin), by=by, at=at)
    record(
        verb="prepare_right",
        object_type="referral",
        object_ref=origin,
        by=by.user,
        organisation=by.organisation,
    )
    return made
