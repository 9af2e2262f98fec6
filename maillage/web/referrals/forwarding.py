"""A case that goes on elsewhere: the caisse says where, the sender sends it again with what it had written."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused, allowed
from maillage.organisations.roles import Permission
from maillage.referrals.forwarding import actions
from maillage.referrals.forwarding.queries import destinations
from maillage.referrals.policies import can_work
from maillage.referrals.queries import NotFollowed
from maillage.referrals.references import reference
from maillage.referrals.states import TRANSITIONS
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import act, the_referral
from maillage.web.referrals.stage import PREVIEW
from maillage.web.referrals.tasks import local_day
from maillage.web.referrals.working_forms import RedirectForm
from maillage.web.rules import acting_member, page


@page(permission=Permission.WORK_REFERRALS, methods=("GET", "POST"))
def redirect_elsewhere(request: MemberRequest, case: UUID) -> HttpResponse:
    """Say under which other service of the convention the demand falls: the sender goes on from there."""
    member, referral = acting_member(request), the_referral(request, case)
    if not can_work(member, referral.case) or "redirect" not in allowed(TRANSITIONS, referral.state):
        return act(request, referral, _too_late, done="")
    found = destinations(referral, member, on=local_day(request.instant, member))
    targets = [(one.key, one.label) for one in found]
    form = RedirectForm(request.POST if request.method == "POST" else None, targets=targets)
    if form.is_valid():
        try:
            actions.redirect(referral=referral, by=member, at=request.instant, **form.cleaned_data)
        except Refused as refused:
            for fault in refused.faults:
                form.add_error(fault.field, fault.message)
        except TransitionRefused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "Orientation redirigée. L’organisme qui vous l’a adressée est prévenu.")
            return redirect("referrals:case", case)
    context = {
        "form": form,
        "has_targets": bool(targets),
        "reference": reference(case),
        "case_url": reverse("referrals:case", args=[case]),
    }
    return render(request, "referrals/redirect.html", context)


def _too_late() -> None:
    raise TransitionRefused


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def restart(request: MemberRequest, case: UUID) -> HttpResponse:
    """Begin again elsewhere with what was written; whoever clicks twice finds the same draft."""
    member, referral = acting_member(request), the_referral(request, case)
    try:
        draft = actions.restart(referral=referral, by=member, at=request.instant)
    except (TransitionRefused, Refused) as refused:
        messages.warning(request, str(refused))
    except NotFollowed:
        messages.warning(request, "Suivez d’abord ce dossier : le reprendre ouvre l’identité de la personne.")
    else:
        messages.success(
            request,
            "Tout ce qui était envoyé est repris. Relisez, informez à nouveau la personne, puis envoyez.",
        )
        return redirect("referrals:step", draft, PREVIEW)
    return redirect("referrals:case", case)
