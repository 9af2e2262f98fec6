"""Setting up a secondment, booking, moving, cancelling, noting. Each action: policy, conditional change, journal, outbox."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from psycopg import errors

from maillage.audit.actions import record
from maillage.beneficiaries.actions import record_information, register_person
from maillage.beneficiaries.rules import Identity, Told, identity_problems, told_problems
from maillage.beneficiaries.stopping import must_not_be_stopped, must_not_object
from maillage.cases.actions import AuthorisationClosed, CaseExists, NotAuthorised, open_case
from maillage.cases.following import begin_following
from maillage.cases.models import Authorisation
from maillage.cases.queries import visible_to as cases_visible_to
from maillage.cases.rules import Reason
from maillage.conventions.data_roles.unsaid import unsaid_of
from maillage.core.identifiers import bound_id
from maillage.core.moves import move as move_state
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.referrals.drafts import refusal_without_keys
from maillage.secondments import queries
from maillage.secondments.models import Appointment, Permanence, Secondment
from maillage.secondments.notifications import tell
from maillage.secondments.policies import can_arrange, can_book, can_change, can_set_up, can_work
from maillage.secondments.rules import (
    CANCELLED_BY,
    LONGEST_PLACE,
    OUTCOMES,
    PAPERS,
    SEEN_AGAIN,
    Slot,
    Weekly,
    meet,
    weekly_problems,
)
from maillage.secondments.states import TRANSITIONS, State
from maillage.vault.actions import NoKeyPair

TAKEN: Final = "Ce créneau vient d’être pris : choisissez-en un autre."
_NOTHING: Final = "Rien n’a été enregistré."
_CLOSED: Final = f"La convention ne permet pas, ou ne permet plus, ces rendez-vous. {_NOTHING}"
_ELSEWHERE: Final = "Cet agent est déjà en permanence ailleurs à cette heure."
_AGENT: Final = "Choisissez une personne de votre caisse dont le rôle reçoit les personnes."


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Who is lent, where she receives, from which day to which."""

    agent: UUID
    place: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A slot for a person: for what she comes, what she brings, and what she was told of the use of her data."""

    slot: Slot
    service: str
    papers: tuple[str, ...]
    person: Identity
    told: Told
    follows: UUID | None = None


@transaction.atomic
def set_up(*, new_id: UUID, authorisation: UUID, arrangement: Arrangement, by: Member, at: datetime) -> UUID:
    """Lend an agent under a convention in force that provides for it. The same id twice makes one secondment.

    Raises Refused at `authorisation`, `agent`, `place` or `until`; PermissionDenied.
    """
    if not can_set_up(by):
        raise PermissionDenied("Votre rôle ne permet pas de mettre un agent à disposition.")
    if queries.visible_to(by).filter(id=new_id).exists():
        return new_id
    opening = next((one for one in queries.openings(by, at=at) if one.authorisation == authorisation), None)
    if opening is None:
        raise Refused(
            "Aucune convention en vigueur ne prévoit cette mise à disposition pour votre caisse.",
            "authorisation",
        )
    _check_arrangement(arrangement, by, at)
    allowed = Authorisation.objects.get(id=authorisation)
    row = Secondment(
        id=new_id,
        authorisation=allowed,
        convention_id=allowed.convention_id,
        caisse_id=allowed.recipient_id,
        host_id=allowed.sender_id,
        agent_id=arrangement.agent,
        place=arrangement.place.strip(),
        since=arrangement.since,
        until=arrangement.until,
        set_up_at=at,
        set_up_by=by.user,
    )
    with _meaning():
        row.save(force_insert=True)
    _record("secondment.set_up", "secondment", new_id, by)
    return new_id


def _check_arrangement(arrangement: Arrangement, by: Member, at: datetime) -> None:
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    place = arrangement.place.strip()
    before = arrangement.until is not None and arrangement.until < arrangement.since
    check(
        [
            None if arrangement.agent in dict(queries.agents(by, on=on)) else Fault(_AGENT, "agent"),
            None if 0 < len(place) <= LONGEST_PLACE else Fault("Dites où l’agent reçoit.", "place"),
            Fault("Le dernier jour ne peut pas précéder le premier.", "until") if before else None,
        ]
    )


@transaction.atomic
def arrange(*, secondment: Secondment, arrangement: Arrangement, by: Member, at: datetime) -> None:
    """Another agent, another place, a last day; the first day stays. The new agent follows what is still to come.

    Raises Refused at `agent`, `place` or `until`; PermissionDenied to anybody but the caisse.
    """
    _must_arrange(secondment, by)
    _check_arrangement(arrangement, by, at)
    with _meaning(_ELSEWHERE, "agent"):
        Secondment.objects.filter(id=secondment.id).update(
            agent_id=arrangement.agent, place=arrangement.place.strip(), until=arrangement.until
        )
    _record("secondment.arrange", "secondment", secondment.id, by)


@transaction.atomic
def add_permanence(*, new_id: UUID, secondment: Secondment, weekly: Weekly, by: Member) -> UUID:
    """Hold a permanence from now on. The same id twice makes one; raises Refused at its fields, or where the agent is held already."""
    _must_arrange(secondment, by)
    Secondment.objects.select_for_update(of=("self",)).get(id=secondment.id)  # one after the other
    others = list(Permanence.objects.filter(secondment=secondment.id))
    if any(other.id == new_id for other in others):
        return new_id
    faults = [Fault(message, field) for field, message in weekly_problems(weekly).items()]
    if weekly.since < secondment.since or (secondment.until and weekly.since > secondment.until):
        faults.append(Fault("Ce jour n’est pas dans la mise à disposition.", "since"))
    if not faults and any(meet(weekly, queries.weekly(other)) for other in others):
        faults.append(Fault("Ces heures recouvrent une autre permanence de cet agent ici.", "starts"))
    check(faults)
    with _meaning(_ELSEWHERE, "starts"):
        Permanence.objects.create(
            id=new_id,
            secondment_id=secondment.id,
            weekday=weekly.weekday,
            starts=weekly.starts,
            ends=weekly.ends,
            minutes=weekly.minutes,
            every=weekly.every,
            since=weekly.since,
            until=weekly.until,
        )
    _record("secondment.add_permanence", "secondment", secondment.id, by)
    return new_id


@transaction.atomic
def end_permanence(*, permanence: Permanence, last: date, by: Member) -> None:
    """Say the last day of a permanence; what was booked after it stays, to be moved or cancelled. Raises Refused at `until`."""
    _must_arrange(permanence.secondment, by)
    if last < permanence.since:
        raise Refused("Le dernier jour ne peut pas précéder le premier.", "until")
    with _meaning(_ELSEWHERE, "until"):
        Permanence.objects.filter(id=permanence.id).update(until=last)
    _record("secondment.end_permanence", "secondment", permanence.secondment_id, by)


def _must_arrange(secondment: Secondment, by: Member) -> None:
    if not can_arrange(by, secondment):
        raise PermissionDenied("Seule la caisse qui délègue son agent règle ses permanences.")


@transaction.atomic
def book(*, token: UUID, secondment: UUID, booking: Booking, by: Member, at: datetime) -> UUID:
    """Take a free slot for a person: a case shared by the two organisations, all at once or not at all. Returns its id.

    Of two who take one slot, the second is refused by the database; sent twice with one token, it is one appointment.
    Raises Refused at `slot`, `service`, `papers` or a field of the person; PermissionDenied; Secondment.DoesNotExist.
    """
    found = queries.known(by, secondment, at=at)
    if not can_book(by, found.row):
        raise PermissionDenied("Seule la structure d’accueil prend les rendez-vous.")
    new = bound_id(token, organisation=by.organisation, author=by.user)
    if cases_visible_to(by).filter(case_id=new).exists():
        return new
    under = found.row.authorisation
    if found.setting.is_closed:
        raise _closed(found, by, at)
    _check_booking(booking, found, by, at)
    must_not_object(person=booking.person, counterpart=under.recipient_id, service=under.service, by=by)
    try:
        opened = open_case(case=new, under=under, kind="appointment", urgent=False)
    except (AuthorisationClosed, NotAuthorised) as error:
        raise _closed(found, by, at) from error
    except CaseExists:
        return new
    except NoKeyPair as error:
        raise refusal_without_keys(error, by) from error
    with _meaning():
        Appointment.objects.create(
            case_id=new,
            secondment_id=found.row.id,
            starts_at=booking.slot.starts_at,
            ends_at=booking.slot.ends_at,
            service=booking.service,
            papers=list(booking.papers),
            follows_id=booking.follows,
            booked_at=opened.opened_at,
            booked_by=by.user,
        )
    register_person(case=new, key=opened.key, identity=booking.person)
    record_information(case=new, told=booking.told, recipient=found.row.caisse_id, by=by)
    begin_following(case=new, reason=Reason.SENT, by=by, at=opened.opened_at)
    _record("appointment.book", "appointment", new, by)
    tell("appointment_booked", case=new, to=found.row.caisse_id)
    return new


def _closed(found: queries.Known, by: Member, at: datetime) -> Refused:
    """Why nothing is booked: nobody has said who answers for the data, or the convention closed this way."""
    unsaid = unsaid_of(found.row.authorisation, by, at=at)
    return unsaid.refused(_NOTHING) if unsaid else Refused(_CLOSED, None, found.row.article)


def _check_booking(booking: Booking, found: queries.Known, by: Member, at: datetime) -> None:
    on = at.astimezone(found.zone).date()
    problems = identity_problems(booking.person, on=on)
    problems |= told_problems(booking.told, on=on, birth_date=booking.person.birth_date)
    if booking.service not in queries.reasons(by, found.row, at=at):
        problems["service"] = "Choisissez un motif de la liste."
    if not set(booking.papers) <= set(PAPERS):
        problems["papers"] = "Choisissez les pièces dans la liste."
    if booking.slot not in queries.free_slots(found, at=at):
        problems["slot"] = TAKEN
    if (
        booking.follows is not None
        and not Appointment.objects.filter(
            case_id=booking.follows, secondment=found.row.id, outcome__in=SEEN_AGAIN
        ).exists()
    ):
        problems["slot"] = "Le rendez-vous précédent n’appelle pas de suite."
    check([Fault(message, field) for field, message in problems.items()])


@transaction.atomic
def move(*, appointment: Appointment, slot: Slot, by: Member, at: datetime) -> None:
    """Give an appointment another free slot; the other side is told. Raises Refused at `slot`, TransitionRefused when it is over."""
    _must_change(appointment, by)
    must_not_be_stopped(case=appointment.case_id, kind="appointment", by=by)
    if slot.starts_at == appointment.starts_at:
        return
    found = queries.known(by, appointment.secondment_id, at=at)
    if slot not in queries.free_slots(found, at=at):
        raise Refused(TAKEN, "slot")
    changes: Mapping[str, object] = {
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "moved_at": at,
        "moved_by": by.user,
    }
    with _meaning():
        move_state(appointment, TRANSITIONS, "move", **changes)
    _acted("appointment.move", appointment, by, at)
    tell(
        "appointment_moved",
        case=appointment.case_id,
        to=_other(appointment, by),
        fact=f"{slot.starts_at.timestamp():.0f}:{at.timestamp():.0f}",
    )


@transaction.atomic
def cancel(*, appointment: Appointment, whose: str, by: Member, at: datetime) -> None:
    """Cancel at somebody's demand; the slot is free again, the other side is told. Raises Refused at `whose`, TransitionRefused."""
    _must_change(appointment, by)
    if whose not in may_cancel_for(appointment, by):
        raise Refused("Dites à la demande de qui.", "whose")
    move_state(appointment, TRANSITIONS, "cancel", closed_at=at, closed_by=by.user, cancelled_for=whose)
    _acted("appointment.cancel", appointment, by, at)
    tell("appointment_cancelled", case=appointment.case_id, to=_other(appointment, by))


def may_cancel_for(appointment: Appointment, by: Member) -> dict[str, str]:
    """At whose demand somebody may cancel: the person's, or her own side's."""
    mine = "host" if appointment.case.sender_id == by.organisation else "caisse"
    return {key: words for key, words in CANCELLED_BY.items() if key in ("person", mine)}


@transaction.atomic
def hold(*, appointment: Appointment, outcome: str, by: Member, at: datetime) -> None:
    """The person came: what came of it returns to the host. Raises Refused at `outcome`, or where she objected to its flow;
    TransitionRefused when it was noted already."""
    _must_work(appointment, by, at)
    must_not_be_stopped(case=appointment.case_id, kind="appointment", by=by)
    if outcome not in OUTCOMES:
        raise Refused("Dites la suite donnée.", "outcome")
    move_state(appointment, TRANSITIONS, "hold", closed_at=at, closed_by=by.user, outcome=outcome)
    _acted("appointment.hold", appointment, by, at)
    tell("appointment_held", case=appointment.case_id, to=appointment.case.sender_id)


@transaction.atomic
def miss(*, appointment: Appointment, by: Member, at: datetime) -> None:
    """The person did not come; the host is told. Raises TransitionRefused when it was noted already."""
    _must_work(appointment, by, at)
    move_state(appointment, TRANSITIONS, "miss", closed_at=at, closed_by=by.user)
    _acted("appointment.miss", appointment, by, at)
    tell("appointment_missed", case=appointment.case_id, to=appointment.case.sender_id)


def _must_work(appointment: Appointment, by: Member, at: datetime) -> None:
    if not can_work(by, appointment.case):
        raise PermissionDenied("Seule la caisse note ce qu’il en est d’un rendez-vous.")
    if appointment.state == State.BOOKED and at < appointment.starts_at:
        raise Refused("Ce rendez-vous n’a pas encore eu lieu.", "outcome")


def _must_change(appointment: Appointment, by: Member) -> None:
    if not can_change(by, appointment.case):
        raise PermissionDenied("Votre rôle ne permet pas de changer ce rendez-vous.")


def _other(appointment: Appointment, by: Member) -> UUID:
    case = appointment.case
    return case.caisse_id if case.sender_id == by.organisation else case.sender_id


def _acted(verb: str, appointment: Appointment, by: Member, at: datetime) -> None:
    """Whoever works an appointment follows it from then on."""
    begin_following(case=appointment.case_id, reason=Reason.WORKED, by=by, at=at)
    record(
        verb=verb,
        object_type="appointment",
        object_ref=appointment.case_id,
        by=by.user,
        organisation=by.organisation,
    )


def _record(verb: str, what: str, reference: UUID, by: Member) -> None:
    record(verb=verb, object_type=what, object_ref=reference, by=by.user, organisation=by.organisation)


@contextmanager
def _meaning(taken: str = TAKEN, field: str = "slot") -> Iterator[None]:
    """What the database refuses, said in French; the transaction around stays usable. `taken`: what hours that are not free mean."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, errors.ExclusionViolation | errors.UniqueViolation):
            raise Refused(taken, field) from error
        if isinstance(cause, errors.InvalidAuthorizationSpecification | errors.InsufficientPrivilege):
            raise Refused(_CLOSED) from error
        if isinstance(cause, errors.RestrictViolation):
            raise Refused(_AGENT, "agent") from error
        raise
