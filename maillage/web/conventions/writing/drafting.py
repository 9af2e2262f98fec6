"""Writing a draft: short steps, each saved by itself, forwards and backwards without loss."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from maillage.conventions.drafting import actions
from maillage.conventions.drafting.writing import Written
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_draft, can_write
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms import Terms, TermsError, blanks
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.clause_views import articles_of
from maillage.web.conventions.reading.values import names_of
from maillage.web.conventions.writing.forms import AnswersForm, OptionsForm, words
from maillage.web.conventions.writing.opening import reached
from maillage.web.conventions.writing.questions import Question, about_parties, about_referents
from maillage.web.conventions.writing.refusals import sentence
from maillage.web.conventions.writing.revising import answered, decided
from maillage.web.conventions.writing.stage import LABELS, Stage, neighbours, stage_of
from maillage.web.conventions.writing.watching import refuse, seen_on, watch
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@page(permission=Permission.WRITE_CONVENTIONS)
def write(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Go on writing, at the first step that waits for something."""
    known = reached(request, convention)
    if (elsewhere := not_writable(request, known)) is not None:
        return elsewhere
    stage = stage_of(known)
    slug = next((slug for slug in LABELS if stage.waiting(slug)), "relecture")
    return redirect("conventions:step", convention, slug)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def step(request: MemberRequest, convention: UUID, slug: str) -> HttpResponse:
    """One step of a draft."""
    if slug not in LABELS:
        raise Http404
    known = reached(request, convention)
    if (elsewhere := not_writable(request, known)) is not None:
        return elsewhere
    return _STEPS[slug](request, stage_of(known))


def not_writable(request: MemberRequest, known: LoadedConvention) -> HttpResponse | None:
    """None for the party that writes while it may; 403 for the others; once all have signed, back to the convention."""
    member = acting_member(request)
    if not can_draft(member) or known.row.drafted_by_id != member.organisation:
        raise PermissionDenied(
            "Seule la partie qui a commencé ce texte l’écrit ; les autres le lisent et le signent."
        )
    if can_write(member, known.row):
        return None
    messages.warning(request, "Toutes les parties ont signé : le texte ne change plus que par avenant.")
    return redirect("conventions:convention", known.id)


def _parties(request: MemberRequest, stage: Stage) -> HttpResponse:
    rows = [(key, name, stage.bodies.get(key)) for key, name in stage.party_names]
    return _answers(request, stage, "parties", about_parties(stage.questions), {"rows": rows})


def _referents(request: MemberRequest, stage: Stage) -> HttpResponse:
    return _answers(request, stage, "referents", about_referents(stage.questions), {})


def _blanks(request: MemberRequest, stage: Stage) -> HttpResponse:
    groups = stage.groups
    asked = request.GET.get("article", "")
    waiting = next((rank for rank, group in enumerate(groups) if group.left), 0)
    rank = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 4 else waiting
    if not groups:
        return _answers(request, stage, "blancs", (), {"groups": ()})
    if not 0 <= rank < len(groups):
        raise Http404
    url = stage.url("blancs")
    context = {
        "groups": [
            (group, f"{url}?article={number}", number - 1 == rank) for number, group in enumerate(groups, 1)
        ],
        "group": groups[rank],
        "annexes": [one for one in groups[rank].questions if not one.is_typed],
    }
    after = f"{url}?article={rank + 2}" if rank + 1 < len(groups) else ""
    before = f"{url}?article={rank}" if rank else ""
    return _answers(request, stage, "blancs", groups[rank].questions, context, before=before, after=after)


def _answers(
    request: MemberRequest,
    stage: Stage,
    slug: str,
    asked: tuple[Question, ...],
    context: dict[str, Any],
    *,
    before: str = "",
    after: str = "",
) -> HttpResponse:
    """Questions of one page: what is well answered is saved, what is refused is shown again as it was typed."""
    form = AnswersForm(
        request.POST if request.method == "POST" else None, questions=asked, parties=stage.party_names
    )
    watch(form, stage)
    if request.method == "POST":
        revised = answered(stage.known.base, form.typed())
        form.refuse(revised.refused)
        save(request, stage, revised.text, form)
        if not form.errors:
            return _leave(request, stage, slug, before, after)
        return show_step(request, stage_of(stage.known), slug, {**context, "form": form})
    return show_step(request, stage, slug, {**context, "form": form})


def _options(request: MemberRequest, stage: Stage) -> HttpResponse:
    form = OptionsForm(request.POST if request.method == "POST" else None, options=stage.options)
    watch(form, stage)
    if request.method == "POST" and form.is_valid():
        try:
            text = decided(stage.first, stage.known.base, form.kept())
        except TermsError as error:
            form.add_error(None, f"Une autre clause en a besoin : {error.problems[0]}")
        else:
            if save(request, stage, text, form):
                return _leave(request, stage, "options", "", "")
    common = [one.label for one in stage.known.base.services if not one.optional]
    following = [words(one) for one in stage.options if one.follows]
    return show_step(request, stage, "options", {"form": form, "common": common, "following": following})


def _reread(request: MemberRequest, stage: Stage) -> HttpResponse:
    if request.method == "POST":
        return redirect(stage.url("referents"))
    text = stage.known.base
    names = names_of(text, {key: body.short_name for key, body in stage.bodies.items()})
    waiting = [
        (LABELS[slug], _fault_url(stage, slug, stage.waiting(slug)), stage.waiting(slug)) for slug in LABELS
    ]
    articles = articles_of(text, names)
    context = {
        "articles": articles,
        "sections": [(one.article, one.anchor) for one in articles],
        "waiting": [
            (label, url, [sentence(fault) for fault in faults]) for label, url, faults in waiting if faults
        ],
        "left": len(blanks(text)),
        "others": [
            name for key, name in stage.party_names if stage.known.mine and key != stage.known.mine.key
        ],
        "is_draft": stage.known.row.state == State.DRAFT,
        "may_take_back": stage.known.row.state == State.PROPOSED,
    }
    return show_step(request, stage, "relecture", context)


def _fault_url(stage: Stage, slug: str, faults: list[Any]) -> str:
    if slug == "blancs" and faults:
        for number, group in enumerate(stage.groups, 1):
            if any(one.path == faults[0].field for one in group.questions):
                return f"{stage.url(slug)}?article={number}"
    return stage.url(slug)


_STEPS: dict[str, Callable[[MemberRequest, Stage], HttpResponse]] = {
    "parties": _parties,
    "options": _options,
    "blancs": _blanks,
    "referents": _referents,
    "relecture": _reread,
}


def save(request: MemberRequest, stage: Stage, text: Terms, form: Form) -> bool:
    """Keep the new text; what it voids is told. False when it is refused, which the form then says."""
    if text == stage.known.base:
        return True
    try:
        written = actions.write_text(
            convention=stage.known.row,
            terms=text,
            seen=seen_on(form),
            by=acting_member(request),
            at=request.instant,
        )
    except Refused as refused:
        refuse(form, refused.faults[0], stage)
        return False
    tell(request, stage, written)
    return True


def tell(request: MemberRequest, stage: Stage, written: Written) -> None:
    """Say that it is saved; and, above all, whose signatures a changed text has voided."""
    names = dict(stage.party_names)
    if written.voided:
        signed = ", ".join(names.get(key, key) for key in written.voided)
        messages.warning(
            request,
            f"Le texte a changé : la signature de {signed} est annulée. Proposez-le à nouveau, chaque partie signera ce nouveau texte.",
        )
    elif written.changed:
        messages.success(request, "Enregistré.")


def _leave(request: MemberRequest, stage: Stage, slug: str, before: str, after: str) -> HttpResponse:
    previous, following = neighbours(slug)
    if "retour" in request.POST:
        return HttpResponseRedirect(before or stage.url(previous))
    return HttpResponseRedirect(after or stage.url(following))


def show_step(request: MemberRequest, stage: Stage, slug: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a step."""
    state = State(stage.known.row.state)
    shown = {
        "stage": stage,
        "convention": stage.known.row,
        "steps": stage.links(slug),
        "step_title": LABELS[slug],
        "is_first": slug == "parties",
        "is_given": state != State.DRAFT,
        "state": state,
        **context,
    }
    return render(request, f"conventions/writing/step_{slug}.html", shown)
