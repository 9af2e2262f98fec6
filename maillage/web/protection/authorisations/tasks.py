"""What the authorisations ask of a member today, for « À faire ». Never whom they are for."""

from datetime import date, datetime, time
from typing import Final

from django.urls import reverse

from maillage.organisations.member import Member
from maillage.protection.authorisations.answering import answerers
from maillage.protection.authorisations.notifications import reference
from maillage.protection.authorisations.queries import waiting
from maillage.protection.authorisations.rules import State, reminded_on
from maillage.protection.firsts import Firsts
from maillage.protection.policies import can_follow
from maillage.web.home.tasks import Task
from maillage.web.protection.cut import rest
from maillage.web.protection.words import zone_of

KIND: Final = "transfer"


def due(member: Member, on: date) -> list[Task]:
    """What is to be answered, noted from a paper, or asked anew before it ends."""
    if not can_follow(member):
        return []
    to_answer, own, is_cut = waiting(member, datetime.combine(on, time(12), zone_of(member)))
    found = [
        Task(
            f"Répondre à une demande d’autorisation, {reference(one.row.pk)}",
            reverse("protection:transfer", args=[one.row.pk]),
            None,
            f"{one.row.organisation.name} veut confier des données de la convention ({one.row.article}).",
            KIND,
        )
        for one in to_answer
    ]
    for one in own:
        url = reverse("protection:transfer", args=[one.row.pk])
        last = one.standing.last_day
        if one.standing.state is State.ASKED and answerers(one, member):
            title = f"Noter la réponse écrite à une demande d’autorisation, {reference(one.row.pk)}"
            found.append(Task(title, url, None, "Une partie qui autorise n’a personne sur Maillage.", KIND))
        if one.standing.state is State.GRANTED and last is not None and on >= reminded_on(last):
            title = f"Demander de nouveau une autorisation qui prend fin, {reference(one.row.pk)}"
            found.append(
                Task(title, url, last, "Après son dernier jour, plus rien ne part à ce titre.", KIND)
            )
    if is_cut:
        url = reverse("protection:transfers")
        found += rest(Firsts(own + to_answer, is_cut=True), "autorisations à suivre", url, KIND)
    return found
