"""Modules, sessions and places as each side reads them; and what the trainings of a convention come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count as CountRows
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from maillage.conventions.lifecycle.models import Convention, Party
from maillage.conventions.lifecycle.policies import BINDING
from maillage.conventions.lifecycle.queries import parties
from maillage.organisations.member import Member
from maillage.training.models import Attendee, Module, Presence, Registration, Session, SignOff
from maillage.training.rules import Count, Outcome, Theme, TrainingCounts
from maillage.training.states import Place, State

_PARTNERS: Final = RawSQL("SELECT unnest(training_organisers())", [])
CAME: Final = (Outcome.PRESENT.value, Outcome.UNANNOUNCED.value)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's body and the convention under which it comes to a session: none for the organiser's own people."""

    organisation: UUID
    name: str
    convention: UUID | None = None
    title: str = ""


def _own_registrations(member: Member) -> Exists:
    return Exists(Registration.objects.filter(session=OuterRef("id"), partner=member.organisation))


def _of_its_conventions(member: Member) -> QuerySet[Party, Any]:
    return (
        Party.objects.filter(organisation=member.organisation)
        .exclude(role="informed")
        .values("convention_id")
    )


def visible_to(member: Member) -> QuerySet[Session]:
    """The sessions that her organisation holds or may follow: the same limit as row security’s."""
    rows = Session.objects.filter(
        Q(organiser=member.organisation)
        | Q(dedicated_to=None, organiser__in=_PARTNERS)
        | Q(dedicated_to__in=_of_its_conventions(member))
        | _own_registrations(member)
    )
    return rows.select_related("module", "organiser", "dedicated_to")


def modules(member: Member) -> QuerySet[Module]:
    """Those of her organisation and of its partners, and those of sessions that it may follow; by title."""
    rows = Module.objects.filter(
        Q(organisation=member.organisation)
        | Q(organisation__in=_PARTNERS)
        | Q(id__in=visible_to(member).values("module_id"))
    )
    return rows.select_related("organisation").order_by("title", "id")


def session_of(member: Member, session: UUID) -> Session:
    """One of them; raises Session.DoesNotExist."""
    return visible_to(member).get(id=session)


def coming(member: Member, *, at: datetime, limit: int) -> list[Session]:
    """The sessions to come or under way, the next one first."""
    rows = visible_to(member).filter(state=State.PLANNED, ends_at__gt=at)
    return list(rows.order_by("starts_at", "id")[:limit])


def past(member: Member, *, at: datetime, limit: int) -> list[Session]:
    """The sessions that are over or cancelled, the latest first."""
    rows = visible_to(member).exclude(state=State.PLANNED, ends_at__gt=at)
    return list(rows.order_by("-starts_at", "id")[:limit])


def to_sign_off(member: Member, *, at: datetime, limit: int) -> list[Session]:
    """Those of her organisation that are over and of which nobody noted who came, the oldest first."""
    rows = visible_to(member).filter(organiser=member.organisation, state=State.PLANNED, ends_at__lte=at)
    return list(rows.order_by("starts_at", "id")[:limit])


def own_counts(member: Member, sessions: Iterable[Session]) -> dict[UUID, dict[str, int]]:
    """How many of her organisation's people have a place, or wait, in each of these sessions."""
    rows = Registration.objects.filter(
        partner=member.organisation, session__in=[one.id for one in sessions]
    ).values_list("session_id", "state")
    found: dict[UUID, dict[str, int]] = {}
    for session, state, number in rows.annotate(number=CountRows("id")).order_by("session_id", "state"):
        found.setdefault(session, {})[state] = number
    return found


def people(member: Member) -> QuerySet[Attendee]:
    """Those whom her own organisation registers."""
    return Attendee.objects.filter(organisation=member.organisation).order_by("sort_name", "id")


def _of_both(member: Member) -> Q:
    """A line of her organisation’s people, or of a session that it organises."""
    return Q(partner=member.organisation) | Q(organiser=member.organisation)


def places(member: Member, session: Session) -> list[Registration]:
    """The places of a session, taken or waited for, in their order; a partner reads its own people’s only."""
    rows = Registration.objects.filter(_of_both(member), session=session).exclude(state=Place.WITHDRAWN)
    return list(rows.select_related("attendee", "partner").order_by("state", "rank"))


def place_of(member: Member, registration: UUID) -> Registration:
    """One of them, given back or not; raises Registration.DoesNotExist."""
    return Registration.objects.filter(_of_both(member)).select_related("attendee").get(id=registration)


def sign_offs(session: Session) -> list[SignOff]:
    """What was signed off of a session, the first one first; the last one holds."""
    return list(SignOff.objects.filter(session=session).order_by("number"))


def presences(member: Member, sign_off: SignOff) -> list[Presence]:
    """Its lines, by organisation and name; a partner reads its own people’s only."""
    rows = Presence.objects.filter(_of_both(member), sign_off=sign_off).select_related("attendee", "partner")
    return list(rows.order_by("partner__sort_name", "attendee__sort_name", "id"))


def attested(member: Member, presence: UUID) -> Presence:
    """Somebody who came, by the last sign-off of her session; raises Presence.DoesNotExist."""
    rows = _last_ones(Presence.objects.filter(_of_both(member), outcome__in=CAME))
    return rows.select_related("attendee", "partner", "sign_off").get(id=presence)


def _last_ones(rows: QuerySet[Presence]) -> QuerySet[Presence]:
    later = SignOff.objects.filter(
        session=OuterRef("sign_off__session"), number__gt=OuterRef("sign_off__number")
    )
    return rows.filter(~Exists(later))


def known_people(member: Member) -> list[Attendee]:
    """Those whom the organiser has met: its own people, and those of partners who registered or came; by organisation and name."""
    met = Registration.objects.filter(attendee=OuterRef("id"), organiser=member.organisation)
    came = Presence.objects.filter(attendee=OuterRef("id"), organiser=member.organisation)
    rows = Attendee.objects.filter(
        Q(organisation=member.organisation) | Q(added_for=member.organisation) | Exists(met) | Exists(came)
    )
    return list(rows.select_related("organisation").order_by("organisation__sort_name", "sort_name", "id"))


def followed(member: Member, attendees: Iterable[UUID]) -> list[Presence]:
    """The sessions that these people followed, by their last sign-offs, the latest first."""
    rows = Presence.objects.filter(
        attendee__in=list(attendees), partner=member.organisation, outcome__in=CAME
    ).select_related("sign_off__session__module")
    return list(_last_ones(rows).order_by("-sign_off__session__starts_at", "id"))


def conventions_of(member: Member) -> list[Convention]:
    """Her organisation's conventions for which a session may be planned: signed or in force, by title."""
    rows = Convention.objects.filter(id__in=_of_its_conventions(member), state__in=list(BINDING))
    return list(rows.order_by("sort_title", "id"))


def seats(member: Member, session: Session) -> list[Seat]:
    """Who may come to a session of hers, under which convention: partners by name, then her own colleagues."""
    bound = [session.dedicated_to] if session.dedicated_to is not None else conventions_of(member)
    titles = {one.id: one.title for one in bound}
    found = [
        Seat(party.organisation, party.name, convention, titles[convention])
        for convention, rows in parties(list(titles)).items()
        for party in rows
        if party.signs and party.organisation != session.organiser_id
    ]
    found.sort(key=lambda one: (one.name, one.title))
    return [*found, Seat(session.organiser_id, session.organiser.name)]


def own_seats(member: Member, session: Session) -> list[Seat]:
    """Under which conventions her organisation's people may come: one for a dedicated session."""
    name = member.organisation_name
    if session.organiser_id == member.organisation:
        return [Seat(member.organisation, name)]
    bound = (
        [session.dedicated_to]
        if session.dedicated_to is not None
        else _with(conventions_of(member), session.organiser_id)
    )
    return [Seat(member.organisation, name, one.id, one.title) for one in bound]


def _with(conventions: Sequence[Convention], organiser: UUID) -> list[Convention]:
    known = parties([one.id for one in conventions])
    return [
        one
        for one in conventions
        if any(party.signs and party.organisation == organiser for party in known.get(one.id, ()))
    ]


def counts(convention_id: UUID, since: date, until: date) -> TrainingCounts:
    """What the trainings of a convention come to from a day to another, that one excluded. One statement.

    For its parties, exact; raises PermissionDenied's cause (insufficient privilege) for anybody else. Days are the organiser's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM training_counts(%s, %s, %s)", [convention_id, since, until])
        return _counted(cursor.fetchall())


def counts_by_year(convention_id: UUID, years: Sequence[int]) -> dict[int, TrainingCounts]:
    """The same over several civil years, in one statement too."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_YEAR, [list(years), convention_id])
        rows = cursor.fetchall()
    return {year: _counted([row[1:] for row in rows if row[0] == year]) for year in years}


_BY_YEAR: Final = """
SELECT asked.year, found.*
  FROM unnest(%s::int[]) asked (year),
       LATERAL training_counts(%s, make_date(asked.year, 1, 1), make_date(asked.year + 1, 1, 1)) found
"""


def _counted(rows: Iterable[Sequence[Any]]) -> TrainingCounts:
    total, publics = Count(), 0
    dedicated: dict[bool, Count] = {}
    themes: dict[str, Count] = {}
    partners: dict[UUID, Count] = {}
    for by_dedication, by_theme, by_partner, persons, attendances, sessions, found in rows:
        figure = Count(persons, attendances, sessions)
        if by_dedication is not None:
            dedicated[by_dedication] = figure
        elif by_theme is not None:
            themes[by_theme] = figure
        elif by_partner is not None:
            partners[by_partner] = figure
        else:
            total, publics = figure, found
    return TrainingCounts(
        total=total,
        dedicated=dedicated.get(True, Count()),
        open_to_all=dedicated.get(False, Count()),
        themes=tuple((theme, themes.get(theme.value, Count())) for theme in Theme),
        partners=tuple(sorted(partners.items())),
        publics=publics,
    )


def zone_of(session: Session) -> ZoneInfo:
    """The organiser's clock, on which a session's hours are read."""
    return ZoneInfo(session.time_zone)
