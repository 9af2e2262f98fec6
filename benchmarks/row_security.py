"""Row security against an explicit filter: the same worklist, as the web's role and as a superuser who filters by hand."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.database import Bench
from benchmarks.measure import Line, wall

_WORKLIST = """
    SELECT p.case_id, p.state, p.since, c.service, r.motives FROM cases_participation p
      JOIN cases_case c ON c.id = p.case_id JOIN referrals_referral r ON r.case_id = c.id
     WHERE p.organisation_id = %(organisation)s AND p.kind = 'referral'
     ORDER BY p.since DESC LIMIT 50
"""


def _plans(plan: dict[str, Any]) -> list[str]:
    return [plan["Node Type"], *(node for child in plan.get("Plans", ()) for node in _plans(child))]


def _explained(connection: psycopg.Connection[Any], sql: str, values: dict[str, object]) -> list[str]:
    row = connection.execute("EXPLAIN (FORMAT JSON) " + sql, values).fetchone()
    assert row is not None
    found = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return _plans(found[0]["Plan"])


def _act(connection: psycopg.Connection[Any], sql: str, values: dict[str, object]) -> Callable[[], None]:
    def run() -> None:
        rows = connection.execute(sql, values).fetchall()
        assert len(rows) == 50

    return run


def lines(bench: Bench, database: str, organisation: UUID) -> list[Line]:
    """The ratio, and the proof that no table is read from end to end."""
    values: dict[str, object] = {"organisation": organisation}
    with psycopg.connect(bench.urls(database).app) as app, bench.server.connect(database) as superuser:
        for connection in (app, superuser):
            connection.execute("SET plan_cache_mode = force_custom_plan")  # the same chance to both
        app.execute("SELECT set_config('maillage.organisation', %s, true)", [str(organisation)])
        nodes = _explained(app, _WORKLIST, values)
        secured = wall(_act(app, _WORKLIST, values), runs=200)
        filtered = wall(_act(superuser, _WORKLIST, values), runs=200)
    scans = nodes.count("Seq Scan")
    detail = f"{secured * 1000:.2f} ms contre {filtered * 1000:.2f} ms"
    return [
        Line("sécurité des lignes / filtre explicite", secured / filtered, 2.0, "below", detail),
        Line("lectures séquentielles dans le plan", float(scans), 0.0, "below", " > ".join(nodes)),
    ]
