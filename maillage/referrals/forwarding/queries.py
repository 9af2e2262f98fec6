"""Where a referral may go on: the other ways of its convention, what was said of them, and what waits to be sent again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from maillage.cases.following import running
from maillage.cases.models import Lineage, Participation
from maillage.conventions.lifecycle.loaded import ConventionText, LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, load_all, visible_to
from maillage.conventions.terms import Terms
from maillage.organisations.member import Member
from maillage.referrals.advising import TOLD
from maillage.referrals.models import Referral
from maillage.referrals.proposing import prepared
from maillage.referrals.queries import visible_to as referrals_visible_to
from maillage.referrals.routes import short_name
from maillage.referrals.routing.router import Route, applications_of
from maillage.referrals.routing.situation import situation_of
from maillage.referrals.states import RESTARTABLE

REMINDED: Final = timedelta(days=30)
"""For how long « À faire » proposes to send again; after that the referral stays among those that ended."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A way of a convention, with the name that it has there.

    `is_told`: she takes it herself, nothing is sent; `for_rights`: a file of rights is prepared, nobody is referred again.
    """

    key: str
    label: str
    is_told: bool
    for_rights: bool


def destinations(referral: Referral, member: Member, *, on: date) -> list[Destination]:
    """The other ways that the convention of a referral gives to its sender, in the order of the text.

    What the parties have not retained is left out, and so is the way by which it came.
    """
    known = _convention(referral, member)
    if known is None:
        return []
    case = referral.case
    sender = next((party.key for party in known.signatories if party.organisation == case.sender_id), "")
    terms = known.readable(on)
    came_by = f"flows.{case.authorisation.flow_key}"
    found = _routes(terms, sender, on) if sender else []
    return [_named(route, terms) for route in found if route.key != came_by]


def destination_in(text: ConventionText | None, referral: Referral, *, on: date) -> Destination | None:
    """Where a referral was redirected, as the text of its convention names it that day; None when the text no longer does."""
    return _found(text, referral.redirected_to, on) if text and referral.redirected_to else None


def to_restart(member: Member, *, on: date, limit: int) -> list[tuple[Participation, Destination | None]]:
    """What ended elsewhere of late, that the member follows and nobody has sent again, the oldest first; and where to."""
    rows = list(
        restartable(member, on=on)
        .select_related("case__caisse", "case__referral")
        .order_by("closed_at", "id")[:limit]
    )
    if not rows:
        return []
    wanted = {row.convention_id for row in rows}
    known = {one.id: one for one in load_all(visible_to(member).filter(id__in=wanted))}
    return [(row, _found(known.get(row.convention_id), row.case.referral.redirected_to, on)) for row in rows]


def restartable(member: Member, *, on: date) -> QuerySet[Participation]:
    """What ended elsewhere of late, that the member follows, and from which nothing went on since as the caisse said."""
    mine = running(member).filter(user_id=member.user, until__isnull=True)
    since = datetime.combine(on - REMINDED, time(), ZoneInfo(member.time_zone))
    sequels = Lineage.objects.filter(former=OuterRef("case_id"))
    filed = sequels.filter(kind="opened", made_at__gte=OuterRef("closed_at")).annotate(
        flow=Concat(Value("flows."), "following__authorisation__flow_key")
    )
    return (
        referrals_visible_to(member)
        .filter(
            case_id__in=mine.values("case_id"),
            role="sender",
            state__in=list(RESTARTABLE),
            closed_at__gte=since,
        )
        .exclude(Exists(sequels.filter(kind="restarted")))
        .exclude(Exists(filed.filter(flow=OuterRef("case__referral__redirected_to"))))
    )


def _convention(referral: Referral, member: Member) -> LoadedConvention | None:
    try:
        return load(visible_to(member).get(id=referral.case.convention_id))
    except Convention.DoesNotExist:
        return None


def _found(known: ConventionText | None, key: str, on: date) -> Destination | None:
    if known is None or not key:
        return None
    terms = known.readable(on)
    return next((_named(route, terms) for route in _routes(terms, "", on) if route.key == key), None)


def _routes(terms: Terms, sender: str, on: date) -> list[Route]:
    situation = situation_of({}, on=on, sender=sender)
    found = (*prepared(terms).routing.routes(situation), *applications_of(terms).routes(situation))
    return [route for route in found if not route.obstacles]


def _named(route: Route, terms: Terms) -> Destination:
    bodies = [route.flow.recipient] if route.flow else list(route.service.debtors[:1])
    who = " ".join(f"({short_name(terms, key)})" for key in bodies)
    return Destination(
        route.key,
        f"{route.label} {who}".strip(),
        is_told=route.way in TOLD,
        for_rights=bool(route.flow and route.flow.rights),
    )
