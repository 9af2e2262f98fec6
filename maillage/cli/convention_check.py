"""`maillage convention check FILE…`: one line for each convention that holds, every problem of the others."""

import argparse
import sys
from pathlib import Path
from typing import Final

from maillage.conventions.terms import Counts, TermsError, counts, load_terms

BAD_INPUT: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `maillage convention check` on its parser."""
    parser.add_argument("files", metavar="FICHIER", nargs="+", help="une convention, en YAML")


def run(arguments: argparse.Namespace) -> int:
    """Check each file. 0 when all hold; 1 when one does not, its problems on standard error."""
    code = 0
    for name in arguments.files:
        try:
            terms = load_terms(Path(name), name)
        except TermsError as error:
            print(error, file=sys.stderr)
            code = BAD_INPUT
        else:
            print(f"{name} : conforme, {_said(counts(terms))}")
    return code


def _said(found: Counts) -> str:
    return ", ".join(
        (
            _plural(found.clauses, "clause", "clauses"),
            _plural(found.blanks, "blanc", "blancs"),
            _plural(found.ambiguous, "clause ambiguë", "clauses ambiguës"),
        )
    )


def _plural(number: int, one: str, several: str) -> str:
    return f"{number} {several if number > 1 else one}"
