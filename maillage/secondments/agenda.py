"""The agenda of a seconded agent, and one appointment. Identities open to those who follow the case, and each reading is journalled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import QuerySet

from maillage.audit.actions import record
from maillage.beneficiaries.correcting import with_corrections
from maillage.beneficiaries.models import Information
from maillage.beneficiaries.queries import identities, information_of
from maillage.beneficiaries.rules import Identity
from maillage.beneficiaries.stopping import with_stopped
from maillage.cases.following import with_reason
from maillage.cases.freezing import restrained
from maillage.cases.models import Participation
from maillage.cases.queries import reading
from maillage.cases.queries import visible_to as participations_visible_to
from maillage.cases.rules import REASONS, Reason
from maillage.core.calendar import DAY
from maillage.organisations.member import Member
from maillage.secondments.models import Appointment
from maillage.secondments.queries import Known
from maillage.secondments.rules import HeldDay, Slot, Worry
from maillage.secondments.states import State


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of an agenda; the person's identity where the member may open it and its key still exists."""

    appointment: Appointment
    identity: Identity | None
    is_open: bool
    worry: Worry | None
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an agenda: what is held, why it is not if so, its appointments, the slots still free."""

    held: HeldDay
    lines: tuple[Line, ...]
    free: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class File:
    """All that a member may read of one appointment."""

    participation: Participation
    appointment: Appointment
    identity: Identity | None
    information: Information | None
    opened_as: Reason


class NotFollowed(Exception):
    """The member's organisation takes part in the case; she neither follows it nor gave a reason for consulting it today."""

    def __init__(self, participation: Participation, appointment: Appointment) -> None:
        super().__init__("Vous ne suivez pas ce dossier.")
        self.participation = participation
        self.appointment = appointment


def visible_to(member: Member) -> QuerySet[Participation]:
    """The member's appointments, as her organisation's participations in cases of that kind."""
    return participations_visible_to(member).filter(case__kind="appointment")


def agenda(member: Member, found: Known, first: date, last: date, *, at: datetime) -> list[Day]:
    """The days from a first to a last on which something is held or booked, journalled with the references opened."""
    lines = _lines(member, found, first, last)
    by_day: dict[date, list[Line]] = {}
    for line in lines:
        by_day.setdefault(line.appointment.starts_at.astimezone(found.zone).date(), []).append(line)
    held = {one.day: one for one in found.setting.days(first, last)}
    for day in by_day:  # a permanence ended since: what was booked stays to be seen
        held.setdefault(day, HeldDay(day, (), found.setting.worry_on(day)))
    return [_day(found, held[day], by_day.get(day, []), at) for day in sorted(held)]


def _day(found: Known, held: HeldDay, lines: Sequence[Line], at: datetime) -> Day:
    busy = [
        Slot(line.appointment.starts_at, line.appointment.ends_at)
        for line in lines
        if line.appointment.state != State.CANCELLED
    ]
    free = found.setting.offered(held, taken=busy, after=at)
    return Day(held, tuple(lines), tuple(free))


def _lines(member: Member, found: Known, first: date, last: date) -> list[Line]:
    begins = datetime.combine(first, time(), found.zone)
    ends = datetime.combine(last + DAY, time(), found.zone)
    appointments = {
        row.case_id: row
        for row in Appointment.objects.filter(
            secondment=found.row.id, starts_at__gte=begins, starts_at__lt=ends
        ).order_by("starts_at", "booked_at", "case_id")
    }
    parts = {
        part.case_id: part
        for part in with_reason(member, visible_to(member).filter(case_id__in=list(appointments)))
    }
    opened = [part for part in parts.values() if part.opened_as]
    read = reading(opened, identities) if opened else {}
    if appointments:
        _journal(
            "read_list",
            ",".join(str(part.case_id) for part in opened),
            ("identity",) if opened else (),
            member,
            reason=f"agenda d’un agent délégué ; sans identité : {len(appointments) - len(opened)}",
        )
    return [_line(found, row, parts.get(case), read.get(case)) for case, row in appointments.items()]


def _line(found: Known, row: Appointment, part: Participation | None, identity: Identity | None) -> Line:
    """`part` is None once the organisation no longer takes part in the case: its hour stays taken."""
    restricted = part is not None and part.frozen_since is not None
    return Line(row, identity, bool(part and part.opened_as), worry(found, row), restricted)


def worry(found: Known, appointment: Appointment) -> Worry | None:
    """What is in the way of an appointment still to come: the convention's end at its very instant, else that of its day."""
    if appointment.state != State.BOOKED:
        return None
    if found.setting.is_closed:
        return Worry.WAY_CLOSED
    if appointment.starts_at not in found.row.authorisation.open_during:
        return Worry.CONVENTION_ENDED
    return found.setting.worry_on(appointment.starts_at.astimezone(found.zone).date())


def file_of(member: Member, case: UUID) -> File:
    """One appointment, opened; the reading is journalled with its reason.

    Raises Participation.DoesNotExist for whoever takes no part in it, NotFollowed for a colleague who may not open it.
    """
    part, appointment = _part(member, case)
    if not part.opened_as:
        _journal("read", str(case), (), member, reason="sans ouvrir l’identité")
        raise NotFollowed(part, appointment)
    opened_as = Reason(part.opened_as)
    known = reading([part], identities).get(case)
    _journal("read", str(case), ("identity",), member, reason=REASONS[opened_as])
    return File(part, appointment, known, information_of(case), opened_as)


def _part(member: Member, case: UUID) -> tuple[Participation, Appointment]:
    rows = visible_to(member).select_related("case__sender", "case__caisse", "case__authorisation")
    part = with_corrections(with_stopped(with_reason(member, rows), member)).get(case_id=case)
    appointment = Appointment.objects.select_related("secondment").get(case_id=case)
    appointment.case = part.case
    return part, appointment


def appointment_of(member: Member, case: UUID) -> Appointment:
    """The appointment to act on, with its case and secondment, nothing decrypted; raises Participation.DoesNotExist."""
    part = visible_to(member).select_related("case").get(case_id=case)
    appointment = Appointment.objects.select_related("secondment").get(case_id=case)
    appointment.case = part.case
    return appointment


def to_note(member: Member, *, at: datetime, limit: int) -> list[Appointment]:
    """Appointments of the agent's own secondments that are over and of which nothing was noted, the oldest first."""
    rows = Appointment.objects.filter(
        secondment__caisse=member.organisation,
        secondment__agent_id=member.user,
        state=State.BOOKED,
        ends_at__lt=at,
    ).exclude(restrained())
    return list(rows.select_related("secondment__host").order_by("starts_at", "case_id")[:limit])


def _journal(verb: str, reference: str, fields: tuple[str, ...], member: Member, *, reason: str) -> None:
    record(
        verb=verb,
        object_type="appointment",
        object_ref=reference,
        by=member.user,
        organisation=member.organisation,
        fields=fields,
        reason=reason,
    )
