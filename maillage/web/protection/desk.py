"""The desk of whoever watches over an organisation's data: what is due, and how much of each there is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.cases.vigilance import to_look_at
from maillage.conventions.queries import texts_in_force
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation
from maillage.organisations.people.queries import untrained
from maillage.organisations.roles import Permission
from maillage.protection.assessments.queries import to_answer, to_review
from maillage.protection.authorisations.queries import in_force
from maillage.protection.breaches.queries import running
from maillage.protection.destruction.queries import to_come
from maillage.protection.firsts import MOST, Firsts
from maillage.protection.requests.queries import running as requests_running
from maillage.protection.retention.keeping import Closed, closed_cases
from maillage.protection.retention.queries import going
from maillage.web.home.tasks import shown, tasks_of
from maillage.web.journal import alerts
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Tile
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset
from maillage.web.protection.assessments.tasks import due as assessments_due
from maillage.web.protection.authorisations.tasks import due as transfers_due
from maillage.web.protection.cut import how_many_of
from maillage.web.protection.durations.tasks import due_of as durations_of_closed
from maillage.web.protection.keeping import journal_overdue
from maillage.web.protection.requests.tasks import due as requests_due
from maillage.web.protection.tasks import destructions_of, due, roles_of
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_ROOMS: Final = (due, requests_due, transfers_due, assessments_due, alerts.due)
"""Whose tasks this desk shows, besides those of what it reads once itself: its own rooms, and what the journal noticed."""


@page(permission=Permission.PROTECT_DATA)
def desk(request: MemberRequest) -> HttpResponse:
    """What is due of the organisation's data, by date; then what there is, each with its definition."""
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    texts = texts_in_force(member, on=on)
    coming, closed = to_come(member), closed_cases()
    rooms = (
        *_ROOMS,
        lambda _member, _on: roles_of(texts, on),
        lambda _member, _on: destructions_of(member, coming),
        lambda _member, _on: durations_of_closed(member, closed, on),
    )
    return render(
        request,
        "protection/desk.html",
        {
            "tasks": [shown(task, on=on) for task in tasks_of(rooms, member, on=on)],
            "overdue": journal_overdue(member, request.instant),
            "tiles": _tiles(
                member,
                len(untrained(member, on=on)),
                on,
                request.instant,
                coming=how_many_of(coming),
                going_now=_this_month(member, closed, on),
            ),
            "has_network": Organisation.objects.filter(parent=member.organisation).exists(),
            "conventions": [
                (typeset(known.row.title), reverse("conventions:data_roles", args=[known.id]))
                for known, _ in texts
            ],
        },
    )


def _this_month(member: Member, closed: Sequence[Closed], on: date) -> int:
    return sum(one.many for one in going(member, on, closed) if one.month == on.replace(day=1))


def _tiles(
    member: Member, waiting: int, on: date, at: datetime, *, coming: str, going_now: int
) -> list[Tile]:
    return [
        Tile(
            "Violations en cours",
            how_many_of(running(member)),
            "Signalées ou reçues, ni écartées ni closes.",
            reverse("protection:breaches"),
        ),
        Tile(
            "Demandes en cours",
            how_many_of(requests_running(member)),
            "Demandes de personnes sur leurs données, ni répondues ni refusées.",
            reverse("protection:requests"),
        ),
        Tile(
            "Autorisations en vigueur",
            number(len(in_force(member, at))),
            "Sous-traitants et tiers auxquels votre organisme peut transmettre des données aujourd’hui.",
            reverse("protection:transfers"),
        ),
        Tile(
            "Destructions à venir",
            coming,
            "Données de votre organisme sous des conventions finies, pas encore détruites.",
            reverse("protection:destructions"),
        ),
        Tile(
            "S’efface ce mois-ci",
            number(going_now),
            "Dossiers clos, brouillons, demandes, contacts et comptes gardés aussi longtemps qu’il le fallait.",
            reverse("protection:calendar"),
        ),
        Tile(
            "Analyses d’impact à suivre",
            how_many_of(to_answer(member), to_review(member, on)),
            "Contributions à donner, et analyses validées à revoir bientôt.",
            reverse("protection:assessments"),
        ),
        *_people_tiles(member, waiting),
    ]


def _people_tiles(member: Member, waiting: int) -> list[Tile]:
    alerts = to_look_at(member, limit=MOST + 1)
    to_see = how_many_of(Firsts(alerts[:MOST], is_cut=len(alerts) > MOST))
    return [
        Tile(
            "Lectures à examiner",
            to_see,
            "Signalements du journal que personne n’a regardés.",
            reverse("journal:alerts"),
        ),
        Tile(
            "Personnes sans formation",
            number(waiting),
            "Elles ont un rôle, et rien ne s’ouvre à elles avant une formation RGPD datée.",
            reverse("protection:training"),
        ),
    ]
