"""`maillage bilan CONVENTION --year Y --format json|pdf|xlsx`: the figures of a convention over a civil year, as its parties read them.

CONVENTION is its identifier here, or the beginning of one that no other shares. Counted in the name of the organisation that holds
the text, and journalled there. Exit code 1 when there is no such convention or no such year, 2 when an argument cannot be read.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from maillage.cli.operating import OWNER, connect_as_owner, in_words
from maillage.core.database.errors import DatabaseError
from maillage.core.refusals import Refused

if TYPE_CHECKING:
    from maillage.conventions.lifecycle.models import Convention
    from maillage.indicators.report import Bilan

BAD_INPUT: Final = 1
FORMATS: Final = ("json", "pdf", "xlsx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which convention, which year, in which form, where."""
    parser.add_argument("convention", metavar="CONVENTION", help="identifiant de la convention, ou son début")
    parser.add_argument("--year", metavar="ANNÉE", type=int, required=True, help="année civile")
    parser.add_argument("--format", choices=FORMATS, default="json", help="json par défaut")
    parser.add_argument(
        "--output", metavar="FICHIER", type=Path, help="où l’écrire ; la sortie standard par défaut"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the report; the exit code is 0 or 1, the reason on standard error."""
    try:
        connect_as_owner()
        written = _written(_counted(_found(arguments.convention), arguments.year), arguments.format)
        if arguments.output is None:
            sys.stdout.buffer.write(written)
        else:
            arguments.output.write_bytes(written)
    except (DatabaseError, Refused) as error:
        print(f"maillage : {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"maillage : {arguments.output} : {in_words(error)}", file=sys.stderr)
        return BAD_INPUT
    return 0


def _found(named: str) -> "Convention":
    from django.db.models import TextField  # noqa: PLC0415 -- Django is set up by now
    from django.db.models.functions import Cast  # noqa: PLC0415 -- the same

    from maillage.conventions.lifecycle.models import Convention  # noqa: PLC0415 -- the same

    if not named:
        raise Refused("Nommez une convention par son identifiant.")
    rows = Convention.objects.using(OWNER).annotate(text=Cast("id", TextField()))
    found = list(rows.filter(text__startswith=named.lower()).order_by("id")[:2])
    if len(found) != 1:
        why = "Plusieurs conventions commencent ainsi" if found else "Aucune convention n’a cet identifiant"
        raise Refused(f"{why} : « {named} ».")
    return found[0]


def _counted(convention: "Convention", year: int) -> "Bilan":
    from django.db import transaction  # noqa: PLC0415 -- Django is set up by now

    from maillage.audit.actions import record  # noqa: PLC0415 -- the same
    from maillage.conventions.lifecycle.policies import WRITABLE  # noqa: PLC0415 -- the same
    from maillage.conventions.lifecycle.queries import reload  # noqa: PLC0415 -- the same
    from maillage.conventions.lifecycle.recording import day_of  # noqa: PLC0415 -- the same
    from maillage.core.clock import now  # noqa: PLC0415 -- the same
    from maillage.core.row_security import acting  # noqa: PLC0415 -- the same
    from maillage.indicators.figures import Year  # noqa: PLC0415 -- the same
    from maillage.indicators.queries import bilan  # noqa: PLC0415 -- the same
    from maillage.indicators.years import years_of  # noqa: PLC0415 -- the same

    if convention.state in WRITABLE:
        raise Refused("Cette convention n’est pas encore signée par toutes les parties.")
    holder = convention.drafted_by_id
    with transaction.atomic(), acting(organisation=holder):
        known = reload(convention)
        on = day_of(known.row, now())
        if Year(year) not in years_of(known, on):
            raise Refused(f"La convention n’était pas en vigueur en {year}.")
        record(
            verb="bilan_exported",
            object_type="convention",
            object_ref=known.id,
            by=None,
            organisation=holder,
        )
        return bilan(known, Year(year), on)


def _written(found: "Bilan", form: str) -> bytes:
    from maillage.core.spreadsheets.writing import xlsx  # noqa: PLC0415 -- only once something is to be written
    from maillage.documents.rendering import render_pdf  # noqa: PLC0415 -- the same
    from maillage.indicators.report import COLUMNS, as_data, lines, sheet  # noqa: PLC0415 -- the same

    if form == "pdf":
        return render_pdf("sheet", sheet(found).as_data())
    if form == "xlsx":
        return xlsx(f"Bilan {found.year.number}", COLUMNS, lines(found))
    return (json.dumps(as_data(found), ensure_ascii=False, indent=1) + "\n").encode()
