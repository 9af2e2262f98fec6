"""Closed cases of a hospital and its caisse, and what the caisse's officer states of how long she keeps them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from maillage.core.clock import now
from maillage.protection.retention.ending import end_cases
from maillage.protection.retention.models import CaseDuration
from maillage.protection.retention.stating import state
from tests.conventions.people import worker_process
from tests.referrals.world import member
from tests.rights.world import Signed, send

CPAM_DPO = "dpo@cpam.example.org"
REASON = "Référentiel des durées de la caisse, fiche 3"
LATER = timedelta(days=40)


def owner(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """What the owner of the database does and reads, past every rule."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def closed(signed: Signed, years: float = 3) -> UUID:
    """A file of rights, sent, and closed so many years ago."""
    case = send(signed)
    close(case, years)
    return case


def close(case: UUID, years: float = 3) -> None:
    """As if it had been closed then."""
    owner(
        "UPDATE cases_participation SET since = %s, closed_at = %s WHERE case_id = %s",
        now() - timedelta(days=366 * years), now() - timedelta(days=365 * years), case,
    )  # fmt: skip


def fixed(months: int | None = 24, *, by: str = CPAM_DPO, **scope: Any) -> CaseDuration:
    """What the officer of the caisse states."""
    said: dict[str, Any] = {"convention": None, "kind": "", "reason": REASON} | scope
    with member(by) as dpo:
        return state(months=months, by=dpo, at=now(), **said)


def ended(after: timedelta = LATER) -> int:
    """What the worker ends that much later."""
    with worker_process():
        return end_cases(now() + after)


def part(case: UUID, body: UUID) -> tuple[Any, ...]:
    """What is left of a part in the database: its sealed key, whether it runs, its digests, its own file, its documents, its line."""
    return owner(
        "SELECT length(p.sealed_key), p.until IS NULL OR p.until > now(),"
        " (SELECT count(*) FROM beneficiaries_blindindex b WHERE b.case_id = p.case_id AND b.organisation_id = p.organisation_id),"
        " (SELECT count(*) FROM referrals_casefile f WHERE f.case_id = p.case_id AND f.organisation_id = p.organisation_id),"
        " (SELECT count(*) FROM rights_piece r JOIN documents_document d ON d.id = r.document_id WHERE r.case_id = p.case_id"
        "   AND d.wrapped_key <> '' AND (d.organisation_id = p.organisation_id OR p.organisation_id = ANY (d.readers))),"
        " (SELECT count(*) FROM vault_erasure e WHERE e.scope = 'part' AND e.reference = p.case_id::text"
        "   AND e.organisation_id = p.organisation_id)"
        " FROM cases_participation p WHERE p.case_id = %s AND p.organisation_id = %s",
        case, body,
    )[0]  # fmt: skip
