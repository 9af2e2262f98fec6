"""« Qui peut quoi »: the declared roles and what each allows, as the documents print them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from maillage.organisations.roles import PERMISSION_LABELS, ROLES, Permission
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.tables import plain_table
from maillage.web.rules import page


@page(anonymous=True)
def roles(request: MemberRequest) -> HttpResponse:
    """Nothing of anybody: what is declared, for everybody to read."""
    matrix = plain_table(
        "droits",
        "Ce que permet chaque rôle",
        ["Ce que l’on peut faire", *(declared.label for declared in ROLES.values())],
        [
            [
                capfirst(PERMISSION_LABELS[permission]),
                *("oui" if permission in declared.permissions else "—" for declared in ROLES.values()),
            ]
            for permission in Permission
        ],
    )
    return render(request, "people/roles.html", {"matrix": matrix, "roles": ROLES.values()})
