"""What is written in an impact assessment: of nobody, and journalled without its words; of two who write, the second is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from maillage.audit.actions import record
from maillage.core.refusals import Fault, Refused
from maillage.exchange.detector import problem
from maillage.organisations.member import Member
from maillage.protection.assessments.rules import LONGEST

OVERTAKEN: Final = (
    "Quelqu’un a enregistré cette partie depuis que vous l’avez ouverte. Ce que vous avez écrit est gardé ci-dessous :"
    " relisez sa version, puis enregistrez de nouveau pour la remplacer."
)


class Overtaken(Refused):
    """Somebody else wrote here since the form was shown."""

    def __init__(self) -> None:
        super().__init__(OVERTAKEN)


def text_faults(
    texts: Mapping[str, str], *, needed: tuple[str, ...] = (), longest: int = LONGEST
) -> list[Fault | None]:
    """What is wrong with texts of which each names nobody, at its field."""
    return [_fault(field, text.strip(), field in needed, longest) for field, text in texts.items()]


def _fault(field: str, text: str, is_needed: bool, longest: int) -> Fault | None:
    if not text:
        return Fault("Écrivez quelques mots.", field) if is_needed else None
    if len(text) > longest:
        return Fault(f"Écrivez {longest:,} caractères au plus.".replace(",", "\u202f"), field)
    found = problem(text, [])
    return Fault(found, field) if found else None


def stamp(written_at: datetime | None) -> str:
    """What a form carries of the writing that its reader saw."""
    return written_at.isoformat() if written_at else ""


def tell_journal(verb: str, assessment: UUID, by: Member) -> None:
    """One entry: who did what to which assessment."""
    record(
        verb=f"impact.{verb}",
        object_type="impact_assessment",
        object_ref=assessment,
        by=by.user,
        organisation=by.organisation,
    )
