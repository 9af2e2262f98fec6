"""« A request is already under way for this step »: told to whoever writes another one, of her own organisation's referrals alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from maillage.audit.actions import record
from maillage.beneficiaries.queries import cases_of_person
from maillage.cases.following import followers, with_reason
from maillage.cases.models import Authorisation, Participation
from maillage.organisations.member import Member
from maillage.referrals.content import Content
from maillage.referrals.queries import visible_to

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A referral of the same person to the same service that has not ended; `followers` where the reader is none of them."""

    part: Participation
    is_open: bool
    followers: Sequence[str]


def under_way(member: Member, content: Content) -> list[UnderWay]:
    """The referrals that the member's organisation sent for this person to the chosen service, and that go on; the newest first.

    By her blind index: nothing of another organisation is looked at, and what a job has not indexed yet is not found (a minute
    or two). The search is journalled without its values, as that of a person is.
    """
    person, chosen = content.person, content.authorisation
    if person is None or chosen is None:
        return []
    cases = cases_of_person(by=member, nir=person.nir, surname=person.surname, birth_date=person.birth_date)
    services = Authorisation.objects.filter(id=chosen, sender=member.organisation).values("service")
    rows = visible_to(member).filter(
        case_id__in=cases, role="sender", closed_at=None, case__service__in=services
    )
    found = list(with_reason(member, rows.select_related("case")).order_by("-since", "-id")[:SHOWN])
    record(
        verb="search",
        object_type="referral",
        object_ref=",".join(str(part.case_id) for part in found),
        by=member.user,
        organisation=member.organisation,
        fields=("nir", "surname", "birth_date"),
        reason="demande déjà en cours pour le même service",
    )
    return [_told(member, part) for part in found]


def _told(member: Member, part: Participation) -> UnderWay:
    opened = bool(part.opened_as)
    names = [] if opened else [one.name for one in followers(member, part.case_id)]
    return UnderWay(part, opened, names)
