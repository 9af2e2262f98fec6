"""Places: a partner registers its own people, and gives a place back. One person in several sessions stays one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import EmailValidator
from django.db import connection, transaction

from maillage.core.identifiers import bound_id
from maillage.core.refusals import Fault, Refused, check
from maillage.core.text import sort_key
from maillage.organisations.member import Member
from maillage.training import queries
from maillage.training.actions import enter_act, meaning
from maillage.training.models import Attendee, Registration, Session
from maillage.training.policies import can_register, can_withdraw, is_open
from maillage.training.rules import LONGEST_NAME, alike
from maillage.training.states import Place

CLOSED: Final = "Les inscriptions à cette séance sont closes."
_SENT_ALREADY: Final = "Ce formulaire a déjà servi : rechargez la page."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a form describes her; `is_another`: looking like somebody known, she is somebody else."""

    name: str
    function: str
    email: str = ""
    is_another: bool = False


@transaction.atomic
def register(
    *,
    token: UUID,
    session: Session,
    attendee: UUID | None,
    person: Person | None,
    convention: UUID | None,
    by: Member,
    at: datetime,
) -> Registration:
    """Ask a place for one of one's own people: `attendee` if she is known already, else `person`. Sent twice, it is one place.

    The row says whether she has a place or waits. Raises Refused at `attendee`, `convention` or a field of the person, or as a
    whole once the session has begun; PermissionDenied.
    """
    if not can_register(by):
        raise PermissionDenied("Votre rôle ne permet pas d’inscrire à une séance.")
    new = bound_id(token, organisation=by.organisation, author=by.user)
    if (known := Registration.objects.filter(id=new, partner=by.organisation).first()) is not None:
        return known
    if not is_open(session, at):
        raise Refused(CLOSED)
    if convention not in {one.convention for one in queries.own_seats(by, session)}:
        raise Refused("Choisissez la convention au titre de laquelle elle ou il vient.", "convention")
    who = attendee or bound_id(new, organisation=by.organisation, author=by.user)
    if attendee is None:
        add_person(new_id=who, person=person or Person("", ""), organisation=by.organisation, by=by, at=at)
    elif not queries.people(by).filter(id=attendee).exists():
        raise Refused("Choisissez quelqu’un de la liste.", "attendee")
    places = Registration.objects.filter(session=session, attendee=who).exclude(state=Place.WITHDRAWN)
    if places.exists():
        raise Refused("Cette personne est déjà inscrite à cette séance.", "attendee")
    with meaning(CLOSED):
        Registration.objects.create(
            id=new,
            session=session,
            attendee_id=who,
            partner_id=by.organisation,
            organiser_id=session.organiser_id,
            convention_id=convention,
            asked_at=at,
            asked_by=by.user,
        )
    enter_act("training.register", "training_session", session.id, by)
    return Registration.objects.get(id=new)


def add_person(*, new_id: UUID, person: Person, organisation: UUID, by: Member, at: datetime) -> Attendee:
    """Somebody new of an organisation. Raises Refused at `name`, `function` or `email`: also where she looks like somebody known."""
    known = Attendee.objects.filter(organisation=organisation).order_by("sort_name", "id")
    check(person_faults(person, list(known.values_list("name", flat=True))))
    with meaning(_SENT_ALREADY):
        return Attendee.objects.create(
            id=new_id,
            organisation_id=organisation,
            **_values(person),
            added_for_id=by.organisation,
            added_at=at,
            added_by=by.user,
        )


def person_faults(person: Person, known: list[str]) -> list[Fault | None]:
    """What is wrong with somebody described, `known` being the names of those of her organisation."""
    name, function = person.name.strip(), person.function.strip()
    return [
        None if 0 < len(name) <= LONGEST_NAME else Fault("Écrivez son nom.", "name"),
        None if 0 < len(function) <= LONGEST_NAME else Fault("Écrivez sa fonction.", "function"),
        Fault("Écrivez une adresse e-mail, ou rien.", "email") if not _is_address(person.email) else None,
        _known_already(name, known) if name and not person.is_another else None,
    ]


def _known_already(name: str, known: list[str]) -> Fault | None:
    found = alike(name, known)
    if not found:
        return None
    said = " ou ".join(f"« {one} »" for one in found[:3])
    return Fault(
        f"{said} est déjà dans la liste : choisissez cette personne, ou cochez « C’est quelqu’un d’autre ».",
        "name",
    )


def _is_address(text: str) -> bool:
    try:
        if text.strip():
            EmailValidator()(text.strip())
    except ValidationError:
        return False
    return True


def _values(person: Person) -> dict[str, str]:
    name = " ".join(person.name.split())
    return {
        "name": name,
        "sort_name": sort_key(name)[:LONGEST_NAME],
        "function": person.function.strip(),
        "email": person.email.strip(),
    }


@transaction.atomic
def change_person(*, attendee: Attendee, person: Person, by: Member) -> None:
    """Say otherwise who somebody of one's own organisation is; what she followed stays hers. Raises Refused at a field."""
    if not can_register(by) or attendee.organisation_id != by.organisation:
        raise PermissionDenied("Cette personne est d’un autre organisme.")
    others = queries.people(by).exclude(id=attendee.id)
    check(person_faults(person, list(others.values_list("name", flat=True))))
    Attendee.objects.filter(id=attendee.id).update(**_values(person))
    enter_act("training.change_person", "training_person", attendee.id, by)


@transaction.atomic
def withdraw(*, place: Registration, by: Member, at: datetime) -> None:
    """Give a place, or a rank, back: whoever waits first has it. Raises Refused once the session has begun; twice is once."""
    if not can_withdraw(by, place):
        raise PermissionDenied("Cette inscription est celle d’un autre organisme.")
    if place.state == Place.WITHDRAWN:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT training_withdraw(%s, %s)", [place.id, at])
        answer = cursor.fetchone()
    if not answer or not answer[0]:
        place.refresh_from_db()
        if place.state == Place.WITHDRAWN:
            return
        raise Refused("La séance a commencé ou n’a pas lieu : les inscriptions ne changent plus.")
    enter_act("training.withdraw", "training_session", place.session_id, by)
