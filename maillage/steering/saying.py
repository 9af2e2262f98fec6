"""What is said and written in this room: of nobody, and journalled without its words."""

from collections.abc import Mapping
from uuid import UUID

from maillage.audit.actions import record
from maillage.beneficiaries.queries import names_followed
from maillage.core.refusals import Fault
from maillage.exchange.detector import Name, problem
from maillage.organisations.member import Member


def text_faults(
    texts: Mapping[str, str], convention: UUID, by: Member, *, longest: int, needed: tuple[str, ...] = ()
) -> list[Fault | None]:
    """What is wrong with texts of which each names nobody, at its field."""
    names = [Name(*name) for name in names_followed(by, convention)] if any(texts.values()) else []
    return [_fault(field, text.strip(), names, longest, field in needed) for field, text in texts.items()]


def _fault(field: str, text: str, names: list[Name], longest: int, needed: bool) -> Fault | None:
    if not text:
        return Fault("Écrivez quelques mots.", field) if needed else None
    if len(text) > longest:
        said = f"{longest:,}".replace(",", "\u202f")
        return Fault(f"Écrivez {said} caractères au plus.", field)
    found = problem(text, names)
    return Fault(found, field) if found else None


def tell_journal(verb: str, object_type: str, ref: object, by: Member) -> None:
    """One entry: who did what to which object, and nothing of its words."""
    record(
        verb=f"committee.{verb}",
        object_type=object_type,
        object_ref=ref,
        by=by.user,
        organisation=by.organisation,
    )
