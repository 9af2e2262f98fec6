"""The send action against raw inserts of the same rows, and sixteen senders with and without the chained journal."""

import statistics
import threading
import time
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import transaction

from benchmarks.database import Bench
from benchmarks.journal import chained_and_plain
from benchmarks.measure import Line
from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Authorisation
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.organisations.member import Member, enter
from maillage.organisations.models import User
from maillage.referrals.actions import send
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from maillage.referrals.routing.situation import Renunciation
from maillage.vault.actions import public_keys, vault
from maillage.vault.belonging import see_store
from tests.days import today

SENDINGS = 150
WRITERS = 16
SECONDS = 2.0
# The rows that one sending leaves, and the column that ties them to the case.
_ROWS = (
    ("cases_case", "id"),
    ("cases_participation", "case_id"),
    ("referrals_referral", "case_id"),
    ("referrals_renunciation", "case_id"),
    ("beneficiaries_beneficiary", "case_id"),
    ("beneficiaries_information", "case_id"),
    ("beneficiaries_consent", "case_id"),
)


def _member(address: str) -> Member:
    user = User.objects.using("owner").get(email=address)
    with transaction.atomic():
        member = enter(user=user.id, user_name=user.full_name, wanted=None, on=today())
    assert member is not None
    return member


def _content(authorisation: UUID) -> Content:
    told = Told(given_on=today(), means="oral", recipient_named=True)
    person = Identity(
        surname="Exemple", given_name="Personne", birth_date=date(1980, 5, 17), phone="01 99 00 00 00"
    )
    renounced = (
        Renunciation(care="optics", reason="cost"),
        Renunciation(care="general_practice", reason="time"),
    )
    situation = Situation(("cost", "online"), "Situation d’exemple, quelques mots.", renounced)
    return Content(
        authorisation,
        person,
        situation,
        told,
        precisions=Precisions({"received_here": True}),
        agreement=Agreement("agreed", "all", "oral"),
    )


def _acting(member: Member) -> Any:
    return acting(organisation=member.organisation, user=member.user)


def _drafts(member: Member, authorisation: UUID) -> list[UUID]:
    """As many drafts as there are sendings to measure, and one more to make the first case."""
    drafts = []
    for _ in range(SENDINGS + 1):
        with transaction.atomic(), _acting(member):
            drafts.append(begin(token=uuid4(), content=_content(authorisation), by=member, at=now()))
    return drafts


def _send(member: Member, draft: UUID) -> float:
    """Seconds of one sending, in its own transaction."""
    at = now()
    began = time.perf_counter()
    with transaction.atomic(), _acting(member):
        send(draft=draft, by=member, at=at)
    return time.perf_counter() - began


def _raw_rows(
    connection: psycopg.Connection[Any], case: UUID
) -> list[tuple[str, list[str], list[list[Any]]]]:
    """The rows of one case, as they are, table by table. Generated columns would be left out: there is none."""
    found = []
    for table, column in _ROWS:
        cursor = connection.execute(f"SELECT * FROM {table} WHERE {column} = %s", [case])
        names = [described.name for described in cursor.description or ()]
        found.append((table, names, [list(row) for row in cursor.fetchall()]))
    return found


def _raw_insert(
    connection: psycopg.Connection[Any], rows: list[tuple[str, list[str], list[list[Any]]]], case: UUID
) -> None:
    new = uuid4()
    with connection.transaction():
        for table, names, values in rows:
            for row in values:
                fresh = [
                    new if value == case else uuid4() if name == "id" else value
                    for name, value in zip(names, row, strict=True)
                ]
                places = ", ".join(["%s"] * len(names))
                connection.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", fresh)


def _seconds(bench: Bench, database: str, member: Member, drafts: list[UUID]) -> tuple[UUID, float, float]:
    """A case, and the median seconds of a sending and of the same rows: by turns, for the disk is not always as quick."""
    case, sendings, bare = drafts[0], [], []
    _send(member, case)
    with bench.server.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger of ours: the bare rows
        rows = _raw_rows(connection, case)
        for draft in drafts[1:]:
            sendings.append(_send(member, draft))
            began = time.perf_counter()
            _raw_insert(connection, rows, case)
            bare.append(time.perf_counter() - began)
    return case, statistics.median(sendings), statistics.median(bare)


def _ensure_keys(allowed: Authorisation) -> None:
    """Rows that no key of this run's store ever sealed are there already: its keys are made beforehand, or they would be lost ones."""
    sides = (allowed.sender_id, allowed.recipient_id)
    for side, public in zip(sides, public_keys(*sides), strict=True):
        see_store(vault().store, remembered=public.used_store)
        vault().store.ensure(side, allowed.convention_id)


def lines(bench: Bench, database: str, *, address: str) -> list[Line]:
    """Sending with triggers, encryption, journal and outbox; both sides committed with fsync on."""
    bench.point_at(database)
    member = _member(address)
    with transaction.atomic(), _acting(member):
        allowed = Authorisation.objects.get(sender=member.organisation)
        _ensure_keys(allowed)
    authorisation = allowed.id
    case, sending, raw = _seconds(bench, database, member, _drafts(member, authorisation))
    detail = f"{sending * 1000:.1f} ms contre {raw * 1000:.2f} ms"
    return [
        Line("envoi / mêmes lignes insérées nues", sending / raw, 12.0, "below", detail),
        *_writers(bench, database, member, authorisation, case),
    ]


def _write(
    bench: Bench,
    database: str,
    member: Member,
    authorisation: UUID,
    case: UUID,
    until: float,
    counts: list[int],
) -> None:
    """The SQL of a sending, again and again, as the web's own role."""
    with bench.server.connect(database) as reader:
        rows = _raw_rows(reader, case)[2:]
    sealed, done = bytes(124), 0
    with psycopg.connect(bench.urls(database).app) as connection:
        while time.monotonic() < until:
            new = uuid4()
            with connection.transaction():
                connection.execute(
                    "SELECT set_config('maillage.organisation', %s, true)", [str(member.organisation)]
                )
                connection.execute(
                    "SELECT open_case(%s, %s, 'referral', false, %s, %s, %s, %s)",
                    [new, authorisation, uuid4(), sealed, uuid4(), sealed],
                )
                for table, names, values in rows:
                    fresh = [
                        new if v == case else uuid4() if n == "id" else v
                        for n, v in zip(names, values[0], strict=True)
                    ]
                    places = ", ".join(["%s"] * len(names))
                    connection.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", fresh)
            done += 1
    counts.append(done)


def _rate(*arguments: Any) -> float:
    counts: list[int] = []
    until = time.monotonic() + SECONDS
    threads = [threading.Thread(target=_write, args=(*arguments, until, counts)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _writers(bench: Bench, database: str, *what: Any) -> list[Line]:
    """All write for one organisation, so for one chain: the worst case of the journal."""
    chained, plain = chained_and_plain(bench, database, lambda: _rate(bench, database, *what))
    detail = f"{chained:.0f} contre {plain:.0f} envois par seconde"
    return [
        Line(
            f"{WRITERS} envois à la fois, journal chaîné / non chaîné", chained / plain, 0.9, "above", detail
        )
    ]
