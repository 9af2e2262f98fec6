"""On what each text that a request touches says that the processing rests: whether she may object depends on it (GDPR art. 21.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maillage.cases.models import Authorisation
from maillage.catalogue.services import service_name
from maillage.conventions.terms import Blank
from maillage.conventions.terms.data_roles import regime_of
from maillage.conventions.terms.protection import LawfulBasis, ProtectionRegime
from maillage.organisations.member import Member
from maillage.protection.breaches.reporting import reportable
from maillage.protection.requests.queries import parts_in
from maillage.protection.requests.receiving import day_of


@dataclass(frozen=True, slots=True)
class Basis:
    """What one text gives as its legal basis for one service: its words, and the bases that it states; None where it is to be said.

    `fill` is the convention and the path where it is said, None where there is no blank or the text is no longer read here.
    """

    title: str
    service: str
    said: tuple[str, ...]
    bases: tuple[LawfulBasis, ...] | None
    fill: tuple[UUID, str] | None = None


def bases_of(cases: Sequence[UUID], *, by: Member, at: datetime) -> list[Basis]:
    """Once for each service and text of these cases of one's organisation, in the text of the day; of all that may be sent to it or by
    it today, where she has no case."""
    parts = parts_in(by, cases)
    under_cases = [part.case.authorisation for part in parts]
    open_now = Authorisation.objects.filter(open_during__contains=at).exclude(service="").order_by("id")
    known, on = {one.id: one for one in reportable(by)}, day_of(by, at)
    found: dict[tuple[UUID, str], Basis] = {}
    for under in under_cases if parts else open_now:
        convention = known.get(under.convention_id)
        text = convention.readable(on) if convention else None
        flow = next((one for one in text.flows if one.key == under.flow_key), None) if text else None
        regime = regime_of(text, flow) if text and flow else None
        found[under.convention_id, under.flow_key] = Basis(
            convention.row.title if convention else "Convention que votre organisme ne lit plus",
            service_name(under.service, under.label),
            regime.legal_basis if regime else (),
            *_stated(under.convention_id, regime),
        )
    return sorted(found.values(), key=lambda one: (one.title, one.service))


def _stated(
    convention: UUID, regime: ProtectionRegime | None
) -> tuple[tuple[LawfulBasis, ...] | None, tuple[UUID, str] | None]:
    """The bases of a clause; else where its blank is filled."""
    if regime is None:
        return None, None
    if isinstance(regime.lawful_bases, Blank) or regime.lawful_bases is None:
        return None, (convention, f"protection[{regime.key}].lawful_bases")
    return regime.lawful_bases, None
