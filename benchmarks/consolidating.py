"""A campaign that 101 caisses answered, 40 conventions each: put together, protected and published by a process of its own.

Against the same sums by SQL written for the purpose, in the same run. Every release must give the same figures as the one before.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

from django.db import connections

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
from maillage.indicators.releasing import consolidate
from tests.bounded import peak
Bench().point_at(sys.argv[1])
connections[STATISTICS_ALIAS].ensure_connection()
before = resource.getrusage(resource.RUSAGE_SELF)
began = time.perf_counter()
assert consolidate() == 1
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_SELF)
spent = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps({"seconds": seconds, "cpu": spent, "memory": peak() / 1024}))
"""
_TOLD: Final = """
SELECT count(*), count(*) FILTER (WHERE amount IS NULL),
       md5(string_agg(concat_ws('|', question, part, term, territory, network, coalesce(amount::text, '')), E'\\n'
                      ORDER BY question, part, term, territory, network))
  FROM indicators_releasedfigure
"""


def fill() -> None:
    """The country, its campaign closed, nothing released yet."""
    load_directory()
    national = world.framework()
    nation.fill(national)
    world.close(world.opened(national))


def lines(database: str) -> Iterator[Line]:
    """Seconds and memory of the process, and how many times the sums alone."""
    taken, told = [], set()
    for _ in range(RUNS):
        quietly(nation.AGAIN, {}, tables=nation.RELEASED)
        taken.append(_released(database))
        with connections["owner"].cursor() as owner:
            owner.execute(_TOLD)
            told.add(owner.fetchone())
    ((cells, hidden, _),) = told  # the same each time
    with connections["owner"].cursor() as owner:
        raw = wall(lambda: nation.written(owner), runs=RUNS)
    best = min(taken, key=lambda one: one["seconds"])
    name = f"campagne de {CONVENTIONS} conventions"
    said = f"CPU {best['cpu']:.2f} s, {cells} chiffres dont {hidden} tus"
    yield Line(f"{name} : consolidée, secondes", best["seconds"], 10.0, "below", said)
    yield Line(f"{name} : mémoire, Mio", max(one["memory"] for one in taken), 400.0, "below")
    yield Line(
        f"{name} : consolidée / ses sommes écrites à la main",
        best["seconds"] / raw,
        3.0,
        "below",
        f"{raw:.2f} s de SQL",
    )


def _released(database: str) -> dict[str, Any]:
    """What another process tells of itself, that released the campaign as the role of statistics."""
    answer = subprocess.run(
        [sys.executable, "-c", _WORK, database], env=os.environ, capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told
