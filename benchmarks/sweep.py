"""The sweep of open files of rights: finding whose day has come, among a million, against the same by the raw indexed query.

What is then done for each (its key's convention read, both sides told) is the day's work, and grows with those whose day it is.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from benchmarks import seed
from benchmarks.board import CONVENTION, TABLES
from benchmarks.database import Bench
from benchmarks.measure import Line, statements_of, wall
from maillage.rights import alerting, lapsing

T = TypeVar("T")
FIRST: Final = date(2030, 1, 1)
"""The first day on which one is due; so many others each day of a year after it."""
QUIET, BUSY = date(2029, 12, 31), date(2030, 1, 7)
RUNS: Final = 5

_FILL: Final = """
INSERT INTO cases_authorisation (id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during, rights)
VALUES (%(convention)s, %(convention)s, 'depot_dossiers', %(partner)s, %(caisse)s, 'acces_droits', '4.2', tstzrange('2020-01-01', NULL),
        ARRAY['puma', 'c2s', 'ame']);
CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n, %(first)s::date + n %% 365 AS due FROM generate_series(1, %(count)s) n;
INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
SELECT id, %(convention)s, %(convention)s, 'application', 'acces_droits', %(partner)s, %(caisse)s, due - 61 FROM made;
INSERT INTO rights_application (case_id, "right", urgent, proof, state, handed_to, sent_at, sent_by, received_on, complete_on, promised_on,
    legal_on, silence, alert_on, by_silence, opened, end_reason, notified_how)
SELECT id, 'puma', false, '', 'complete', '', due - 61, id, due - 61, due - 61, due - 31, due, 'rejection', due, false, '', '', ''
  FROM made;
"""
_DUE: Final = """
SELECT a.case_id, c.convention_id, c.caisse_id, c.sender_id, a.alert_on FROM rights_application a JOIN cases_case c ON c.id = a.case_id
 WHERE a.closed_at IS NULL AND a.alert_on <= %s ORDER BY a.alert_on, a.case_id
"""
_SILENT: Final = """
SELECT a.case_id, c.caisse_id, c.sender_id, a.legal_on FROM rights_application a JOIN cases_case c ON c.id = a.case_id
 WHERE a.closed_at IS NULL AND a.lapsed_on IS NULL AND a.legal_on < %s ORDER BY a.legal_on, a.case_id
"""


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def _round(day: date) -> int:
    return alerting.alert(at=_instant(day)) + lapsing.lapse(at=_instant(day))


def _find(day: date) -> int:
    """Page after page, as the round asks for them."""
    return _all(alerting.watched, day) + _all(lapsing.silent, day)


def _all(page: Callable[[date, T | None], list[T]], day: date) -> int:
    found, last = 0, None
    while rows := page(day, last):
        found, last = found + len(rows), rows[-1]
    return found


def fill(count: int) -> None:
    """So many open applications, complete, of one partner to one caisse."""
    seed.texts(2)
    seed.quietly(_FILL, seed.between(count, convention=CONVENTION, first=FIRST.isoformat()), tables=TABLES)


def lines(bench: Bench, database: str, count: int) -> list[Line]:
    """A day on which nothing is due, whole; then finding the thousands of a week that nobody swept."""
    found = []
    with bench.server.connect(database) as superuser, bench.as_worker(database):
        for name, day, sweep in (
            ("rien d’échu, la ronde entière", QUIET, _round),
            ("une semaine d’échéances, les trouver", BUSY, _find),
        ):

            def plain(day: date = day) -> int:
                rows = 0
                for statement in (_DUE, _SILENT):
                    with superuser.transaction():  # as the round asks
                        rows += len(superuser.execute(statement, [day]).fetchall())
                return rows

            swept = sweep(day)
            if day == BUSY and swept != plain():
                raise AssertionError(f"{swept} found, {plain()} are due")
            rounds = [(wall(lambda: sweep(day), runs=RUNS), wall(plain, runs=RUNS)) for _ in range(3)]  # noqa: B023 - run now
            ours, raw = (min(column) for column in zip(*rounds, strict=True))
            found.append(
                Line(
                    f"{count} dossiers ouverts, {name} : / requête",
                    ours / raw,
                    3.0,
                    "below",
                    f"{ours * 1000:.1f} ms contre {raw * 1000:.1f} ms, {swept} trouvés, {len(statements_of(lambda: sweep(day)))} requêtes",  # noqa: B023 - run now
                )
            )
    return found
