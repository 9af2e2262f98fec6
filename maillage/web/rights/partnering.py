"""What the partner that filed an application does with it, and what either side does: add a piece, say that all have come."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse

from maillage.core.identifiers import bound_id
from maillage.documents.actions import too_large
from maillage.documents.uploading import CUT
from maillage.organisations.roles import Permission
from maillage.rights import deciding, examining
from maillage.rights.acting import local
from maillage.rights.declared.rights import rights
from maillage.rights.models import Application, Piece, PieceRequest
from maillage.rights.policies import can_examine
from maillage.rights.preparing import LARGEST_PIECE, Scanned
from maillage.rights.queries import nothing_added
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.working_forms import ActForm
from maillage.web.rights.acting import TOLD, act
from maillage.web.rights.forms import AnswerForm, CancelForm, PieceForm, SentForm, WithdrawForm
from maillage.web.rights.reading import show, the_application
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def add_piece(request: MemberRequest, application: UUID) -> HttpResponse:
    """Add a scan or a photo of a piece, by either side."""
    member, row = acting_member(request), the_application(request, application)
    form = PieceForm(request.POST, request.FILES, right=rights()[row.right])
    if request.META.get(CUT):
        form.add_error("file", too_large(LARGEST_PIECE))
    if not form.is_valid():
        return show(request, application, refused={"add_piece": form})
    said = form.cleaned_data
    own = bound_id(said["token"], organisation=member.organisation, author=member.user)
    scanned = Scanned(own, said["key"], said["file"], said["dated_on"], said["valid_until"])
    return act(
        request,
        row,
        lambda: examining.add_piece(application=row, scanned=scanned, by=member, at=request.instant),
        done="Pièce ajoutée : les deux organismes la lisent.",
        form=("add_piece", form),
    )


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def answer(request: MemberRequest, application: UUID) -> HttpResponse:
    """All that was asked has come: the partner says so in one click, the caisse says on which day it did."""
    member, row = acting_member(request), the_application(request, application)
    on, form = local(request.instant, row), None
    if not can_examine(member, row.case) and _unsaid(request, row):
        return show(request, application, refused={"sent": SentForm(request.POST)})
    if can_examine(member, row.case):
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return show(request, application, refused={"answer": form})
        on = form.cleaned_data["on"]
    return act(
        request,
        row,
        lambda: examining.answer(application=row, on=on, by=member, at=request.instant),
        done=f"Noté : tout ce qui était demandé est là. {TOLD}",
        kinds=("answered",),
        form=("answer", form) if form is not None else None,
    )


def _unsaid(request: MemberRequest, row: Application) -> bool:
    """Whether the partner has still to say that all was sent otherwise: nothing that was asked was added here."""
    requests = list(PieceRequest.objects.filter(case_id=row.case_id, answered_on=None))
    pieces = Piece.objects.filter(case_id=row.case_id)
    return nothing_added(requests, pieces) and not SentForm(request.POST).is_valid()


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def withdraw(request: MemberRequest, application: UUID) -> HttpResponse:
    """Stop the request before any decision."""
    return _stop(request, application, WithdrawForm(request.POST), deciding.withdraw, "withdrawn")


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def cancel(request: MemberRequest, application: UUID) -> HttpResponse:
    """Take back what was sent by error."""
    return _stop(request, application, CancelForm(request.POST), deciding.cancel, "cancelled")


def _stop(
    request: MemberRequest, application: UUID, form: ActForm, action: Callable[..., None], kind: str
) -> HttpResponse:
    member, row = acting_member(request), the_application(request, application)
    if not form.is_valid():
        return show(request, application, refused={form.name: form})
    return act(
        request,
        row,
        lambda: action(application=row, reason=form.cleaned_data["reason"], by=member, at=request.instant),
        done=f"Demande {'retirée' if kind == 'withdrawn' else 'annulée'}. {TOLD}",
        kinds=(kind,),
        form=(form.name, form),
    )
