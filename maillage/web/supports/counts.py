"""How often a support was opened: by version and organisation, with the rule by which it is counted. Never by whom."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from maillage.catalogue.counting import RULE, Openings, tallies
from maillage.catalogue.queries import Shown
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Tile
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import Column, Table, plain_table
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page
from maillage.web.supports.reading import kept_or_403, way_back

_LATELY: Final = timedelta(days=30)
_NOBODY: Final = "Sans compte"


@page(permission=Permission.WRITE_CONVENTIONS)
def counts(request: MemberRequest, support: UUID) -> HttpResponse:
    """The openings of all versions, and of the last thirty days."""
    shown = kept_or_403(request, support)
    since = local_day(request.instant, acting_member(request)) - _LATELY
    found, lately = tallies(support), tallies(support, since=since)
    context = {
        "support": shown.support,
        "breadcrumb": way_back(shown.support),
        "tiles": [
            Tile("En tout", number(_sum(found)), "Depuis la première publication."),
            Tile("Depuis 30 jours", number(_sum(lately)), "Aujourd’hui compris."),
            Tile("Par l’adresse imprimée", number(sum(one.by_code for one in found)), "En tout."),
        ],
        "table": _table(shown, found),
        "rule": RULE,
    }
    return render(request, "supports/counts.html", context)


def _sum(found: list[Openings]) -> int:
    return sum(one.total for one in found)


def _table(shown: Shown, found: list[Openings]) -> Table:
    labels = {version.id: version.label for version in shown.versions}
    columns = [
        Column("Version"),
        Column("Organisme"),
        *(Column(label, is_number=True) for label in ("Par la page", "Par l’adresse imprimée", "Total")),
    ]
    rows = [
        (
            labels.get(one.version, ""),
            one.organisation or _NOBODY,
            number(one.by_page),
            number(one.by_code),
            number(one.total),
        )
        for one in found
    ]
    return plain_table(
        "ouvertures", counted(len(rows), "ligne"), columns, rows, empty="Personne ne l’a encore ouvert."
    )
