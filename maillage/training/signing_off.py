"""Signing a session off: who came, how many of the public; and correcting it by a new act that says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.core.identifiers import bound_id, uuid7
from maillage.core.moves import move as move_state
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.training import queries
from maillage.training.actions import enter_act, meaning, must_run
from maillage.training.evidence import show_commitments
from maillage.training.models import Attendee, Presence, Registration, Session, SignOff
from maillage.training.queries import Seat
from maillage.training.registering import Person, add_person
from maillage.training.rules import LONGEST_TEXT, MOST_PLACES, Audience, Outcome
from maillage.training.states import TRANSITIONS, Place, State

OVER: Final = "Cette séance n’est pas finie : vous noterez qui est venu après sa fin."
TAKEN: Final = "Quelqu’un a signé cette feuille avant vous : la page a été rechargée."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who came without a place: from where; known already, or described. `line` is her line of the form."""

    line: int
    seat: Seat
    attendee: UUID | None = None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the attendance sheet says: for each registration whether she came; who else; the public; the signed paper if any."""

    came: Mapping[UUID, bool]
    newcomers: Sequence[Newcomer] = ()
    publics: int = 0
    document: UUID | None = None


@transaction.atomic
def sign_off(*, token: UUID, session: Session, sheet: Sheet, by: Member, at: datetime) -> SignOff:
    """Record who came: the session is held, its sheet frozen, the commitments that it shows to be kept have their proof.

    Raises Refused at `publics`, a registration's or a newcomer's field, or as a whole; PermissionDenied.
    """
    return _record(token, session, sheet, "", by=by, at=at)


@transaction.atomic
def correct(*, token: UUID, session: Session, sheet: Sheet, reason: str, by: Member, at: datetime) -> SignOff:
    """Record again who came, and why: both acts stay readable, the last one counts. Raises as `sign_off`, and at `reason`."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_TEXT:
        raise Refused(f"Dites pourquoi, en {LONGEST_TEXT} caractères au plus.", "reason")
    return _record(token, session, sheet, said, by=by, at=at)


def _record(token: UUID, session: Session, sheet: Sheet, reason: str, *, by: Member, at: datetime) -> SignOff:
    must_run(session, by)
    new = bound_id(token, organisation=by.organisation, author=by.user)
    if (known := SignOff.objects.filter(id=new, session=session).first()) is not None:
        return known
    if at < session.ends_at or session.state == State.CANCELLED:
        raise Refused(OVER if session.state != State.CANCELLED else "Cette séance est annulée.")
    if bool(reason) != (session.state == State.HELD):
        raise Refused(TAKEN)
    places = [one for one in queries.places(by, session) if one.state == Place.REGISTERED]
    check([*_places_faults(places, sheet), _publics_fault(session, sheet)])
    newcomers = _newcomers(new, sheet, places, by, at)
    with meaning(TAKEN):
        SignOff.objects.create(
            id=new,
            session=session,
            organiser_id=by.organisation,
            listed=len(places) + len(newcomers),
            publics=sheet.publics,
            reason=reason,
            document_id=sheet.document,
            recorded_at=at,
            recorded_by=by.user,
        )
        Presence.objects.bulk_create([*_of_places(new, places, sheet, by), *newcomers])
        if not reason:
            move_state(session, TRANSITIONS, "hold", closed_at=at, closed_by=by.user)
    enter_act("training.correct" if reason else "training.sign_off", "training_session", session.id, by)
    made = SignOff.objects.get(id=new)
    show_commitments(session=session, sign_off=made, by=by, at=at)
    return made


def _places_faults(places: Sequence[Registration], sheet: Sheet) -> list[Fault | None]:
    """Each one who had a place came or did not; places are those of now, should one have been given back since."""
    return [
        None if one.id in sheet.came else Fault("Dites si elle ou il est venu·e.", mark_field(one.id))
        for one in places
    ]


def mark_field(place: UUID) -> str:
    """The form's field that says whether somebody with a place came."""
    return f"came_{place.hex}"


def _publics_fault(session: Session, sheet: Sheet) -> Fault | None:
    if not 0 <= sheet.publics <= MOST_PLACES:
        return Fault(f"Écrivez un nombre de 0 à {MOST_PLACES}.", "publics")
    if sheet.publics and Audience.PUBLIC not in session.module.audiences:
        return Fault("Ce module n’est pas destiné aux publics accompagnés.", "publics")
    return None


def _of_places(sign_off: UUID, places: Sequence[Registration], sheet: Sheet, by: Member) -> list[Presence]:
    return [
        Presence(
            id=uuid7(),
            sign_off_id=sign_off,
            attendee_id=one.attendee_id,
            partner_id=one.partner_id,
            organiser_id=by.organisation,
            convention_id=one.convention_id,
            outcome=Outcome.PRESENT if sheet.came[one.id] else Outcome.ABSENT,
        )
        for one in places
    ]


def _newcomers(
    sign_off: UUID, sheet: Sheet, places: Sequence[Registration], by: Member, at: datetime
) -> list[Presence]:
    seated, lines, faults = {one.attendee_id for one in places}, list[Presence](), list[Fault | None]()
    for one in sheet.newcomers:
        try:
            who = _newcomer(one, by, at)
        except Refused as refused:
            faults += [Fault(fault.message, f"{fault.field}_{one.line}") for fault in refused.faults]
            continue
        if who.id in seated:
            faults.append(Fault("Cette personne est déjà sur la feuille.", f"attendee_{one.line}"))
            continue
        seated.add(who.id)
        lines.append(
            Presence(
                id=uuid7(),
                sign_off_id=sign_off,
                attendee_id=who.id,
                partner_id=one.seat.organisation,
                organiser_id=by.organisation,
                convention_id=one.seat.convention,
                outcome=Outcome.UNANNOUNCED,
            )
        )
    check(faults)
    return lines


def _newcomer(one: Newcomer, by: Member, at: datetime) -> Attendee:
    """Whoever is chosen from those known, or somebody new; raises Refused at `attendee`, `name` or `function`."""
    if one.attendee is not None:
        known = Attendee.objects.filter(id=one.attendee, organisation=one.seat.organisation).first()
        if known is None:
            raise Refused("Choisissez une personne de cet organisme.", "attendee")
        return known
    return add_person(
        new_id=uuid7(), person=one.person or Person("", ""), organisation=one.seat.organisation, by=by, at=at
    )
