"""The decisions of a meeting: noted, then confirmed, done or given up."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from maillage.conventions.lifecycle.recording import day_of
from maillage.core.calendar import Period, add
from maillage.organisations.roles import Permission
from maillage.steering.committees import minutes
from maillage.steering.committees.minutes import Decided
from maillage.steering.committees.models import Decision
from maillage.steering.committees.policies import can_finish
from maillage.steering.committees.queries import may_confirm
from maillage.web.committees.forms import ConfirmForm, DecisionForm, NoteForm, WhyForm
from maillage.web.committees.opening import above, reached_meeting, steering, to_meeting
from maillage.web.committees.words import meeting_day
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.one_form import one_form
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_VERBS: Final = {
    "faite": ("Dire qu’une décision est faite", "Enregistrer", "Décision notée comme faite."),
    "abandon": ("Abandonner une décision", "Abandonner la décision", "Décision abandonnée ; elle reste lisible, avec sa raison."),
    "confirmation": ("Confirmer une décision", "Confirmer", "Décision confirmée."),
}  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def decide(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Note a decision of a meeting that was held."""
    known, row = reached_meeting(request, meeting)
    steering(request, known)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        parties=[(party.key, party.name) for party in known.signatories],
        initial={"due_on": add(day_of(known.row, request.instant), Period(months=3))},
    )

    def act(values: dict[str, Any]) -> None:
        said = Decided(form.new_id(), values["text"], values["owner"], values["due_on"])
        minutes.decide(meeting=row.pk, said=said, by=acting_member(request), at=request.instant)

    if request.method == "POST" and acted(request, form, act, "Décision notée."):
        return to_meeting(row, "decisions")
    return one_form(
        request, form, title="Noter une décision", button="Enregistrer", pages=above(known, row),
        lead="Elle fait partie du compte rendu : s’il est déjà écrit, il est à valider de nouveau.",
    )  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def follow(request: MemberRequest, decision: UUID, verb: str) -> HttpResponse:
    """Say what becomes of a decision."""
    row = Decision.objects.filter(pk=decision).select_related("meeting").first()
    if row is None or verb not in _VERBS:
        raise Http404
    known, meeting = reached_meeting(request, row.meeting_id)
    steering(request, known)
    if verb == "faite" and not can_finish(acting_member(request), known, row):
        raise PermissionDenied("La partie qui a la charge de cette décision dit qu’elle est faite.")
    title, button, done = _VERBS[verb]
    form: forms.Form
    data = request.POST if request.method == "POST" else None
    if verb == "confirmation":
        form = ConfirmForm(
            data, meetings=[(str(one.pk), meeting_day(known, one)) for one in may_confirm(row)]
        )
    else:
        form = WhyForm(data) if verb == "abandon" else NoteForm(data)

    def act(values: dict[str, Any]) -> None:
        by, at = acting_member(request), request.instant
        if verb == "confirmation":
            minutes.confirm(decision=row.pk, meeting=UUID(values["meeting"]), by=by, at=at)
        else:
            does = minutes.drop if verb == "abandon" else minutes.finish
            does(decision=row.pk, note=values["words"], by=by, at=at)

    if request.method == "POST" and acted(request, form, act, done):
        return to_meeting(meeting, "decisions")
    return one_form(
        request, form, title=title, button=button, pages=above(known, meeting), lead=typeset(f"Décision : {row.text}")
    )  # fmt: skip
