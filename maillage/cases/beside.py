"""Cases of the same person found beside another one: what whoever works there is told of them, and the search that is journalled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from maillage.audit.actions import record
from maillage.cases.following import followers, with_reason
from maillage.cases.models import Participation
from maillage.organisations.member import Member

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """A case that goes on for the same person; `followers` where the reader is none of them."""

    part: Participation
    is_open: bool
    followers: Sequence[str]


def found_beside(
    member: Member, rows: QuerySet[Participation], *, object_type: str, reason: str
) -> list[Beside]:
    """The newest of the cases that a search by the member's own blind index gave; journalled without its values."""
    found = list(with_reason(member, rows).order_by("-since", "-id")[:SHOWN])
    record(
        verb="search",
        object_type=object_type,
        object_ref=",".join(str(part.case_id) for part in found),
        by=member.user,
        organisation=member.organisation,
        fields=("nir", "surname", "birth_date"),
        reason=reason,
    )
    return [_told(member, part) for part in found]


def _told(member: Member, part: Participation) -> Beside:
    opened = bool(part.opened_as)
    names = [] if opened else [one.name for one in followers(member, part.case_id)]
    return Beside(part, opened, names)
