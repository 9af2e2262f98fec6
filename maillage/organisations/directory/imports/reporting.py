"""The report of an import: its columns, its sums, and cells that no spreadsheet takes for formulas. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from maillage.core.french import NARROW_NBSP
from maillage.core.spreadsheets.writing import inert
from maillage.organisations.directory.imports.matching import (
    CONTRADICTION,
    CREATED,
    DUPLICATE,
    REFUSED,
    UNCHANGED,
    UPDATED,
    VERBS,
)

HEADINGS: Final = ("Ligne", "Résultat", "Organisme", "Précisions")
REFUSALS: Final = frozenset({REFUSED, CONTRADICTION})
_PLURAL: Final = {
    CREATED: "créés",
    UPDATED: "mis à jour",
    UNCHANGED: "inchangés",
    DUPLICATE: "en double",
    CONTRADICTION: "contradictoires",
    REFUSED: "refusés",
}


def row(outcome: Sequence[Any]) -> tuple[str, str, str, str]:
    """One kept outcome as the cells of the report, as they are read."""
    line, verb, name, details = outcome
    sep = ", " if verb == UPDATED else " "
    return str(line), VERBS[verb], name, sep.join(details)


def csv_row(outcome: Sequence[Any]) -> tuple[str, ...]:
    """The same for a file of bare text, where a spreadsheet would look for formulas."""
    return tuple(inert(cell) for cell in row(outcome))


def summary(counts: Mapping[str, int]) -> str:
    """« 12 créés, 3 mis à jour »; « rien n’a changé » when a file brings nothing new."""
    told = [
        f"{counts[verb]:,}".replace(",", NARROW_NBSP) + f" {words if counts[verb] > 1 else VERBS[verb]}"
        for verb, words in _PLURAL.items()
        if counts.get(verb)
    ]
    if not counts.get(CREATED) and not counts.get(UPDATED):
        return f"rien n’a changé ({', '.join(told)})" if told else "rien n’a changé : aucune ligne"
    return ", ".join(told)
