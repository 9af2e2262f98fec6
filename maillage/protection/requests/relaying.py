"""Asking the other parties that the conventions name: each answers for what it holds, and is told of the shared cases alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, check
from maillage.organisations.member import Member
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.notifications import tell_received
from maillage.protection.requests.people import Person, along_fault, known_of, only, person_to_bytes
from maillage.protection.requests.queries import file_asked, parts_in, person_of, person_place, ways_of
from maillage.protection.requests.receiving import day_of, require_follower
from maillage.protection.requests.rules import Subject, Way
from maillage.protection.requests.saying import tell_journal
from maillage.vault.actions import NoKeyPair, vault


@dataclass(frozen=True, slots=True)
class Target:
    """A party that may be asked under a convention; `must`: the text says that the request goes there."""

    convention: UUID
    title: str
    body: UUID
    name: str
    way: Way
    must: bool
    shares: bool

    @property
    def key(self) -> str:
        """What a form posts for it."""
        return f"{self.convention}:{self.body}"


def targets(file: RequestFile, by: Member, at: datetime) -> list[Target]:
    """Whom the conventions of one's organisation say a request goes to, those of the attached cases first, each body once."""
    shared = {part.convention_id for part in parts_in(by, file.cases)}
    contacts = file.request.subject == Subject.CONTACT
    found = [
        Target(known.id, known.row.title, party.organisation, party.name, way, must, known.id in shared)
        for known, way in ways_of(by, day_of(by, at))
        if way.of_contacts is contacts
        for must, keys in ((True, way.relays), (False, way.besides))
        for party in map(known.party, keys)
        if party is not None and party.organisation != by.organisation
    ]
    found.sort(key=lambda one: (not one.must, not one.shares, one.title, one.name))
    first: dict[UUID, Target] = {}
    for one in found:
        first.setdefault(one.body, one)
    return list(first.values())


@transaction.atomic
def ask(
    *, file: RequestFile, chosen: Sequence[str], along: Sequence[str] = (), by: Member, at: datetime
) -> list[Target]:
    """Ask these parties, and tell them of who asks what goes `along`, sealed to each; those that have nobody here are returned: they
    are written to otherwise.

    What another organisation wrote down itself of who asks is never written over. Raises PermissionDenied, Refused at `bodies`, `along`.
    """
    require_follower(by)
    if file.request.organisation_id != by.organisation:
        raise PermissionDenied("Qui a reçu la demande la transmet.")
    offered = {one.key: one for one in targets(file, by, at)}
    person = person_of(file)
    known = bool(chosen) and set(chosen) <= set(offered)
    check(
        [
            None if known else Fault("Choisissez dans la liste au moins un organisme.", "bodies"),
            along_fault(along, known_of(person) if person else ()),
        ]
    )
    told = only(person, along) if person and along else None
    absent = []
    for one in (offered[key] for key in dict.fromkeys(chosen)):
        if _asked(one, file.request_id, told, sorted(set(along))):
            tell_received(file.request_id, [one.body], fact=one.convention)
        else:
            absent.append(one)
    tell_journal("ask", file.request_id, by, fields=tuple(sorted(set(along))))
    return absent


def _asked(one: Target, request: UUID, person: Person | None, along: Sequence[str]) -> bool:
    """Whether somebody there watches over its data."""
    theirs = file_asked(request, one.body) or uuid7()
    sealed = _sealed(person, theirs, one.body) if person else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT protection_ask(%s, %s, %s, %s, %s, %s, %s, %s)",
            [uuid7(), theirs, request, one.convention, one.body, one.way.article, sealed, list(along if sealed else ())],
        )  # fmt: skip
        return bool(cursor.fetchone() == (True,))


def _sealed(person: Person, file: UUID, body: UUID) -> bytes | None:
    """Who asks, sealed for the organisation that is asked; nothing where it has no key: it is written to."""
    try:
        return vault().seal_for_self(person_to_bytes(person), organisation=body, at=person_place(file))
    except NoKeyPair:
        return None
