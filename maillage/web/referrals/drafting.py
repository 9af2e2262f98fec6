"""Writing a referral: short steps, kept at each one, forwards and backwards without loss; then its sending."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from maillage.cases.models import Authorisation
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals import actions, drafts
from maillage.referrals.content import Content, Step, person_warning
from maillage.referrals.models import Draft
from maillage.referrals.proposing import Proposal, conventions_read, proposal_under
from maillage.referrals.queries import visible_to
from maillage.referrals.references import reference
from maillage.referrals.routes import referents_of
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Confirmation, Refusal
from maillage.web.referrals.precisions import PrecisionsForm
from maillage.web.referrals.stage import LABELS, PREVIEW, SLUGS, Stage
from maillage.web.referrals.steps import (
    InformationForm,
    PersonForm,
    ServiceForm,
    SituationForm,
    StepForm,
    TokenForm,
)
from maillage.web.referrals.told import notices_of
from maillage.web.referrals.under_way import Already, already_said
from maillage.web.referrals.ways import refused_way, ways_of
from maillage.web.referrals.words import summary
from maillage.web.rules import acting_member, page

_FORMS: dict[Step, type[StepForm]] = {
    Step.SITUATION: SituationForm,
    Step.PRECISIONS: PrecisionsForm,
    Step.SERVICE: ServiceForm,
    Step.PERSON: PersonForm,
    Step.INFORMATION: InformationForm,
}


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """First step of a new referral: the situation. Nothing is kept before it is accepted."""
    member = acting_member(request)
    stage = _stage(request, Content())
    if not any(read.life is None for read in stage.conventions.all):
        return render(request, "referrals/no_route.html", {"stage": stage, **_ways(stage)})
    token = TokenForm(request.POST or None)
    if "ajouter" in request.POST:
        form = SituationForm(stage=stage, shown=_typed(request.POST), more=1)
    else:
        form = SituationForm(request.POST or None, stage=stage)
    if form.is_bound and form.is_valid():
        content = Content().accepting(Step.SITUATION, **form.answers())
        try:
            draft = drafts.begin(token=token.value(), content=content, by=member, at=request.instant)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            begun = replace(stage, content=content, draft=draft)
            return redirect("referrals:step", draft, begun.after("situation"))
    return _show(request, form, stage, "situation", {"token": token.value()})


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
    if slug not in stage.order:
        return redirect(stage.url(stage.after(slug)))  # nothing is to be asked any more
    if request.method == "POST":
        return _answer(request, stage, slug)
    typed = opened.content.typed.get(SLUGS[slug])
    form = _FORMS[SLUGS[slug]](MultiValueDict(typed) if typed else None, stage=stage)
    return _show_step(request, form, stage, slug)


def _answer(request: MemberRequest, stage: Stage, slug: str) -> HttpResponse:
    assert stage.draft is not None  # noqa: S101 - the caller has just opened it
    form = _FORMS[SLUGS[slug]](request.POST, stage=stage)
    adding = slug == "situation" and "ajouter" in request.POST
    if not adding and form.is_valid():
        content = stage.content.accepting(SLUGS[slug], **form.answers())
    else:
        known = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
        content = stage.content.keeping(SLUGS[slug], known)
    try:
        drafts.keep(draft=stage.draft, content=content, by=acting_member(request), at=request.instant)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _show_step(request, form, stage, slug)
    kept = stage.with_content(content)
    if "retour" in request.POST:
        return HttpResponseRedirect(stage.url(kept.before(slug)))
    if adding:
        more = SituationForm(stage=stage, shown=_typed(request.POST), more=1)
        return _show_step(request, more, kept, slug)
    if not form.is_valid():
        return _show_step(request, form, kept, slug)
    if slug == "personne" and "averti" not in request.POST:  # what blocks nothing is shown once
        already = already_said(acting_member(request), content)
        if already or _warning(kept):
            return _show_step(request, form, kept, slug, already)
    return HttpResponseRedirect(stage.url(kept.after(slug)))


def _typed(data: QueryDict) -> dict[str, object]:
    """Answers as they were typed, to show them again unjudged: several boxes as a list, the rest as a text."""
    several = {"motives", "rights_to_open"}
    return {name: data.getlist(name) if name in several else data[name] for name in data}


def _warning(stage: Stage) -> str:
    person = stage.content.person
    return person_warning(stage.content, person, on=stage.today) if person else ""


def _show_step(
    request: MemberRequest, form: StepForm, stage: Stage, slug: str, already: Sequence[Already] = ()
) -> HttpResponse:
    context: dict[str, object] = {}
    if slug in (
        "personne",
        "information",
    ):  # the service was chosen: said where one writes, not only when one sends
        context = {"refusal": _refusal_of(request, stage), "service_url": stage.url("service")}
    if slug == "service":
        asked = stage.url("precisions" if stage.questions else "situation")
        context = {**_ways(stage), "precisions_url": asked, "situation_url": stage.url("situation")}
    elif slug == "personne":
        context |= {"warning": _warning(stage), "already": already}
        if context["warning"]:
            form.fields["representative"].widget.attrs["autofocus"] = True
    elif slug == "information":
        context |= {"papers": notices_of(stage)}
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
        "is_first": slug == "situation",
        **context,
    }
    return render(request, f"referrals/step_{slug}.html", shown)


def _preview(request: MemberRequest, stage: Stage) -> HttpResponse:
    origin = stage.content.origin
    context = {
        "stage": stage,
        "origin": origin,
        "origin_reference": reference(origin) if origin else "",
        "steps": stage.links(PREVIEW),
        "missing": [(LABELS[slug], stage.url(slug)) for slug in stage.missing()],
        "refusal": _refusal_of(request, stage),
        "already": already_said(acting_member(request), stage.content),
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
    wanted = stage.content.authorisation
    if stage.route is not None or wanted is None:
        return None
    open_now = (one for one in stage.proposals if one.opened and one.opened.authorisation == wanted)
    found = next(open_now, None) or _closed(request, wanted, stage)
    if found is None:
        return Refusal(
            "Ce service n’est plus ouvert à votre organisme",
            "Aucune convention de votre organisme ne permet cet envoi aujourd’hui.",
            "Une convention, signée et en vigueur, qui prévoit cette orientation.",
            "Le référent des conventions de votre organisme.",
        )
    referents = referents_of([found.convention], on=stage.today)
    return refused_way(found, referents)


def _closed(request: MemberRequest, authorisation: UUID, stage: Stage) -> Proposal | None:
    """The route of an authorisation that is not open now."""
    member = acting_member(request)
    row = Authorisation.objects.filter(id=authorisation, sender=member.organisation).first()
    return proposal_under(member, row, stage.content, at=request.instant) if row else None


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def send(request: MemberRequest, draft: UUID) -> HttpResponse:
    """Send; a second click finds what the first sent, and a closed convention keeps the draft."""
    member = acting_member(request)
    try:
        case = actions.send(draft=draft, by=member, at=request.instant)
    except Draft.DoesNotExist as missing:
        raise Http404 from missing
    except (actions.Incomplete, actions.FlowClosed, actions.ConditionsUnmet, Refused) as refused:
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
    read = conventions_read(acting_member(request), at=request.instant, page=_closed_page(request))
    return Stage(content, read, draft)


def _ways(stage: Stage) -> dict[str, object]:
    """Beside the open services: what is missing, other ways with the words to say, and what is closed, each with its reason."""
    read = stage.conventions
    referents = referents_of({one.convention for one in stage.proposals}, on=stage.today)
    return {
        "ways": ways_of(stage.proposals, referents),
        "first_closed": read.page == 1,
        "more_closed": read.page + 1 if read.has_next else None,
    }


def _closed_page(request: MemberRequest) -> int:
    asked = request.GET.get("fermes", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
