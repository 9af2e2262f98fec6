"""The person takes back her agreement, or chooses otherwise what returns to her sender: noted by whoever of the two sides heard it."""

from uuid import UUID

from django.http import HttpResponse

from maillage.beneficiaries.agreement import Choice
from maillage.organisations.roles import Permission
from maillage.referrals import consenting
from maillage.referrals.rules import CONSENT_WITHDRAWN
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import act, the_referral
from maillage.web.referrals.reading import show_case
from maillage.web.referrals.working_forms import ChoiceForm
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


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def choose_progress(request: MemberRequest, case: UUID) -> HttpResponse:
    """Note what she now lets return to the sender."""
    member, referral = acting_member(request), the_referral(request, case)
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={form.name: form})
    given = form.cleaned_data
    choice = Choice(given["progress"], given["how"], given["said_on"])
    return act(
        request,
        referral,
        lambda: consenting.choose_progress(referral=referral, choice=choice, by=member, at=request.instant),
        done="Son choix est noté et compte dès maintenant ; les deux organismes sont prévenus, sans autre mot.",
        same="C’est déjà son choix : rien n’a changé.",
        form=(form.name, form),
    )
