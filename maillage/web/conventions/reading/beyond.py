"""What waits too long under a convention: the thresholds in words, the counts of one's own organisation (row D10)."""

from datetime import date
from typing import Final

from maillage.core.calendar import Period
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.heeding.rules import Kind, Source, Threshold
from maillage.referrals.thresholds.queries import beyond, beyond_by_convention
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.values import article_words
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Tile
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.typography import typeset

LABELS: Final[dict[Kind, str]] = {
    Kind.LATE: "Sans accusé de réception à temps",
    Kind.BLOCKED: "Sans étape depuis longtemps",
}
WHAT: Final[dict[Kind, str]] = {
    Kind.LATE: "Orientations envoyées dont la caisse n’a pas accusé réception",
    Kind.BLOCKED: "Orientations reçues, sans fin, où rien n’a avancé (étape, essai d’appel, question, réponse, message)",
}


def since_words(period: Period) -> str:
    """« depuis 7 jours ou plus »."""
    return f"depuis {period.label()} ou plus"


def after_words(found: Threshold) -> str:
    """« au bout de 5 jours (délai du texte, article 4) »."""
    return f"au bout de {found.period.label()} ({source_words(found)})"


def source_words(found: Threshold) -> str:
    """Who says the number: the article, the referents and their day, or the platform and its day."""
    if found.source is Source.TEXT:
        return f"délai du texte, {article_words(found.article)}"
    day = long_date(found.since) if found.since else ""
    if found.source is Source.REFERENTS:
        return f"seuil fixé par les référents le {day}"
    return f"repère de la plateforme au {day}, faute de nombre dans le texte"


def beyond_tiles(known: Known) -> list[Tile]:
    """Late and blocked referrals of the reader's own organisation, each with its threshold and who says it."""
    return [
        Tile(
            LABELS[one.threshold.kind],
            number(one.referrals),
            typeset(
                f"{WHAT[one.threshold.kind]} {since_words(one.threshold.period)} : {source_words(one.threshold)}. "
                "Compté chaque nuit."
            ),
        )
        for one in beyond(known.convention, known.member, on=known.on)
    ]


def beyond_due(member: Member, on: date) -> list[Task]:
    """For the referents: the conventions under which referrals wait too long. Never a reference, never a name."""
    del on  # no day is due: at once
    if not member.may(Permission.WRITE_CONVENTIONS):
        return []
    return [
        Task(
            title=f"{_TITLES[one.kind](one.referrals)} : {one.title}",
            url=f"{one.path}#orientations",
            due_on=None,
            why="Un seuil d’alerte de la convention est dépassé : faites le point avec l’autre partie.",
            kind="referrals_beyond",
        )
        for one in beyond_by_convention(member)
    ]


_TITLES: Final = {
    Kind.LATE: lambda count: f"{counted(count, 'orientation')} sans accusé de réception à temps",
    Kind.BLOCKED: lambda count: f"{counted(count, 'orientation')} sans étape depuis longtemps",
}
