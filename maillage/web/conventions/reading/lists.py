"""The list of a member's conventions."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from maillage.audit.actions import record
from maillage.conventions.deployment.policies import is_concerned
from maillage.conventions.lifecycle.queries import (
    DISPUTED,
    EXPIRING,
    LAST_PAGE,
    LATE,
    PAGE_SIZE,
    Filters,
    Listed,
    ListPage,
    list_conventions,
)
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.identity import Level
from maillage.organisations.kinds import BodyKind
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.opening import day_of
from maillage.web.conventions.reading.states import Badge, state_badge
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import due_cell, state_cell
from maillage.web.presentation.components import due_badge
from maillage.web.presentation.dates import short_date
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

_ANY: Final = ("", "Tous")
_LEVELS: Final = [(level.value, capfirst(level.label)) for level in Level if level is not Level.TEMPLATE]
_STATES: Final = [
    *((state.value, capfirst(state.label)) for state in State),
    (EXPIRING, "En vigueur, terme dans les 120 jours"),
    (DISPUTED, "En vigueur selon une lecture, à trancher"),
]
_DUE: Final = [
    (LATE, "En retard"),
    ("30", "Dans les 30 jours"),
    ("90", "Dans les 90 jours"),
    ("120", "Dans les 120 jours"),
]
_SORTS: Final = {"nom": "title", "-nom": "-title", "echeance": "due", "-echeance": "-due"}
_COLUMNS: Final = (
    Column("Convention", "nom"),
    Column("Niveau"),
    Column("Parties"),
    Column("Département"),
    Column("État"),
    Column("Terme en cours"),
    Column("Prochaine échéance", "echeance"),
)
_NIL: Final = str(UUID(int=0))
_LEVEL_LABELS: Final = {level.value: capfirst(level.label) for level in Level}


class ListFilters(forms.Form):
    """What the list is limited to; nothing personal is asked for."""

    texte = forms.CharField(label="Mots de l’intitulé", required=False, max_length=100)
    niveau = forms.ChoiceField(label="Niveau", required=False, choices=[_ANY, *_LEVELS])
    partenaire = forms.ChoiceField(
        label="Nature du partenaire",
        required=False,
        choices=[("", "Toutes"), *((kind.value, kind.label) for kind in BodyKind)],
    )
    departement = forms.RegexField(
        label="Département",
        required=False,
        regex=r"^(?:[0-9]{2,3}|2[ABab])$",
        error_messages={"invalid": "Écrivez un numéro de département, comme 42, 2A ou 974."},
    )
    etat = forms.ChoiceField(label="État", required=False, choices=[_ANY, *_STATES])
    echeance = forms.ChoiceField(label="Échéance", required=False, choices=[("", "Toutes"), *_DUE])

    def filters(self, sort: str) -> Filters:
        """The filters that were understood; one that was not limits nothing and says so at its field."""
        self.is_valid()
        known = self.cleaned_data
        return Filters(
            level=known.get("niveau", ""),
            partner_kind=known.get("partenaire", ""),
            departement=known.get("departement", "").upper(),
            state=known.get("etat", ""),
            due=known.get("echeance", ""),
            text=known.get("texte", ""),
            sort=_SORTS.get(sort, ""),
        )


@page(permission=Permission.READ_CONVENTIONS)
def conventions(request: MemberRequest) -> HttpResponse:
    """All the conventions of the member's organisation, two hundred a page; the ended ones too."""
    member = acting_member(request)
    on = day_of(request, member)
    form = ListFilters(request.GET)
    sort = request.GET.get("tri", "")
    found = list_conventions(member, form.filters(sort), page_asked(request.GET), on=on)
    record(
        verb="list_read",
        object_type="convention",
        object_ref=",".join(str(row.id) for row in found.rows),
        by=member.user,
        organisation=member.organisation,
    )
    context: dict[str, Any] = {
        "form": form,
        "table": _table(found, query=request.GET.dict(), sort=sort, on=on),
        "url": reverse("conventions:list"),
        "draft_url": reverse("conventions:new") if member.may(Permission.WRITE_CONVENTIONS) else "",
        "deployment_url": reverse("conventions:deployments") if is_concerned(member) else "",
    }
    return render(request, "conventions/list.html", context)


def _table(found: ListPage, *, query: Mapping[str, str], sort: str, on: date) -> Table:
    address = reverse("conventions:convention", args=[_NIL])
    return Table(
        name="conventions",
        caption=_caption(found),
        headings=headings(_COLUMNS, query=query, sort=sort if sort in _SORTS else ""),
        rows=[_row(row, on, address) for row in found.rows],
        pages=_pages(found, query),
        empty=_empty(found, query),
    )


def _empty(found: ListPage, query: Mapping[str, str]) -> str:
    """Why there is no row: a page after the last, filters that keep nothing, or nothing at all."""
    if found.number > 1:
        return "Cette page est après la dernière. « Précédente » ramène au début de la liste."
    if any(query.get(name, "").strip() for name in ListFilters.base_fields):
        return "Aucune convention ne répond à ces filtres. « Tout afficher » les enlève."
    return "Votre organisme n’est partie à aucune convention, et aucune n’est portée à sa connaissance."


def _caption(found: ListPage) -> str:
    if found.number == 1 and not found.has_next:
        return counted(len(found.rows), "convention")
    return f"Conventions, page {number(found.number)}"


def _row(row: Listed, on: date, address: str) -> Row:
    """`address` is that of a page of convention, with the nil id in the place of hers: two hundred are not reversed."""
    return Row(
        (
            row.title,
            _LEVEL_LABELS.get(row.level, row.level),
            row.partners,
            row.departement or "–",
            _state(state_badge(row.state, row.end_kind, row.ends_on, on, is_disputed=row.is_disputed)),
            _term(row),
            _due(row, on),
        ),
        url=address.replace(_NIL, str(row.id)),
    )


@cache
def _state(badge: Badge) -> SafeString:
    """There are a dozen of them: each is escaped once."""
    return state_cell(badge.text, badge.tone)


def _term(row: Listed) -> str:
    if row.ends_on is not None:
        return f"jusqu’au {short_date(row.ends_on)}"
    if row.is_disputed:
        return "selon la lecture"
    return "fin inconnue" if row.state == State.IN_FORCE else "–"


def _due(row: Listed, on: date) -> str:
    if row.next_due_on is None:
        return "–"
    return format_html("<div>{} {}</div>", due_cell(due_badge(row.next_due_on, on)), row.next_due_what)


def _pages(found: ListPage, query: Mapping[str, str]) -> Pages | None:
    """Neighbours only: counting every page would cost more than the page itself."""
    if found.number == 1 and not found.has_next:
        return None
    first = (found.number - 1) * PAGE_SIZE + 1
    links: Sequence[PageLink] = (PageLink(found.number),)

    def url(target: int) -> str:
        return query_with(query, page=str(target) if target > 1 else None)

    return Pages(
        links=links,
        previous_url=url(min(found.number - 1, LAST_PAGE) if found.rows else 1) if found.number > 1 else "",
        next_url=url(found.number + 1) if found.has_next else "",
        shown=f"{number(first)} à {number(first + len(found.rows) - 1)}" if found.rows else "",
    )
