"""« Qui est quoi »: for each flow of persons' data, who answers for it, and what both parties accept while nobody has said so."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.data_roles.actions import Accepted, accept_start, withdraw_acceptance
from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.policies import can_accept_for, can_withdraw
from maillage.conventions.data_roles.queries import acceptances, protecting_here, standing_of
from maillage.conventions.data_roles.rules import FlowStanding
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of, own_id
from maillage.conventions.terms.processings import Apart, processings
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.known import known_by
from maillage.web.conventions.writing.data_roles_table import roles_table
from maillage.web.conventions.writing.facts.forms import choice_field
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.conventions.writing.uploads import Need, PapersForm, file_field, keep_files, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.days import DayField
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

TITLE: Final = "Qui est quoi"
_CLOSES: Final = (
    "L’échange se ferme aussitôt : plus rien de nouveau ne part ; ce qui est déjà envoyé se poursuit."
)


def _words(label: str, help_text: str) -> forms.CharField:
    field = forms.CharField(
        label=label, required=False, max_length=1000, help_text=typeset(help_text),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"max_length": "Écrivez 1 000 caractères au plus."},
    )  # fmt: skip
    field.need = True  # type: ignore[attr-defined]  # never « facultatif »: the action asks for it, or for the document
    return field


class AcceptanceForm(PapersForm):
    """Which party accepts, since when, why, by which document."""

    papers: ClassVar[Sequence[str]] = ("document",)
    token = forms.UUIDField(widget=forms.HiddenInput)
    given_on = DayField(label="Accord donné le")
    reason = _words(
        "Pourquoi commencer sans les rôles",
        "Ce que les parties ont convenu en attendant. Jamais le nom ni la situation d’une personne.",
    )
    document = file_field(
        "Accord écrit",
        "PDF, PNG ou JPEG, 20 Mo au plus. L’écrire ci-dessus suffit ; pour une autre partie, le document est demandé.",
    )
    document.need = Need.OR_NOTE

    def __init__(
        self, data: Any = None, files: Any = None, *, parties: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(data, files, **options)
        if len(parties) > 1:
            self.fields["party"] = choice_field("Partie qui accepte", parties, initial=parties[0][0])
            self.order_fields(["party", *self.fields])
        self._only = parties[0][0]

    def accepted(self) -> Accepted:
        """What was said, as the action takes it."""
        values = self.cleaned_data
        return Accepted(
            values["token"],
            values["given_on"],
            values["reason"],
            self.kept("document"),
            values.get("party", self._only),
        )


class WithdrawalForm(forms.Form):
    """Since when, and why."""

    use_required_attribute = False
    day = DayField(label="Retiré le")
    why = _words("Pourquoi le retirer", "L’accord et son retrait restent lisibles sur cette page.")


@page(permission=Permission.READ_CONVENTIONS)
def data_roles(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Each flow of persons' data: who sends it to whom, who answers for it, whether it is usable, and what one may do.

    Then the data that go by no flow, which wait for nobody.
    """
    known, member = reached(request, convention), acting_member(request)
    on = day_of(known.row, request.instant)
    given = acceptances([known.id])
    here = protecting_here(known)
    terms = known.readable(on)
    flows = standing_of(known, terms, given, on=on)
    by_none = [one for one in processings(terms) if isinstance(one, Apart)]
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "title": TITLE,
        "table": roles_table(known_by(known, member, on), flows, given, here, by_none)
        if flows or by_none
        else None,
    }
    return render(request, "conventions/writing/data_roles.html", context)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def accept(request: MemberRequest, convention: UUID, flow: str) -> HttpResponse:
    """Accept in writing that a flow starts although nobody has said who answers for its data."""
    known = reached(request, convention)
    signing_party(known)
    one = _flow(request, known, flow)
    if _already(request, known):
        messages.info(request, "C’était déjà enregistré : votre premier envoi a suffi.")
        return redirect("conventions:data_roles", convention)
    parties = _parties(request, known, one)
    if not parties:
        messages.info(request, "Ce flux n’attend pas d’accord que vous puissiez donner.")
        return redirect("conventions:data_roles", convention)
    data = request.POST if request.method == "POST" else None
    today = day_of(known.row, request.instant)
    form = AcceptanceForm(
        data, request.FILES or None, parties=parties, initial={"token": uuid7(), "given_on": today}
    )
    if request.method == "POST" and form.is_valid() and keep_files(request, form, known):
        try:
            accept_start(
                convention=known.row, flow=flow, accepted=form.accepted(), by=acting_member(request), at=request.instant
            )  # fmt: skip
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, _said(request, known, flow))
            return redirect("conventions:data_roles", convention)
    show_kept(request, form)
    return _form(request, known, form, one, ("Accepter de commencer sans les rôles", "Enregistrer l’accord"))


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def withdraw(request: MemberRequest, convention: UUID, acceptance: UUID) -> HttpResponse:
    """Withdraw an acceptance: the flow closes at once."""
    known = reached(request, convention)
    signing_party(known)
    row = FlowAcceptance.objects.filter(pk=acceptance, convention=known.row).first()
    if row is None:
        raise Http404
    if row.withdrawn_at is not None:
        messages.info(request, "Cet accord est déjà retiré.")
        return redirect("conventions:data_roles", convention)
    if not can_withdraw(acting_member(request), known, row, protecting_here(known)):
        raise PermissionDenied("Cet accord n’est pas de votre organisme, ou la convention a pris fin.")
    today = day_of(known.row, request.instant)
    form = WithdrawalForm(request.POST or None, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_acceptance(
                convention=known.row, acceptance=row.pk, day=form.cleaned_data["day"], why=form.cleaned_data["why"],
                by=acting_member(request), at=request.instant,
            )  # fmt: skip
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, f"Accord retiré. {_CLOSES}")
            return redirect("conventions:data_roles", convention)
    one = _flow(request, known, row.flow_key)
    return _form(request, known, form, one, ("Retirer un accord", "Retirer l’accord"), entails=_CLOSES)


def _flows(request: MemberRequest, known: LoadedConvention) -> tuple[FlowStanding, ...]:
    on = day_of(known.row, request.instant)
    return standing_of(known, known.readable(on), acceptances([known.id]), on=on)


def _flow(request: MemberRequest, known: LoadedConvention, key: str) -> FlowStanding:
    one = next((found for found in _flows(request, known) if found.key == key), None)
    if one is None:
        raise Http404
    return one


def _parties(request: MemberRequest, known: LoadedConvention, one: FlowStanding) -> list[tuple[str, str]]:
    """Those for which she may accept, her own first; an administrator where the body has an officer accepts for nobody."""
    here, member = protecting_here(known), acting_member(request)
    mine = known.mine.key if known.mine else ""
    found = [key for key in one.awaited if can_accept_for(member, known, key, here)]
    named = {party.key: party.short_name for party in known.signatories}
    return [(key, named[key]) for key in sorted(found, key=lambda key: key != mine)]


def _said(request: MemberRequest, known: LoadedConvention, key: str) -> str:
    awaited = _flow(request, known, key).awaited
    if not awaited:
        return "Accord enregistré : le flux est ouvert."
    named = {party.key: party.short_name for party in known.signatories}
    return f"Accord enregistré. Le flux attend encore : {', '.join(named[one] for one in awaited)}."


def _already(request: MemberRequest, known: LoadedConvention) -> bool:
    """Whether this form, as posted, has already made an acceptance of hers."""
    try:
        wanted = own_id(UUID(request.POST.get("token", "")), acting_member(request))
    except ValueError:
        return False
    return FlowAcceptance.objects.filter(pk=wanted, convention=known.row).exists()


def _form(
    request: MemberRequest,
    known: LoadedConvention,
    form: forms.Form,
    one: FlowStanding,
    words: tuple[str, str],
    *,
    entails: str = "",
) -> HttpResponse:
    above = [*breadcrumb(known), (TITLE, reverse("conventions:data_roles", args=[known.id]))]
    context = {
        "convention": known.row,
        "breadcrumb": above,
        "title": words[0],
        "flow": typeset(f"{one.said.flow.label}. {entails}" if entails else one.said.flow.label),
        "form": form,
        "button": words[1],
    }
    return render(request, "conventions/writing/data_roles_form.html", context)
