"""A case that goes on elsewhere: the caisse says where and the sender sends it again, or the caisse forwards it itself."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused, allowed
from maillage.organisations.roles import Permission
from maillage.referrals.actions import ConditionsUnmet, FlowClosed, Incomplete
from maillage.referrals.content import Content
from maillage.referrals.forwarding import actions
from maillage.referrals.forwarding.carrying import content_of
from maillage.referrals.forwarding.queries import destinations
from maillage.referrals.forwarding.sequels import Sequel, closed_sequels, sequels
from maillage.referrals.leaving import leaving
from maillage.referrals.models import Referral
from maillage.referrals.queries import NotFollowed, file_of
from maillage.referrals.references import reference
from maillage.referrals.states import TRANSITIONS, WORKED
from maillage.referrals.working import must_work
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.acting import ALREADY, act, the_referral, told_back
from maillage.web.referrals.forward_form import ForwardForm
from maillage.web.referrals.refusals import without_roles
from maillage.web.referrals.stage import PREVIEW
from maillage.web.referrals.tasks import local_day
from maillage.web.referrals.words import person_facts, situation_facts
from maillage.web.referrals.working_forms import RedirectForm
from maillage.web.rules import acting_member, page


@page(permission=Permission.WORK_REFERRALS, methods=("GET", "POST"))
def redirect_elsewhere(request: MemberRequest, case: UUID) -> HttpResponse:
    """Say under which other service of the convention the demand falls: the sender goes on from there."""
    member, referral = acting_member(request), the_referral(request, case)
    must_work(referral, member)
    if "redirect" not in allowed(TRANSITIONS, referral.state):
        return act(request, referral, _too_late, done="")
    found = destinations(referral, member, on=local_day(request.instant, member))
    targets = [(one.key, typeset(one.label)) for one in found]
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
            messages.success(request, told_back(referral, "Orientation redirigée."))
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


@page(permission=Permission.WORK_REFERRALS, methods=("GET", "POST"))
def forward(request: MemberRequest, case: UUID) -> HttpResponse:
    """Forward a case to another service of the convention: what leaves is shown, what is missing is asked, on one page."""
    member, referral = acting_member(request), the_referral(request, case)
    must_work(referral, member)
    if referral.state not in WORKED:
        return act(request, referral, _too_late, done="")
    on = local_day(request.instant, member)
    found = sequels(referral.case, member, at=request.instant)
    try:
        content = content_of(file_of(member, case))
    except NotFollowed:
        messages.warning(
            request, "Suivez d’abord ce dossier : le transmettre ouvre l’identité de la personne."
        )
        return redirect("referrals:case", case)
    except Refused as refused:
        messages.warning(request, refused.message)
        return redirect("referrals:case", case)
    form = ForwardForm(
        request.POST if request.method == "POST" else None, content=content, sequels=found, on=on
    )
    if form.is_valid() and _forwarded(request, referral, form):
        return redirect("referrals:case", case)
    context = {
        "form": form,
        "reference": reference(case),
        "case_url": reverse("referrals:case", args=[case]),
        "services": [_leaving_with(one, content, on) for one in found],
        "closed": [without_roles(one) for one in closed_sequels(referral.case, member, at=request.instant)],
    }
    return render(request, "referrals/forward.html", context)


def _forwarded(request: MemberRequest, referral: Referral, form: ForwardForm) -> bool:
    """Whether it left, now or by a first click; otherwise the form says why not."""
    member = acting_member(request)
    new = bound_id(form.cleaned_data["token"], organisation=member.organisation, author=member.user)
    try:
        done = actions.forward(
            referral=referral, new=new, content=form.content(), by=member, at=request.instant
        )
    except ConditionsUnmet as unmet:
        form.add_error(
            form.asking, f"Il manque ce que la convention demande : {unmet.asked}. Rien n’a été transmis."
        )
    except (FlowClosed, Incomplete):
        form.add_error(
            None, "La convention ne permet pas, ou ne permet plus, cet envoi. Rien n’a été transmis."
        )
    except (Refused, TransitionRefused) as refused:
        form.add_error(None, str(refused))
    else:
        if done:
            messages.success(request, f"Dossier transmis. Référence du nouveau dossier : {reference(new)}.")
        else:
            messages.info(request, ALREADY)
        return True
    return False


def _leaving_with(sequel: Sequel, content: Content, on: date) -> dict[str, object]:
    """What would leave by a flow, as its recipient will read it, and who answers for these data."""
    sent = leaving(content, sequel.route(content, on=on))
    situation = content.situation
    return {
        "name": typeset(sequel.opened.name),
        "recipient": sequel.opened.recipient_name,
        "article": sequel.opened.article,
        "roles": sequel.opened.roles,
        "person": person_facts(content.person) if content.person else [],
        "situation": situation_facts(
            situation.motives if situation else (),
            "",
            urgent=content.urgent,
            renunciations=[(one.care, one.reason) for one in sent.renunciations],
            kept=sent.kept,
            with_account=False,
        ),
    }
