"""What the caisse does with an application. Of two people who click at once, one acts and the other is told."""

from uuid import UUID

from django.http import HttpResponse

from maillage.core.identifiers import bound_id
from maillage.organisations.roles import Permission
from maillage.rights import deciding, examining
from maillage.rights.declared.rights import rights
from maillage.rights.examining import Asking
from maillage.rights.models import PieceRequest
from maillage.web.middleware import MemberRequest
from maillage.web.rights.acting import TOLD, act
from maillage.web.rights.forms import AskForm, CompleteForm, GrantForm, NotifyForm, ReceiveForm, RefuseForm
from maillage.web.rights.reading import show, the_application
from maillage.web.rules import acting_member, page


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def receive(request: MemberRequest, application: UUID) -> HttpResponse:
    """Register the reception: both clocks begin."""
    member, row = acting_member(request), the_application(request, application)
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return show(request, application, refused={"receive": form})
    on, is_complete = form.cleaned_data["on"], form.cleaned_data["is_complete"] == "yes"
    return act(
        request,
        row,
        lambda: examining.receive(
            application=row, on=on, is_complete=is_complete, by=member, at=request.instant
        ),
        done=f"Réception enregistrée. {TOLD}",
        kinds=("received", "completed"),
        form=("receive", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def complete(request: MemberRequest, application: UUID) -> HttpResponse:
    """Say since when nothing misses."""
    member, row = acting_member(request), the_application(request, application)
    form = CompleteForm(request.POST)
    if not form.is_valid():
        return show(request, application, refused={"complete": form})
    return act(
        request,
        row,
        lambda: examining.complete(
            application=row, on=form.cleaned_data["on"], by=member, at=request.instant
        ),
        done="Dossier complet : il reste à décider.",
        kinds=("completed",),
        form=("complete", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def ask(request: MemberRequest, application: UUID) -> HttpResponse:
    """Ask for all that misses, at once."""
    member, row = acting_member(request), the_application(request, application)
    is_again = PieceRequest.objects.filter(case_id=application).exists()
    form = AskForm(request.POST, right=rights()[row.right], is_again=is_again)
    if not form.is_valid():
        return show(request, application, refused={"ask": form})
    said = form.cleaned_data
    own = bound_id(said["token"], organisation=member.organisation, author=member.user)
    asking = Asking(own, tuple(said["keys"]), said["granted_days"], said["words"], said.get("again", ""))
    return act(
        request,
        row,
        lambda: examining.ask(application=row, asking=asking, by=member, at=request.instant),
        done=f"Pièces demandées. {TOLD}",
        form=("ask", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def grant(request: MemberRequest, application: UUID) -> HttpResponse:
    """Open the right."""
    member, row = acting_member(request), the_application(request, application)
    form = GrantForm(request.POST, choices=rights()[row.right].may_open)
    if not form.is_valid():
        return show(request, application, refused={"grant": form})
    on, words = form.cleaned_data["on"], form.cleaned_data["words"]
    return act(
        request,
        row,
        lambda: deciding.grant(
            application=row, opened=form.opened(), on=on, words=words, by=member, at=request.instant
        ),
        done=f"Droit ouvert. {TOLD} Il reste à prévenir la personne.",
        kinds=("granted",),
        form=("grant", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def refuse(request: MemberRequest, application: UUID) -> HttpResponse:
    """Open no right, and say why."""
    member, row = acting_member(request), the_application(request, application)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return show(request, application, refused={"refuse": form})
    return act(
        request,
        row,
        lambda: deciding.refuse(application=row, by=member, at=request.instant, **form.cleaned_data),
        done=f"Demande refusée. {TOLD} Il reste à prévenir la personne.",
        kinds=("refused",),
        form=("refuse", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def notify(request: MemberRequest, application: UUID) -> HttpResponse:
    """Note that the person was told."""
    member, row = acting_member(request), the_application(request, application)
    form = NotifyForm(request.POST)
    if not form.is_valid():
        return show(request, application, refused={"notify": form})
    return act(
        request,
        row,
        lambda: deciding.notify(application=row, by=member, at=request.instant, **form.cleaned_data),
        done="Noté : la personne est prévenue.",
        kinds=("notified",),
        form=("notify", form),
    )
