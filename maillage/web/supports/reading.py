"""The library and the page of one support: what is current, how to open it, what to use instead."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from maillage.catalogue import queries
from maillage.catalogue.models import Support, SupportVersion
from maillage.catalogue.policies import can_keep, can_keep_support
from maillage.catalogue.queries import Found, Shown
from maillage.catalogue.rules import AUDIENCES, KINDS, LANGUAGES, Standing
from maillage.catalogue.states import TOLD
from maillage.catalogue.stock import has_stock
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import link_cell, state_cell
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import (
    Column,
    PageLink,
    Pages,
    Row,
    Table,
    headings,
    page_asked,
    query_with,
)
from maillage.web.rules import acting_member, page
from maillage.web.supports.forms import SearchForm
from maillage.web.supports.words import (
    SUPPORT_WORDS,
    TONES,
    alarm,
    days_words,
    facts,
    listed,
    standing_words,
    support_standing,
)

TITLE: Final = "Supports"
ABOVE = ((TITLE, reverse_lazy("supports:list")),)
"""The way back to the library."""
_COLUMNS: Final = tuple(
    Column(label) for label in ("Titre", "Nature", "Pour qui", "Langues", "Proposé par", "État")
)


def known_or_404(request: MemberRequest, support: UUID) -> Shown:
    """A support that was published, or one of the member's organisation."""
    try:
        return queries.known(acting_member(request), support)
    except Support.DoesNotExist as unknown:
        raise Http404 from unknown


def kept_or_403(request: MemberRequest, support: UUID) -> Shown:
    """A support that the member keeps; 403 for those who read it only."""
    shown = known_or_404(request, support)
    if not can_keep_support(acting_member(request), shown.support):
        raise PermissionDenied("Ce support est tenu par un autre organisme.")
    return shown


def way_back(support: Support) -> list[tuple[Any, Any]]:
    """The library, then the page of a support."""
    return [*ABOVE, (support.title, reverse("supports:support", args=[support.id]))]


@page(permission=Permission.READ_CONVENTIONS)
def library(request: MemberRequest) -> HttpResponse:
    """What is current, by title, fifty a page; the rest when it is asked for."""
    member = acting_member(request)
    form = SearchForm(request.GET)
    found = queries.search(member, form.search(), page_asked(request.GET))
    context = {
        "form": form,
        "table": _table(found, request.GET.dict()),
        "url": reverse("supports:list"),
        "keeps": can_keep(member),
    }
    return render(request, "supports/list.html", context)


def _table(found: Found, query: dict[str, str]) -> Table:
    limited = any(query.get(name, "").strip() for name in SearchForm.base_fields)
    alone = found.number == 1 and not found.has_next
    return Table(
        "supports",
        counted(len(found.rows), "support") if alone else f"Supports, page {number(found.number)}",
        headings(_COLUMNS, query=query),
        [_row(one) for one in found.rows],
        pages=_pages(found, query),
        empty="Aucun support ne répond à cette recherche. « Tout afficher » enlève les filtres."
        if limited
        else "Aucun support n’est encore publié.",
    )


def _row(shown: Shown) -> Row:
    row, standing = shown.support, support_standing(shown)
    return Row(
        (
            row.title,
            KINDS[row.kind],
            listed(row.audience, AUDIENCES),
            listed(row.languages, LANGUAGES),
            row.organisation.short_name,
            state_cell(standing_words(standing, SUPPORT_WORDS), TONES[standing]),
        ),
        url=reverse("supports:support", args=[row.id]),
    )


def _pages(found: Found, query: dict[str, str]) -> Pages | None:
    if found.number == 1 and not found.has_next:
        return None

    def url(target: int) -> str:
        return query_with(query, page=str(target) if target > 1 else None)

    return Pages(
        links=[PageLink(found.number)],
        previous_url=url(found.number - 1) if found.number > 1 else "",
        next_url=url(found.number + 1) if found.has_next else "",
        shown=f"page {number(found.number)}",
    )


@page(permission=Permission.READ_CONVENTIONS)
def support(request: MemberRequest, support: UUID) -> HttpResponse:
    """What it is, its current version, the versions before; for its owner, what can be done with each."""
    member, shown = acting_member(request), known_or_404(request, support)
    keeps = can_keep_support(member, shown.support)
    standing, latest = support_standing(shown), shown.latest
    instead = latest.replaced_by if latest is not None and shown.current is None else None
    context = {
        "support": shown.support,
        "breadcrumb": list(ABOVE),
        "state": standing_words(standing, SUPPORT_WORDS),
        "tone": TONES[standing],
        "alarm": alarm(shown),
        "instead": instead,
        "current": shown.current,
        "facts": facts(shown),
        "keeps": keeps,
        "stocks": can_keep(member) and has_stock(shown.support),
        "versions": _versions(shown, keeps=keeps),
    }
    return render(request, "supports/support.html", context)


def _versions(shown: Shown, *, keeps: bool) -> Table:
    columns = ["Version", "Jours", "État", "À savoir"] + (["Faire"] if keeps else [])
    told = [one for one in shown.versions if keeps or one.state in TOLD]
    rows = [Row(_version(shown, one, keeps=keeps)) for one in told]
    return Table(
        "versions",
        counted(len(rows), "version"),
        headings([Column(label) for label in columns], query={}),
        rows,
        empty="Aucune version : ajoutez un fichier ou un lien.",
    )


def _version(shown: Shown, version: SupportVersion, *, keeps: bool) -> tuple[str, ...]:
    standing = shown.standing(version)
    cells: list[str] = [
        version.label,
        days_words(version, ZoneInfo(shown.support.organisation.time_zone)),
        state_cell(standing_words(standing), TONES[standing]),
        version.reason or version.changes or "–",
    ]
    return (*cells, _acts(version, standing)) if keeps else tuple(cells)


def _acts(version: SupportVersion, standing: Standing) -> str:
    """The one act that comes first; the others are on its page."""
    if standing is Standing.DRAFT:
        return link_cell("Relire et publier", reverse("supports:publish", args=[version.id]))
    if standing in {Standing.CURRENT, Standing.UPCOMING, Standing.ENDED}:
        return link_cell("Validité ou retrait", reverse("supports:prolong", args=[version.id]))
    return "–"
