"""`make bench`: every figure with its bound, in one run; `make bench ONLY=dates` for one group.

`ONLY=replay` replays the whole year, from where it stands if it was stopped; `ONLY=replay=800` a smaller one, as does a run of
every group. `ONLY=replay-report` (`=800`) writes its report without going on. `ONLY=board=100000` or `ONLY=sweep=100000` counts so many
files rather than a million.

Exit code 1 when a bound is missed, 2 on an unknown group.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"

import django

django.setup()

from django.conf import settings

from benchmarks import (
    answering,
    asking,
    authorisation,
    backups,
    board,
    clocks,
    consolidating,
    dates,
    destroying,
    directory,
    disclosure,
    figures,
    importing,
    journal,
    keys,
    memory,
    pages,
    recording,
    replaying,
    router,
    row_security,
    seed,
    sending,
    sweep,
    verification,
    worklist,
)
from benchmarks.database import Bench, running

if TYPE_CHECKING:
    from benchmarks.measure import Line

ADVISER, WORKER = "conseil@cpam.example.org", "social@ccas.example.org"
LARGE_CONVENTIONS, LARGE_REFERRALS = 20_000, 1_000_000
FILES = 1_000_000
OF_FILES = ("board", "sweep")
TEXTS = 300
ON_DEMAND = "replay-report"


def _filled(bench: Bench, name: str, fill: Callable[[int], None], count: int) -> str:
    """A database filled once, under a name that says so only when it is whole."""
    database = f"{name}_{count}"
    marker = bench.place.root / f"{database}.filled"
    if not marker.exists():
        bench.drop(database)
        bench.database(database)
        fill(count)
        marker.touch()
    bench.point_at(database)
    return database


def _lists(bench: Bench) -> Iterator["Line"]:
    small = _filled(bench, "conventions", seed.conventions, pages.SMALL)
    large = _filled(bench, "conventions", seed.conventions, LARGE_CONVENTIONS)
    yield from pages.lines(
        bench,
        name="200 conventions parmi 20 000",
        url="/conventions/",
        address=pages.REFERENTE,
        shown=200,
        large=large,
        small=small,
    )
    small = _filled(bench, "worklist", worklist.fill, pages.SMALL)
    large = _filled(bench, "worklist", worklist.fill, LARGE_REFERRALS)
    for name, query in worklist.FILTERS.items():
        yield from pages.lines(
            bench,
            name=f"50 parmi 1 000 000, {name}",
            url=f"/orientations/{query}",
            address=ADVISER,
            shown=50,
            large=large,
            small=small,
        )
    yield from asking.lines(bench, large=large)
    yield from row_security.lines(bench, large, pages.organisation_of(ADVISER))


def _texts(bench: Bench) -> Iterator["Line"]:
    _filled(bench, "texts", seed.texts, TEXTS)
    yield from pages.texts_lines(TEXTS)


def _writes(bench: Bench) -> Iterator["Line"]:
    bench.drop("writes")
    bench.database("writes")
    seed.referrals(1000)
    yield from sending.lines(bench, "writes", address=WORKER)
    yield from journal.lines(bench, "writes", pages.organisation_of(WORKER))


def _keys(bench: Bench) -> Iterator["Line"]:
    bench.drop("keys")
    with keys.apart():
        bench.database("keys")
        yield from keys.lines(bench, "keys")


def _verification(bench: Bench) -> Iterator["Line"]:
    _filled(bench, "verification", verification.fill, verification.ENTRIES)
    yield from verification.lines()


def _board(bench: Bench, count: int) -> Iterator["Line"]:
    database = _filled(bench, "board", board.fill, count)
    yield from board.lines(bench, database, count, address=pages.REFERENTE)


def _figures(bench: Bench) -> Iterator["Line"]:
    database = _filled(bench, "figures", lambda _: figures.fill(), figures.CONVENTIONS)
    yield from figures.lines(bench, database)
    one, ten = (
        _filled(bench, "figures_years", lambda count: figures.fill(years=count, share=figures.TENTH), years)
        for years in (1, figures.YEARS)
    )
    yield from figures.growth(bench, one, ten)


def _consolidated(bench: Bench) -> Iterator["Line"]:
    database = _filled(bench, "consolidated", lambda _: consolidating.fill(), consolidating.CONVENTIONS)
    yield from consolidating.lines(database)


def _backups(bench: Bench) -> Iterator["Line"]:
    database = _filled(bench, "saved", backups.fill, backups.REFERRALS)
    yield from backups.lines(bench, database)


def _record(bench: Bench) -> Iterator["Line"]:
    # The journal first: what a PDF took and gave back would hide what its reading takes.
    _filled(bench, "folder_journal", recording.fill_journal, recording.ENTRIES)
    yield from recording.journal_lines()
    yield from recording.lines(bench)


def _sweep(bench: Bench, count: int) -> Iterator["Line"]:
    database = _filled(bench, "open_files", sweep.fill, count)
    yield from sweep.lines(bench, database, count)


def _replay(bench: Bench, referrals: int) -> Iterator["Line"]:
    _filled(bench, "replay", lambda count: replaying.fill(bench, count), referrals)
    yield from replaying.lines(bench, referrals)


def _groups(bench: Bench, sizes: dict[str, int]) -> dict[str, Callable[[], Iterator["Line"] | list["Line"]]]:
    return {
        "dates": dates.lines,
        "clocks": clocks.lines,
        "disclosure": disclosure.lines,
        "router": router.lines,
        "authorisation": lambda: authorisation.lines(
            bench, _filled(bench, "authorisation", authorisation.fill, authorisation.PEOPLE)
        ),
        "writes": lambda: _writes(bench),
        "keys": lambda: _keys(bench),
        "texts": lambda: _texts(bench),
        "lists": lambda: _lists(bench),
        "board": lambda: _board(bench, sizes.get("board", FILES)),
        "figures": lambda: _figures(bench),
        "consolidated": lambda: _consolidated(bench),
        "backups": lambda: _backups(bench),
        "sweep": lambda: _sweep(bench, sizes.get("sweep", FILES)),
        "directory": lambda: directory.lines(bench),
        "imports": lambda: importing.lines(bench),
        "verify": lambda: _verification(bench),
        "answer": lambda: answering.lines(bench),
        "destruction": lambda: destroying.lines(bench),
        "record": lambda: _record(bench),
        "memory": memory.lines,
        "replay": lambda: _replay(bench, sizes.get("replay", replaying.SAMPLE)),
        ON_DEMAND: lambda: replaying.reported(bench, sizes.get(ON_DEMAND, replaying.WHOLE)),
    }


def _wanted(arguments: list[str]) -> dict[str, int]:
    """The groups named, each with its size: that of the whole year for a replay that names none, a million for a board or a sweep."""
    sizes = {}
    for argument in arguments:
        name, _, size = argument.partition("=")
        sized = name.startswith(("replay", *OF_FILES)) and size.isdecimal() and int(size) > 0
        whole = FILES if name in OF_FILES else replaying.WHOLE
        sizes[name if sized else argument] = int(size) if sized else whole
    return sizes


def main() -> int:
    """Print each line as it is measured, and keep all of them in var/bench.json."""
    wanted = _wanted(sys.argv[1:])
    measured: list[Line] = []
    with tempfile.TemporaryDirectory() as directory, running() as bench:
        settings.KEY_STORE = Path(directory)
        groups = _groups(bench, wanted)
        if unknown := wanted.keys() - groups.keys():
            print(
                f"Groupe inconnu : {', '.join(sorted(unknown))}. Connus : {', '.join(groups)}.",
                file=sys.stderr,
            )
            return 2
        for name, group in groups.items():
            if name not in (wanted or groups.keys() - {ON_DEMAND}):
                continue
            for line in group():
                sign = "≤" if line.better == "below" else "≥"
                verdict = "tenu" if line.holds else "MANQUÉ"
                print(
                    f"{verdict:7} {line.name:55} {line.figure:10.2f} {sign} {line.bound:<8g} {line.detail}",
                    flush=True,
                )
                measured.append(line)
    kept = settings.VAR / "bench.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps([line.__dict__ for line in measured], ensure_ascii=False, indent=1))
    return 0 if all(line.holds for line in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
