"""A form of a draft says which text it was shown for, and asks before a proposed text is taken back from its parties."""

from django import forms
from django.http import QueryDict

from maillage.conventions.drafting.seeing import Seen, signed_by, stamp
from maillage.conventions.lifecycle.states import State
from maillage.core.refusals import Fault
from maillage.web.conventions.writing.refusals import sentence
from maillage.web.conventions.writing.stage import Stage
from maillage.web.presentation.typography import typeset


def watch(form: forms.Form, stage: Stage) -> None:
    """Add the fields that say so to a form that was just made."""
    form.fields["seen"] = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    form.initial["seen"] = stamp(stage.known)
    if stage.known.row.state != State.DRAFT:
        form.fields["voids"] = forms.BooleanField(label=_agreement(stage), required=False)


def seen_on(form: forms.Form) -> Seen:
    """What was posted of them."""
    return Seen(form.data.get("seen", ""), takes_back="voids" in form.data)


def refuse(form: forms.Form, fault: Fault, stage: Stage) -> None:
    """Say why at its field; the form shown again is that of the text as it is now, and asks again before a text is taken back."""
    form.add_error("voids" if fault.field == "voids" else None, sentence(fault))
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["seen"] = stamp(stage.known)
    data.pop("voids", None)
    form.data = data


def _agreement(stage: Stage) -> str:
    names = dict(stage.party_names)
    signed = [names.get(key, key) for key in signed_by(stage.known)]
    voided = f" et j’annule la signature de {' et de '.join(signed)}" if signed else ""
    return typeset(f"Je reprends ce texte aux autres parties{voided}, si je le change")
