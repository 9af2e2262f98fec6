"""Asking the other parties that the conventions name: each answers for what it holds, and is told of the shared cases alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.notifications import tell_received
from maillage.protection.requests.queries import parts_in, ways_of
from maillage.protection.requests.receiving import day_of, require_follower
from maillage.protection.requests.rules import Subject, Way
from maillage.protection.requests.saying import tell_journal


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
def ask(*, file: RequestFile, chosen: Sequence[str], by: Member, at: datetime) -> list[Target]:
    """Ask these parties; those that have nobody here are returned: they are written to otherwise.

    Raises PermissionDenied, Refused at `bodies`.
    """
    require_follower(by)
    if file.request.organisation_id != by.organisation:
        raise PermissionDenied("Qui a reçu la demande la transmet.")
    offered = {one.key: one for one in targets(file, by, at)}
    if not chosen or not set(chosen) <= set(offered):
        raise Refused("Choisissez dans la liste au moins un organisme.", "bodies")
    absent = []
    for one in (offered[key] for key in dict.fromkeys(chosen)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT protection_ask(%s, %s, %s, %s, %s, %s)",
                [uuid7(), uuid7(), file.request_id, one.convention, one.body, one.way.article],
            )
            here = cursor.fetchone() == (True,)
        if here:
            tell_received(file.request_id, [one.body], fact=one.convention)
        else:
            absent.append(one)
    tell_journal("ask", file.request_id, by)
    return absent
