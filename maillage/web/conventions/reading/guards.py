"""What protects and binds: regimes of data protection, obligations with their marks, annexes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from maillage.conventions.commitments.models import ObligationMark
from maillage.conventions.terms.obligations import Obligation
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, fields_of, shown
from maillage.web.conventions.reading.words import word
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table
from maillage.web.presentation.typography import typeset

_MARKS = {
    "ticked": "tenue",
    "asked": "accord demandé",
    "approved": "accordé",
    "refused": "refusé",
    "opened": "procédure ouverte",
    "closed": "procédure close",
}


@dataclass(frozen=True, slots=True)
class RegimeView:
    """One regime of protection, its blanks included."""

    scope: str
    article: str
    facts: Sequence[tuple[str, str]]


def regimes(known: Known) -> list[RegimeView]:
    """One for each scope that the text tells apart."""
    return [
        RegimeView(
            typeset(regime.scope),
            article_words(regime.article),
            fields_of(regime.model_copy(update={"scope": None}), known.names),
        )
        for regime in known.terms.protection
    ]


def obligations_table(known: Known, marks: Iterable[ObligationMark]) -> Table:
    """Each obligation, what one does with it, and what was done, last act first."""
    done: dict[str, list[ObligationMark]] = {}
    for mark in marks:
        done.setdefault(mark.obligation_key, []).append(mark)
    columns = ["Obligation", "Matière", "À la charge de", "Ce qui a été fait", "Article"]
    rows = [
        (
            _what(one),
            capfirst(word(one.kind)),
            known.names.all(one.debtors) or "toutes les parties",
            "; ".join(_act(mark) for mark in done.get(one.key, [])) or _waiting(one),
            article_words(one.article),
        )
        for one in known.terms.obligations
    ]
    return card_table("obligations-table", counted(len(rows), "obligation"), columns, rows)


def _what(one: Obligation) -> str:
    said = one.what
    if one.outlives_term:
        said += " (survit à la convention)"
    if one.steps:
        said += f" Étapes : {', puis '.join(one.steps)}."
    return typeset(said)


def _waiting(one: Obligation) -> str:
    return f"rien d’enregistré, {word(one.gesture)}"


def _act(mark: ObligationMark) -> str:
    note = f" ({mark.note})" if mark.note else ""
    return typeset(f"{_MARKS.get(mark.kind, mark.kind)} le {short_date(mark.day)}{note}")


def annexes_table(known: Known) -> Table:
    """Annexes that the text names: joined, or a blank."""
    rows = [
        (capfirst(article_words(one.article)), typeset(one.title), shown(one.content, known.names))
        for one in known.terms.annexes
    ]
    return card_table("annexes-table", counted(len(rows), "annexe"), ["Annexe", "Titre", "Contenu"], rows)
