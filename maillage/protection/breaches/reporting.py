"""Reporting a suspicion: the file opens, and each party that a convention names is told at once (S2 and S4 annexe 1-8, S3 art. 6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.policies import WRITABLE
from maillage.conventions.lifecycle.queries import load, load_all
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.conventions.lifecycle.recording import day_of, new_row, own_id
from maillage.conventions.terms import Terms
from maillage.core.french import typeset
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.notifications import tell_watchers
from maillage.protection.breaches.rules import (
    Duty,
    controllers,
    deciders,
    due_at,
    duties,
    noticed_fault,
    number_fault,
)
from maillage.protection.breaches.saying import tell_journal, text_faults
from maillage.protection.breaches.states import State
from maillage.protection.policies import can_follow


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody says of it in a minute: what, noticed when, which data, how many, whether it goes on; under which conventions."""

    what: str
    noticed_at: datetime | None
    natures: tuple[str, ...]
    data: tuple[str, ...]
    conventions: tuple[UUID, ...]
    people: int | None = None
    records: int | None = None
    goes_on: bool | None = None


def reportable(by: Member) -> list[LoadedConvention]:
    """The conventions under which one's organisation exchanges data, or did: signed by all, in force or ended."""
    rows = conventions_visible_to(by).exclude(state__in=sorted(WRITABLE)).order_by("sort_title", "id")
    return [known for known in load_all(rows) if known.mine is not None and known.mine.signs]


@transaction.atomic
def report(*, breach_id: UUID, said: Reported, by: Member, at: datetime) -> Breach:
    """Open the file of a suspected breach, and tell whom each convention says. The same `breach_id` opens one file.

    Raises Refused at `what`, `noticed_on`, `natures`, `kinds`, `people`, `records`, `conventions`.
    """
    new = own_id(breach_id, by)
    if (kept := Breach.objects.filter(pk=new, organisation=by.organisation).first()) is not None:
        return kept
    known = _asked(said.conventions)
    check(
        [
            *text_faults({"what": said.what}, by=by, conventions=said.conventions, needed=("what",)),
            noticed_fault(said.noticed_at, at),
            None if said.natures else Fault("Cochez au moins une réponse.", "natures"),
            None if said.data else Fault("Cochez au moins une sorte de données.", "kinds"),
            number_fault(said.people, "people"),
            number_fault(said.records, "records"),
            *(_too_early(said.noticed_at, one) for one in known),
        ]
    )
    assert said.noticed_at is not None  # noqa: S101 - refused above
    with new_row():
        breach = Breach(
            id=new,
            organisation_id=by.organisation,
            what=said.what.strip(),
            noticed_at=said.noticed_at,
            natures=sorted(set(said.natures)),
            data=sorted(set(said.data)),
            people=said.people,
            records=said.records,
            goes_on=said.goes_on,
            recorded_at=at,
            recorded_by=by.user,
        )
        breach.save(force_insert=True)
    tell_journal("report", breach.pk, by)
    tell_watchers(breach.pk, [by.organisation])
    for one in known:
        _touch(breach, one, by)
    return breach


@transaction.atomic
def touch(*, breach: Breach, conventions: Sequence[UUID], by: Member) -> None:
    """Say that a breach also touches these conventions: their parties are told as their texts say.

    Raises PermissionDenied, Refused at `conventions`, once it is closed or joined to another too.
    """
    if not can_follow(by):
        raise PermissionDenied("Votre rôle ne permet pas de suivre les violations de données.")
    if not conventions:
        raise Refused("Choisissez au moins une convention.", "conventions")
    known = _asked(conventions)
    breach.refresh_from_db(from_queryset=Breach.objects.select_for_update())
    if breach.state == State.CLOSED or breach.joined_to_id is not None:
        raise Refused(
            "Ce dossier est clos, ou joint à un autre : signalez une nouvelle violation, ou complétez l’autre dossier.",
            "conventions",
        )
    check(_too_early(breach.noticed_at, one) for one in known)
    for one in known:
        _touch(breach, one, by)
    tell_journal("touch", breach.pk, by)


def asked_of(known: LoadedConvention, noticed: datetime) -> tuple[Duty, ...]:
    """What a convention asks of one's organisation when it suspects a breach, by its text of that day."""
    return _duties(known.readable(day_of(known.row, noticed)), known, noticed)


@dataclass(frozen=True, slots=True)
class Shortest:
    """The delay that ends first, were a suspicion to touch every convention of an organisation: whose it is, what it asks, when."""

    convention: LoadedConvention
    duty: Duty
    due_at: datetime


def shortest_asked(by: Member, noticed: Sequence[datetime]) -> dict[datetime, Shortest]:
    """For each of these instants, the shortest delay that any convention of one's organisation gives; without those that give none."""
    found: dict[datetime, Shortest] = {}
    for known in reportable(by) if noticed else ():
        for start in noticed:
            if _too_early(start, known):
                continue
            for duty in asked_of(known, start):
                due = due_at(start, duty.within, zone=known.zone, departement=known.departement)
                if due is not None and (start not in found or due < found[start].due_at):
                    found[start] = Shortest(known, duty, due)
    return found


def _duties(text: Terms, known: LoadedConvention, noticed: datetime) -> tuple[Duty, ...]:
    mine = known.mine.key if known.mine else ""
    return duties(text, mine, noticed=noticed, zone=known.zone, departement=known.departement)


def _asked(conventions: Iterable[UUID]) -> list[LoadedConvention]:
    wanted = list(dict.fromkeys(conventions))
    rows = {one.pk: one for one in Convention.objects.filter(pk__in=wanted)}
    known = [load(rows[one]) for one in wanted if one in rows]
    if len(known) < len(wanted) or any(
        one.mine is None or not one.mine.signs or one.row.state in WRITABLE for one in known
    ):
        raise Refused("Choisissez des conventions de la liste.", "conventions")
    return known


def _too_early(noticed: datetime | None, known: LoadedConvention) -> Fault | None:
    """A breach noticed before a convention took effect is none of it; after its end it may well be: data stay."""
    starts = known.row.starts_on
    if noticed is None or starts is None or day_of(known.row, noticed) >= starts:
        return None
    said = typeset(
        f"La convention « {known.row.title} » ne courait pas encore ce jour-là : corrigez la date, ou décochez la convention."
    )
    return Fault(said, "noticed_on")


def _touch(breach: Breach, known: LoadedConvention, by: Member) -> None:
    """Whoever answers or decides under this convention takes part in the file; each that the text names is told."""
    text = known.readable(day_of(known.row, breach.noticed_at))
    answer, decide = controllers(text), deciders(text)
    mine = known.mine.key if known.mine else ""
    asked = _duties(text, known, breach.noticed_at)
    told: list[UUID] = []
    with connection.cursor() as cursor:
        _part(breach, known, by.organisation, (mine in answer, mine in decide))
        for duty in asked:
            party = known.party(duty.addressee)
            if party is None or party.organisation == by.organisation:
                continue
            _part(breach, known, party.organisation, (party.key in answer, party.key in decide))
            cursor.execute(
                "SELECT protection_tell(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [uuid7(), breach.pk, known.id, party.organisation, *_told(duty, breach, known)],
            )
            told += [party.organisation] if cursor.fetchone() == (True,) else []
    tell_watchers(breach.pk, told)


def _told(duty: Duty, breach: Breach, known: LoadedConvention) -> list[Any]:
    due = due_at(breach.noticed_at, duty.within, zone=known.zone, departement=known.departement)
    within = str(duty.within) if duty.within else ""
    return [duty.article, within, duty.start.value, duty.scope, duty.to_dpo, breach.noticed_at, due]


def _part(breach: Breach, known: LoadedConvention, body: UUID, roles: tuple[bool, bool]) -> None:
    """Bring a party into the file, or add what it is there: it answers for the data, it decides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT protection_part(%s, %s, %s, %s, %s)", [breach.pk, known.id, body, *roles])
