"""Applications of months ago under the convention of a PASS, written by the owner: what years of work would have left."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from tests.days import PARIS
from tests.referrals.world import organisation
from tests.rights.world import CAISSE, HOSPITAL, Signed

SINCE, UNTIL = date(2026, 1, 5), date(2026, 7, 6)
"""Two committees."""


@dataclass(frozen=True)
class File:
    """One application: days are counted from that of its sending; None: it has not come to that."""

    sent: date
    right: str = "c2s"
    urgent: bool = False
    state: str = "granted"
    received: int | None = 0
    complete: int | None = 0
    decided: int | None = 20
    told: int | None = 2
    """Days after the decision."""
    promised: int | None = 31
    legal: int | None = 61
    silent: bool = False
    lapsed: int | None = None
    sender: str = HOSPITAL
    withheld: bool = False
    again: tuple[tuple[int, str], ...] = ()
    """Second requests for pieces: their day and why."""


def plant(signed: Signed, *files: File) -> list[UUID]:
    """Write these applications; their ids."""
    with transaction.atomic(), acting(organisation=organisation(CAISSE).id):
        bodies = {name: organisation(name).id for name in {CAISSE, *(one.sender for one in files)}}
        authorisation = signed.authorisation().id
    with connections["owner"].cursor() as cursor:
        return [_plant(cursor, signed, one, authorisation, bodies) for one in files]


def _plant(cursor: Any, signed: Signed, one: File, authorisation: UUID, bodies: dict[str, UUID]) -> UUID:
    case, who = uuid7(), UUID(int=9)
    at = datetime.combine(one.sent, time(9), PARIS)
    ended = one.state in {"granted", "refused", "withdrawn", "cancelled"}

    def day(after: int | None) -> date | None:
        return None if after is None else one.sent + timedelta(days=after)

    cursor.execute(
        "INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)"
        " VALUES (%s, %s, %s, 'application', 'acces_droits', %s, %s, %s)",
        [case, authorisation, signed.id, bodies[one.sender], bodies[CAISSE], at],
    )
    for body, role in ((bodies[one.sender], "sender"), (bodies[CAISSE], "recipient")):
        cursor.execute(
            "INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, sealed_key,"
            " withheld, urgent)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'sent', %s, %s, false)",
            [uuid7(), body, case, signed.id, role, at, b"k" * 64, one.withheld and role == "sender"],
        )
    is_decided = one.state in {"granted", "refused"}
    is_told = is_decided and one.decided is not None and one.told is not None
    values: dict[str, Any] = {
        "case_id": case, "right": one.right, "urgent": one.urgent, "proof": "certificat_medical" if one.urgent else "",
        "state": one.state, "handed_to": "", "sent_at": at, "sent_by": who, "received_on": day(one.received),
        "complete_on": day(one.complete), "promised_on": day(one.promised), "legal_on": day(one.legal),
        "silence": "" if one.legal is None else "acceptance" if one.right == "c2s" else "rejection",
        "decided_on": day(one.decided) if is_decided else None, "lapsed_on": day(one.lapsed), "by_silence": one.silent,
        "opened": one.right if one.state == "granted" else "", "opens_on": day(one.decided) if one.state == "granted" else None,
        "end_reason": {"refused": "resources", "withdrawn": "person_asks", "cancelled": "wrong_right"}.get(one.state, ""),
        "closed_at": at + timedelta(days=one.decided or 5) if ended else None,
        "closed_by": who if ended and not one.silent else None,
        "notified_on": day((one.decided or 0) + (one.told or 0)) if is_told else None, "notified_how": "letter" if is_told else "",
    }  # fmt: skip
    names = ", ".join(f'"{name}"' for name in values)
    cursor.execute(
        f"INSERT INTO rights_application ({names}) VALUES ({', '.join(['%s'] * len(values))})",  # noqa: S608 - names of columns above
        list(values.values()),
    )
    for number, (after, why) in enumerate(((0, ""), *one.again) if one.again else (), start=1):
        cursor.execute(
            "INSERT INTO rights_piecerequest (id, case_id, number, keys, indispensable, asked_on, again, asked_at, asked_by,"
            " answered_on, answered_at, answered_by) VALUES (%s, %s, %s, '{tax}', true, %s, %s, %s, %s, %s, %s, %s)",
            [uuid7(), case, number, day(after), why, at, who, day(after), at, who],
        )
    return case


def of_all_kinds() -> list[File]:
    """What a board has to tell apart: kinds, states, delays, promises, silence, second requests, the days of both committees."""
    before, last = SINCE - timedelta(days=10), UNTIL - timedelta(days=10)
    return [
        File(SINCE, decided=10),
        File(SINCE, decided=40, complete=15, promised=None),
        File(SINCE + timedelta(days=3), decided=62, told=None, legal=61, silent=True, lapsed=62),
        File(SINCE, "ame", urgent=True, decided=8, promised=10, legal=None),
        File(SINCE, "ame", urgent=True, decided=14, promised=10, legal=None, state="refused"),
        File(SINCE, "ame", decided=None, state="complete", lapsed=62, again=((9, "appeared"), (30, "unreadable"))),
        File(SINCE, state="withdrawn", decided=None, promised=None, legal=None),
        File(SINCE, state="sent", received=None, complete=None, decided=None, promised=None, legal=None),
        File(before, decided=10),  # decided on the very day of the first committee
        File(before, decided=9),  # the day before it
        File(last, decided=10),  # on the very day of the second one
        File(last, decided=9),
    ]  # fmt: skip
