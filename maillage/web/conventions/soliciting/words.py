"""A solicitation in words: no word of a case, which only its own page opens."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.solicitations.models import Solicitation
from maillage.conventions.solicitations.notifications import reference
from maillage.conventions.solicitations.rules import ANSWER_DAYS, MEANS, Way
from maillage.organisations.member import Member
from maillage.web.conventions.reading.values import article_words
from maillage.web.presentation.components import Explanation, Fact, due_badge
from maillage.web.presentation.dates import distance, long_date, long_instant


def line(row: Solicitation, member: Member, on: date) -> dict[str, Any]:
    """One line of a list: way, code, whom, since when, until when."""
    asked_on = row.asked_at.astimezone(ZoneInfo(member.time_zone)).date()
    mine = row.caller_id == member.organisation
    return {
        "title": capfirst(Way(row.way).label),
        "code": reference(row.pk),
        "url": reverse("conventions:solicitation", args=[row.pk]),
        "who": f"à {row.called.name}" if mine else f"de {row.caller.name}",
        "convention": row.convention.title,
        "age": f"demandé {distance(asked_on, on)}",
        "due": None
        if row.answered_at or row.withdrawn_at
        else due_badge(row.due_on, on, explanation(row, asked_on)),
        "answered": _ended(row),
    }


def _ended(row: Solicitation) -> str:
    if row.withdrawn_at:
        return f"retirée le {long_instant(row.withdrawn_at)}"
    return f"répondu le {long_instant(row.answered_at)}" if row.answered_at else ""


def explanation(row: Solicitation, asked_on: date) -> Explanation:
    """Why the answer is looked for by that day."""
    return Explanation(
        fact=f"Le référent a été sollicité le {long_date(asked_on)}.",
        rule=f"{ANSWER_DAYS} jours : repère de la plateforme, le texte ne donne pas de délai.",
        article=article_words(row.article),
        calendar="Jours calendaires.",
    )


def facts(row: Solicitation) -> list[Fact]:
    """What is known of it without opening it."""
    found = [
        Fact("Ce qui est demandé", capfirst(Way(row.way).label)),
        Fact("De", row.caller.name),
        Fact("Aux référents de", row.called.name),
        Fact("Convention", row.convention.title, article_words(row.article)),
        Fact("Demandé le", long_instant(row.asked_at)),
    ]
    if row.agreed_on:
        means = MEANS[row.agreement_means]
        found.append(
            Fact(
                "Accord de la personne",
                f"donné {means} le {long_date(row.agreed_on)}",
                f"recueilli par : {row.agreement_by}",
            )
        )
    if row.answered_at:
        found.append(Fact("Répondu le", long_instant(row.answered_at)))
    if row.withdrawn_at:
        found.append(
            Fact(
                "Retirée le",
                long_instant(row.withdrawn_at),
                "par qui l’a posée : elle n’attend plus de réponse",
            )
        )
    return found
