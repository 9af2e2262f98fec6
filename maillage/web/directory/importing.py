"""Imports: a file deposited, its rehearsal shown line by line, confirmed, applied in the background; the report is kept."""

import csv
import json
from collections.abc import Mapping
from io import StringIO
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id, uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import xlsx
from maillage.organisations.directory.imports import working
from maillage.organisations.directory.imports.columns import COLUMNS
from maillage.organisations.directory.imports.matching import CREATED, DUPLICATE, UPDATED
from maillage.organisations.directory.imports.reporting import HEADINGS, REFUSALS, csv_row, row, summary
from maillage.organisations.directory.models import DirectoryImport
from maillage.organisations.directory.states import WORDS, State
from maillage.organisations.directory.tasks import IMPORTS, queue
from maillage.organisations.roles import Permission
from maillage.web.directory.forms import FileForm
from maillage.web.directory.managing import check_manager
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import short_instant
from maillage.web.presentation.numbers import number
from maillage.web.presentation.tables import Column, Row, Table, headings, plain_table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_SHOWN: Final = 200
_LISTED: Final = 50
_WORKING: Final = (State.UPLOADED, State.CONFIRMED)
_TONES: Final = {State.REFUSED: Tone.LATE, State.APPLIED: Tone.GOOD, State.REHEARSED: Tone.SOON}
_BREADCRUMB: Final = "Annuaire"
_IN_ORDER: Final = ([*sorted(REFUSALS), DUPLICATE], (CREATED, UPDATED))
_LINES: Final = """
    SELECT line FROM organisations_importpart part, jsonb_array_elements(part.outcomes) WITH ORDINALITY lines (line, rank)
     WHERE part.of_id = %s AND part.stage = %s AND line ->> 1 = ANY (%s) ORDER BY part.number, rank LIMIT %s
"""


@page(permission=Permission.MANAGE_DIRECTORY, methods=("GET", "POST"))
def imports(request: MemberRequest) -> HttpResponse:
    """The imports so far, and a form for one more."""
    check_manager(request)
    form = FileForm(request.POST or None, request.FILES or None, initial={"token": uuid7()})
    if request.method == "POST" and form.is_valid():
        try:
            kept = _deposit(request, form)
        except Refused as refused:
            for fault in refused.faults:
                form.add_error(fault.field if fault.field in form.fields else None, typeset(fault.message))
        else:
            return redirect("directory:import", kept.pk)
    context = {
        "form": form,
        "columns": plain_table(
            "colonnes",
            "Colonnes comprises",
            ["Ce qui est importé", "Titres compris"],
            [
                (column.label + (" (obligatoire)" if column.is_required else ""), ", ".join(column.titles))
                for column in COLUMNS
            ],
        ),
        "table": _table(request),
        "breadcrumb": [(_BREADCRUMB, reverse("directory:list"))],
    }
    return render(request, "directory/imports.html", context)


def _deposit(request: MemberRequest, form: FileForm) -> DirectoryImport:
    member = acting_member(request)
    file = form.cleaned_data["file"]
    if file.size > working.LARGEST:
        raise Refused("Ce fichier dépasse 40 Mo : coupez-le en plusieurs.", "file")
    kept = working.deposit(
        new_id=bound_id(form.cleaned_data["token"], organisation=member.organisation, author=member.user),
        file_name=file.name,
        content=file.read(),
        by=member,
        at=request.instant,
    )
    queue(IMPORTS)
    return kept


def _table(request: MemberRequest) -> Table:
    found = working.visible_to(acting_member(request))[:_LISTED]
    return Table(
        name="imports",
        caption="Derniers imports",
        headings=headings(
            [Column("Fichier"), Column("Déposé le"), Column("État"), Column("Résultat")], query={}
        ),
        rows=[
            Row(
                (
                    one.file_name,
                    short_instant(one.uploaded_at),
                    WORDS[State(one.state)],
                    _result(one.application or one.rehearsal),
                ),
                url=reverse("directory:import", args=[one.pk]),
            )
            for one in found
        ],
        empty="Aucun fichier n’a encore été importé.",
    )


def _result(told: Mapping[str, Any]) -> str:
    return summary(told["counts"]) if told.get("counts") else "–"


@page(permission=Permission.MANAGE_DIRECTORY)
def one(request: MemberRequest, directory_import: UUID) -> HttpResponse:
    """One import: where it stands, what each line would do or did."""
    row = _reached(request, directory_import)
    return render(request, "directory/import.html", _shown(row))


@page(permission=Permission.MANAGE_DIRECTORY)
def progress(request: MemberRequest, directory_import: UUID) -> HttpResponse:
    """The same while it lasts, as a fragment that renews itself."""
    return render(request, "directory/import_progress.html", _shown(_reached(request, directory_import)))


def _shown(row: DirectoryImport) -> dict[str, Any]:
    state = State(row.state)
    stage = _stage(row)
    told: dict[str, Any] = row.application if stage == working.APPLICATION else row.rehearsal
    counts = told.get("counts", {})
    works = state in _WORKING
    return {
        "row": row,
        "state": WORDS[state],
        "tone": _TONES.get(state, Tone.INFO),
        "works": works,
        "progress_url": reverse("directory:import_progress", args=[row.pk]),
        "layout": told.get("layout", ""),
        "ignored": ", ".join(told.get("ignored", ())),
        "summary": summary(counts) if counts else "",
        "faults": row.fault.splitlines(),
        "table": None if works or not counts else _lines(row, stage, sum(counts.values())),
        "can_confirm": state is State.REHEARSED,
        "can_abandon": state in {State.UPLOADED, State.REHEARSED},
        "changes": counts.get("created", 0) + counts.get("updated", 0),
        "report_url": reverse("directory:import_report", args=[row.pk]) if counts else "",
        "workbook_url": reverse("directory:import_workbook", args=[row.pk]) if counts else "",
        "breadcrumb": [(_BREADCRUMB, reverse("directory:list")), ("Imports", reverse("directory:imports"))],
    }


def _stage(row: DirectoryImport) -> str:
    applied = row.state in {State.CONFIRMED, State.APPLIED} or bool(row.application)
    return working.APPLICATION if applied else working.REHEARSAL


def _lines(row_: DirectoryImport, stage: str, total: int) -> Table:
    """The first lines that ask for a look, then of those that do something; the whole is in the file."""
    found: list[list[Any]] = []
    with connection.cursor() as cursor:
        for verbs in _IN_ORDER:  # each stops where the page is full: a sort would read 200 000 lines
            cursor.execute(_LINES, [row_.pk, stage, list(verbs), _SHOWN - len(found)])
            found += [_parsed(line) for (line,) in cursor.fetchall()]
    more = f"les {_SHOWN} premières ; toutes sont dans le compte rendu" if len(found) == _SHOWN else ""
    return Table(
        name="lignes",
        caption="Lignes à revoir, puis celles qui changent quelque chose",
        headings=headings([Column(title) for title in HEADINGS], query={}),
        rows=[Row(tuple(typeset(cell) for cell in row(line))) for line in found],
        detail=more,
        empty=f"Rien à signaler parmi {number(total)} lignes.",
    )


def _parsed(line: Any) -> list[Any]:
    """Raw cursors of Django give JSON as text."""
    return list(json.loads(line)) if isinstance(line, str) else list(line)


@page(permission=Permission.MANAGE_DIRECTORY, methods=("POST",))
def confirm(request: MemberRequest, directory_import: UUID) -> HttpResponse:
    """Apply what was rehearsed."""
    return _step(request, directory_import, working.confirm, "Import confirmé : il se fait en tâche de fond.")


@page(permission=Permission.MANAGE_DIRECTORY, methods=("POST",))
def abandon(request: MemberRequest, directory_import: UUID) -> HttpResponse:
    """Leave a file unapplied."""
    return _step(request, directory_import, working.abandon, "Fichier abandonné : rien n’a été changé.")


def _step(request: MemberRequest, identifier: UUID, act: Any, done: str) -> HttpResponse:
    row = _reached(request, identifier)
    try:
        act(row=row, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        queue(IMPORTS)
        messages.success(request, done)
    return redirect("directory:import", row.pk)


@page(permission=Permission.MANAGE_DIRECTORY)
def report(request: MemberRequest, directory_import: UUID) -> HttpResponse:
    """Every line of the report, as CSV without formulas. Built whole: a streamed body would begin after the transaction."""
    row_ = _reached(request, directory_import)
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    writer.writerows(csv_row(line) for line in working.outcomes_of(row_, _stage(row_)))
    return _file("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", "csv")


@page(permission=Permission.MANAGE_DIRECTORY)
def workbook(request: MemberRequest, directory_import: UUID) -> HttpResponse:
    """Every line of the report, as a spreadsheet whose cells compute nothing."""
    row_ = _reached(request, directory_import)
    lines = (row(line) for line in working.outcomes_of(row_, _stage(row_)))
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(xlsx("Compte rendu", HEADINGS, lines), content_type, "xlsx")


def _file(content: str | bytes, content_type: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="compte-rendu.{kind}"'
    return answer


def _reached(request: MemberRequest, identifier: UUID) -> DirectoryImport:
    check_manager(request)
    found = working.visible_to(acting_member(request)).filter(pk=identifier).first()
    if found is None:
        raise Http404
    return found
