"""The caisse's own file about a case: nobody else ever reads what is written here."""

from uuid import UUID

from django.http import Http404, HttpResponse

from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.referrals import planning
from maillage.referrals.models import Assessment, PlannedAction
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import act, the_referral
from maillage.web.referrals.own_forms import AssessmentForm, EndForm, PlanForm
from maillage.web.referrals.reading import show_case
from maillage.web.rules import acting_member, page


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def assess(request: MemberRequest, case: UUID) -> HttpResponse:
    """Save a new version of the assessment."""
    member, referral = acting_member(request), the_referral(request, case)
    form = AssessmentForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"assessment": form})
    texts, after = form.texts(), form.cleaned_data["after"]

    def save() -> bool:
        try:
            return planning.assess(referral=referral, texts=texts, after=after, by=member, at=request.instant)
        except Refused:
            # What was typed stays, now as what follows the version that its author has just been shown.
            rows = Assessment.objects.filter(case_id=case, organisation=member.organisation)
            last = rows.order_by("-number").values_list("number", flat=True).first()
            form.data = {**{name: form.data.get(name, "") for name in form.fields}, "after": str(last or 0)}
            raise

    return act(request, referral, save, done="Bilan enregistré.", form=("assessment", form))


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def plan(request: MemberRequest, case: UUID) -> HttpResponse:
    """Add an action to the plan."""
    member, referral = acting_member(request), the_referral(request, case)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"plan": form})
    said = form.cleaned_data
    own = bound_id(said["token"], organisation=member.organisation, author=member.user)
    action = planning.Plan(own, said["kind"], said["due_on"], said["words"])
    return act(
        request,
        referral,
        lambda: planning.plan(referral=referral, action=action, by=member, at=request.instant),
        done="Action prévue.",
        form=("plan", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def end_action(request: MemberRequest, action: UUID) -> HttpResponse:
    """Say how an action of the plan ended."""
    member = acting_member(request)
    try:
        case = planning.action_of(member, action).case_id
    except PlannedAction.DoesNotExist as unknown:
        raise Http404 from unknown
    referral = the_referral(request, case)
    form = EndForm.of(action, request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={str(action): form})
    ending = form.cleaned_data["ending"]
    return act(
        request,
        referral,
        lambda: planning.end_action(
            referral=referral, action=action, ending=ending, by=member, at=request.instant
        ),
        done="C’est noté.",
        mine=lambda _: PlannedAction.objects.filter(id=action, ended_by=member.user).exists(),
        form=(str(action), form),
    )
