"""What the bodies below the head of a network have under way: counts, for whoever protects data there."""

from django.http import HttpResponse
from django.shortcuts import render

from maillage.organisations.roles import Permission
from maillage.protection.network.queries import BodyCounts, network_of, together
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import number
from maillage.web.presentation.tables import Column, plain_table
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_COLUMNS = [
    Column("Organisme"),
    *(
        Column(label, is_number=True)
        for label in (
            "Violations en cours",
            "Demandes en cours",
            "dont en retard",
            "Destructions à venir",
            "Lectures à examiner",
            "Personnes sans formation",
        )
    ),
]


@page(permission=Permission.PROTECT_DATA)
def network(request: MemberRequest) -> HttpResponse:
    """All of them together, what they share once, then one line for each body below."""
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    bodies = network_of(member, on=on)
    bodies = sorted(
        bodies, key=lambda one: not any(_counts(one))
    )  # those with something under way first, each by name
    rows = [[_named(one), *map(number, _counts(one))] for one in bodies]
    if len(bodies) > 1:
        once, (_, _, _, *others) = together(member, on=on), map(sum, zip(*map(_counts, bodies), strict=True))
        counts = (once.breaches, once.requests, once.late_requests, *others)
        rows.insert(0, ["Tout le réseau", *map(number, counts)])
    table = plain_table(
        "reseau",
        "Protection des données, organisme par organisme",
        _COLUMNS,
        rows,
        empty="Aucun organisme n’est rattaché au vôtre, ou personne n’y travaille encore.",
        stacks=True,
    )
    return render(request, "protection/network.html", {"table": table})


def _named(body: BodyCounts) -> str:
    place = f" ({body.departement})" if body.departement else ""
    return f"{body.name}{place}" + ("" if body.is_watched else " : personne n’y veille aux données")


def _counts(body: BodyCounts) -> tuple[int, ...]:
    return (
        body.breaches,
        body.requests,
        body.late_requests,
        body.destructions,
        body.alerts,
        body.untrained,
    )
