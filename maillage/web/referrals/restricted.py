"""What the pages of a case say while it is restricted: it is read, nothing is done in it (GDPR art. 18)."""

from typing import Final
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from maillage.cases.freezing import running
from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

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


def restriction(part: Participation) -> list[SafeString]:
    """In a list: one more badge, or none."""
    return [state_cell("Données limitées", Tone.SOON)] if part.frozen_since is not None else []
