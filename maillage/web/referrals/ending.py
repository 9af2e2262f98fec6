"""What came of care and of rights: noted on the way, and when the caisse closes. One form, two buttons."""

from uuid import UUID

from django.http import HttpResponse

from maillage.organisations.roles import Permission
from maillage.referrals import outcomes
from maillage.referrals.models import Referral
from maillage.referrals.outcomes import Noted
from maillage.referrals.planning import still_planned
from maillage.referrals.states import WORKED, State
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import act, the_referral, told_back
from maillage.web.referrals.ending_forms import OutcomesForm
from maillage.web.referrals.reading import show_case
from maillage.web.rules import acting_member, page


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def settle(request: MemberRequest, case: UUID) -> HttpResponse:
    """Note what is known by now, and go on."""
    member, referral = acting_member(request), the_referral(request, case)
    form = _form(request, referral, closing=False)
    if not form.is_valid():
        return show_case(request, case, refused={"outcomes": form})
    noted = form.noted()
    return act(
        request,
        referral,
        lambda: outcomes.note(referral=referral, noted=noted, by=member, at=request.instant),
        done="Soins et droits notés.",
        form=("outcomes", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def close(request: MemberRequest, case: UUID) -> HttpResponse:
    """Close, with what came of each care and of each right."""
    member, referral = acting_member(request), the_referral(request, case)
    form = _form(request, referral, closing=True)
    is_complete = form.is_valid()
    if not is_complete and referral.state in WORKED:
        return show_case(request, case, refused={"outcomes": form})
    noted = (
        form.noted() if is_complete else Noted()
    )  # too late, or one's own second click: the action says which
    return act(
        request,
        referral,
        lambda: outcomes.close(referral=referral, noted=noted, by=member, at=request.instant),
        done=told_back(referral, "Accompagnement clôturé."),
        mine=lambda now: now.state == State.CLOSED and now.closed_by == member.user,
        form=("outcomes", form),
    )


def _form(request: MemberRequest, referral: Referral, *, closing: bool) -> OutcomesForm:
    return OutcomesForm(
        request.POST,
        renunciations=outcomes.renunciations(referral.case_id),
        rights=outcomes.rights_followed(referral.case_id).values(),
        actions=still_planned(referral.case_id, acting_member(request)),
        closing=closing,
    )
