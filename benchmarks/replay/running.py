"""Driving a replay: its processes, what they did as it is kept from one start to the next, and where it goes on.

Where a referral stands is read in the database, never kept beside it: whatever killed a replay, the next start finds its place.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any, Final

from django.db import connections

from benchmarks.replay.year import Year
from maillage.cases.models import Authorisation
from maillage.core.database.settings import DatabaseUrls
from maillage.demo.directory import load_directory
from tests.referrals.world import sign_convention

LANES: Final = 4  # on two cores: while a process waits for its commit to reach the disk, another one computes
_PROJECT: Final = Path(__file__).resolve().parents[2]
_KEPT_EVERY: Final = 1.0  # seconds


class ReplayFailed(Exception):
    """A process of the replay ended with an error; its own words are on the standard error."""


@dataclass
class Run:
    """What one start did, as it was last kept: `seconds` from the first step, `steps` by verb: how many, in how many seconds."""

    lanes: int
    seconds: float = 0.0
    referrals: int = 0
    closed: int = 0
    steps: dict[str, list[float]] = field(default_factory=dict)
    finished: bool = False


@dataclass(frozen=True)
class Place:
    """Where a replay lives: its database, and a directory with its key store, its runs and its report."""

    directory: Path
    urls: DatabaseUrls

    @property
    def keys(self) -> Path:
        """The key store, which must last as long as the database."""
        return self.directory / "keys"

    @property
    def report(self) -> Path:
        """The report, in French."""
        return self.directory / "rapport.md"

    @property
    def _runs(self) -> Path:
        return self.directory / "runs.json"

    def runs(self) -> list[Run]:
        """Each start until now, the first one first."""
        with suppress(FileNotFoundError):
            return [Run(**row) for row in json.loads(self._runs.read_text())]
        return []

    def keep(self, runs: list[Run]) -> None:
        """Keep them, whole or not at all."""
        self.directory.mkdir(parents=True, exist_ok=True)
        new = self._runs.with_suffix(".new")
        new.write_text(json.dumps([asdict(run) for run in runs]))
        new.replace(self._runs)


def prepare() -> None:
    """The demonstration's organisations and people, and one convention in force between a partner and its caisse."""
    load_directory()
    if not Authorisation.objects.using("owner").exists():
        sign_convention()


def replay(place: Place, year: Year, *, lanes: int = LANES) -> None:
    """Bring the whole year to its end, from where it stands. Raises ReplayFailed.

    What was done is kept every second: a start that is killed loses the figures of its last second, and no referral.
    """
    for alias in connections:
        connections[alias].close()
    before, said = place.runs(), Queue[tuple[int, dict[str, Any] | None]]()
    processes = [_start(place, year, lane, lanes, said) for lane in range(lanes)]
    try:
        done = _follow(place, before, said, lanes)
        codes = [process.wait() for process in processes]
    finally:
        for process in processes:
            _end(process)
    if any(codes):
        raise ReplayFailed(str(codes))
    done.finished = True
    place.keep([*before, done])


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()  # nothing to one that ended
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _start(
    place: Place, year: Year, lane: int, lanes: int, said: "Queue[tuple[int, dict[str, Any] | None]]"
) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.replay.lane"],
        cwd=_PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    told = {"urls": asdict(place.urls), "keys": str(place.keys), "referrals": year.referrals}
    process.stdin.write(json.dumps({**told, "lane": lane, "lanes": lanes}) + "\n")
    process.stdin.flush()  # left open: its end tells the process that nobody follows it any more

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.put((lane, json.loads(line)))
        said.put((lane, None))

    threading.Thread(target=listen, daemon=True).start()
    return process


def _follow(
    place: Place, before: list[Run], said: "Queue[tuple[int, dict[str, Any] | None]]", lanes: int
) -> Run:
    """Add up what the processes say until all have ended; kept every second."""
    began, kept, ended = 0.0, 0.0, 0
    last: dict[int, dict[str, Any]] = {}
    run = Run(lanes)
    while ended < lanes:
        lane, words = said.get()
        at = time.monotonic()
        began = began or at
        if words is None:
            ended += 1
        elif "ready" not in words:
            last[lane] = words
        run = _run(last, at - began, lanes)
        if at - kept > _KEPT_EVERY:
            place.keep([*before, run])
            kept = at
    return run


def _run(last: Mapping[int, dict[str, Any]], seconds: float, lanes: int) -> Run:
    run = Run(lanes, seconds)
    for words in last.values():
        run.referrals += words["referrals"]
        run.closed += words["closed"]
        for verb, (number, taken) in words["steps"].items():
            known = run.steps.setdefault(verb, [0, 0.0])
            known[0] += number
            known[1] += taken
    return run
