"""« Retrouver un dossier »: among the referrals of one's own organisation, by what is asked by POST and kept nowhere."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.roles import Permission
from maillage.referrals.lists.finding import find as find_referrals
from maillage.referrals.lists.queries import Line
from maillage.referrals.lists.wanted import PAGE
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table, headings
from maillage.web.referrals.forms import FindForm
from maillage.web.referrals.lines import line_columns, line_row
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"))
def find(request: MemberRequest) -> HttpResponse:
    """The form, and under it what was found: nothing of it stands in the address, nor in the journal."""
    member = acting_member(request)
    form = FindForm(request.POST if request.method == "POST" else None)
    table = None
    if form.is_valid():
        found = find_referrals(member, **form.cleaned_data)
        on = local_day(request.instant, member)
        table = _table(found, on, receives=is_health_insurance(member.organisation_kind))
    context = {"form": form, "table": table, "breadcrumb": [("Orientations", reverse("referrals:list"))]}
    return render(request, "referrals/find.html", context)


def _table(found: Sequence[Line], on: date, *, receives: bool) -> Table:
    return Table(
        name="trouvees",
        caption=counted(len(found), "orientation trouvée", "orientations trouvées")
        if found
        else "Aucune orientation",
        headings=headings(line_columns(receives=receives), query={}),
        rows=[line_row(line, receives=receives, on=on) for line in found],
        pages=None,
        detail="les plus récentes d’abord" + (f", {PAGE} au plus" if len(found) == PAGE else ""),
        empty="Aucune orientation de votre organisme ne correspond. Vérifiez l’orthographe, la date ou la référence ; une orientation "
        "envoyée à l’instant se retrouve après une minute ou deux.",
    )
