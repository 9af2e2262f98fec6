"""What is written about a breach: of nobody, and journalled without its words."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from maillage.audit.actions import record
from maillage.beneficiaries.queries import names_followed
from maillage.core.refusals import Fault
from maillage.exchange.detector import Name, problem
from maillage.organisations.member import Member
from maillage.protection.breaches.rules import LONGEST


def text_faults(
    texts: Mapping[str, str], *, by: Member, conventions: Iterable[UUID] = (), needed: tuple[str, ...] = ()
) -> list[Fault | None]:
    """What is wrong with texts of which each names nobody, at its field: not even those whom the writer follows under these texts."""
    written = any(texts.values())
    names = [Name(*name) for one in conventions for name in names_followed(by, one)] if written else []
    return [_fault(field, text.strip(), names, field in needed) for field, text in texts.items()]


def _fault(field: str, text: str, names: list[Name], needed: bool) -> Fault | None:
    if not text:
        return Fault("Écrivez quelques mots.", field) if needed else None
    if len(text) > LONGEST:
        return Fault("Écrivez 2\u202f000 caractères au plus.", field)
    found = problem(text, names)
    return Fault(found, field) if found else None


def tell_journal(verb: str, breach: UUID, by: Member) -> None:
    """One entry: who did what to which breach, and nothing of its words."""
    record(
        verb=f"breach.{verb}",
        object_type="breach",
        object_ref=breach,
        by=by.user,
        organisation=by.organisation,
    )
