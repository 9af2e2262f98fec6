"""The journal cannot be altered unseen: generated tamperings, each found and located; and never a false alarm.

An administrator of the server can switch the triggers off, rewrite a whole chain and its end with it: nothing inside the
database can tell. `test_the_end_is_what_shows…` states that limit, and that an anchor kept elsewhere shows it.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction

from maillage.audit.actions import record
from maillage.audit.anchors import Anchor, read_anchors
from maillage.audit.rules import Alteration
from maillage.audit.sealing import seal
from maillage.audit.verification import verify
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.row_security import acting
from maillage.organisations.models import Organisation

pytestmark = pytest.mark.security
LINKS, ENTRIES_PER_LINK = 6, 2


Steps = tuple[tuple[str, tuple[Any, ...]], ...]


@dataclass(frozen=True)
class Tampering:
    """What somebody with the server in hands does, and the link where it must be found (0: anywhere)."""

    name: str
    statements: Steps
    number: int


@dataclass(frozen=True)
class Journal:
    """The lane under attack: its links in order, each with its entries."""

    chain: UUID
    lane: int
    links: tuple[bytes, ...]  # by their digest
    members: tuple[tuple[UUID, ...], ...]


@pytest.fixture
def journal(fresh_database: DatabaseUrls) -> Journal:
    """A journal of a database of this test's own."""
    return written_journal()


def written_journal() -> Journal:
    """Transactions of two organisations, two entries each, until one lane of the first has enough links."""
    mine, other = (
        Organisation.objects.using("owner").get(short_name=name).id for name in ("CCAS", "CPAM 42")
    )
    rows: list[tuple[bytes, list[UUID], int]] = []
    for number in range(64 * LINKS):
        for organisation in (mine, other):
            with transaction.atomic(), acting(organisation=organisation):
                for which in range(ENTRIES_PER_LINK):
                    record(
                        verb="read", object_type="referral", object_ref=f"{number}-{which}", by=None, organisation=organisation
                    )  # fmt: skip
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT digest, members, lane FROM audit_link l WHERE chain = %s AND lane = (SELECT lane FROM audit_chain"
                " WHERE chain = l.chain AND number = %s LIMIT 1) ORDER BY number",
                [mine, LINKS],
            )
            rows = cursor.fetchall()
        if rows:
            break
    assert len(rows) == LINKS
    return Journal(mine, rows[0][2], tuple(row[0] for row in rows), tuple(tuple(row[1]) for row in rows))


FIELDS = {
    "at": "at + interval '1 microsecond'",
    "organisation_id": "NULL",
    "user_id": "'somebody'",
    "verb": "'denied'",
    "object_type": "''",
    "object_ref": "object_ref || ' '",
    "fields": "'nir'",
    "reason": "'because'",
    "leaf": "sha256(leaf)",
    "id": "gen_random_uuid()",
}
LINK_FIELDS = {
    "lane": "lane + 100",
    "number": "number + 100",
    "previous": "sha256(previous)",
    "digest": "sha256(digest)",
    "members": "members[1:1]",
    "members (reversed)": "ARRAY[members[2], members[1]]",
    "members (twice the same)": "members || members[1:1]",
    "members (none)": "'{}'",
}
# Recompute what depends on an entry, as far as a forger may go: its leaf, its link, all the links after it.
RESEAL_LEAF = "UPDATE audit_entry e SET leaf = audit_leaf(e) WHERE id = %s"
RESEAL_LINK = (
    "UPDATE audit_link l SET digest = sha256(l.previous || int8send(l.number) || int4send(cardinality(l.members)) ||"
    " (SELECT string_agg(e.leaf, ''::bytea ORDER BY m.rank) FROM unnest(l.members) WITH ORDINALITY m(id, rank)"
    " JOIN audit_entry e ON e.id = m.id)) WHERE l.digest = %s"
)
RELINK = (
    "UPDATE audit_link l SET previous = b.digest FROM audit_link b"
    " WHERE b.chain = l.chain AND b.lane = l.lane AND b.number = l.number - 1 AND l.digest = %s"
)
MOVE_END = (
    "UPDATE audit_chain c SET number = l.number, digest = l.digest FROM audit_link l WHERE l.chain = c.chain AND l.lane = c.lane"
    " AND l.chain = %s AND l.lane = %s AND l.number = (SELECT max(number) FROM audit_link WHERE chain = l.chain AND lane = l.lane)"
)


def tamperings(journal: Journal) -> Iterator[Tampering]:
    """Every field of every entry and link, every removal, insertion and swap, every reseal that stops short of the end."""
    for index, (link, members) in enumerate(zip(journal.links, journal.members, strict=True)):
        number = index + 1
        for entry in members:
            for field, value in FIELDS.items():
                edit = f"UPDATE audit_entry SET {field.split()[0]} = {value} WHERE id = %s"  # noqa: S608 - our own words
                yield Tampering(f"edit {field} of {number}", ((edit, (entry,)),), number)
                if field in ("leaf", "id"):
                    continue
                leaf: Steps = ((edit, (entry,)), (RESEAL_LEAF, (entry,)))
                yield Tampering(f"edit {field} of {number} and its leaf", leaf, number)
                sealed: Steps = (*leaf, (RESEAL_LINK, (link,)))
                after = number + 1 if field != "organisation_id" else number
                yield Tampering(f"edit {field} of {number}, its leaf and link", sealed, after)
            yield Tampering(
                f"delete an entry of {number}", (("DELETE FROM audit_entry WHERE id = %s", (entry,)),), number
            )
        for field, value in LINK_FIELDS.items():
            edit = f"UPDATE audit_link SET {field.split()[0]} = {value} WHERE digest = %s"  # noqa: S608 - our own words
            yield Tampering(f"edit {field} of link {number}", ((edit, (link,)),), number)
        yield Tampering(
            f"delete link {number}", (("DELETE FROM audit_link WHERE digest = %s", (link,)),), number
        )
        yield from _larger(journal, index)


def _larger(journal: Journal, index: int) -> Iterator[Tampering]:
    """Tamperings that touch several rows, from this link on."""
    number, link, members = index + 1, journal.links[index], journal.members[index]
    edit = ("UPDATE audit_entry SET verb = 'denied' WHERE id = %s", (members[0],))
    reseal: Steps = (
        edit,
        (RESEAL_LEAF, (members[0],)),
        (RESEAL_LINK, (link,)),
    )
    for later in journal.links[index + 1 :]:
        reseal += ((RELINK, (later,)), (RESEAL_LINK, (later,)))
    yield Tampering(f"reseal from {number} without the end", reseal, LINKS + 1)
    gone = [list(part) for part in journal.members[index:]]
    cut: Steps = (
        *(("DELETE FROM audit_entry WHERE id = ANY(%s)", (part,)) for part in gone),
        ("DELETE FROM audit_link WHERE digest = ANY(%s)", (list(journal.links[index:]),)),
    )
    yield Tampering(f"truncate from {number}", cut, number)
    other = journal.members[(index + 1) % LINKS]
    swap = (
        "UPDATE audit_entry a SET object_ref = b.object_ref FROM audit_entry b"
        " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))"
    )
    first = min(number, (index + 1) % LINKS + 1)
    yield Tampering(
        f"swap {number} with the next", ((swap, (members[0], other[0], other[0], members[0])),), first
    )
    forged = (
        "INSERT INTO audit_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', %s::uuid))).* FROM audit_entry e"
        " WHERE id = %s"
    )
    yield Tampering(f"insert an entry beside {number}", ((forged, (uuid4(), members[0])),), 0)
    joined = (
        "UPDATE audit_link SET members = members || %s::uuid WHERE digest = %s",
        (members[0], journal.links[index - 1]),
    )
    yield Tampering(f"chain an entry of {number} twice", (joined,), (index - 1) % LINKS + 1)


ENDS = {
    "the end forgets one": "UPDATE audit_chain SET number = number - 1 WHERE chain = %s AND lane = %s",
    "the end's digest changes": "UPDATE audit_chain SET digest = sha256(digest) WHERE chain = %s AND lane = %s",
    "the end is gone": "DELETE FROM audit_chain WHERE chain = %s AND lane = %s",
}


def found_after(statements: Steps, anchors: Sequence[Anchor] = ()) -> list[Alteration]:
    """What verification says once these ran with the triggers off; everything is then rolled back."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_link DISABLE TRIGGER USER")
        for statement, parameters in statements:
            cursor.execute(statement, parameters)
            assert cursor.rowcount >= 1, statement
        _, found = verify(anchors=anchors)
        transaction.set_rollback(True, using="owner")
    return found


def judged(journal: Journal, tampering: Tampering) -> str:
    """What is wrong with what verification says of a tampering; empty when it is found where it is."""
    found = found_after(tampering.statements)
    mine = [one.number for one in found if (one.chain, one.lane) == (journal.chain, journal.lane)]
    located = bool(found) if tampering.number == 0 else mine[:1] == [tampering.number]
    return "" if located else f"{tampering.name}: expected at {tampering.number}, found {found}"


def test_every_tampering_is_found_where_it_is(journal: Journal) -> None:
    assert verify()[1] == []
    tried = 0
    missed = []
    for tampering in tamperings(journal):
        tried += 1
        if words := judged(journal, tampering):
            missed.append(words)
    for name, statement in ENDS.items():
        tried += 1
        if not any(
            one.chain == journal.chain for one in found_after(((statement, (journal.chain, journal.lane)),))
        ):
            missed.append(name)
    assert not missed, "\n".join(missed[:20])
    print(f"S9: {tried} tamperings, all found and located")  # noqa: T201 - the count is the result
    assert tried > 300
    assert verify()[1] == []


def test_the_end_is_what_shows_a_cut_or_a_whole_rewriting(journal: Journal) -> None:
    """The control: the same truncation and reseal as above, with the end moved too, are not seen from inside; with an anchor they are."""
    seal(at=now(), using="owner")
    anchors = list(read_anchors(Path(settings.ANCHORS)))
    move = (MOVE_END, (journal.chain, journal.lane))
    whole = [one for one in tamperings(journal) if one.name.startswith(("truncate from 3", "reseal from 3"))]
    assert len(whole) == 2
    for tampering in whole:
        assert found_after(tampering.statements)
        assert not found_after((*tampering.statements, move))
        seen = found_after((*tampering.statements, move), anchors)
        assert [(one.chain, one.lane) for one in seen] == [(journal.chain, journal.lane)]
        assert "ancre" in seen[0].what


def test_nobody_who_runs_the_platform_can_tamper(fresh_database: DatabaseUrls) -> None:
    for url in (fresh_database.app, fresh_database.worker, fresh_database.owner):
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (
                b"UPDATE audit_entry SET verb = verb",
                b"UPDATE audit_link SET number = number",
                b"DELETE FROM audit_entry",
                b"DELETE FROM audit_link",
                b"TRUNCATE audit_entry",
                b"TRUNCATE audit_link",
            ):
                with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)):
                    connection.execute(statement)


def test_writers_at_work_raise_no_alarm(fresh_database: DatabaseUrls) -> None:
    """Eight writers on two chains, some of whose transactions are rolled back, verified while they write and after."""
    bodies = [Organisation.objects.using("owner").get(short_name=name).id for name in ("CCAS", "CPAM 42")]
    writers, each = 8, 60

    def write(writer: int) -> int:
        kept = 0
        with psycopg.connect(fresh_database.app) as connection:
            for number in range(each):
                organisation = bodies[(writer + number) % 2]
                connection.execute(
                    "SELECT set_config('maillage.organisation', %s, true)", [str(organisation)]
                )
                for _ in range(1 + number % 3):
                    connection.execute(
                        "INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)"
                        " VALUES (%s, %s, '', 'read', 'referral', %s, '', '')",
                        [uuid4(), organisation, f"{writer}-{number}"],
                    )
                if number % 5 == 4:
                    connection.rollback()
                else:
                    connection.commit()
                    kept += 1 + number % 3
        return kept

    before, found = verify()
    assert found == []
    checks = 0
    with ThreadPoolExecutor(writers) as pool:
        pending = [pool.submit(write, writer) for writer in range(writers)]
        while not all(one.done() for one in pending):
            assert verify()[1] == []
            checks += 1
    read, found = verify()
    assert found == []
    assert read == before + sum(one.result() for one in pending)
    assert checks > 0
