"""What the requests of persons ask of a member today, for « À faire ». Never a person's name."""

from datetime import date
from typing import Final

from django.urls import reverse

from maillage.organisations.member import Member
from maillage.protection.policies import can_follow
from maillage.protection.requests.notifications import reference
from maillage.protection.requests.objecting import came_all_the_same
from maillage.protection.requests.queries import running, to_take_up
from maillage.protection.requests.rules import Told
from maillage.referrals.references import reference as case_reference
from maillage.web.home.tasks import Task
from maillage.web.protection.cut import rest
from maillage.web.protection.requests.words import why

_KIND: Final = "rights_request"


def due(member: Member, on: date) -> list[Task]:  # noqa: ARG001 -- every source is asked for a day
    """The requests that her organisation has to answer."""
    if not can_follow(member):
        return []
    told, asked = to_take_up(member), running(member)
    to_do = [
        Task(
            f"Reprendre {Told.of(one.kind).label}, dossier {case_reference(one.case_id)}",
            reverse("protection:requests"),
            None,
            f"{one.organisation.name} l’a transmise : sans délai.",
            _KIND,
        )
        for one in told
    ]
    to_do += [
        Task(
            f"Dossier {case_reference(one.case_id)} : la personne s’y est opposée",
            reverse("protection:request", args=[one.stopped_for]) + "#oppositions",
            None,
            "Faites-le refuser ou terminer ; si elle a changé d’avis, levez l’opposition.",
            _KIND,
        )
        for one in came_all_the_same(member)
    ]
    to_do += [
        Task(
            f"Répondre à la demande d’une personne sur ses données, {reference(one.request_id)}",
            reverse("protection:request", args=[one.request_id]),
            one.request.due_on,
            "Un mois à compter de la réception (RGPD, article 12.3).",
            _KIND,
            why(one.request, member),
        )
        for one in asked
    ]
    url = reverse("protection:requests")
    to_do += rest(told, "corrections à reprendre", url, _KIND)
    to_do += rest(asked, "demandes de personnes à répondre", url, _KIND)
    return to_do
