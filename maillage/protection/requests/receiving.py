"""Writing down a request as it comes, saying who asks, finding her in one's own cases: in the same way whether she is known or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.beneficiaries.queries import cases_of_person, identities
from maillage.beneficiaries.rules import Identity, nir_search_problem
from maillage.cases.models import Participation
from maillage.cases.queries import reading
from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.protection.policies import can_follow
from maillage.protection.requests.models import RequestFile, RightsRequest
from maillage.protection.requests.notifications import tell_received
from maillage.protection.requests.people import Person, person_faults, person_to_bytes
from maillage.protection.requests.queries import (
    check_passed_on,
    departement_of,
    parts_in,
    person_of,
    person_place,
)
from maillage.protection.requests.rules import (
    Check,
    due_on,
    received_fault,
    rights_fault,
    search_fault,
)
from maillage.protection.requests.saying import tell_journal
from maillage.protection.requests.states import State
from maillage.vault.actions import vault


@dataclass(frozen=True, slots=True)
class Received:
    """What somebody writes down of a request: when it came, how, what she asks, who she is, how one knows it."""

    received_on: date | None
    channel: str
    subject: str
    rights: tuple[str, ...]
    person: Person
    check_made: str


@dataclass(frozen=True, slots=True)
class Found:
    """A case of one's organisation that may be hers, and the identity to compare; None where its key was destroyed."""

    part: Participation
    identity: Identity | None


def require_follower(by: Member) -> None:
    """Raise PermissionDenied for whoever does not answer requests."""
    if not can_follow(by):
        raise PermissionDenied("Votre rôle ne permet pas de répondre aux demandes des personnes.")


def day_of(by: Member, at: datetime) -> date:
    """The day of this instant at the clock of one's organisation."""
    return at.astimezone(ZoneInfo(by.time_zone)).date()


@transaction.atomic
def receive(*, request_id: UUID, said: Received, by: Member, at: datetime) -> RequestFile:
    """Open a request and one's organisation's own file of it; its month counts from the day received. The same id opens one.

    Raises Refused at `received_on`, `rights`, `surname`, `given_name`, `birth_date`.
    """
    new = own_id(request_id, by)
    kept = (
        RequestFile.objects.filter(request=new, organisation=by.organisation)
        .select_related("request")
        .first()
    )
    if kept is not None:
        return kept
    on = day_of(by, at)
    check(
        [
            received_fault(said.received_on, on),
            rights_fault(said.rights),
            *person_faults(said.person, on),
            _check_fault(said.check_made, None),
        ]
    )
    assert said.received_on is not None  # noqa: S101 - refused above
    with new_row():
        request = RightsRequest(
            id=new,
            organisation_id=by.organisation,
            received_on=said.received_on,
            channel=said.channel,
            subject=said.subject,
            rights=sorted(set(said.rights)),
            due_on=due_on(said.received_on, departement_of(by)),
            recorded_at=at,
            recorded_by=by.user,
        )
        request.save(force_insert=True)
    file = RequestFile(
        id=uuid7(), request=request, organisation_id=by.organisation, check_made=said.check_made,
        checked_at=None if said.check_made == Check.PENDING else at,
    )  # fmt: skip
    file.sealed = _sealed(file, said.person, by)
    file.save(force_insert=True)
    tell_journal("receive", request.pk, by)
    tell_received(request.pk, [by.organisation])
    return file


@transaction.atomic
def identify(*, file: RequestFile, person: Person, check_made: str, by: Member, at: datetime) -> RequestFile:
    """Say, or put right, who asks and how one knows it; the day of a check is the one on which it was first said.

    Raises PermissionDenied, TransitionRefused, Refused at its field.
    """
    require_follower(by)
    passed = check_passed_on(file.request)
    check([*person_faults(person, day_of(by, at)), _check_fault(check_made, passed[0] if passed else None)])
    still_asked(file)
    if check_made != file.check_made:
        file.checked_at = None if check_made == Check.PENDING else at
    file.sealed, file.check_made = _sealed(file, person, by), check_made
    file.save(update_fields=["sealed", "check_made", "checked_at"])
    tell_journal("identify", file.request_id, by)
    return file


@transaction.atomic
def search(
    *, file: RequestFile, nir: str = "", surname: str = "", born: date | None = None, by: Member, at: datetime
) -> list[Found]:
    """The cases of one's own organisation that may be hers, with their identity to compare: each reading is journalled.

    The search is noted, whatever it finds; nothing of what was typed is kept. Raises PermissionDenied, TransitionRefused once it is
    answered, Refused at `surname`, `nir`.
    """
    require_follower(by)
    still_asked(file)
    bad_number = nir_search_problem(nir)
    check(
        [
            search_fault(nir=nir, surname=surname, born=born),
            Fault(bad_number, "nir") if bad_number else None,
        ]
    )
    parts = parts_in(by, cases_of_person(by=by, nir=nir, surname=surname, birth_date=born))
    known = read_identities(parts, by=by, why="recherche pour une demande de la personne")
    looked_for(file, at)
    tell_journal("search", file.request_id, by)
    return [Found(part, known.get(part.case_id)) for part in parts]


@transaction.atomic
def attach(*, file: RequestFile, cases: Sequence[UUID], begun: Sequence[str] = (), by: Member) -> RequestFile:
    """Say which cases of one's organisation are hers, once she was looked for; none is an answer too.

    `begun`: what is not sent, by keys that `begun.require_begun` gave. Raises PermissionDenied, TransitionRefused, Refused at `cases`, or
    until she was looked for.
    """
    require_follower(by)
    wanted = sorted(set(cases))
    if {part.case_id for part in parts_in(by, wanted)} != set(wanted):
        raise Refused("Choisissez des dossiers de la liste.", "cases")
    still_asked(file)
    require_searched(file)
    file.cases, file.begun = wanted, list(begun)
    file.save(update_fields=["cases", "begun"])
    tell_journal("attach", file.request_id, by)
    return file


def checks_open(passed: Check | None) -> list[Check]:
    """How one may say that one knows who asks; that of another organisation only where it made one and told it."""
    relied = passed is not None and passed not in (Check.PENDING, Check.RELAYED)
    return [one for one in Check if relied or one is not Check.RELAYED]


def _check_fault(check_made: str, passed: Check | None) -> Fault | None:
    return None if check_made in checks_open(passed) else Fault("Choisissez une réponse.", "check_made")


def who_asks(file: RequestFile, by: Member, *, why: str) -> Person | None:
    """Who asks: as one's own file says it, or as she was passed on; else as the newest of her cases does, which is journalled there."""
    said = person_of(file)
    if said is not None:
        return said
    parts = parts_in(by, file.cases)[:1]
    known = next(iter(read_identities(parts, by=by, why=why).values()), None)
    return Person(known.surname, known.given_name, known.birth_date) if known else None


def still_asked(file: RequestFile) -> None:
    """The file as it is now, locked. Raises TransitionRefused once it is answered."""
    file.refresh_from_db(
        from_queryset=RequestFile.objects.select_for_update(of=("self",)).select_related("request")
    )
    if file.state != State.ASKED:
        raise TransitionRefused


def read_identities(parts: Sequence[Participation], *, by: Member, why: str) -> dict[UUID, Identity]:
    """Who these cases are about, by case, those whose key was destroyed left out; each reading is journalled on its case, with why."""
    for part in parts:
        record(
            verb="read", object_type=part.kind, object_ref=part.case_id, by=by.user, organisation=by.organisation,
            fields=("identity",), reason=why,
        )  # fmt: skip
    return reading(parts, identities) if parts else {}


def require_searched(file: RequestFile) -> None:
    """Raise Refused until somebody looked for her: « nothing found » is said of what was searched alone."""
    if file.searched_at is None:
        raise Refused("Cherchez d’abord la personne dans vos dossiers.")


def looked_for(file: RequestFile, at: datetime) -> None:
    """Note that she was looked for, in an open file; nothing but a search says it."""
    file.searched_at = at
    file.save(update_fields=["searched_at"])


def _sealed(file: RequestFile, person: Person, by: Member) -> bytes:
    return vault().seal_for_self(
        person_to_bytes(person), organisation=by.organisation, at=person_place(file.pk)
    )
