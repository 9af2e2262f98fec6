"""What is being prepared: one's own files and those of whom one replaces. Nobody is named: their reference tells them apart.

Those that a table began have a list of their own, by the lines of that table: thousands would hide what is written by hand.
"""

from typing import Final
from uuid import UUID

from django.db.models import Count, F, Func, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.rights.bulk import acting
from maillage.rights.models import Preparation, PreparedPiece
from maillage.rights.preparing import within_reach
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_instant, short_instant
from maillage.web.presentation.numbers import number
from maillage.web.presentation.tables import (
    Column,
    Row,
    Table,
    headings,
    page_asked,
    pages,
    plain_table,
    query_with,
)
from maillage.web.rules import acting_member, page

MOST: Final = 200
"""Files of one page: more than anybody writes by hand at a time. The last ones that were touched come first."""
_COLUMNS: Final = (
    Column("Référence"),
    Column("Enregistré"),
    Column("Pièces", is_number=True),
    Column("Commencé par"),
)
_PIECES: Final = Subquery(
    PreparedPiece.objects.filter(preparation=OuterRef("id"))
    .order_by()
    .annotate(many=Func(F("id"), function="count"))
    .values("many")
)
"""Counted for the files that are shown, and for no others."""


@page(permission=Permission.SEND_REFERRALS)
def preparations(request: MemberRequest) -> HttpResponse:
    """The list: a few queries, whatever its length."""
    member = acting_member(request)
    if "tableau" in request.GET:
        return _of_a_table(request, member, request.GET["tableau"])
    rows = within_reach(member).filter(imported=None).order_by("-updated_at", "id")[:MOST]
    table = Table(
        name="preparations",
        caption="Dossiers en préparation",
        headings=headings(_COLUMNS, query={}),
        rows=_rows(request, member, rows),
        detail="les derniers enregistrés d’abord",
        empty="Aucun dossier en préparation.",
    )
    return render(request, "preparing/list.html", {"table": table, "tables": _tables(member)})


def _rows(
    request: MemberRequest, member: Member, rows: QuerySet[Preparation], *, lines: bool = False
) -> list[Row]:
    found = list(rows.annotate(added=_PIECES).defer("sealed"))
    others = {row.author for row in found} - {member.user}
    names = dict(User.objects.filter(id__in=others).values_list("id", "full_name")) if others else {}
    return [
        Row(
            (
                reference(row.id),
                *([number(row.line or 0)] if lines else []),
                long_instant(row.updated_at.astimezone(request.instant.tzinfo)),
                number(row.added),
                "Vous" if row.author == member.user else str(names.get(row.author, "")),
            ),
            url=reverse("preparations:step", args=[row.id, "apercu"]),
        )
        for row in found
    ]


def _tables(member: Member) -> Table | None:
    """The tables that have files left to complete, the last one first."""
    rows = within_reach(member).filter(imported__isnull=False).values("imported", "imported__uploaded_at")
    counted = rows.annotate(many=Count("id")).order_by("-imported__uploaded_at")
    found = [
        Row(
            (f"Tableau du {short_instant(one['imported__uploaded_at'])}", number(one["many"])),
            url=query_with({}, tableau=str(one["imported"])),
        )
        for one in counted[:MOST]
    ]
    if not found:
        return None
    drawn = plain_table("venus-d-un-tableau", "Dossiers venus d’un tableau", _OF_TABLES, [])
    return Table(drawn.name, drawn.caption, drawn.headings, found)


_OF_TABLES: Final = (Column("Tableau"), Column("Dossiers à compléter", is_number=True))


def _of_a_table(request: MemberRequest, member: Member, said: str) -> HttpResponse:
    """The files that a table began and that are not sent yet, in the order of its lines."""
    try:
        brought = acting.within_reach(member).filter(id=UUID(said)).first()
    except ValueError:
        brought = None
    if brought is None:
        raise Http404
    rows = within_reach(member).filter(imported=brought.id).order_by("line", "id")
    total = rows.count()
    at = min(page_asked(request.GET), max(1, -(-total // MOST)))
    query = {"tableau": str(brought.id)}
    table = Table(
        name="preparations",
        caption="Dossiers en préparation",
        headings=headings((_COLUMNS[0], Column("Ligne", is_number=True), *_COLUMNS[1:]), query=query),
        rows=_rows(request, member, rows[(at - 1) * MOST : at * MOST], lines=True),
        pages=pages(page=at, size=MOST, total=total, query=query) if total > MOST else None,
        detail="dans l’ordre des lignes du tableau",
        empty="Aucun dossier de ce tableau ne reste à compléter.",
    )
    context = {
        "table": table,
        "brought": short_instant(brought.uploaded_at),
        "brought_url": reverse("preparations:import", args=[brought.id]),
        "breadcrumb": [("Dossiers en préparation", reverse("preparations:list"))],
    }
    return render(request, "preparing/list_of_table.html", context)
