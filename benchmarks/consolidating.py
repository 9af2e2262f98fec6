"""A campaign that 101 caisses answered, 40 conventions each: put together, protected and published by a process of its own.

Two comparisons, each of like with like. Put together and published under a policy that hides nothing: against the same numbers by SQL
written for the purpose, which protects nothing either. Protected: what the policy in force takes besides, against what protecting so
many cells may take. Every release must give the same figures as the one before.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

from django.db import connections, transaction

from benchmarks.measure import Line, wall
from benchmarks.seed import quietly
from maillage.demo.directory import load_directory
from tests.indicators.campaigns import nation, world

CONVENTIONS: Final = nation.CAISSES * nation.CONVENTIONS
RUNS: Final = 3
_WORK: Final = """
import json, resource, sys, time
import django; django.setup()
from django.db import connections
from benchmarks.database import Bench
from maillage.core.database.settings import STATISTICS_ALIAS
from maillage.indicators.disclosure.sensitive import Policy
from maillage.indicators.releasing import consolidate
from tests.bounded import peak
Bench().point_at(sys.argv[1])
connections[STATISTICS_ALIAS].ensure_connection()
before = resource.getrusage(resource.RUSAGE_SELF)
began = time.perf_counter()
policy = Policy(threshold=0, partners=0, largest_share=1.0) if sys.argv[2:] else Policy()
assert consolidate(policy) == 1
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_SELF)
spent = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps({"seconds": seconds, "cpu": spent, "memory": peak() / 1024}))
"""
_TOLD: Final = """
SELECT count(*), count(*) FILTER (WHERE amount IS NULL),
       count(*) FILTER (WHERE (question, part, term) IN
                        (SELECT question, part, term FROM indicators_releasedfigure WHERE amount IS NULL)),
       md5(string_agg(concat_ws('|', question, part, term, territory, network, coalesce(amount::text, '')), E'\\n'
                      ORDER BY question, part, term, territory, network))
  FROM indicators_releasedfigure
"""
A_SECOND: Final = 3_600
"""So many cells are protected in a second at most."""


def fill() -> None:
    """The country, its campaign closed, nothing released yet."""
    load_directory()
    national = world.framework()
    nation.fill(national)
    world.close(world.opened(national))


def lines(database: str) -> Iterator[Line]:
    """Seconds and memory of the process; how many times the sums alone; and how long its protection takes."""
    taken, bare, sums, told = [], [], [], set()
    with connections["owner"].cursor() as owner:
        for _ in range(RUNS):
            bare.append(_released(database, "bare"))
            quietly(nation.AGAIN, {}, tables=nation.RELEASED)
            sums.append(wall(_by_hand, runs=1))
            taken.append(_released(database))
            owner.execute(_TOLD)
            told.add(owner.fetchone())
    ((cells, hidden, protected, _),) = told  # the same each time
    best, plain = (min(ones, key=lambda one: one["seconds"]) for ones in (taken, bare))
    name = f"campagne de {CONVENTIONS} conventions"
    said = f"CPU {best['cpu']:.2f} s, {cells} chiffres dont {hidden} tus"
    yield Line(f"{name} : consolidée, secondes", best["seconds"], 10.0, "below", said)
    yield Line(f"{name} : mémoire, Mio", max(one["memory"] for one in taken), 400.0, "below")
    yield Line(
        f"{name} : réunie / ses sommes écrites à la main",
        plain["seconds"] / min(sums),
        3.0,
        "below",
        f"{plain['seconds']:.2f} s contre {min(sums):.2f} s de SQL",
    )
    yield Line(
        f"{name} : protégée, secondes",
        max(best["seconds"] - plain["seconds"], 0.0),
        protected / A_SECOND,
        "below",
        f"{protected} cases, {A_SECOND} par seconde au moins",
    )


def _by_hand() -> None:
    """The numbers, summed and written where they are released, as checked as when they stay; then taken back."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as owner:
        nation.written(owner)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True, using="owner")


def _released(database: str, *bare: str) -> dict[str, Any]:
    """What another process tells of itself, that released the campaign as the role of statistics; `bare`: hiding nothing."""
    quietly(nation.AGAIN, {}, tables=nation.RELEASED)
    answer = subprocess.run(
        [sys.executable, "-c", _WORK, database, *bare],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told
