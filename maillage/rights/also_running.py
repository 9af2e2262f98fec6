"""« A second AME while one is running »: the caisse is told of what its own index knows; nobody is told of another's files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from maillage.audit.actions import record
from maillage.beneficiaries.queries import indexed_under
from maillage.cases.following import followers, with_reason
from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.rights.policies import can_examine
from maillage.rights.queries import File, visible_to

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class AlsoRunning:
    """Another application for the same right of the same person that waits for its decision here; `followers` where the reader is
    none of them.
    """

    part: Participation
    is_open: bool
    followers: Sequence[str]


def also_running(member: Member, file: File) -> list[AlsoRunning]:
    """Those that the member's caisse received, the newest first; nothing for the partner, nor once this one has ended.

    By her caisse's blind index, whose jobs are a minute or two late. The search is journalled without its values.
    """
    application, person = file.application, file.identity
    if person is None or application.closed_at is not None or not can_examine(member, application.case):
        return []
    index = indexed_under(by=member, nir=person.nir, surname=person.surname, birth_date=person.birth_date)
    rows = visible_to(member).filter(
        case_id__in=index.values("case_id"),
        role="recipient",
        closed_at=None,
        case__application__right=application.right,
    )
    beside = rows.exclude(case_id=application.case_id).select_related("case__sender")
    found = list(with_reason(member, beside).order_by("-since", "-id")[:SHOWN])
    record(
        verb="search",
        object_type="application",
        object_ref=",".join(str(part.case_id) for part in found),
        by=member.user,
        organisation=member.organisation,
        fields=("nir", "surname", "birth_date"),
        reason="demande déjà en cours pour le même droit",
    )
    return [_told(member, part) for part in found]


def _told(member: Member, part: Participation) -> AlsoRunning:
    opened = bool(part.opened_as)
    names = [] if opened else [one.name for one in followers(member, part.case_id)]
    return AlsoRunning(part, opened, names)
