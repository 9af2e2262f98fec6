"""What is asked round the lists, at the size of years: how long it takes, and that no large table is read through for it."""

import json
import logging
from collections.abc import Callable
from typing import Any, Final

from django.db import connection, transaction

from benchmarks import worklist
from benchmarks.database import Bench
from benchmarks.measure import Line, statements_of, wall
from maillage.beneficiaries.queries import names_followed
from maillage.core.clock import today
from maillage.core.holidays import zone_of
from maillage.core.row_security import acting
from maillage.demo.directory import load_directory
from maillage.exchange.queries import awaiting
from maillage.organisations.member import Member
from maillage.organisations.roles import Role
from maillage.referrals.counting import outcome_counts
from maillage.referrals.desk import cases_on_desk

QUESTIONS: Final[dict[str, tuple[Callable[[Member], object], float]]] = {
    "noms suivis sous une convention": (lambda who: names_followed(who, worklist.FIRST), 1.0),
    "messages à lire": (lambda who: awaiting(who, limit=50), 3.0),
    "dossiers du récapitulatif": (lambda who: cases_on_desk(who, on=today(zone_of("42"))), 10.0),
    "issues d’une convention": (lambda who: outcome_counts(worklist.FIRST, who), 0.5),
}
"""Each question, and the seconds within which it is answered: fifty thousand cases are under way, that nobody follows. The counts of
a convention are of hundreds of referrals; they are exact, and grow with what they count."""
LARGE: Final = 100_000
"""Rows from which reading a table through is said."""


def colleague() -> Member:
    """Somebody of the caisse who follows thousands of cases."""
    body = load_directory()["cpam"]
    return Member(
        user=worklist.COLLEAGUE, user_name="Camille Exemple", organisation=body.id, organisation_name="",
        organisation_kind="cpam", roles=frozenset({Role.CAISSE_ADVISER}), departement="42",
    )  # fmt: skip


def lines(bench: Bench, *, large: str) -> list[Line]:
    """Seconds of each question over the large database, and how many large tables it reads through."""
    bench.point_at(large)
    who, found = colleague(), []
    logging.disable(logging.ERROR)  # the keys of these cases open nothing, and each one says so
    for name, (ask, bound) in QUESTIONS.items():
        with transaction.atomic(), acting(organisation=who.organisation, user=who.user):
            seconds = wall(lambda ask=ask: ask(who), runs=3)  # type: ignore[misc]  # bound now
            read = read_through(statements_of(lambda ask=ask: ask(who)))  # type: ignore[misc]  # the same
        found.append(Line(f"{name} : secondes", seconds, bound, "below"))
        found.append(
            Line(f"{name} : tables lues en entier", float(len(read)), 0.0, "below", ", ".join(sorted(read)))
        )
    logging.disable(logging.NOTSET)
    return found


def read_through(statements: list[str]) -> set[str]:
    """The large tables that these statements read from end to end, by the plans that PostgreSQL makes of them."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE reltuples >= %s", [LARGE])
        large = {name for (name,) in cursor.fetchall()}
        for statement in statements:
            if statement.lstrip().startswith(("SELECT", "(SELECT", "WITH")):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
                (plan,) = cursor.fetchone()
                found |= set(_scanned(plan[0] if isinstance(plan, list) else json.loads(plan)[0]))
    return found & large


def _scanned(node: dict[str, Any]) -> list[str]:
    node = node.get("Plan", node)
    here = [node["Relation Name"]] if node.get("Node Type", "").endswith("Seq Scan") else []
    return here + [name for child in node.get("Plans", ()) for name in _scanned(child)]
