"""The record of processing of an organisation with forty conventions; its journal verified for an evidence folder."""

import time
from collections.abc import Iterator
from uuid import UUID

from benchmarks.database import Bench
from benchmarks.measure import Line, wall
from benchmarks.seed import texts
from benchmarks.verification import fill
from maillage.conventions.terms.loading import _parsed
from maillage.core.clock import now
from maillage.protection.records.drawing import Named, record_pdf, record_workbook
from maillage.protection.records.journal_state import journal_state
from maillage.protection.records.queries import record_of
from maillage.protection.records.rules import Record, canonical
from tests.bounded import peak
from tests.referrals.world import member

CONVENTIONS = 40
ENTRIES = 200_000
DATABASE = "recording"
BODY = UUID(int=1)
SECONDS, MEGABYTES = 2.0, 300.0


def lines(bench: Bench) -> Iterator[Line]:
    """Seconds on the clock for the record of the day, queries included, then for its two files."""
    bench.drop(DATABASE)
    bench.database(DATABASE)
    bench.point_at(DATABASE)
    texts(CONVENTIONS)

    def generated() -> Record:
        _parsed.cache_clear()  # as after a start: no text was read yet, and each is another
        with member("dpo@cpam.example.org") as dpo:
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
    """So many entries of one body."""
    fill(count, bodies=1)


def journal_lines() -> Iterator[Line]:
    """Seconds on the clock, and memory of this process, to verify and count one organisation's own journal."""
    before, began = peak(anew=True), time.perf_counter()
    state = journal_state(BODY)
    taken = time.perf_counter() - began
    assert state.entries == ENTRIES, state.entries
    assert not state.faults, state.faults
    yield Line(
        f"dossier de preuves : journal de {ENTRIES} entrées vérifié (s)",
        taken,
        10.0,
        "below",
        f"{state.lanes} voies",
    )
    yield Line(
        "mémoire de plus pendant cette vérification (Mo)", (peak() - before) / 1024, MEGABYTES, "below"
    )
