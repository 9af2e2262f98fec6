"""Handing all the cases of somebody to a colleague: a dry run that shows them, the act, and its undoing within the day."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id, uuid7
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.handing import queries
from maillage.referrals.handing.actions import Handing, hand_over_cases, undo_hand_over
from maillage.referrals.models import BulkHandOver
from maillage.referrals.references import reference
from maillage.web.middleware import MemberRequest
from maillage.web.people.members import reached
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_instant, short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.referrals.life import side_of, state_words, tone_of
from maillage.web.referrals.naming import service_of
from maillage.web.rules import acting_member, page

SHOWN = 100


class TakerForm(forms.Form):
    """Who takes the cases over; `seen` is what the dry run showed."""

    to = forms.ChoiceField(
        label="À qui remettre ces dossiers ?",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choisissez un ou une collègue de la liste."
        ),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: object, *, people: list[tuple[UUID, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict, or None
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Choisir"), *((str(user), name) for user, name in people)]


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"), fresh=True)
def hand_cases(request: MemberRequest, person: UUID) -> HttpResponse:
    """What somebody follows, to whom it may go; then what would move; then it moves."""
    one, member = reached(request, person), acting_member(request)
    people = queries.takers(member, person, on=one.on)
    form = TakerForm(request.POST if request.method == "POST" else None, people=people)
    chosen = form.is_valid()
    if chosen and form.cleaned_data["seen"] and form.cleaned_data["token"]:
        own = bound_id(form.cleaned_data["token"], organisation=member.organisation, author=member.user)
        handing = Handing(own, person, UUID(form.cleaned_data["to"]), form.cleaned_data["seen"])
        try:
            moved = hand_over_cases(handing=handing, by=member, at=request.instant)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(
                request,
                f"{counted(moved, 'dossier remis', 'dossiers remis')} à {dict(people)[handing.taker]}. "
                "Vous pouvez l’annuler jusqu’à ce soir.",
            )
            return redirect("people:hand_cases", person)
    moving = queries.moving(member, person)
    context = {
        "one": one,
        "form": form,
        "has_takers": bool(people),
        "breadcrumb": [
            ("Membres", reverse("people:members")),
            ("Fiche", reverse("people:person", args=[person])),
        ],
        "count": len(moving.parts),
        "left": moving.left,
        "table": _table(moving, member),
        "taker": dict(people)[UUID(form.cleaned_data["to"])] if chosen else "",
        "hidden": {"to": form.cleaned_data["to"], "seen": moving.seen, "token": uuid7()} if chosen else {},
        "undoable": [
            (
                row.id,
                counted(row.cases, "dossier"),
                dict(people).get(row.taker, "un ou une collègue"),
                long_instant(row.done_at),
            )
            for row in queries.undoable(member, person)
        ],
    }
    return render(request, "people/hand_cases.html", context)


def _table(moving: queries.Moving, member: Member) -> Table:
    """References, services and states: whoever administers learns no name here."""
    return plain_table(
        "dossiers",
        counted(len(moving.parts), "dossier en cours", "dossiers en cours"),
        ["Référence", "Service", "Organisme", "Reçue ou envoyée le", "État"],
        [
            (
                reference(part.case_id),
                service_of(part.case),
                (part.case.sender if part.role == "recipient" else part.case.caisse).short_name,
                short_date(part.since),
                state_cell(state_words(side_of(part.role, member), part.state), tone_of(part.state)),
            )
            for part in moving.parts[:SHOWN]
        ],
        empty="Cette personne ne suit aucun dossier en cours.",
    )


@page(permission=Permission.MANAGE_ORGANISATION, methods=("POST",))
def undo_hand(request: MemberRequest, bulk: UUID) -> HttpResponse:
    """Give the cases back, the same day."""
    member = acting_member(request)
    row = BulkHandOver.objects.filter(id=bulk, organisation=member.organisation).first()
    if row is None:
        raise Http404
    try:
        back, stay = undo_hand_over(hand_over=bulk, by=member, at=request.instant)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, undone_words(back, stay))
    return redirect("people:hand_cases", row.giver)


def undone_words(back: int, stay: int) -> str:
    """What an undoing gave back, and what it left where it is."""
    said = f"Remise annulée : {counted(back, 'dossier rendu', 'dossiers rendus')}."
    if not stay:
        return said
    changed = "changé de mains depuis et y"
    return f"{said} {counted(stay, f'dossier a {changed} reste', f'dossiers ont {changed} restent')}."
