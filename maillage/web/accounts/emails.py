"""« Mes e-mails »: what one wants to get, when the last summary left, when the next one may."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst

from maillage.core.calendar import DAY
from maillage.core.holidays import roll_forward
from maillage.notifications.mailing import FROM_HOUR, Choice, Mailed, mailed
from maillage.organisations.member import Member
from maillage.organisations.people.mailing import choose_emails
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import weekday_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_CHOICES: Final = (
    (Choice.URGENT, "Un récapitulatif par jour, et aussitôt ce qui est urgent"),
    (Choice.DAILY, "Un récapitulatif par jour, rien d’autre"),
    (Choice.NONE, "Aucun e-mail : je regarde « À faire » moi-même"),
)


class EmailsForm(forms.Form):
    """Which e-mails."""

    use_required_attribute = False
    choice = forms.ChoiceField(
        label="Ce que vous voulez recevoir",
        choices=[(choice.value, typeset(label)) for choice, label in _CHOICES],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez dans la liste.",
            "invalid_choice": "Choisissez dans la liste.",
        },
    )


@page(methods=("GET", "POST"))
def emails(request: MemberRequest) -> HttpResponse:
    """One's own choice, wherever she works."""
    member = acting_member(request)
    known = mailed(member.user)
    form = EmailsForm(request.POST if request.method == "POST" else None, initial={"choice": known.choice})
    if request.method == "POST" and form.is_valid():
        choice = Choice(form.cleaned_data["choice"])
        changed = choose_emails(choice=choice, by=member, at=request.instant)
        messages.success(request, "Choix enregistré." if changed else "C’était déjà votre choix.")
        return redirect("emails")
    local = request.instant.astimezone(ZoneInfo(member.time_zone))
    return render(request, "account/emails.html", {"form": form, "facts": _dates(known, member, local)})


def _dates(known: Mailed, member: Member, local: datetime) -> list[Fact]:
    """When the last summary left, and when the next one may: no reminder comes unannounced."""
    last = "Aucun encore."
    if known.told_on:
        waiting = counted(known.told_of, "dossier qui vous attendait", "dossiers qui vous attendaient")
        last = f"{capfirst(weekday_date(known.told_on))} : {waiting}."
    coming = "Aucun : vous n’en voulez pas."
    if known.choice is not Choice.NONE:
        day = next_summary(known, local, member.departement)
        coming = f"{capfirst(weekday_date(day))}, à partir de {FROM_HOUR} h, si des dossiers vous attendent ce jour-là."
    return [Fact("Dernier récapitulatif", typeset(last)), Fact("Prochain récapitulatif", typeset(coming))]


def next_summary(known: Mailed, local: datetime, departement: str) -> date:
    """The working day of the next summary: today until it was looked at, else the next one."""
    day = local.date()
    if known.looked_on and known.looked_on >= day:
        day = known.looked_on + DAY
    return roll_forward(day, departement or "75")
