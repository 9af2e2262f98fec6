"""What whoever leads an assessment does: write its parts, ask, validate; what whoever is asked does: answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.recording import day_of
from maillage.core.french import typeset
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.protection.assessments import asking
from maillage.protection.assessments.asking import Answered
from maillage.protection.assessments.models import AssessmentRisk
from maillage.protection.assessments.notifications import reference
from maillage.protection.assessments.policies import can_answer
from maillage.protection.assessments.queries import visible_to
from maillage.protection.assessments.rules import (
    FearedEvent,
    Kind,
    Stance,
    latest_review,
)
from maillage.protection.assessments.saying import Overtaken, stamp
from maillage.protection.assessments.validating import validate
from maillage.protection.assessments.writing import write_necessity, write_risk
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact, due_badge
from maillage.web.presentation.dates import long_instant
from maillage.web.protection.assessments.forms import (
    AnswerForm,
    AskForm,
    NecessityForm,
    RiskForm,
    SeenForm,
    ValidateForm,
)
from maillage.web.protection.assessments.opening import above, asked, reached, show_form, to_assessment
from maillage.web.protection.assessments.words import due_why
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_USUAL: Final = timedelta(days=30)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def necessity(request: MemberRequest, impact_assessment: UUID) -> HttpResponse:
    """Say why the processing is needed and proportionate."""
    row, _ = reached(request, impact_assessment)
    initial = {"necessity": row.necessity, "seen": stamp(row.written_at)}
    form = NecessityForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(values: dict[str, Any]) -> None:
        with _overtaken(form, stamp(row.written_at)):
            write_necessity(
                assessment=row, necessity=values["necessity"], seen=values["seen"], by=acting_member(request), at=request.instant
            )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Enregistré."):
        return to_assessment(row, "necessite")
    return show_form(
        request, form, row, title="Nécessité et proportionnalité", lead=_newest(form, row.necessity),
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def risk(request: MemberRequest, impact_assessment: UUID, feared: str) -> HttpResponse:
    """Describe one feared event."""
    row, _ = reached(request, impact_assessment)
    wanted = next((one for one in FearedEvent if one.value == feared), None)
    if wanted is None:
        raise Http404
    known = AssessmentRisk.objects.filter(assessment=row, event=wanted).first()
    seen = stamp(known.written_at if known else None)
    fields = [name for name in RiskForm.base_fields if name != "seen"]
    initial = {name: getattr(known, name) for name in fields} if known else {}
    form = RiskForm(request.POST if request.method == "POST" else None, initial={**initial, "seen": seen})

    def act(values: dict[str, Any]) -> None:
        with _overtaken(form, seen):
            write_risk(
                assessment=row, event=wanted, said=form.said(), seen=values["seen"], by=acting_member(request), at=request.instant
            )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Risque enregistré."):
        return to_assessment(row, "risques")
    newest = f"{known.sources} {known.impacts} {known.measures}" if known else ""
    return show_form(request, form, row, title=typeset(wanted.label), lead=_newest(form, newest))


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def ask(request: MemberRequest, impact_assessment: UUID) -> HttpResponse:
    """Ask a partner for its documentation, or a delegate for an opinion."""
    row, known = reached(request, impact_assessment)
    member = acting_member(request)
    offered = [
        (
            one.key,
            typeset(
                f"{one.kind.label} : {one.name}"
                + (" (le texte ou le règlement le demande)" if one.must else "")
            ),
        )
        for one in asking.targets(row, known, member, request.instant)
    ]
    form = AskForm(
        request.POST if request.method == "POST" else None,
        whom=offered,
        initial={"due_on": request.instant.astimezone(zone_of(member)).date() + _USUAL},
    )

    def act(values: dict[str, Any]) -> None:
        made = asking.ask(
            assessment=row, known=known, contribution_id=form.new_id(), whom=values["whom"], question=values["question"],
            due_on=values["due_on"], by=member, at=request.instant,
        )  # fmt: skip
        if not made.is_here:
            messages.warning(
                request,
                typeset(
                    "Cet organisme n’a personne sur Maillage : imprimez la lettre, puis notez sa réponse."
                ),
            )

    if request.method == "POST" and acted(request, form, act, "Demande enregistrée."):
        return to_assessment(row, "contributions")
    return show_form(
        request, form, row, title="Demander une contribution", button="Demander",
        lead="Qui donne un avis lit toute l’analyse. Qui donne sa documentation ne lit que votre question.",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def decide(request: MemberRequest, impact_assessment: UUID) -> HttpResponse:
    """Validate the version."""
    row, known = reached(request, impact_assessment)
    last = latest_review(day_of(known.row, request.instant))
    form = ValidateForm(request.POST if request.method == "POST" else None, initial={"review_on": last})

    def act(values: dict[str, Any]) -> None:
        validate(
            assessment=row, known=known, decision=values["decision"], review_on=values["review_on"],
            by=acting_member(request), at=request.instant,
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Analyse validée."):
        return to_assessment(row)
    return show_form(
        request, form, row, title="Valider l’analyse", button="Valider",
        lead="Une version validée ne change plus. Trois ans au plus tard, ou dès que le texte change, une nouvelle version la remplace.",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def contribution(request: MemberRequest, assessment_contribution: UUID) -> HttpResponse:
    """What is asked, and its answer."""
    row, member = asked(request, assessment_contribution), acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    reads = visible_to(member).filter(pk=row.assessment_id).exists()
    url = reverse("protection:assessment", args=[row.assessment_id]) if reads else ""
    noted, may = row.organisation_id != member.organisation, can_answer(member, row)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        is_opinion=row.kind == Kind.OPINION,
        noted=noted,
    )

    def act(values: dict[str, Any]) -> None:
        file: Any = values.get("document")
        said = Answered(values["words"], values.get("stance", ""))
        asking.answer(contribution=row, said=said, file=file, by=member, at=request.instant)

    if request.method == "POST" and acted(request, form, act, "Réponse enregistrée."):
        return redirect("protection:assessment_contribution", row.pk)
    facts = [
        Fact("Demandé par", row.leader.name, long_instant(row.recorded_at)),
        Fact("À", row.organisation.name),
        Fact("Sur", row.subject),
        Fact("Question", row.question),
    ]
    if row.answered_at:
        stance = typeset(Stance.of(row.stance).label) if row.stance else ""
        facts.append(Fact("Réponse", row.words, stance))
        facts.append(Fact("Répondu le", long_instant(row.answered_at)))
    context = {
        "row": row,
        "title": f"{typeset(Kind.of(row.kind).label)}, {reference(row.pk)}",
        "breadcrumb": above(),
        "facts": facts,
        "badge": due_badge(row.due_on, on, due_why(row)) if not row.answered_at and not row.withdrawn_at else None,
        "withdrawn": row.withdrawn_at is not None,
        "form": form if may else None,
        "file_url": url,
        "letter_url": reverse("protection:assessment_letter", args=[row.pk]) if may and noted else "",
        "back": url or reverse("protection:assessments"),
    }  # fmt: skip
    return render(request, "protection/assessment_contribution.html", context)


@page(permission=Permission.PROTECT_DATA, methods=("POST",))
def withdraw(request: MemberRequest, assessment_contribution: UUID) -> HttpResponse:
    """Wait no longer for an answer."""
    row = asked(request, assessment_contribution)
    try:
        asking.withdraw(contribution=row, by=acting_member(request), at=request.instant)
        messages.success(request, "Cette réponse n’est plus attendue.")
    except TransitionRefused as refused:
        messages.warning(request, str(refused))
    return redirect("protection:assessment_contribution", row.pk)


@contextmanager
def _overtaken(form: SeenForm, newest: str) -> Iterator[None]:
    """Where somebody else wrote meanwhile, the form carries from now on what its writer is shown."""
    try:
        yield
    except Overtaken:
        form.show_now(newest)
        raise


def _newest(form: SeenForm, words: str) -> str:
    """Above a form that came second, what the other wrote."""
    if form.is_bound and form.non_field_errors() and words:
        return typeset(f"Version enregistrée entre-temps : {words}")
    return ""
