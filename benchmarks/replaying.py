"""A national year replayed on the durable cluster: how many whole referrals a second, and whether S4's proportions come out of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from benchmarks.database import Bench
from benchmarks.measure import Line
from benchmarks.replay import report, running
from benchmarks.replay.year import REFERRALS, Year

WHOLE: Final = REFERRALS
SAMPLE: Final = 800
"""What fits in about a minute, for a run of all the figures."""


def _place(bench: Bench, referrals: int) -> running.Place:
    directory = settings.VAR / f"replay-{referrals}"
    return running.Place(directory, bench.urls(f"replay_{referrals}"))


@contextmanager
def _keys_kept(place: running.Place) -> Iterator[None]:
    """The key store of a replay is its own: that of the other figures ends with their run, and what was sealed with it."""
    before: Path = settings.KEY_STORE
    settings.KEY_STORE = place.keys
    try:
        yield
    finally:
        settings.KEY_STORE = before


def fill(bench: Bench, referrals: int) -> None:
    """What a replay starts from; what another database of this name had left beside it is forgotten."""
    place = _place(bench, referrals)
    shutil.rmtree(place.directory, ignore_errors=True)
    with _keys_kept(place):
        running.prepare()


def lines(bench: Bench, referrals: int) -> list[Line]:
    """The replay, to its end; its report is then beside it."""
    place, year = _place(bench, referrals), Year(referrals)
    with _keys_kept(place):
        running.replay(place, year)
        found = _reported(place, year)
    mean = f"{found.counts.mean:.2f} renoncements par orientation ; {place.report}"
    return [
        Line(
            f"orientations entières par seconde, parmi {referrals}", found.rate, 30.0, "above", _detail(found)
        ),
        Line(
            "écart aux proportions de S4, ou fait deux fois",
            0.0 if found.is_whole else 1.0,
            0.0,
            "below",
            mean,
        ),
    ]


def reported(bench: Bench, referrals: int) -> list[Line]:
    """The report of a replay as it stands, that may be under way or stopped; no figure of its own."""
    place = _place(bench, referrals)
    bench.point_at(f"replay_{referrals}")
    with _keys_kept(place):
        found = _reported(place, Year(referrals))
    print(report.text(found))
    return []


def _reported(place: running.Place, year: Year) -> report.Result:
    found = report.result(place, year)
    report.write(place, found)
    return found


def _detail(found: report.Result) -> str:
    return (
        f"{sum(run.referrals for run in found.runs)} en {found.seconds:.0f} s, {len(found.runs)} démarrages"
    )
