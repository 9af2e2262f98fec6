"""Who has a role and no training on personal data (S2, S4 annexe 1-4): nothing opens to them until it is dated."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.organisations.models import Membership
from maillage.organisations.people.queries import untrained
from maillage.organisations.roles import ROLES, Permission, Role
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.tables import Column, plain_table
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_COLUMNS = [Column("Personne"), Column("Rôle")]


@page(permission=Permission.PROTECT_DATA)
def people(request: MemberRequest) -> HttpResponse:
    """Colleagues by name, and who dates a training."""
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    found = untrained(member, on=on)
    held = Membership.objects.filter(
        Q(until=None) | Q(until__gte=on), organisation=member.organisation, since__lte=on
    )
    roles: dict[UUID, list[str]] = {}
    for user, role in held.filter(user__in=found).order_by("role").values_list("user_id", "role"):
        roles.setdefault(user, []).append(ROLES[Role(role)].label)
    table = plain_table(
        "sans_formation",
        "Personnes sans formation",
        _COLUMNS,
        [[one.full_name, ", ".join(roles.get(one.id, []))] for one in found],
        empty="Toutes les personnes qui ont un rôle ici ont une formation datée.",
        stacks=True,
    )
    manages = member.may(Permission.MANAGE_ORGANISATION)
    context = {
        "table": table,
        "some": bool(found),
        "members_url": reverse("people:members") if manages else "",
    }
    return render(request, "protection/training.html", context)
