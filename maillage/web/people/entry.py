"""The door: what is missing before someone acts for an organisation, and how to get it (row H4)."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from maillage.core.refusals import Refused
from maillage.organisations.member import Employer
from maillage.organisations.models import User
from maillage.organisations.people.entering import (
    TrainingDone,
    may_record_own_training,
    record_own_training,
    sign_undertaking,
)
from maillage.organisations.undertaking import current_text
from maillage.web.middleware import CURRENT, MemberRequest
from maillage.web.people.forms import TrainingForm
from maillage.web.presentation.refusals import place
from maillage.web.rules import page


class SignatureForm(forms.Form):
    """Which text was read, for whom, and the box that is ticked."""

    use_required_attribute = False
    organisation = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="J’ai lu cet engagement et je m’engage à le respecter.",
        error_messages={"required": "Cochez la case pour signer."},
    )


@page(at_the_door=True, methods=("GET", "POST"))
def entry(request: MemberRequest) -> HttpResponse:
    """What is missing, organisation by organisation; signing for the first that waits for a signature, or for the one named."""
    form = SignatureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = _employer(request, form.cleaned_data["organisation"])
        if chosen is not None:
            try:
                sign_undertaking(organisation=chosen.id, seen_hash=form.cleaned_data["text"])
            except Refused as refused:
                place(form, refused)
            else:
                messages.success(request, f"Engagement signé pour {chosen.name}.")
                return _onwards(request, chosen, trained=chosen.trained)
    return _show(request, form if request.method == "POST" else None, None)


@page(at_the_door=True, methods=("POST",))
def training(request: MemberRequest) -> HttpResponse:
    """The only administrator of an organisation dates her own training."""
    form = TrainingForm(request.POST)
    chosen = _employer(request, request.POST.get("organisation", ""))
    if chosen is None:
        return redirect("entry")
    if form.is_valid():
        try:
            record_own_training(
                organisation=chosen.id,
                user=cast("User", request.user).id,
                training=TrainingDone(form.cleaned_data["done_on"], form.cleaned_data["title"]),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, f"Formation enregistrée pour {chosen.name}.")
            return _onwards(request, chosen, signed=chosen.signed)
    return _show(request, None, form)


def _onwards(
    request: MemberRequest, chosen: Employer, *, signed: bool = True, trained: bool = True
) -> HttpResponse:
    """To what is due, acting for that organisation, once both are there."""
    if not (signed and trained):
        return redirect("entry")
    request.session[CURRENT] = str(chosen.id)
    return redirect("home")


def _employer(request: MemberRequest, wanted: UUID | str) -> Employer | None:
    return next((one for one in request.employers if str(one.id) == str(wanted)), None)


def _show(
    request: MemberRequest, signature: SignatureForm | None, own_training: TrainingForm | None
) -> HttpResponse:
    text = current_text()
    to_sign = next((one for one in request.employers if not one.signed), None)
    to_train = next((one for one in request.employers if not one.trained), None)
    records_own = to_train is not None and may_record_own_training(to_train.id)
    if signature is None and to_sign is not None:
        signature = SignatureForm(initial={"organisation": to_sign.id, "text": text.text_hash})
    context = {
        "employers": request.employers,
        "may_act": request.member is not None,
        "to_sign": to_sign,
        "text": text,
        "signature": signature,
        "to_train": to_train if records_own else None,
        "own_training": (own_training or TrainingForm()) if records_own else None,
        "waits_for_training": [one for one in request.employers if not one.trained]
        if not records_own
        else (),
    }
    return render(request, "people/entry.html", context)
