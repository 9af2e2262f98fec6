"""The person takes back her agreement: one click, by whoever of the two sides heard it."""

from uuid import UUID

from django.http import HttpResponse

from maillage.organisations.roles import Permission
from maillage.referrals import consenting
from maillage.referrals.rules import CONSENT_WITHDRAWN
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import act, the_referral
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def revoke(request: MemberRequest, case: UUID) -> HttpResponse:
    """Note that she no longer agrees: the case stops there."""
    member, referral = acting_member(request), the_referral(request, case)
    return act(
        request,
        referral,
        lambda: consenting.revoke(referral=referral, by=member, at=request.instant),
        done="Retrait noté : cette orientation est arrêtée, l’autre organisme est prévenu.",
        mine=lambda now: now.end_reason == CONSENT_WITHDRAWN and now.closed_by == member.user,
    )
