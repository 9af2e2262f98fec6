"""The queue of forms filled by hand: what waits, what came back today, keying one in, removing one."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.referrals import keying
from maillage.referrals.models import PaperForm
from maillage.referrals.rekeying.rules import DROPPED
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Confirmation
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.days import DayField
from maillage.web.referrals.acting import ALREADY
from maillage.web.referrals.fields import CHOOSE
from maillage.web.referrals.tasks import local_day
from maillage.web.referrals.working_forms import ActForm, OnceForm
from maillage.web.rules import acting_member, page

_GONE = "Cette feuille n’attend plus : elle a été saisie, ou retirée."


class ReceiveForm(OnceForm):
    """A sheet that came back: its printed reference and a day, nothing of the person."""

    name = "receive"
    reference = forms.CharField(
        label="Référence de la feuille",
        help_text="Imprimée en haut de la feuille, comme K7QM-3XTD. N’écrivez rien d’autre : aucun nom.",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short-input"}),
        error_messages={
            "required": "Recopiez la référence imprimée en haut de la feuille.",
            "max_length": "Huit lettres et chiffres, comme K7QM-3XTD.",
        },
    )
    received_on = DayField(label="Reçue le")


class DropForm(ActForm):
    """Why a sheet is not keyed in."""

    name = "drop"
    why = forms.ChoiceField(
        label="Pourquoi ?", choices=list(DROPPED.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )

    @classmethod
    def of(cls, paper: UUID) -> "DropForm":
        """The form of one sheet: several stand on the page."""
        return cls(auto_id=f"drop_{paper}_%s")


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def papers(request: MemberRequest) -> HttpResponse:
    """What waits to be keyed in, and a sheet to add."""
    member = acting_member(request)
    posted = request.POST if request.method == "POST" else None
    form = ReceiveForm(posted, initial={"received_on": local_day(request.instant, member)})
    if posted is not None and form.is_valid():
        said = form.cleaned_data
        new = bound_id(said["token"], organisation=member.organisation, author=member.user)
        try:
            made = keying.receive(
                paper_id=new,
                typed=said["reference"],
                received_on=said["received_on"],
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            for fault in refused.faults:
                form.add_error(fault.field, fault.message)
        else:
            messages.success(request, "Feuille ajoutée à la file." if made else ALREADY)
            return redirect("referrals:papers")
    context = {
        "form": form,
        "lines": [_line(row) for row in keying.waiting(member)],
        "breadcrumb": [("Orientations", reverse("referrals:list"))],
    }
    return render(request, "referrals/papers.html", context)


def _line(row: PaperForm) -> dict[str, object]:
    drop = Confirmation(
        label="Ne pas la saisir",
        action=reverse("referrals:paper_drop", args=[row.id]),
        consequences=("Elle quitte la file. Détruisez la feuille.",),
        button="Retirer de la file",
        is_danger=True,
    )
    return {
        "reference": row.reference,
        "received": long_date(row.received_on),
        "key_url": reverse("referrals:paper_key", args=[row.id]),
        "is_begun": row.draft is not None,
        "drop": drop,
        "drop_form": DropForm.of(row.id),
    }


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def key_in(request: MemberRequest, paper: UUID) -> HttpResponse:
    """Begin the draft by which a sheet is keyed in, or go on with it."""
    try:
        draft = keying.key_in(paper=paper, by=acting_member(request), at=request.instant)
    except PaperForm.DoesNotExist as unknown:
        raise Http404 from unknown
    except TransitionRefused:
        messages.info(request, _GONE)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        return redirect("referrals:step", draft, "situation")
    return redirect("referrals:papers")


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def drop(request: MemberRequest, paper: UUID) -> HttpResponse:
    """Remove a sheet that is not to be keyed in."""
    try:
        keying.drop(
            paper=paper, why=request.POST.get("why", ""), by=acting_member(request), at=request.instant
        )
    except PaperForm.DoesNotExist as unknown:
        raise Http404 from unknown
    except TransitionRefused:
        messages.info(request, _GONE)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, "Feuille retirée de la file.")
    return redirect("referrals:papers")
