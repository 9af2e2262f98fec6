"""Writing a file: short steps, kept at each one, forwards and backwards without loss; then its sending."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from maillage.beneficiaries.rules import minor_warning
from maillage.cases.models import Participation
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.queries import NotFollowed
from maillage.referrals.queries import file_of as referral_file
from maillage.referrals.references import reference
from maillage.rights import filing, preparing
from maillage.rights.content import Content
from maillage.rights.models import Preparation
from maillage.rights.opening import begin_from, may_begin, opened_content
from maillage.rights.queries import visible_to
from maillage.web.middleware import MemberRequest
from maillage.web.preparing.openings import urgency_words
from maillage.web.preparing.pieces import answer_pieces, show_pieces
from maillage.web.preparing.stage import LABELS, PREVIEW, SLUGS, Stage
from maillage.web.preparing.steps import InformationForm, PersonForm, QuestionsForm, RightForm, StepForm
from maillage.web.preparing.words import closed_ways, closes, estimated, notices_of, summary
from maillage.web.presentation.components import Confirmation
from maillage.web.presentation.refusals import place
from maillage.web.referrals.steps import TokenForm
from maillage.web.rules import acting_member, page

_FORMS: Final[dict[str, type[StepForm]]] = {
    "droit": RightForm,
    "questions": QuestionsForm,
    "personne": PersonForm,
    "information": InformationForm,
}


def case_url(case: UUID) -> str:
    """The page of an application that was sent."""
    return reverse("rights:application", args=[case])


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """First step of a new file: the right. Nothing is kept before it is accepted."""
    member = acting_member(request)
    stage = Stage(member, request.instant, Content())
    token = TokenForm(request.POST or None)
    form = RightForm(request.POST or None, stage=stage)
    if stage.openings and form.is_bound and form.is_valid():
        content = Content().accepting(SLUGS["droit"], **form.answers())
        try:
            made = preparing.begin(token=token.value(), content=content, by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            begun = replace(stage, content=content, preparation=made)
            return redirect("preparations:step", made, begun.after("droit"))
    return _show(request, form, stage, "droit", {"token": token.value()})


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def new_from(request: MemberRequest, case: UUID) -> HttpResponse:
    """First step of a file that a referral opens: the person is known, and nothing of her is typed again."""
    member = acting_member(request)
    try:
        file = referral_file(member, case)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
    except NotFollowed:
        messages.warning(request, FOLLOW_FIRST)
        return redirect("referrals:case", case)
    if not may_begin(member, file):
        messages.warning(request, "Aucune demande de droit ne part de cette orientation.")
        return redirect("referrals:case", case)
    held = opened_content(file)
    stage, token = Stage(member, request.instant, held), TokenForm(request.POST or None)
    form = RightForm(request.POST or None, stage=stage)
    if stage.openings and form.is_bound and form.is_valid():
        content = held.accepting(SLUGS["droit"], **form.answers())
        try:
            made = begin_from(
                referral=file, token=token.value(), content=content, by=member, at=request.instant
            )
        except Refused as refused:
            place(form, refused)
        else:
            begun = replace(stage, content=content, preparation=made)
            return redirect("preparations:step", made, begun.after("droit"))
    who = file.identity.full_name if file.identity else ""
    shown = {"token": token.value(), "lead": f"Depuis l’orientation {reference(case)}, pour {who}"}
    return _show(request, form, stage, "droit", shown)


FOLLOW_FIRST: Final = (
    "Suivez d’abord ce dossier : préparer une demande depuis lui ouvre l’identité de la personne."
)


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def step(request: MemberRequest, preparation: UUID, slug: str) -> HttpResponse:
    """One step of a file; what is refused is kept too, as it was typed."""
    member = acting_member(request)
    try:
        opened = preparing.open_preparation(member, preparation, for_update=request.method == "POST")
    except Preparation.DoesNotExist:
        return _gone(member, preparation)
    stage = Stage(member, request.instant, opened.content, preparation, opened.pieces)
    if slug == PREVIEW:
        return _preview(request, stage)
    if slug not in SLUGS:
        raise Http404
    if address := _elsewhere(stage, slug):
        return redirect(address)
    if slug == "pieces":
        return answer_pieces(request, stage) if request.method == "POST" else show_pieces(request, stage)
    if request.method == "POST":
        return _answer(request, stage, slug)
    typed = opened.content.typed.get(SLUGS[slug])
    return _show(request, _FORMS[slug](MultiValueDict(typed) if typed else None, stage=stage), stage, slug)


def _elsewhere(stage: Stage, slug: str) -> str:
    """Where a step leads that asks nothing, or nothing yet: on to the next, or back to the choice of a right."""
    if slug not in stage.order:
        return stage.url(stage.after(slug))
    return stage.url("droit") if slug in {"questions", "pieces"} and stage.content.declared is None else ""


def _answer(request: MemberRequest, stage: Stage, slug: str) -> HttpResponse:
    assert stage.preparation is not None  # noqa: S101 - the caller has just opened it
    form = _FORMS[slug](request.POST, stage=stage)
    adding = slug == "questions" and "ajouter" in request.POST
    if not adding and form.is_valid():
        content = stage.content.accepting(SLUGS[slug], **form.answers())
    else:
        known = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
        content = stage.content.keeping(SLUGS[slug], known)
    try:
        preparing.keep(
            preparation=stage.preparation, content=content, by=acting_member(request), at=request.instant
        )
    except Refused as refused:
        place(form, refused)
        return _show(request, form, stage, slug)
    kept = stage.with_content(content)
    if "retour" in request.POST:
        return HttpResponseRedirect(stage.url(kept.before(slug)))
    if adding:
        more = QuestionsForm(stage=kept, shown=typed_values(request.POST), more=1)
        return _show(request, more, kept, slug)
    warns = (
        slug == "personne" and "averti" not in request.POST and bool(_warning(kept))
    )  # once: it blocks nothing
    if not form.is_valid() or warns:
        return _show(request, form, kept, slug)
    estimates = "estimer" in request.POST
    return HttpResponseRedirect(f"{stage.url(slug)}#estimation" if estimates else stage.url(kept.after(slug)))


def typed_values(data: QueryDict) -> dict[str, object]:
    """Answers as they were typed, to show them again unjudged."""
    return {name: data[name] for name in data}


def _warning(stage: Stage) -> str:
    return minor_warning(stage.content.person, on=stage.today) if stage.content.person else ""


def _show(
    request: MemberRequest, form: StepForm, stage: Stage, slug: str, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    shown: dict[str, Any] = {
        "form": form,
        "stage": stage,
        "slug": slug,
        "steps": stage.links(slug),
        "is_first": slug == "droit",
        **stage.heading,
        **(context or {}),
    }
    if slug == "droit":
        shown |= {"urgency": urgency_words(stage.openings)}
        shown |= {"refusals": closed_ways(stage.member, at=stage.at, some=bool(stage.openings))}
    elif slug == "questions":
        shown |= {"estimate": estimated(stage)}
    elif slug == "personne" and (warning := _warning(stage)):
        shown |= {"warning": warning}
        form.fields["representative"].widget.attrs["autofocus"] = True
    elif slug == "information":
        shown |= {"papers": notices_of(stage)}
    return render(request, f"preparing/step_{slug}.html", shown)


def _preview(request: MemberRequest, stage: Stage, running: filing.RunsAlready | None = None) -> HttpResponse:
    assert stage.preparation is not None  # noqa: S101 - the caller has just opened it
    context = {
        "stage": stage,
        **stage.heading,
        "steps": stage.links(PREVIEW),
        "missing": [(LABELS[slug], stage.url(slug)) for slug in stage.missing()],
        "refusal": closes(stage) if stage.is_closed else None,
        "running": (running.message, case_url(running.case)) if running else None,
        "parts": summary(stage),
        "discarding": Confirmation(
            label="Supprimer ce dossier",
            action=reverse("preparations:discard", args=[stage.preparation]),
            consequences=[
                "Ce que vous avez écrit et les pièces ajoutées sont effacés : rien n’en est gardé, rien n’est envoyé."
            ],
            button="Supprimer",
            is_danger=True,
        ),
    }
    return render(request, "preparing/preview.html", context)


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def send(request: MemberRequest, preparation: UUID) -> HttpResponse:
    """Send; a second click finds what the first sent, and a closed convention keeps the file."""
    member = acting_member(request)
    try:
        case = filing.file(preparation=preparation, by=member, at=request.instant)
    except Preparation.DoesNotExist as missing:
        raise Http404 from missing
    except filing.RunsAlready as running:
        opened = preparing.open_preparation(member, preparation)
        stage = Stage(member, request.instant, opened.content, preparation, opened.pieces)
        return _preview(request, stage, running)
    except (filing.Incomplete, Refused) as refused:
        messages.error(request, str(refused))
        return redirect("preparations:step", preparation, PREVIEW)
    messages.success(request, f"Dossier envoyé. Référence à citer au téléphone : {reference(case)}.")
    return redirect(case_url(case))


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def discard(request: MemberRequest, preparation: UUID) -> HttpResponse:
    """Throw a file away, with its pieces."""
    member = acting_member(request)
    if not preparing.within_reach(member).filter(id=preparation).exists():
        return _gone(member, preparation)
    preparing.discard(preparation=preparation, by=member)
    messages.success(request, "Dossier supprimé, avec ses pièces : rien n’en est gardé.")
    return redirect("preparations:list")


def _gone(member: Member, preparation: UUID) -> HttpResponse:
    """A file that was sent leads to its case; any other address is unknown."""
    if visible_to(member).filter(case_id=preparation).exists():
        return redirect(case_url(preparation))
    raise Http404
