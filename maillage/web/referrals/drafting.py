"""Writing a referral: short steps, kept at each one, forwards and backwards without loss; then its sending."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from maillage.cases.models import Authorisation
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals import actions, drafts
from maillage.referrals.content import Content, Step
from maillage.referrals.models import Draft
from maillage.referrals.queries import visible_to
from maillage.referrals.references import reference
from maillage.referrals.routes import closed_route, closed_routes, open_routes, referents_of
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Confirmation, Refusal
from maillage.web.referrals.forms import (
    InformationForm,
    PersonForm,
    ServiceForm,
    SituationForm,
    StepForm,
    TokenForm,
)
from maillage.web.referrals.refusals import OTHER_WAYS, refusal
from maillage.web.referrals.stage import LABELS, PREVIEW, SLUGS, Stage, neighbours
from maillage.web.referrals.words import summary
from maillage.web.rules import acting_member, page

_FORMS: dict[Step, type[StepForm]] = {
    Step.SERVICE: ServiceForm,
    Step.PERSON: PersonForm,
    Step.SITUATION: SituationForm,
    Step.INFORMATION: InformationForm,
}


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """First step of a new referral: the service. Nothing is kept before it is chosen."""
    member = acting_member(request)
    stage = _stage(request, Content())
    token = TokenForm(request.POST or None)
    form = ServiceForm(request.POST or None, stage=stage)
    if request.method == "POST" and form.is_valid():
        content = Content().accepting(Step.SERVICE, **form.answers())
        try:
            draft = drafts.begin(token=token.value(), content=content, by=member, at=request.instant)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("referrals:step", draft, "personne")
    context = {"token": token.value(), **_service_context(request, stage)}
    return _show(request, form, stage, "service", context)


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def step(request: MemberRequest, draft: UUID, slug: str) -> HttpResponse:
    """One step of a draft; what is refused is kept too, as it was typed."""
    member = acting_member(request)
    try:
        opened = drafts.open_draft(member, draft, for_update=request.method == "POST")
    except Draft.DoesNotExist:
        return _gone(member, draft)
    stage = _stage(request, opened.content, draft)
    if slug == PREVIEW:
        return _preview(request, stage)
    if slug not in SLUGS:
        raise Http404
    if request.method == "POST":
        return _answer(request, stage, slug)
    typed = opened.content.typed.get(SLUGS[slug])
    form = _FORMS[SLUGS[slug]](MultiValueDict(typed) if typed else None, stage=stage)
    return _show_step(request, form, stage, slug)


def _answer(request: MemberRequest, stage: Stage, slug: str) -> HttpResponse:
    assert stage.draft is not None  # noqa: S101 - the caller has just opened it
    form = _FORMS[SLUGS[slug]](request.POST, stage=stage)
    if form.is_valid():
        content = stage.content.accepting(SLUGS[slug], **form.answers())
    else:
        known = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
        content = stage.content.keeping(SLUGS[slug], known)
    try:
        drafts.keep(draft=stage.draft, content=content, by=acting_member(request), at=request.instant)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _show_step(request, form, stage, slug)
    before, after = neighbours(slug)
    if "retour" in request.POST:
        return HttpResponseRedirect(stage.url(before))
    if not form.is_valid():
        return _show_step(request, form, stage, slug)
    return HttpResponseRedirect(stage.url(after))


def _show_step(request: MemberRequest, form: StepForm, stage: Stage, slug: str) -> HttpResponse:
    context = _service_context(request, stage) if slug == "service" else {}
    return _show(request, form, stage, slug, context)


def _show(
    request: MemberRequest, form: StepForm, stage: Stage, slug: str, context: dict[str, object]
) -> HttpResponse:
    shown = {
        "form": form,
        "stage": stage,
        "slug": slug,
        "steps": stage.links(slug),
        "title": LABELS[slug],
        "is_first": slug == "service",
        **context,
    }
    return render(request, f"referrals/step_{slug}.html", shown)


def _preview(request: MemberRequest, stage: Stage) -> HttpResponse:
    context = {
        "stage": stage,
        "steps": stage.links(PREVIEW),
        "missing": [(LABELS[slug], stage.url(slug)) for slug in stage.missing()],
        "refusal": _refusal_of(request, stage),
        "parts": summary(stage),
        "roles": stage.route.roles if stage.route else None,
        "discarding": Confirmation(
            label="Supprimer le brouillon",
            action=reverse("referrals:discard", args=[stage.draft]),
            consequences=["Ce que vous avez écrit est effacé : rien n’en est gardé, rien n’est envoyé."],
            button="Supprimer",
            is_danger=True,
        ),
    }
    return render(request, "referrals/preview.html", context)


def _refusal_of(request: MemberRequest, stage: Stage) -> Refusal | None:
    """Why the chosen service cannot be reached any more; None when it can, or when none was chosen."""
    member = acting_member(request)
    if stage.route is not None or stage.content.authorisation is None:
        return None
    chosen = Authorisation.objects.filter(id=stage.content.authorisation, sender=member.organisation).first()
    route = closed_route(member, chosen, at=request.instant) if chosen else None
    if route is None:
        return Refusal(
            "Ce service n’est plus ouvert à votre organisme",
            "Aucune convention de votre organisme ne permet cet envoi aujourd’hui.",
            "Une convention, signée et en vigueur, qui prévoit cette orientation.",
            "Le référent des conventions de votre organisme.",
        )
    return refusal(route, referents_of([route.convention], on=stage.today))


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def send(request: MemberRequest, draft: UUID) -> HttpResponse:
    """Send; a second click finds what the first sent, and a closed convention keeps the draft."""
    member = acting_member(request)
    try:
        case = actions.send(draft=draft, by=member, at=request.instant)
    except Draft.DoesNotExist as missing:
        raise Http404 from missing
    except (actions.Incomplete, actions.FlowClosed, Refused) as refused:
        messages.error(request, str(refused))
        return redirect("referrals:step", draft, PREVIEW)
    messages.success(request, f"Orientation envoyée. Référence à citer au téléphone : {reference(case)}.")
    return redirect("referrals:case", case)


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def discard(request: MemberRequest, draft: UUID) -> HttpResponse:
    """Throw a draft away."""
    member = acting_member(request)
    if not drafts.drafts_within_reach(member).filter(id=draft).exists():
        return _gone(member, draft)
    drafts.discard(draft=draft, by=member)
    messages.success(request, "Brouillon supprimé : rien n’en est gardé.")
    return redirect("referrals:list")


def _gone(member: Member, draft: UUID) -> HttpResponse:
    """A draft already sent leads to its case; any other address is unknown."""
    if visible_to(member).filter(case_id=draft).exists():
        return redirect("referrals:case", draft)
    raise Http404


def _stage(request: MemberRequest, content: Content, draft: UUID | None = None) -> Stage:
    member = acting_member(request)
    today = request.instant.astimezone(ZoneInfo(member.time_zone)).date()
    return Stage(content, open_routes(member, at=request.instant), today, draft)


def _service_context(request: MemberRequest, stage: Stage) -> dict[str, object]:
    """Beside the open services: those that go another way, and those that are closed, each with its reason."""
    page = closed_routes(acting_member(request), at=request.instant, page=_closed_page(request))
    referents = referents_of({route.convention for route in page.routes}, on=stage.today)
    return {
        "other_ways": [refusal(route, referents) for route in page.routes if route.closure in OTHER_WAYS],
        "refusals": [refusal(route, referents) for route in page.routes if route.closure not in OTHER_WAYS],
        "first_closed": page.number == 1,
        "more_closed": page.number + 1 if page.has_next else None,
    }


def _closed_page(request: MemberRequest) -> int:
    asked = request.GET.get("fermes", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
