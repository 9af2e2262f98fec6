"""The register of CDR and CDRi: who may consult rights, each consultation, their export; and one's own consultations (row E5)."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import inert
from maillage.organisations.base import User
from maillage.organisations.cdr import actions
from maillage.organisations.cdr.models import CdrAccess
from maillage.organisations.cdr.rules import REASONS, TOOLS, has_register
from maillage.organisations.member import Member
from maillage.organisations.people.queries import colleagues
from maillage.organisations.roles import Permission
from maillage.protection.authorisations.leaving import Parcel
from maillage.web.leaving import Button, export_form, refused_to_leave
from maillage.web.middleware import MemberRequest
from maillage.web.people.cdr_forms import ConsultationForm, GrantForm, RevocationForm
from maillage.web.people.members import day_of
from maillage.web.presentation.cells import link_cell, state_cell
from maillage.web.presentation.dates import short_date, short_instant
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.refusals import place
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.presentation.tones import Tone
from maillage.web.rules import acting_member, page

SHOWN = 200
PARCEL = Parcel("registre CDR")
ACCESS_COLUMNS = [
    "Personne",
    "Outil",
    "Ouvert le",
    "Ouvert par",
    "Retiré le",
    "Retiré par",
    "Motif du retrait",
]
CONSULTATION_COLUMNS = ["Consulté le", "Personne", "Outil", "Motif", "Référence interne"]


def _with_register(request: MemberRequest) -> Member:
    """The member, where her organisation has such a register; 404 elsewhere."""
    member = acting_member(request)
    if not has_register(member.organisation_kind):
        raise Http404
    return member


@page(permission=Permission.READ_JOURNAL)
def register(request: MemberRequest) -> HttpResponse:
    """The whole register, for the administrators and the DPO of the organisation alone: the text gives it to nobody else."""
    member = _with_register(request)
    manages = member.may(Permission.MANAGE_ORGANISATION)
    total = actions.consultations_of(member).count()
    context = {
        "accesses": _accesses(member, manages=manages),
        "consultations": plain_table(
            "consultations",
            counted(total, "consultation"),
            CONSULTATION_COLUMNS,
            _consultation_rows(member)[:SHOWN],
            empty="Aucune consultation n’a été inscrite.",
            stacks=True,
        ),
        "shown": SHOWN if total > SHOWN else None,
        "leaving": export_form(request, PARCEL, [Button("Exporter (CSV)", reverse("people:cdr_export"))]),
        "breadcrumb": [("Membres", reverse("people:members"))] if manages else [],
        "manages": manages,
    }
    return render(request, "people/cdr.html", context)


def _accesses(member: Member, *, manages: bool) -> Table:
    rows = []
    for access, cells in _access_rows(member):
        last = state_cell("en cours", Tone.GOOD) if access.revoked_on is None else state_cell("retiré")
        if manages and access.revoked_on is None:
            last = link_cell("Retirer", reverse("people:cdr_revoke", args=[access.pk]))
        rows.append([*cells, last])
    return plain_table(
        "acces",
        counted(len(rows), "accès", "accès"),
        [*ACCESS_COLUMNS, "État"],
        rows,
        empty="Aucun accès n’a été ouvert.",
        stacks=True,
    )


def _access_rows(member: Member) -> list[tuple[CdrAccess, list[str]]]:
    found = list(actions.accesses_of(member).select_related("user"))
    ids = {one for row in found for one in (row.granted_by, row.revoked_by) if one}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "full_name"))
    return [
        (
            row,
            [
                row.user.full_name,
                TOOLS[row.tool],
                short_date(row.since),
                names.get(row.granted_by, ""),
                short_date(row.revoked_on) if row.revoked_on else "",
                names.get(row.revoked_by, "") if row.revoked_by else "",
                row.reason,
            ],
        )
        for row in found
    ]


def _consultation_rows(member: Member) -> list[list[str]]:
    return [
        [
            short_instant(row.at),
            row.cdr_access.user.full_name,
            TOOLS[row.cdr_access.tool],
            REASONS[row.reason],
            row.reference,
        ]
        for row in actions.consultations_of(member).select_related("cdr_access__user")
    ]


@page(permission=Permission.READ_JOURNAL, fresh=True)
def export(request: MemberRequest) -> HttpResponse:
    """Both tables as CSV, same columns and order as on the page."""
    member = _with_register(request)
    if (refused := refused_to_leave(request, PARCEL)) is not None:
        return refused
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    for columns, rows in (
        (ACCESS_COLUMNS, [cells for _row, cells in _access_rows(member)]),
        (CONSULTATION_COLUMNS, _consultation_rows(member)),
    ):
        writer.writerow(columns)
        writer.writerows([[inert(cell) for cell in row] for row in rows])
        writer.writerow([])
    answer = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="registre-cdr.csv"'
    return answer


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"), fresh=True)
def grant(request: MemberRequest) -> HttpResponse:
    """Enter somebody in the register."""
    member = _with_register(request)
    on = day_of(request, member)
    people = [(str(one.user.id), one.user.full_name) for one in colleagues(member, on=on) if one.current]
    form = GrantForm(request.POST or None, people=people, initial={"since": on})

    def act() -> None:
        actions.grant(**form.cleaned_data, by=member, at=request.instant)

    said = (
        "Ouvrir un accès",
        "Inscrivez l’accès que la caisse a ouvert à une personne de votre établissement.",
    )
    return _form(request, form, act, said, "Accès inscrit au registre.")


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def revoke(request: MemberRequest, access: UUID) -> HttpResponse:
    """End an access, with its reason."""
    member = acting_member(request)
    row = actions.accesses_of(member).filter(pk=access).select_related("user").first()
    if row is None:
        raise Http404
    form = RevocationForm(request.POST or None, initial={"on": day_of(request, member)})

    def act() -> None:
        actions.revoke(access=row.pk, **form.cleaned_data, by=member, at=request.instant)

    said = (
        "Retirer un accès",
        f"{row.user.full_name}, {TOOLS[row.tool]}, depuis le {short_date(row.since)}. Retirez-le aussi dans l’outil.",
    )
    return _form(request, form, act, said, "Retrait inscrit au registre.")


@page(methods=("GET", "POST"))
def consult(request: MemberRequest) -> HttpResponse:
    """Log one's own consultation; without an access, the page says how to have one."""
    member = _with_register(request)
    zone = ZoneInfo(member.time_zone)
    here = request.instant.astimezone(zone)
    own = list(actions.own_accesses(member, on=here.date()))
    form = ConsultationForm(
        request.POST or None,
        accesses=[(str(row.pk), TOOLS[row.tool]) for row in own],
        initial={"day": here.date(), "hour": here.strftime("%H:%M"), "access": own[0].pk if own else None},
    )

    def act() -> None:
        given: dict[str, Any] = form.cleaned_data
        actions.log(
            consultation=actions.Consultation(
                access=given["access"],
                at=datetime.combine(given["day"], given["hour"], tzinfo=zone),
                reason=given["reason"],
                reference=given["reference"],
            ),
            by=member,
            at=request.instant,
        )

    if not own:
        return render(request, "people/cdr_none.html")
    said = (
        "Inscrire une consultation des droits",
        "Pourquoi, et pour quel dossier : jamais le nom de la personne.",
    )
    return _form(request, form, act, said, "Consultation inscrite.", back=reverse("people:cdr_consult"))


def _form(
    request: MemberRequest,
    form: forms.Form,
    act: Callable[[], object],
    said: tuple[str, str],
    done: str,
    *,
    back: str = "",
) -> HttpResponse:
    above = back or reverse("people:cdr")
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, done)
            return redirect(above)
    context = {
        "form": form,
        "title": said[0],
        "lead": said[1],
        "button": "Inscrire",
        "back": above if not back else reverse("home"),
        "breadcrumb": [] if back else [("Registre CDR", above)],
    }
    return render(request, "one_form.html", context)
