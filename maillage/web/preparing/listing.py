"""What is being prepared: one's own files and those of whom one replaces. Nobody is named: their reference tells them apart."""

from typing import Final

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.rights.preparing import within_reach
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_instant
from maillage.web.presentation.numbers import number
from maillage.web.presentation.tables import Column, Heading, Row, Table
from maillage.web.rules import acting_member, page

MOST: Final = 200
"""Files of one page: more than anybody prepares at a time. The last ones that were touched come first."""
_COLUMNS: Final = (
    Column("Référence"),
    Column("Enregistré"),
    Column("Pièces", is_number=True),
    Column("Commencé par"),
)


@page(permission=Permission.SEND_REFERRALS)
def preparations(request: MemberRequest) -> HttpResponse:
    """The list: two queries, whatever its length."""
    member = acting_member(request)
    rows = within_reach(member).annotate(added=Count("pieces")).order_by("-updated_at", "id")[:MOST]
    found = list(rows.defer("sealed"))
    others = {row.author for row in found} - {member.user}
    names = dict(User.objects.filter(id__in=others).values_list("id", "full_name")) if others else {}
    table = Table(
        name="preparations",
        caption="Dossiers en préparation",
        headings=[Heading(one.label, "", one.is_number, "", "") for one in _COLUMNS],
        rows=[
            Row(
                (
                    reference(row.id),
                    long_instant(row.updated_at.astimezone(request.instant.tzinfo)),
                    number(row.added),
                    "Vous" if row.author == member.user else str(names.get(row.author, "")),
                ),
                url=reverse("preparations:step", args=[row.id, "apercu"]),
            )
            for row in found
        ],
        detail="les derniers enregistrés d’abord",
        empty="Aucun dossier en préparation.",
    )
    return render(request, "preparing/list.html", {"table": table})
