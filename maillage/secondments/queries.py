"""Secondments as either side reads them: under which clause, when the agent is there, what is in the way. Nobody's identity here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from maillage.cases.models import Authorisation
from maillage.conventions.data_roles.unsaid import Unsaid, unsaid_among
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.conventions.terms import Terms
from maillage.conventions.terms.services import Secondment as Clause
from maillage.core.calendar import DAY
from maillage.organisations.member import Member
from maillage.organisations.models import Membership, User
from maillage.organisations.roles import ROLES, Permission
from maillage.referrals.routes import DataRoles, data_roles
from maillage.secondments.models import Appointment, Permanence, Secondment
from maillage.secondments.rules import FURTHEST, Presence, Setting, Slot, Span, Weekly
from maillage.secondments.states import State

_RECEIVING = [role.value for role, said in ROLES.items() if Permission.WORK_REFERRALS in said.permissions]


@dataclass(frozen=True, slots=True)
class Opening:
    """A convention in force under which the member's caisse may lend an agent, with the clause that provides for it."""

    authorisation: UUID
    convention: UUID
    title: str
    host: str
    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Known:
    """A secondment with all that says when its agent is seen."""

    row: Secondment
    permanences: tuple[Permanence, ...]
    setting: Setting
    agent: str

    @property
    def zone(self) -> ZoneInfo:
        """The host's."""
        return self.setting.zone


@dataclass(frozen=True, slots=True)
class Offered:
    """For what one may see an agent, and who answers for what is said of whoever comes; None where the text is not read here."""

    reasons: dict[str, str]
    roles: DataRoles | None


def visible_to(member: Member) -> QuerySet[Secondment]:
    """Those of her organisation, whichever side it is on: the same limit as row security's."""
    mine = Q(caisse=member.organisation) | Q(host=member.organisation)
    return Secondment.objects.filter(mine).select_related("caisse", "host", "authorisation")


def openings(member: Member, *, at: datetime) -> list[Opening]:
    """Where the member's organisation may lend an agent now: an open authorisation, and a clause of its text that says so."""
    rows = list(
        Authorisation.objects.filter(recipient=member.organisation, rights=[], open_during__contains=Now())
        .select_related("sender")
        .order_by("sender__sort_name", "id")
    )
    texts = _texts(member, {row.convention_id for row in rows}, at)
    found = []
    for row in rows:
        title, terms = texts.get(row.convention_id, ("", None))
        clause = clause_of(terms, row.flow_key) if terms else None
        if clause is not None:
            found.append(
                Opening(row.id, row.convention_id, title, row.sender.name, clause.article, clause.quote or "")
            )
    return found


def unsaid(member: Member, *, at: datetime) -> list[Unsaid]:
    """Where the member's organisation could lend an agent, were it said who answers for the data of her appointments."""
    rows = Authorisation.objects.filter(recipient=member.organisation, rights=[]).order_by("article", "id")
    return [one for one in unsaid_among(rows, member, at=at) if clause_of(one.terms, one.flow.key)]


def clause_of(terms: Terms, flow_key: str) -> Clause | None:
    """What a text says of the agent whom one meets under this flow; None when the flow is not one of appointments."""
    clauses = (service.secondment for service in terms.services)
    return next((one for one in clauses if one is not None and one.flow == flow_key), None)


def offered(member: Member, secondment: Secondment, *, at: datetime) -> Offered:
    """What the text of the day offers: the services, retained where it leaves the choice, and who answers for the data.

    What the host renders by itself is no reason to see the agent whom it receives.
    """
    _, terms = _texts(member, {secondment.convention_id}, at).get(secondment.convention_id, ("", None))
    if terms is None:
        return Offered({}, None)
    hosts = {one.secondment.hosts for one in terms.services if one.secondment is not None}
    reasons = {
        service.key: service.label
        for service in terms.services
        if service.secondment is None
        and (not service.optional or service.chosen)
        and not (service.debtors and hosts.issuperset(service.debtors))
    }
    return Offered(reasons, data_roles(terms, secondment.authorisation.flow_key))


def reasons(member: Member, secondment: Secondment, *, at: datetime) -> dict[str, str]:
    """For what one may come, by the text of the day."""
    return offered(member, secondment, at=at).reasons


def _texts(member: Member, wanted: Iterable[UUID], at: datetime) -> dict[UUID, tuple[str, Terms]]:
    """Title and consolidated text of these conventions on the day of an instant, the caisse's own."""
    rows = conventions_visible_to(member).filter(id__in=list(wanted))
    return {
        known.id: (known.row.title, known.terms(at.astimezone(known.zone).date())) for known in load_all(rows)
    }


def agents(member: Member, *, on: date) -> list[tuple[UUID, str]]:
    """Those of the member's caisse who may be lent on a day: their role receives people; by name."""
    rows = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        organisation=member.organisation,
        since__lte=on,
        role__in=_RECEIVING,
        user__is_active=True,
    ).order_by("user__full_name", "user_id")
    return list(dict.fromkeys(rows.values_list("user_id", "user__full_name")))


def presences(secondments: Iterable[UUID], first: date, last: date) -> dict[UUID, Presence]:
    """When agents are away or gone, in one query; the database says it of one's own secondments only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM secondment_presence(%s, %s, %s)", [list(secondments), first, last])
        return {
            secondment: Presence(tuple(Span(*days) for days in zip(since, until, strict=True)), gone)
            for secondment, gone, since, until in cursor.fetchall()
        }


def known(member: Member, secondment: UUID, *, at: datetime) -> Known:
    """A secondment as of an instant, three months ahead. Raises Secondment.DoesNotExist."""
    return described([visible_to(member).get(id=secondment)], at=at)[0]


def described(rows: Sequence[Secondment], *, at: datetime) -> list[Known]:
    """These secondments with their permanences and presences: three queries, however many."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    permanences: dict[UUID, list[Permanence]] = {row.id: [] for row in rows}
    for permanence in Permanence.objects.filter(secondment__in=ids).order_by("weekday", "starts", "id"):
        permanences[permanence.secondment_id].append(permanence)
    today = at.date()  # in UTC: the week before it is ample for any zone
    away = presences(ids, today - 7 * DAY, today + FURTHEST)
    names = dict(User.objects.filter(id__in={row.agent_id for row in rows}).values_list("id", "full_name"))
    return [
        Known(row, tuple(permanences[row.id]), _setting(row, permanences[row.id], away), names[row.agent_id])
        for row in rows
    ]


def _setting(row: Secondment, permanences: Iterable[Permanence], away: Mapping[UUID, Presence]) -> Setting:
    zone = ZoneInfo(row.time_zone)
    return Setting(
        permanences=tuple(weekly(permanence) for permanence in permanences),
        zone=zone,
        departement=row.departement,
        presence=away.get(row.id, Presence()),
        secondment=Span(row.since, row.until),
        convention_ends=convention_ends(row),
        is_closed=row.authorisation.open_during.isempty,
    )


def convention_ends(row: Secondment) -> datetime | None:
    """The first instant at which the convention opens nothing more; None while no end is certain."""
    upper: datetime | None = row.authorisation.open_during.upper
    return upper


def weekly(row: Permanence) -> Weekly:
    """A permanence as a value."""
    return Weekly(row.weekday, row.starts, row.ends, row.minutes, row.since, row.until, row.every)


def taken(secondment: UUID, first: datetime, last: datetime) -> list[Slot]:
    """The hours that appointments take between two instants, as the member's organisation sees them: all of them, on both sides."""
    rows = Appointment.objects.filter(secondment=secondment, ends_at__gt=first, starts_at__lt=last).exclude(
        state=State.CANCELLED
    )
    return [
        Slot(starts, ends) for starts, ends in rows.order_by("starts_at").values_list("starts_at", "ends_at")
    ]


def free_slots(found: Known, *, at: datetime) -> list[Slot]:
    """The slots that may still be booked within three months, the first one first. One query, on an index."""
    first = at.astimezone(found.zone).date()
    busy = taken(found.row.id, at, at + FURTHEST + DAY)
    return found.setting.free(first, first + FURTHEST, taken=busy, after=at)


def counts(secondment: UUID) -> dict[State, int]:
    """How many appointments stand in each state, all told."""
    rows = Appointment.objects.filter(secondment=secondment).values_list("state").annotate(rows=Count("case"))
    counted = dict(rows.order_by("state"))
    return {state: counted.get(state, 0) for state in State}
