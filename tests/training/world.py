"""The convention of the CCAS in force, a module of the caisse, sessions of it to come and held, by the real actions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.organisations.member import Member
from maillage.training import actions, queries, registering, signing_off
from maillage.training.actions import Described
from maillage.training.models import Registration, Session, SignOff
from maillage.training.registering import Person
from maillage.training.rules import Plan
from maillage.training.signing_off import Newcomer, Sheet
from tests.days import PARIS, today
from tests.referrals.world import READER, WORKER, Signed, member, sign_convention

OFFICER = READER  # the caisse's référente: she organises
CARSAT = "referente@carsat.example.org"
ELSEWHERE = "social@villexemple.example.org"
SOON = timedelta(days=10)
MODULE = Described("rights", "Ouvrir des droits", "PUMa, C2S et AME en une matinée.", ("staff", "volunteers"))
PLAN = Plan(today() + SOON, time(9), time(12), 2, "Conseillère", "Salle Exemple")


@dataclass(frozen=True)
class Taught:
    """A convention in force and a module of its caisse."""

    convention: UUID
    module: UUID


def teach(described: Described = MODULE) -> Taught:
    """The convention signed and in force; a module."""
    signed: Signed = sign_convention()
    with member(OFFICER) as officer:
        return Taught(signed.id, add_module(officer, described))


def add_module(by: Member, described: Described = MODULE) -> UUID:
    return actions.add_module(new_id=uuid7(), described=described, by=by, at=now())


def planned(
    taught: Taught,
    *,
    module: UUID | None = None,
    dedicated: bool = True,
    at: datetime | None = None,
    **changes: Any,
) -> UUID:
    """A session to come, of two places; `at`, when it was planned, ten days before it."""
    instant = at or now()
    day = instant.astimezone(PARIS).date() + SOON
    with member(OFFICER) as officer:
        return actions.plan(
            new_id=uuid7(),
            module=module or taught.module,
            convention=taught.convention if dedicated else None,
            planned=replace(PLAN, day=day, **changes),
            by=officer,
            at=instant,
        )


def register(
    session: UUID,
    name: str = "",
    *,
    by: str = WORKER,
    attendee: UUID | None = None,
    at: datetime | None = None,
    token: UUID | None = None,
    **changes: Any,
) -> Registration:
    """A place for somebody of the CCAS, under the convention that her organisation has with the caisse."""
    with member(by) as someone:
        row = queries.session_of(someone, session)
        return registering.register(
            token=token or uuid7(),
            session=row,
            attendee=attendee,
            person=Person(name, "Travailleuse sociale", **changes) if name else None,
            convention=queries.own_seats(someone, row)[0].convention,
            by=someone,
            at=at or now(),
        )


def withdraw(place: Registration, *, by: str = WORKER, at: datetime | None = None) -> None:
    with member(by) as someone:
        registering.withdraw(place=queries.place_of(someone, place.id), by=someone, at=at or now())


def states(session: UUID) -> list[str]:
    """The states of the places of a session, by rank, as its organiser reads them."""
    with member(OFFICER):
        rows = Registration.objects.filter(session=session).order_by("rank")
        return list(rows.values_list("state", flat=True))


def held(
    taught: Taught,
    came: Iterable[tuple[str, bool]] = (("Ondine Modèle", True),),
    *,
    before: timedelta = timedelta(days=30),
    publics: int = 0,
    newcomers: Callable[[Member, Session], list[Newcomer]] | None = None,
    by: str = WORKER,
    known: dict[str, UUID] | None = None,
    **changes: Any,
) -> UUID:
    """A session that was held: planned `before` now, its people registered, its sheet signed the day after.

    `known`: people of earlier sessions by name, completed with those of this one, so that one person stays one.
    """
    at, people = now() - before - SOON, known if known is not None else {}
    session = planned(taught, at=at, **{"capacity": 20, **changes})
    marks = {}
    for name, present in came:
        place = register(session, "" if name in people else name, attendee=people.get(name), at=at, by=by)
        people[name] = place.attendee_id
        marks[place.id] = present
    sign(session, marks, publics=publics, newcomers=newcomers, at=at + SOON + timedelta(days=1))
    return session


def sign(
    session: UUID,
    marks: dict[UUID, bool],
    *,
    publics: int = 0,
    newcomers: Callable[[Member, Session], list[Newcomer]] | None = None,
    at: datetime | None = None,
    reason: str = "",
    token: UUID | None = None,
    by: str = OFFICER,
) -> SignOff:
    """The sheet of a session, signed by its organiser; with a reason, corrected."""
    with member(by) as officer:
        row = queries.session_of(officer, session)
        sheet = Sheet(marks, newcomers(officer, row) if newcomers else (), publics)
        told: dict[str, Any] = {"session": row, "sheet": sheet, "by": officer, "at": at or now()}
        if reason:
            return signing_off.correct(token=token or uuid7(), reason=reason, **told)
        return signing_off.sign_off(token=token or uuid7(), **told)


def counted(taught: Taught, since: date, until: date, by: str = OFFICER) -> Any:
    with member(by):
        return queries.counts(taught.convention, since, until)
