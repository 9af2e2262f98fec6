"""The requests that an organisation received or was asked about, and what is in its file of one."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Case as Either
from django.db.models import QuerySet, Value, When

from maillage.cases.models import Participation
from maillage.cases.queries import visible_to as participations_visible_to
from maillage.conventions.lifecycle.loaded import DEFAULT_DEPARTEMENT, LoadedConvention
from maillage.core import crypto
from maillage.organisations.member import Member
from maillage.protection.breaches.reporting import reportable
from maillage.protection.firsts import Firsts, firsts
from maillage.protection.policies import can_follow
from maillage.protection.requests.models import Rectification, RequestFile, RequestPart, RightsRequest
from maillage.protection.requests.people import Person, person_from_bytes
from maillage.protection.requests.rules import Check, Way, ways
from maillage.protection.requests.states import State
from maillage.vault.actions import vault
from maillage.vault.store import KeyDestroyed


def visible_to(member: Member) -> QuerySet[RequestFile]:
    """Her organisation's files for whoever follows requests, what is to be answered first, by date; what she wrote down for others, by
    date alone: neither their order nor anything else tells whether a person is known."""
    rows = RequestFile.objects.filter(organisation=member.organisation).select_related(
        "request__organisation"
    )
    if not can_follow(member):
        mine = rows.filter(request__organisation=member.organisation, request__recorded_by=member.user)
        return mine.order_by("-request__received_on", "request_id")
    to_do = Either(When(state=State.ASKED, then=Value(0)), default=Value(1))
    return rows.order_by(to_do, "request__due_on", "request_id")


def running(member: Member) -> Firsts[RequestFile]:
    """What her organisation has not answered yet, the first due first."""
    return firsts(visible_to(member).filter(state=State.ASKED))


def parts_of(request: RightsRequest) -> list[RequestPart]:
    """Who answers: everyone for whoever received the request, one's own part for another."""
    rows = RequestPart.objects.filter(request=request).select_related(
        "organisation", "receiver", "convention"
    )
    return list(rows.order_by("asked_at", "organisation__sort_name", "id"))


def check_passed_on(request: RightsRequest) -> tuple[Check, datetime | None] | None:
    """How whoever received the request recognised the person, and when, for another that shares one of her cases or was told who asks.

    None for anybody else; without an instant where it was not kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT check_made, checked_at FROM protection_check_made(%s)", [request.pk])
        found = cursor.fetchone()
    return (Check.of(found[0]), found[1]) if found else None


def file_asked(request: UUID, body: UUID) -> UUID | None:
    """The file of another organisation that one's own asked: what is sealed for it is tied to it; its id says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT protection_file_asked(%s, %s)", [request, body])
        row = cursor.fetchone()
    return row[0] if row else None


def rectifications_of(request: RightsRequest) -> list[Rectification]:
    """What was told of a request to put right elsewhere, and what was taken up, the oldest first."""
    rows = Rectification.objects.filter(request=request).select_related("organisation", "addressee")
    return list(rows.order_by("told_at", "addressee__sort_name", "id"))


def to_take_up(member: Member) -> Firsts[Rectification]:
    """What others put right and one's organisation has not taken up, the oldest first; for whoever follows requests."""
    if not can_follow(member):
        return Firsts()
    rows = Rectification.objects.filter(addressee=member.organisation, acknowledged_at=None)
    return firsts(rows.select_related("organisation").order_by("told_at", "id"))


def person_place(file: UUID) -> bytes:
    """Where the sealed name of who asks belongs."""
    return crypto.place("protection_requestfile", "sealed", file)


def person_of(file: RequestFile) -> Person | None:
    """Who asks, as one's own organisation wrote it down, or was told; None where nothing is, or where it does not open.

    Another organisation may have sealed it: whatever bytes it left, the request is answered, and who asks is typed here.
    """
    if file.sealed is None:
        return None
    with suppress(KeyDestroyed, crypto.DecryptionError, ValueError, TypeError, LookupError):
        return person_from_bytes(vault().open_for_self(bytes(file.sealed), at=person_place(file.pk)))
    return None


def parts_in(member: Member, cases: Sequence[UUID]) -> list[Participation]:
    """One's organisation's own part in each of these cases, the newest first; nothing of the others."""
    rows = participations_visible_to(member).filter(case_id__in=list(cases))
    return list(
        rows.select_related("case__sender", "case__caisse", "case__authorisation").order_by("-since", "-id")
    )


def ways_of(member: Member, on: date) -> list[tuple[LoadedConvention, Way]]:
    """What each convention of one's organisation says of requests today."""
    return [
        (known, way)
        for known in reportable(member)
        for way in ways(known.readable(on), known.mine.key if known.mine else "")
    ]


def departement_of(member: Member) -> str:
    """Where its holidays are counted."""
    return member.departement or DEFAULT_DEPARTEMENT
