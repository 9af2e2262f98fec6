"""Closing an organisation: what remains is shown first, a successor may be named, and whoever closes confirms what she saw.

And opening it again: what comes back, and what does not, is said first.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.refusals import Refused
from maillage.core.text import sort_key
from maillage.organisations.directory.actions import close_organisation, day_of, reopen_organisation
from maillage.organisations.models import Organisation
from maillage.web.directory.forms import CloseForm, ReopenForm
from maillage.web.directory.words import closed_in_words
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import counted
from maillage.web.rules import acting_member


@dataclass(frozen=True, slots=True)
class Remains:
    """What an organisation still has under way: how many open cases, and the titles of its conventions."""

    cases: int
    conventions: tuple[str, ...]

    @property
    def number(self) -> int:
        """How much that is together."""
        return self.cases + len(self.conventions)

    @property
    def told(self) -> list[str]:
        """One line each, the cases together."""
        cases = [counted(self.cases, "dossier ouvert", "dossiers ouverts")] if self.cases else []
        others = self.conventions.count("")
        untitled = [counted(others, "convention en cours", "conventions en cours")] if others else []
        return [*cases, *untitled, *filter(None, self.conventions)]


def remains_of(organisation: Organisation) -> Remains:
    """For the organisation itself and the directory's manager; the database refuses anybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, title, number FROM conventions_remaining(%s)", [organisation.pk])
        rows = cursor.fetchall()
    return Remains(
        sum(number for what, _, number in rows if what == "cases"),
        tuple(sorted(title for what, title, _ in rows if what == "convention")),
    )


def closing(request: MemberRequest, row: Organisation) -> HttpResponse:
    """The page of a closing; the right to close was checked by the caller."""
    if row.closed_on is not None:
        raise PermissionDenied(f"Cet organisme est fermé depuis le {long_date(row.closed_on)}.")
    remains = remains_of(row)
    initial = {"on": day_of(row, request.instant), "seen": remains.number}
    form = CloseForm(request.POST or None, initial=initial, remains=remains.number)
    back = reverse("directory:organisation", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            _close(request, row, form, remains)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, f"{row.name} est fermé à compter du {long_date(form.cleaned_data['on'])}."
            )
            return redirect(back)
    context = {
        "row": row,
        "form": form,
        "remains": remains.told,
        "back": back,
        "breadcrumb": [("Annuaire", reverse("directory:list")), (row.name, back)],
    }
    return render(request, "directory/close.html", context)


def _close(request: MemberRequest, row: Organisation, form: CloseForm, remains: Remains) -> None:
    known = form.cleaned_data
    close_organisation(
        organisation=row,
        on=known["on"],
        successor=named_body(known["remplacant"], "remplacant"),
        remains=remains.number,
        confirmed=(known.get("seen") or 0) if known.get("confirmed") else -1,
        by=acting_member(request),
        at=request.instant,
    )


def reopening(request: MemberRequest, row: Organisation) -> HttpResponse:
    """The page of an opening again; the right to it was checked by the caller."""
    back = reverse("directory:organisation", args=[row.pk])
    if row.closed_on is None:
        messages.info(request, "Cet organisme est ouvert.")
        return redirect(back)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_organisation(
                organisation=row, reason=form.cleaned_data["reason"], by=acting_member(request)
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{row.name} est rouvert.")
            return redirect(back)
    context = {
        "row": row,
        "form": form,
        "closed": closed_in_words(row, day_of(row, request.instant)),
        "has_come": row.closed_on <= day_of(row, request.instant),
        "back": back,
        "breadcrumb": [("Annuaire", reverse("directory:list")), (row.name, back)],
    }
    return render(request, "directory/reopen.html", context)


def named_body(said: str, field: str) -> UUID | None:
    """The organisation of a SIRET or an exact name; None for nothing said. Raises Refused at the field."""
    said = said.strip()
    if not said:
        return None
    number = said.replace(" ", "")
    if number.isdigit() and len(number) == 14:
        found = list(Organisation.objects.exclude(siret="").filter(siret=number, closed_on=None)[:2])
    else:
        found = list(Organisation.objects.filter(sort_name=sort_key(said), closed_on=None)[:2])
    if len(found) != 1:
        why = (
            "Plusieurs organismes portent ce nom : donnez le SIRET."
            if found
            else "Cet organisme n’est pas dans l’annuaire."
        )
        raise Refused(why, field)
    return found[0].pk
