"""Which parties accept to start a flow without its roles, and who has somebody here to accept."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.rules import FlowStanding, Here, standings
from maillage.conventions.lifecycle.loaded import ConventionText, LoadedConvention
from maillage.conventions.terms import Terms


def acceptances(conventions: Iterable[UUID]) -> list[FlowAcceptance]:
    """Those of these conventions, withdrawn ones too, the newest first."""
    return list(
        FlowAcceptance.objects.filter(convention__in=list(conventions)).order_by("-recorded_at", "id")
    )


def standing_of(
    known: ConventionText, terms: Terms, given: Iterable[FlowAcceptance], *, on: date
) -> tuple[FlowStanding, ...]:
    """Where each flow of a convention stands on a day, with the acceptances given."""
    accepted: dict[str, set[str]] = {}
    for row in given:
        if row.convention_id == known.id and row.withdrawn_at is None:
            accepted.setdefault(row.flow_key, set()).add(row.party_key)
    return standings(terms, accepted, due=known.row.roles_due_on, on=on)


def awaiting(
    texts: Sequence[tuple[LoadedConvention, Terms]], *, on: date
) -> list[tuple[LoadedConvention, FlowStanding]]:
    """The flows of these conventions that wait for the acceptance of one's own organisation. One query."""
    given = acceptances(known.id for known, _ in texts)
    return [
        (known, one)
        for known, terms in texts
        for one in standing_of(known, terms, given, on=on)
        if known.mine is not None and known.mine.key in one.awaited
    ]


def protecting_here(known: LoadedConvention) -> Here:
    """Told to the parties only. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT party_key, officer, anybody FROM convention_protects_here(%s) ORDER BY party_key",
            [known.id],
        )
        rows = cursor.fetchall()
    return Here(
        frozenset(key for key, officer, _ in rows if officer),
        frozenset(key for key, _, anybody in rows if anybody),
    )
