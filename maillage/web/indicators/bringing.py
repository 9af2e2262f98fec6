"""A year's sheet taken out as a table, filled elsewhere, and brought back: for partners who do not use Maillage."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import reference
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms.steering import Indicator
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Unreadable
from maillage.core.spreadsheets.writing import xlsx
from maillage.indicators.asking import asked_in
from maillage.indicators.figures import Year
from maillage.indicators.sheets import actions
from maillage.indicators.sheets.actions import Given
from maillage.indicators.sheets.queries import Filled, said_in, sheet_of
from maillage.indicators.sheets.rules import Said
from maillage.indicators.sheets.template import COLUMNS, MOST, Brought, brought, code_of, lines
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.texts import breadcrumb
from maillage.web.indicators.answering import reached_in, require_answering
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

LARGEST: Final = 2 * 1024 * 1024
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BringForm(forms.Form):
    """The table that comes back."""

    use_required_attribute = False
    file = forms.FileField(
        label="Fiche remplie (XLSX, ODS ou CSV)",
        help_text=typeset("Celle de cette année et de cette convention, téléchargée d’ici. 2 Mo au plus."),
        error_messages={"required": "Choisissez le fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_file(self) -> bytes:
        """The bytes of a file that is not too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(typeset("Ce fichier dépasse 2 Mo."))
        data: bytes = file.read()
        return data


@page(permission=Permission.WRITE_CONVENTIONS)
def taken(request: MemberRequest, convention: UUID, year: int) -> HttpResponse:
    """The sheet as a table to fill, with what was answered so far."""
    known, asked_year = reached_in(request, convention, year)
    require_answering(acting_member(request), known)
    filled = sheet_of(known.id, asked_year)
    said = {place: said_in(row) for place, row in filled.said.items()}
    rows = lines(_asked(request, known, asked_year), code_of(year, reference(known.id)), said)
    answer = HttpResponse(xlsx(f"Fiche {year}", COLUMNS, rows), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="fiche-{year}.xlsx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def bring(request: MemberRequest, convention: UUID, year: int) -> HttpResponse:
    """Bring a filled table back: all its answers, or none while one of them is wrong."""
    known, asked_year = reached_in(request, convention, year)
    require_answering(acting_member(request), known)
    form = BringForm(request.POST or None, request.FILES or None)
    wrong: list[Brought] = []
    if request.method == "POST" and form.is_valid():
        asked = _asked(request, known, asked_year)
        try:
            table = read_table(form.cleaned_data["file"], most=MOST)
            found = brought(table, asked, code_of(year, reference(known.id)))
        except Unreadable as error:
            form.add_error("file", typeset(str(error.args[0])))
        else:
            wrong = [one for one in found if one.faults]
            if not wrong and _written(request, known, asked_year, found, form):
                return redirect("indicators:bilan", known.id, year)
    context: dict[str, Any] = {
        "convention": known.row,
        "form": form,
        "title": "Fiche remplie ailleurs",
        "lead": f"Bilan {year}",
        "breadcrumb": [
            *breadcrumb(known),
            (f"Bilan {year}", reverse("indicators:bilan", args=[known.id, year])),
        ],
        "template": reverse("indicators:sheet_taken", args=[known.id, year]),
        "back": reverse("indicators:bilan", args=[known.id, year]),
        "wrong": _wrong_table(wrong) if wrong else None,
    }
    return render(request, "indicators/bring.html", context)


def _asked(request: MemberRequest, known: LoadedConvention, year: Year) -> tuple[Indicator, ...]:
    return asked_in(known, year, day_of(known.row, request.instant))


def _written(
    request: MemberRequest, known: LoadedConvention, year: Year, found: list[Brought], form: BringForm
) -> bool:
    """Write the answers that say something new, over the newest ones; False when they were refused, and why is said."""
    filled = sheet_of(known.id, year)
    given = [_given(filled, one) for one in found if one.said != Said()]
    try:
        actions.answer(
            convention=known.row, year=year, given=given, by=acting_member(request), at=request.instant
        )
    except Refused as refused:
        form.add_error("file", typeset(refused.message))
        return False
    messages.success(request, f"{counted(len(given), 'réponse')} dans ce tableau, enregistrées.")
    return True


def _given(filled: Filled, one: Brought) -> Given:
    return Given(one.place, one.said, filled.revision(one.place))


def _wrong_table(wrong: list[Brought]) -> Table:
    return plain_table(
        "a-corriger",
        counted(len(wrong), "ligne à corriger", "lignes à corriger"),
        ["Ligne du fichier", "Question", "Ce qui ne va pas"],
        [(str(one.line), ".".join(filter(None, one.place)), typeset(" ".join(one.faults))) for one in wrong],
        stacks=True,
    )
