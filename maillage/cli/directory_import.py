"""`maillage directory import`: a file of organisations, rehearsed or applied, with a line-by-line report."""

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from maillage.cli.operating import OWNER, connect_as_owner, in_words
from maillage.core.database.errors import DatabaseError

if TYPE_CHECKING:
    from maillage.organisations.directory.imports.running import Prepared, Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and what to do with it."""
    parser.add_argument(
        "file", metavar="FICHIER", help="CSV, en UTF-8 ou Windows-1252, séparé par ; , ou tabulation"
    )
    parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait et ne change rien")
    parser.add_argument("--report", metavar="FICHIER", help="écrit le compte rendu ligne à ligne, en CSV")
    parser.add_argument(
        "--json", action="store_true", help="écrit le résultat en JSON sur la sortie standard"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when every line was understood, 1 when the file or some of its lines were refused."""
    try:
        connect_as_owner()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    from maillage.core.spreadsheets.tables import Unreadable  # noqa: PLC0415 -- Django is set up by now
    from maillage.vault.master import MasterKeyMissing  # noqa: PLC0415 -- the same

    try:
        return _import(arguments)
    except (OSError, Unreadable) as error:
        said = f"« {arguments.file} » : {in_words(error)}" if isinstance(error, OSError) else str(error)
        print(f"maillage : {said}", file=sys.stderr)
    except MasterKeyMissing:
        print(
            "maillage : sans clé maîtresse, pas de clés : donnez à MAILLAGE_MASTER_KEY celle du serveur.",
            file=sys.stderr,
        )
    return 1


def _import(arguments: argparse.Namespace) -> int:
    from maillage.organisations.directory.imports.running import prepare  # noqa: PLC0415 -- the same
    from maillage.organisations.directory.imports.working import apply_file  # noqa: PLC0415 -- Django is set up by now
    from maillage.vault.actions import vault  # noqa: PLC0415 -- the same
    from maillage.vault.missing import make_missing_key_pairs  # noqa: PLC0415 -- the same

    if not arguments.dry_run:
        vault()  # without a master key, said before anything is written
    path = Path(arguments.file)
    prepared = prepare(lambda: path.open("rb"))
    counts: Counter[str] = Counter()
    with _report(arguments.report) as report:

        def keep(progress: "Progress") -> bool:
            counts.update(progress.counts)
            report.add(progress)
            _show(progress.done, prepared.survey.total)
            return True

        apply_file(prepared=prepared, write=not arguments.dry_run, keep=keep, using=OWNER)
    keys = 0 if arguments.dry_run else make_missing_key_pairs(using=OWNER)
    _tell(arguments, prepared, counts, keys)
    return 1 if report.refused else 0


class _Report:
    """The lines, as CSV, in the order of the file."""

    def __init__(self, to: TextIO | None) -> None:
        self.refused = 0
        self._writer = csv.writer(to, delimiter=";") if to else None

    def add(self, progress: "Progress") -> None:
        """One batch."""
        from maillage.organisations.directory.imports.reporting import HEADINGS, REFUSALS, csv_row  # noqa: PLC0415 -- as above

        if self._writer and progress.number == 1:
            self._writer.writerow(HEADINGS)
        for outcome in progress.outcomes:
            self.refused += outcome.verb in REFUSALS
            if self._writer:
                self._writer.writerow(csv_row(outcome.as_list()))


@contextmanager
def _report(path: str | None) -> Iterator[_Report]:
    with Path(path).open("w", encoding="utf-8-sig", newline="") if path else nullcontext() as to:
        yield _Report(to)


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} / {total}", end="" if done < total else "\n", file=sys.stderr)


def _tell(arguments: argparse.Namespace, prepared: "Prepared", counts: Counter[str], keys: int) -> None:
    from maillage.organisations.directory.imports.reporting import summary  # noqa: PLC0415 -- as above

    if arguments.json:
        told = {
            "rehearsal": arguments.dry_run,
            "layout": prepared.layout.told,
            "ignored_columns": list(prepared.layout.headings.ignored),
            "lines": prepared.survey.total,
            "counts": dict(counts),
            "key_pairs": keys,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{prepared.survey.total} lignes, {prepared.layout.told}")
    if prepared.layout.headings.ignored:
        print(f"colonnes laissées de côté : {', '.join(prepared.layout.headings.ignored)}")
    print(("Essai : " if arguments.dry_run else "") + summary(counts))
    if keys:
        print(f"clés faites pour {keys} organismes")
