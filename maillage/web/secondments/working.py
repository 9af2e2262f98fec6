"""One appointment: who, when, why; held, missed, cancelled. Of two people who click at once, one acts and the other is told."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.cases import following
from maillage.cases.models import Participation
from maillage.cases.rules import Reason
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.secondments import actions, agenda, queries
from maillage.secondments.agenda import NotFollowed
from maillage.secondments.models import Appointment
from maillage.secondments.policies import can_book, can_change, can_work
from maillage.secondments.queries import Known
from maillage.secondments.rules import SEEN_AGAIN, WORRIES
from maillage.secondments.states import State
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Confirmation
from maillage.web.referrals.following import following_urls
from maillage.web.referrals.identity.words import identity_block
from maillage.web.referrals.restricted import is_stopped, next_of, notices
from maillage.web.referrals.told import told_facts
from maillage.web.referrals.words import person_facts
from maillage.web.rules import acting_member, page
from maillage.web.secondments.forms import CancelForm, OutcomeForm
from maillage.web.secondments.words import facts, reasons_in_words, state_words, timeline, tone_of


def appointment_or_404(request: MemberRequest, appointment: UUID) -> Appointment:
    """An appointment of the member's organisation, nothing decrypted."""
    try:
        return agenda.appointment_of(acting_member(request), appointment)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown


@page(permission=Permission.READ_REFERRALS)
def appointment(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """One appointment on one page."""
    return show(request, appointment)


def show(
    request: MemberRequest,
    appointment: UUID,
    *,
    outcome_form: OutcomeForm | None = None,
    cancel_form: CancelForm | None = None,
) -> HttpResponse:
    """The page of an appointment, with a form that was refused if there is one."""
    member = acting_member(request)
    row = appointment_or_404(request, appointment)
    found = queries.known(member, row.secondment_id, at=request.instant)
    reason = reasons_in_words(member, found, at=request.instant).get(row.service, row.service)
    context = {**_plain(row, found), "facts": facts(row, found, reason)}
    try:
        file = agenda.file_of(member, appointment)
    except NotFollowed as closed:
        closed_to_her = {
            "followers": [one.name for one in following.followers(member, appointment)],
            "can_follow": following.can_follow(member, closed.participation.case),
            "facts": context["facts"][
                :4
            ],  # when, where, with whom, why: not what she brings, nor what came of it
        }
        return render(request, "secondments/closed.html", {**context, **closed_to_her})
    case = file.participation.case
    booked, begun = row.state == State.BOOKED, request.instant >= row.starts_at
    acts = file.participation.frozen_since is None
    works, changes = acts and can_work(member, case), acts and can_change(member, case)
    context |= {
        "heading": file.identity.full_name if file.identity else "Données détruites",
        "person": person_facts(file.identity) if file.identity else None,
        "identity": identity_block(file.participation, member, known=file.identity is not None),
        "told": told_facts(file.information, file.information.recipient.name) if file.information else [],
        "article": case.authorisation.article,
        "events": timeline(row, case, found.zone),
        "follows": file.opened_as is not Reason.CONSULTED,
        **following_urls("secondments", appointment),
        "can_follow": following.can_follow(member, case),
        "notes": works and booked and begun,
        "waits": works and booked and not begun,
        "outcome_form": outcome_form or OutcomeForm(),
        "cancel": _cancelling(appointment) if changes and booked else None,
        "cancel_form": cancel_form or CancelForm(choices=actions.may_cancel_for(row, member)),
        "can_move": changes and booked and not is_stopped(file.participation),
        **notices(file.participation, member),
        "next": next_of(file.participation, "Plus rien à faire."),
        "again": acts and row.outcome in SEEN_AGAIN and can_book(member, found.row),
        "before": row.follows_id,
    }
    return render(request, "secondments/appointment.html", context)


def _plain(row: Appointment, found: Known) -> dict[str, Any]:
    worry = agenda.worry(found, row)
    return {
        "appointment": row.case_id,
        "reference": reference(row.case_id),
        "state_label": state_words(row.state),
        "tone": tone_of(row.state),
        "worry": WORRIES[worry] if worry is not None else "",
        "agenda_url": reverse("secondments:agenda", args=[found.row.id])
        + f"?semaine={row.starts_at.astimezone(found.zone).date()}",
        "found": found,
    }


def _cancelling(appointment: UUID) -> Confirmation:
    return Confirmation(
        label="Annuler le rendez-vous",
        action=reverse("secondments:cancel", args=[appointment]),
        consequences=["Le créneau redevient libre.", "L’autre organisme est prévenu ; prévenez la personne."],
        button="Annuler le rendez-vous",
        is_danger=True,
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def hold(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """The person came: what came of it."""
    row, form = _worked(request, appointment), OutcomeForm(request.POST)
    if not form.is_valid():
        return show(request, appointment, outcome_form=form)
    outcome = form.cleaned_data["outcome"]

    def act(by: Member) -> None:
        actions.hold(appointment=row, outcome=outcome, by=by, at=request.instant)

    return _act(request, row, act, "Noté. La structure d’accueil voit la suite donnée.")


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def miss(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """The person did not come."""
    row = _worked(request, appointment)

    def act(by: Member) -> None:
        actions.miss(appointment=row, by=by, at=request.instant)

    return _act(request, row, act, "Noté. La structure d’accueil est prévenue.")


def _worked(request: MemberRequest, appointment: UUID) -> Appointment:
    row = appointment_or_404(request, appointment)
    if not can_work(acting_member(request), row.case):
        raise PermissionDenied("Seule la caisse note ce qu’il en est d’un rendez-vous.")
    return row


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def cancel(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """Cancel, at somebody's demand."""
    member, row = acting_member(request), appointment_or_404(request, appointment)
    if not can_change(member, row.case):
        raise PermissionDenied("Votre rôle ne permet pas de changer ce rendez-vous.")
    form = CancelForm(request.POST, choices=actions.may_cancel_for(row, member))
    if not form.is_valid():
        return show(request, appointment, cancel_form=form)
    whose = form.cleaned_data["whose"]

    def act(by: Member) -> None:
        actions.cancel(appointment=row, whose=whose, by=by, at=request.instant)

    return _act(
        request, row, act, "Rendez-vous annulé. L’autre organisme est prévenu ; prévenez la personne."
    )


def _act(
    request: MemberRequest, row: Appointment, action: Callable[[Member], None], done: str
) -> HttpResponse:
    """Act; when it is too late, one's own second click is answered as the first, another's is told."""
    member = acting_member(request)
    try:
        action(member)
        messages.success(request, done)
    except Refused as refused:
        messages.warning(request, refused.message)
    except TransitionRefused as refused:
        now = agenda.appointment_of(member, row.case_id)
        if now.closed_by == member.user:
            messages.info(request, "C’était déjà fait : votre premier clic a suffi.")
        else:
            messages.warning(request, str(refused))
    return redirect("secondments:appointment", row.case_id)
