"""How a figure is taken: the same statements through the page and through bare psycopg, CPU of this process, in one run."""

import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

_JOURNAL_ID = re.compile(r"^(INSERT INTO audit_entry .*? VALUES \()'[0-9a-f-]+'::uuid")


@dataclass(frozen=True)
class Line:
    """One figure with its bound. `better` says whether the figure must stay below or above."""

    name: str
    figure: float
    bound: float
    better: str
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure is on the right side of its bound."""
        return self.figure <= self.bound if self.better == "below" else self.figure >= self.bound


def cpu(act: Callable[[], Any], *, runs: int) -> float:
    """Median CPU seconds of this process for one call, after one warm-up."""
    act()
    taken = []
    for _ in range(runs):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def by_turns(*acts: Callable[[], Any], runs: int, rounds: int = 5) -> tuple[float, ...]:
    """CPU seconds of one call of each, measured by turns: the lowest of the rounds' medians.

    Others share the processor of a virtual machine: what slows one round down by half is not the page's.
    """
    taken = [[cpu(act, runs=runs) for act in acts] for _ in range(rounds)]
    return tuple(min(column) for column in zip(*taken, strict=True))


def rate(act: Callable[[], Any], *, of: int) -> float:
    """How many of `of`, which one call treats, a second of CPU: in the best of rounds, as `by_turns`."""
    (seconds,) = by_turns(act, runs=3)
    return of / max(seconds, 1e-9)


def wall(act: Callable[[], Any], *, runs: int) -> float:
    """Median seconds on the clock for one call, after one warm-up."""
    act()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def statements_of(act: Callable[[], Any]) -> list[str]:
    """The SQL that a page runs, with its parameters in place, transaction control left out."""
    with CaptureQueriesContext(connection) as captured:
        act()
    control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(control)]


def replay(url: str, statements: Sequence[str]) -> Callable[[], None]:
    """The same statements, in one transaction, through bare psycopg, every row fetched.

    The page has committed its journal entry: the replayed one needs an id of its own.
    """
    raw = psycopg.connect(url)
    statements = [_JOURNAL_ID.sub(r"\1gen_random_uuid()", statement, count=1) for statement in statements]

    def run() -> None:
        for statement in statements:
            cursor = raw.execute(statement)
            if cursor.description:
                cursor.fetchall()
        raw.rollback()

    return run
