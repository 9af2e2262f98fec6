"""The end of a convention under which a partner held ten thousand cases: what it held destroyed for good, to the sealed certificate.

Then the night in which what its caisse still holds of them comes to the end of the caisse's own duration.
"""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connections

from benchmarks import seed
from benchmarks.database import Bench
from benchmarks.measure import Line
from maillage.core.clock import now
from maillage.demo.directory import load_directory
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.planning import plan
from maillage.protection.destruction.running import destroy_due
from maillage.protection.retention.ending import end_cases
from tests.bounded import peak
from tests.protection.destruction.test_destroying import ended
from tests.protection.retention.cases import fixed
from tests.referrals.world import organisation
from tests.rights.world import CAISSE, HOSPITAL, Signed, send, sign

CASES, NEIGHBOURS, LONGEST, LARGEST = 10_000, 2_000, 60, 300
ALONE = 10
"""One case in so many is no longer the caisse's: its two pieces are erased with their files."""
_SIZE = 50_000
_HELD = CASES - (CASES - 1) // ALONE
DATABASE = "destroying"

_TABLES = (
    "cases_case",
    "cases_participation",
    "beneficiaries_blindindex",
    "documents_document",
    "rights_piece",
    "rights_application",
)
# As many cases more, each like the one that was really sent: both parts, its digests of search, two pieces.
_LIKE = """
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT n, gen_random_uuid() AS id, n %% %(alone)s = 0 AS alone FROM generate_series(1, %(count)s) n;
    INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
    SELECT made.id, c.authorisation_id, c.convention_id, c.kind, c.service, c.sender_id, c.caisse_id, c.opened_at
      FROM made, cases_case c WHERE c.id = %(case)s;
    INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, closed_at, urgent, sealed_key,
        kind, service, reference, turn)
    SELECT gen_random_uuid(), p.organisation_id, made.id, p.convention_id, p.role, p.since, p.state, p.closed_at, p.urgent,
           CASE WHEN made.alone AND p.role = 'recipient' THEN '' ELSE p.sealed_key END, p.kind, p.service, p.reference, p.turn
      FROM made, cases_participation p WHERE p.case_id = %(case)s;
    INSERT INTO beneficiaries_blindindex (id, organisation_id, case_id, kind, digest)
    SELECT gen_random_uuid(), b.organisation_id, made.id, b.kind, decode(md5(made.id::text), 'hex')
      FROM made, beneficiaries_blindindex b WHERE b.case_id = %(case)s;
    CREATE TEMPORARY TABLE papers ON COMMIT DROP AS
    SELECT made.id, gen_random_uuid() AS document FROM made, generate_series(1, 2);
    INSERT INTO documents_document (id, organisation_id, readers, media_type, size, sha256, name, wrapped_key, created_at)
    SELECT papers.document, d.organisation_id, d.readers, d.media_type, d.size, d.sha256, d.name, d.wrapped_key, d.created_at
      FROM papers, (SELECT d.* FROM documents_document d JOIN rights_piece r ON r.document_id = d.id
                     WHERE r.case_id = %(case)s LIMIT 1) d;
    INSERT INTO rights_piece (id, case_id, organisation_id, document_id, key, added_at, added_by)
    SELECT gen_random_uuid(), papers.id, r.organisation_id, papers.document, r.key, r.added_at, r.added_by
      FROM papers, (SELECT * FROM rights_piece WHERE case_id = %(case)s LIMIT 1) r;
"""


def lines(bench: Bench) -> Iterator[Line]:
    """Seconds on the clock and the process's peak, from the plan to the certificate; the neighbour's cases are counted again after."""
    bench.drop(DATABASE)
    bench.database(DATABASE)
    bench.point_at(DATABASE)
    load_directory()
    before = settings.DOCUMENT_STORE
    with TemporaryDirectory(dir=bench.place.root) as folder:
        settings.DOCUMENT_STORE = Path(folder)
        try:
            signed, other = sign(), sign()
            _fill(signed, CASES)
            _fill(other, NEIGHBOURS)
            ended(signed)
            whole = _openable(other)
            peak(anew=True)
            with bench.as_worker(DATABASE):
                began = time.perf_counter()
                plan(now())
                assert destroy_due(now() + timedelta(days=40)) == 1
                taken = time.perf_counter() - began
            _check(signed, other, whole)
            at_its_days = _end(bench, signed)
            assert _openable(other) == whole
            assert all(path.exists() for path in _files(other))
        finally:
            settings.DOCUMENT_STORE = before
    named = f"destruction au terme, {CASES} dossiers, {2 * CASES} documents"
    yield Line(f"{named}, s", taken, LONGEST, "below")
    yield Line(f"{named}, Mio au plus", peak() / 1024, LARGEST, "below")
    yield Line(
        f"fin à la durée propre, {_HELD} dossiers clos, {2 * _HELD} documents, s",
        at_its_days,
        LONGEST,
        "below",
    )


def _end(bench: Bench, signed: Signed) -> float:
    """Seconds in which the caisse's part in all that it still opens under a convention ends."""
    closing = (
        "UPDATE cases_participation SET since = now() - interval '5 years', closed_at = now() - interval '4 years'"
        " WHERE convention_id = %(convention)s"
    )
    seed.quietly(closing, {"convention": signed.id}, tables=("cases_participation",))
    fixed(24)
    with bench.as_worker(DATABASE):
        began = time.perf_counter()
        assert end_cases(now() + timedelta(days=40)) == _HELD
        taken = time.perf_counter() - began
    assert _openable(signed) == 0
    assert not any(path.exists() for path in _files(signed))
    return taken


def _fill(signed: Signed, count: int) -> None:
    """So many cases of the hospital's, the first one really sent; a file for each of their pieces."""
    values = {"count": count - 1, "case": send(signed), "alone": ALONE}
    seed.quietly(_LIKE, values, tables=_TABLES)
    content = os.urandom(_SIZE)
    for path in _files(signed):
        path.write_bytes(content)


def _files(signed: Signed) -> list[Path]:
    """Where the file of each piece of a convention is, or was."""
    with connections["owner"].cursor() as owner:
        owner.execute(
            "SELECT r.document_id FROM rights_piece r JOIN cases_case k ON k.id = r.case_id WHERE k.convention_id = %s",
            [signed.id],
        )
        return [Path(settings.DOCUMENT_STORE) / str(document) for (document,) in owner.fetchall()]


def _openable(signed: Signed) -> int:
    with connections["owner"].cursor() as owner:
        owner.execute(
            "SELECT count(*) FROM cases_participation WHERE convention_id = %s AND sealed_key <> ''",
            [signed.id],
        )
        return int(owner.fetchone()[0])


def _check(signed: Signed, other: Signed, whole: int) -> None:
    """All of the hospital's is gone, the caisse's and the neighbour's are there: a fast mistake is no figure."""
    (row,) = Destruction.objects.using("owner").filter(
        convention=signed.id, organisation=organisation(HOSPITAL)
    )
    assert (row.state, row.cases, row.emptied) == ("done", CASES, CASES)
    assert _openable(signed) == _HELD, CAISSE
    assert _openable(other) == whole
