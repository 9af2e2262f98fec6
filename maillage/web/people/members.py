"""The people of one's organisation: the list, and one person's sheet. For administrators."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.organisations.base import Membership
from maillage.organisations.member import Member
from maillage.organisations.people.inviting import invitations_of
from maillage.organisations.people.models import Invitation
from maillage.organisations.people.queries import Colleague, colleague, colleagues, runs
from maillage.organisations.roles import ROLES, Permission, Role
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_date, long_instant, short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.presentation.tones import Tone
from maillage.web.rules import acting_member, page

COLUMNS = [
    Column(name)
    for name in ("Personne", "Rôles", "Depuis, jusqu’au", "Engagement", "Formation RGPD", "Accès")
]


def label_of(role: str) -> str:
    """A role in French; one that is no longer declared, as it was stored."""
    return ROLES[Role(role)].label if role in ROLES else role


def day_of(request: MemberRequest, member: Member) -> date:
    """The day where the organisation works."""
    return request.instant.astimezone(ZoneInfo(member.time_zone)).date()


@page(permission=Permission.MANAGE_ORGANISATION)
def members(request: MemberRequest) -> HttpResponse:
    """Who works here, as what, until when, and what is missing to some of them; the invitations that wait."""
    member = acting_member(request)
    found = colleagues(member, on=day_of(request, member))
    here = [one for one in found if not one.has_left]
    context = {
        "table": _table("membres", counted(len(here), "membre"), here),
        "former": _table("anciens", "Personnes parties", [one for one in found if one.has_left]),
        "waiting": [one for one in here if one.current and not one.may_act],
        "invitations": [_invited(row, request) for row in invitations_of(member)],
    }
    return render(request, "people/members.html", context)


def _table(name: str, caption: str, shown: list[Colleague]) -> Table:
    return Table(name, caption, headings(COLUMNS, query={}), [_row(one) for one in shown])


def _row(one: Colleague) -> Row:
    shown = [*one.current, *one.coming] or list(one.memberships[:1])
    return Row(
        (
            one.user.full_name,
            ", ".join(label_of(row.role) for row in shown),
            " ; ".join(dict.fromkeys(period(row) for row in shown)),
            short_date(one.undertaking.signed_at) if one.undertaking else "à signer",
            short_date(one.training.done_on) if one.training else "à dater",
            _access(one),
        ),
        url=reverse("people:person", args=[one.user.id]),
    )


def _access(one: Colleague) -> str:
    if one.may_act:
        return state_cell("ouvert", Tone.GOOD)
    if one.current:
        return state_cell("en attente", Tone.SOON)
    return state_cell("à venir" if one.coming else "fermé", Tone.NEUTRAL)


def period(row: Membership) -> str:
    """From when to when, in a table."""
    until = f" au {short_date(row.until)}" if row.until else ""
    return f"{'du ' if row.until else ''}{short_date(row.since)}{until}"


def _invited(row: Invitation, request: MemberRequest) -> dict[str, object]:
    return {
        "row": row,
        "roles": ", ".join(label_of(role) for role in row.roles),
        "sent": long_instant(row.sent_at),
        "sendings": row.sendings,
        "expires": long_instant(row.expires_at),
        "has_expired": row.expires_at <= request.instant,
    }


def reached(request: MemberRequest, person: UUID) -> Colleague:
    """Somebody of one's organisation; 404 for anybody else."""
    member = acting_member(request)
    found = colleague(member, person, on=day_of(request, member))
    if found is None:
        raise Http404
    return found


@page(permission=Permission.MANAGE_ORGANISATION)
def person(request: MemberRequest, person: UUID) -> HttpResponse:
    """One person: each role with its days, what lets her act, and what may be done."""
    found = reached(request, person)
    on = found.on
    context = {
        "one": found,
        "breadcrumb": [("Membres", reverse("people:members"))],
        "is_me": found.user.id == acting_member(request).user,
        "roles": [_role(row, on) for row in found.memberships],
        "signed": long_instant(found.undertaking.signed_at) if found.undertaking else "",
        "trainings": [(long_date(row.done_on), row.title) for row in found.trainings],
    }
    return render(request, "people/person.html", context)


def _role(row: Membership, on: date) -> dict[str, object]:
    is_over = row.until is not None and row.until < max(on, row.since)
    return {
        "row": row,
        "label": label_of(row.role),
        "since": long_date(row.since),
        "until": long_date(row.until) if row.until else "",
        "is_over": is_over,
        "runs": runs(row, on),
        "withdrawn": row.until is not None and row.until < row.since,
    }
