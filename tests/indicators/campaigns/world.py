"""A national text in force, a local convention that implements it, and many others as years would have left them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.lifecycle.relations import relate
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.indicators.campaigns import actions
from maillage.indicators.campaigns.models import Campaign
from maillage.indicators.figures import Year
from tests.conventions.people import (
    CNAM,
    CPAM,
    CROIX_ROUGE,
    DRAFTED,
    SIGNED,
    body,
    completed,
    instant,
    member,
    seen,
    sign_as,
)

S4 = "croix_rouge_cadre_2021"
NAMES = {"cnam": "Cnam", "croix_rouge": "Croix-Rouge"}
YEAR = Year(2025)
OPENED, CLOSED = instant("2026-01-12"), instant("2026-03-02")


def framework() -> UUID:
    """The national text, signed by both and in force."""
    text = completed(library.load(S4).model_copy(update={"signatures": ()}))
    new = uuid7()
    with member(CNAM, DRAFTED) as drafter:
        row = drafting.start_from_terms(new_id=new, terms=text, by=drafter, at=DRAFTED)
        for key, name in NAMES.items():
            drafting.choose_body(convention=row, key=key, organisation=body(name).id, by=drafter, at=DRAFTED)
        propose(convention=row, by=drafter, at=DRAFTED)
    for address in (CNAM, CROIX_ROUGE):
        sign_as(new, address, SIGNED)
    return new


def implement(local: UUID, national: UUID, at: datetime = OPENED) -> None:
    """A local convention says that it implements the national one."""
    with member(CPAM, at) as caisse:
        relate(convention=seen(caisse, local), kind="implements", target=national, by=caisse, at=at)


def opened(national: UUID, year: Year = YEAR, at: datetime = OPENED, **changes: Any) -> Campaign:
    """The questions of the national text asked of a year."""
    given = {"token": uuid7(), "due_on": CLOSED.date(), **changes}
    with member(CNAM, at) as actor:
        return actions.open_campaign(framework=seen(actor, national), year=year, by=actor, at=at, **given)


def close(campaign: Campaign, at: datetime = CLOSED) -> Campaign:
    """No more answers."""
    with member(CNAM, at) as actor:
        return actions.close_campaign(campaign=Campaign.objects.get(pk=campaign.pk), by=actor, at=at)


@dataclass(frozen=True)
class Local:
    """A convention that implements the national text, with a validated sheet: who holds it, its network, what was counted."""

    caisse: UUID
    network: str
    amounts: dict[str, int]


def plant(national: UUID, locals_: Sequence[Local], year: Year = YEAR) -> list[UUID]:
    """Write these conventions and their sheets, as the owner; their ids."""
    found = []
    with connections["owner"].cursor() as cursor:
        for one in locals_:
            convention, sheet = uuid7(), uuid7()
            found.append(convention)
            cursor.execute(
                "INSERT INTO conventions_convention (id, title, sort_title, level, template, departement, partner_kind, partners, state,"
                " end_kind, content_hash, starts_on, in_force, drafted_by_id, chosen, time_zone, next_due_what)"
                " VALUES (%s, 'Locale', 'locale', 'local', '', '', %s, '', 'in_force', '', %s, %s, tstzrange(%s, NULL), %s, '{}',"
                " 'Europe/Paris', '')",
                [convention, one.network, "0" * 64, SIGNED.date(), SIGNED, one.caisse],
            )
            cursor.execute(
                "INSERT INTO conventions_relation (id, convention_id, kind, key, target_id, text)"
                " VALUES (%s, %s, 'implements', '', %s, '')",
                [uuid7(), convention, national],
            )
            cursor.execute(
                "INSERT INTO indicators_yearsheet (id, convention_id, year, state, begun_at, begun_by, back_reason)"
                " VALUES (%s, %s, %s, 'filling', %s, %s, '')",
                [sheet, convention, year.number, SIGNED, uuid7()],
            )
            cursor.execute("SELECT set_config('maillage.organisation', %s, false)", [str(one.caisse)])
            cursor.execute(
                "UPDATE indicators_yearsheet SET state = 'validated', validated_at = %s, validated_by = %s WHERE id = %s",
                [now(), uuid7(), sheet],
            )
            cursor.execute(
                "UPDATE indicators_yearcounts SET amounts = %s WHERE sheet_id = %s",
                [json.dumps(one.amounts), sheet],
            )
        cursor.execute("SELECT set_config('maillage.organisation', '', false)")
    return found
