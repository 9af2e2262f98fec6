"""A table of applications, step by step: the file, its columns, a try shown line by line, its import, what is left to correct."""

from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.refusals import Refused
from maillage.core.spreadsheets.tables import Row as SheetRow
from maillage.core.spreadsheets.writing import WRONG, csv_file, wrong_lines, xlsx
from maillage.organisations.roles import Permission
from maillage.protection.authorisations.leaving import Parcel
from maillage.referrals.routes import DataRoles
from maillage.rights.bulk import acting
from maillage.rights.imported.states import WORDS, WORKING, State
from maillage.rights.models import ApplicationImport
from maillage.rights.tasks import queue_imports
from maillage.web.leaving import (
    Button,
    ExportForm,
    export_form,
    refused_to_leave,
)
from maillage.web.middleware import MemberRequest
from maillage.web.preparing.importing_forms import ColumnsForm, TableForm
from maillage.web.preparing.openings import openings_of
from maillage.web.preparing.words import closed_ways
from maillage.web.presentation.components import Confirmation, Tile
from maillage.web.presentation.dates import PARIS, short_instant
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.refusals import place
from maillage.web.presentation.tables import Column, Row, Table, headings, query_with
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

SHOWN: Final = 100
"""Lines to correct of one page; the file has them all."""
_LISTED: Final = 50
_TONES: Final = {
    State.REFUSED: Tone.LATE,
    State.IMPORTED: Tone.GOOD,
    State.READ: Tone.SOON,
    State.REHEARSED: Tone.SOON,
}
_KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def tables(request: MemberRequest) -> HttpResponse:
    """The tables so far, and a form for one more."""
    member = acting_member(request)
    openings = openings_of(member, on=request.instant.astimezone(PARIS).date())
    form = TableForm(request.POST or None, request.FILES or None, openings=openings)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = acting.bring(
                new_id=form.new_id(member),
                file_name=file.name,
                content=file.read(),
                authorisation=UUID(form.cleaned_data["authorisation"]),
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            queue_imports()
            return redirect("preparations:import", kept.id)
    context = {
        "form": form,
        "some": bool(openings),
        "refusals": closed_ways(member, at=request.instant, some=bool(openings)),
        "table": _listed(request),
        "breadcrumb": _crumbs()[:1],
    }
    return render(request, "preparing/imports.html", context)


def _listed(request: MemberRequest) -> Table:
    found = acting.within_reach(acting_member(request)).defer("content", "described")[:_LISTED]
    return Table(
        name="tableaux",
        caption="Derniers tableaux",
        headings=headings([Column("Déposé le"), Column("État"), Column("Résultat")], query={}),
        rows=[
            Row(
                (short_instant(one.uploaded_at), WORDS[State(one.state)], _result(one)),
                url=reverse("preparations:import", args=[one.id]),
            )
            for one in found
        ],
        empty="Aucun tableau n’a encore été importé.",
    )


def _result(one: ApplicationImport) -> str:
    if not one.done:
        return "–"
    begun = counted(one.created, "dossier commencé", "dossiers commencés")
    if one.state != State.IMPORTED:
        begun = f"{counted(one.created, 'dossier', 'dossiers')} à commencer"
    wrong = f", {counted(one.wrong, 'ligne', 'lignes')} à corriger" if one.wrong else ""
    return typeset(f"{begun}{wrong}")


@page(permission=Permission.SEND_REFERRALS)
def one(request: MemberRequest, table: UUID) -> HttpResponse:
    """One table: where it stands, what each line would do or did."""
    row = _reached(request, table)
    context = _shown(request, row)
    if row.sealed is not None:
        context["name"] = acting.described(row, by=acting_member(request)).name
    return render(request, "preparing/import.html", context)


@page(permission=Permission.SEND_REFERRALS)
def progress(request: MemberRequest, table: UUID) -> HttpResponse:
    """The same while it lasts, as a fragment that renews itself; once it is over, the whole page is asked for again."""
    row = _reached(request, table)
    if row.state in WORKING:
        return render(request, "preparing/import_progress.html", _shown(request, row))
    answer = HttpResponse()
    answer["HX-Refresh"] = "true"
    return answer


def _shown(request: MemberRequest, row: ApplicationImport) -> dict[str, Any]:
    state = State(row.state)
    has_wrong = bool(row.wrong) and row.sealed is not None and state in {State.REHEARSED, State.IMPORTED}
    return {
        "row": row,
        "name": "",
        "state": WORDS[state],
        "tone": _TONES.get(state, Tone.INFO),
        "uploaded": short_instant(row.uploaded_at),
        "works": state in WORKING,
        "is_read": state is State.READ,
        "is_tried": state is State.REHEARSED,
        "is_imported": state is State.IMPORTED,
        "tiles": _tiles(row) if state in {State.REHEARSED, State.IMPORTED} else [],
        "wrong": _wrong(request, row) if has_wrong else None,
        "leaving": _leaving(request, row) if has_wrong else None,
        "roles": _roles(request, row) if state is State.REHEARSED else None,
        "confirming": _confirming(row) if state is State.REHEARSED and row.created else None,
        "abandoning": _abandoning(row) if not row.ended_at and state is not State.CONFIRMED else None,
        "forgetting": _forgetting(row) if has_wrong and state is State.IMPORTED else None,
        "begun_url": f"{reverse('preparations:list')}{query_with({}, tableau=str(row.id))}",
        "breadcrumb": _crumbs(),
    }


def _roles(request: MemberRequest, row: ApplicationImport) -> DataRoles | None:
    """Who answers for the data of the files that these lines begin; None where the way is no longer open."""
    on = request.instant.astimezone(PARIS).date()
    found = openings_of(acting_member(request), on=on)
    return next((one.roles for one in found if one.row.id == row.authorisation_id), None)


def _crumbs() -> list[tuple[str, str]]:
    return [
        ("Dossiers en préparation", reverse("preparations:list")),
        ("Tableaux", reverse("preparations:imports")),
    ]


def _tiles(row: ApplicationImport) -> list[Tile]:
    done = row.state == State.IMPORTED
    return [
        Tile(
            "Dossiers commencés" if done else "Dossiers à commencer",
            number(row.created),
            "Un par ligne, à compléter puis à envoyer un à un.",
        ),
        Tile(
            "Déjà importées",
            number(row.known),
            "Ces lignes l’ont été par un tableau précédent : rien de plus.",
        ),
        Tile("À corriger", number(row.wrong), "Rien n’est commencé pour ces lignes."),
    ]


def _wrong(request: MemberRequest, row: ApplicationImport) -> Table:
    found = islice(acting.wrong_of(row, by=acting_member(request)), SHOWN)
    more = f"les {SHOWN} premières ; toutes sont dans le fichier" if row.wrong > SHOWN else ""
    return Table(
        name="lignes",
        caption="Lignes à corriger",
        headings=headings([Column("Ligne"), Column(WRONG)], query={}),
        rows=[Row((f"Ligne {number(line.line)}", typeset(" ".join(line.told)))) for line in found],
        detail=more,
    )


def _leaving(request: MemberRequest, row: ApplicationImport) -> ExportForm:
    labels = {"xlsx": "Lignes à corriger (tableur)", "csv": "Les mêmes en CSV"}
    buttons = [
        Button(label, reverse("preparations:import_wrong", args=[row.pk, kind]))
        for kind, label in labels.items()
    ]
    return export_form(request, _parcel(row), buttons)


def _confirming(row: ApplicationImport) -> Confirmation:
    wrong = counted(row.wrong, "ligne à corriger est laissée", "lignes à corriger sont laissées")
    return Confirmation(
        label=f"Commencer {counted(row.created, 'dossier', 'dossiers')}",
        action=reverse("preparations:import_confirm", args=[row.id]),
        consequences=[
            "Un dossier en préparation est commencé par ligne, à votre nom. Rien n’est envoyé à la caisse.",
            "Chacun reste à compléter : les pièces, et ce qui est dit à la personne.",
            *([f"{wrong} de côté : vous les corrigerez et les importerez ensuite."] if row.wrong else []),
            "Le fichier est détruit une fois l’import terminé.",
        ],
        button="Commencer ces dossiers",
    )


def _abandoning(row: ApplicationImport) -> Confirmation:
    return Confirmation(
        label="Abandonner ce tableau",
        action=reverse("preparations:import_abandon", args=[row.id]),
        consequences=["Le fichier est détruit tout de suite. Aucun dossier n’est commencé."],
        button="Abandonner",
        is_danger=True,
    )


def _forgetting(row: ApplicationImport) -> Confirmation:
    return Confirmation(
        label="Détruire les lignes à corriger",
        action=reverse("preparations:import_forget", args=[row.id]),
        consequences=[
            "Elles ne pourront plus être téléchargées. Les dossiers déjà commencés restent.",
        ],
        button="Détruire",
        is_danger=True,
    )


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def columns(request: MemberRequest, table: UUID) -> HttpResponse:
    """Which column means what, proposed from the titles and from what was retained of them."""
    row, member = _reached(request, table), acting_member(request)
    if row.state not in {State.READ, State.REHEARSED}:
        return redirect("preparations:import", row.id)
    described = acting.described(row, by=member)
    under = row.authorisation
    form = ColumnsForm(
        request.POST or None,
        header=described.header,
        first=described.first,
        places=row.places,
        right=row.right,
        rights=acting.shown_rights(under.rights, under.recipient.departement),
    )
    if request.method == "POST" and form.is_valid():
        try:
            acting.name_columns(row=row, fields=form.named(), right=form.cleaned_data["right"], by=member)
        except Refused as refused:
            place(form, refused)
        else:
            queue_imports()
            return redirect("preparations:import", row.id)
    context = {
        "form": form,
        "described": described,
        "lines": counted(row.total, "ligne"),
        "breadcrumb": [*_crumbs(), (f"Tableau du {short_instant(row.uploaded_at)}", reverse("preparations:import", args=[row.id]))],
        "back": reverse("preparations:import", args=[row.id]),
    }  # fmt: skip
    return render(request, "preparing/import_columns.html", context)


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def confirm(request: MemberRequest, table: UUID) -> HttpResponse:
    """Begin the files."""
    return _step(request, table, acting.confirm, "Import confirmé : il se fait en tâche de fond.")


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def abandon(request: MemberRequest, table: UUID) -> HttpResponse:
    """Leave a table, destroyed at once."""
    return _step(
        request, table, acting.abandon, "Tableau abandonné et détruit : aucun dossier n’est commencé."
    )


@page(permission=Permission.SEND_REFERRALS, methods=("POST",))
def forget(request: MemberRequest, table: UUID) -> HttpResponse:
    """Destroy the lines to correct before their time."""
    return _step(request, table, acting.forget_wrong, "Lignes à corriger détruites.")


def _step(request: MemberRequest, table: UUID, act: Any, done: str) -> HttpResponse:
    row = _reached(request, table)
    try:
        act(row=row, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        queue_imports()
        messages.success(request, done)
    return redirect("preparations:import", row.id)


@page(permission=Permission.SEND_REFERRALS)
def wrong(request: MemberRequest, table: UUID, kind: str) -> HttpResponse:
    """The lines to correct as they were sent, with what is wrong with each: corrected, the file is imported as it is."""
    row, member = _reached(request, table), acting_member(request)
    if (
        kind not in _KINDS
        or not row.wrong
        or row.sealed is None
        or row.state in {State.NAMED, State.CONFIRMED}
    ):
        raise Http404
    if (refused := refused_to_leave(request, _parcel(row))) is not None:
        return refused
    header = acting.described(row, by=member).header
    found = acting.wrong_of(row, by=member, exported=True)
    titles, *lines = wrong_lines(header, ((SheetRow(line.line, line.cells), line.told) for line in found))
    content = xlsx("À corriger", titles, lines) if kind == "xlsx" else csv_file(titles, lines)
    answer = HttpResponse(content, content_type=_KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="a-corriger.{kind}"'
    return answer


def _parcel(row: ApplicationImport) -> Parcel:
    """Lines that name persons, of the convention under which they were brought."""
    return Parcel("lignes à corriger", row.authorisation.convention_id, (row.authorisation.flow_key,))


def _reached(request: MemberRequest, table: UUID) -> ApplicationImport:
    found = (
        acting.within_reach(acting_member(request))
        .select_related("authorisation__recipient")
        .filter(id=table)
        .first()
    )
    if found is None:
        raise Http404
    return found
