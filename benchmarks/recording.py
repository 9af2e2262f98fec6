"""The record of processing of an organisation with forty conventions; its journal verified for an evidence folder."""

import time
from collections.abc import Iterator
from uuid import UUID

from django.db import connections

from benchmarks.database import Bench
from benchmarks.measure import Line, wall
from benchmarks.seed import texts
from benchmarks.verification import fill
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.conventions.terms.loading import _parsed
from maillage.core.clock import now
from maillage.protection.records.bundling import bundle, pieces
from maillage.protection.records.drawing import Named, record_pdf, record_workbook
from maillage.protection.records.folder import Asked
from maillage.protection.records.journal_state import journal_state
from maillage.protection.records.queries import record_of
from maillage.protection.records.rules import Record, canonical
from tests.bounded import peak
from tests.referrals.world import member

CONVENTIONS = 40
ENTRIES = 200_000
DATABASE = "recording"
OFFICER = "dpo@cpam.example.org"
_JOURNAL = ("audit_entry", "audit_link", "audit_chain")
SECONDS, MEGABYTES = 2.0, 60.0


def lines(bench: Bench) -> Iterator[Line]:
    """Seconds on the clock for the record of the day, queries included, then for its two files."""
    bench.drop(DATABASE)
    bench.database(DATABASE)
    bench.point_at(DATABASE)
    texts(CONVENTIONS)

    def generated() -> Record:
        _parsed.cache_clear()  # as after a start: no text was read yet, and each is another
        with member(OFFICER) as dpo:
            found = record_of(dpo.organisation, now())
            canonical(found)
        return found

    record = generated()
    held = {one.convention for one in record.entries if one.convention}
    assert len(held) == CONVENTIONS, len(held)
    detail = f"{len(record.entries)} traitements, {len(canonical(record)) // 1000} ko"
    yield Line(
        f"registre des traitements, {CONVENTIONS} conventions (s)",
        wall(generated, runs=5),
        SECONDS,
        "below",
        detail,
    )
    named = Named("CPAM", "Essai")
    yield Line("le même en PDF (s)", wall(lambda: record_pdf(record, named), runs=3), 10.0, "below")
    yield Line("le même en tableur (s)", wall(lambda: record_workbook(record), runs=3), SECONDS, "below")


def fill_journal(count: int) -> None:
    """A convention in force, and so many entries of the caisse that signed it."""
    texts(1)
    with connections["owner"].cursor() as cursor:
        for table in _JOURNAL:  # chained from nothing: what the directory wrote is forgotten
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    fill(count, of=_caisse())


def journal_lines() -> Iterator[Line]:
    """Seconds on the clock, and memory of this process, to verify one organisation's own journal; then for a whole folder."""
    with member(OFFICER) as dpo:
        before, began = peak(anew=True), time.perf_counter()
        state = journal_state(dpo.organisation, now())
        taken, grown = time.perf_counter() - began, (peak() - before) / 1024
        assert state.entries >= ENTRIES, state.entries
        assert not state.faults, state.faults
        yield Line(
            f"dossier de preuves : journal de {ENTRIES} entrées vérifié (s)", taken, 10.0, "below", f"{state.lanes} voies"
        )  # fmt: skip
        yield Line("mémoire de plus pendant cette vérification (Mo)", grown, MEGABYTES, "below")
        asked = Asked(load(visible_to(dpo).get(pk=UUID(int=1))), dpo, now(), lambda verb, kind: (verb, kind))
        before, began = peak(anew=True), time.perf_counter()
        with bundle(asked) as made:
            size = sum(len(one) for one in pieces(made))
        taken, grown = time.perf_counter() - began, (peak() - before) / 1024
    yield Line("dossier de preuves entier, le même journal (s)", taken, 15.0, "below", f"{size // 1000} ko")
    yield Line("mémoire de plus pendant tout le dossier (Mo)", grown, MEGABYTES, "below")


def _caisse() -> UUID:
    with member(OFFICER) as dpo:
        return dpo.organisation
