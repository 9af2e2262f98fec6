"""What the pages of a case say while it is restricted (GDPR art. 18), or where she objected to its flow (GDPR art. 21)."""

from typing import Final
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from maillage.beneficiaries.stopping import CHANGED_HER_MIND, instead, stopped_words
from maillage.cases.freezing import running
from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

RESTRICTED: Final = "Données limitées"
NEXT: Final = (
    "On peut lire ce dossier, pas y agir, tant que la limitation dure. Les délais courent et se comptent comme avant ; ce qui est échu "
    "entre-temps se fera une fois la limitation levée. Qui veille aux données dans l’organisme nommé plus haut peut la lever."
)
"""What stands in the place of what one may do."""


def banner(part: Participation, member: Member) -> str:
    """That a case is restricted, since when and by whom; empty where it is not. One question more, where it is."""
    if part.frozen_since is None:
        return ""
    zone = ZoneInfo(member.time_zone)
    since = [
        f"depuis le {long_date(row.since.astimezone(zone).date())} ({row.organisation.name})"
        for row in running([part.case_id])
    ]
    return typeset(
        f"Données limitées à la demande de la personne {' et '.join(since)} : on peut lire, pas agir."
    )


def is_stopped(part: Participation) -> bool:
    """Whether an open case is of somebody who objected to its flow: it is ended, nothing else is done with it."""
    return part.stopped_since is not None and part.closed_at is None


def next_of(part: Participation, words: str) -> str:
    """What comes next, in these words, unless the case is restricted or stopped."""
    if part.frozen_since is not None:
        return NEXT
    return typeset(instead(part.kind, part.role)) if is_stopped(part) else words


def stopped(part: Participation, member: Member) -> str:
    """That she objected to the flow of an open case, since when, and what to do; empty where she did not."""
    if not is_stopped(part):
        return ""
    words = f"{stopped_words(part.stopped_since, member)} {instead(part.kind, part.role)}"
    return typeset(f"{words} {CHANGED_HER_MIND[0].upper()}{CHANGED_HER_MIND[1:]}")


def notices(part: Participation, member: Member) -> dict[str, str]:
    """Both, as the page of a case draws them at its head."""
    return {"restricted": banner(part, member), "stopped": stopped(part, member)}


def restriction(part: Participation) -> list[SafeString]:
    """In a list: one more badge, or none."""
    return [state_cell(RESTRICTED, Tone.SOON)] if part.frozen_since is not None else []
