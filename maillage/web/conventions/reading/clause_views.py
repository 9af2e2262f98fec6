"""The clauses of a text, article by article, each as a heading, its words, and its fields in French."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.text import capfirst
from pydantic import BaseModel

from maillage.conventions.terms import Blank, Clause, OptionalClause, Terms
from maillage.conventions.terms.identity import Narrative
from maillage.conventions.terms.readings import ReadableClause
from maillage.web.conventions.reading.fields import SECTIONS
from maillage.web.conventions.reading.values import Names, article_words, blank_text, fields_of, shown
from maillage.web.conventions.reading.words import literal
from maillage.web.presentation.components import Quote
from maillage.web.presentation.typography import typeset

_TITLES: Final = ("label", "name", "what", "text", "title", "scope", "reason")
_NATURES: Final = {"exits": "kind", "referents": "party", "signatures": "party"}
_NUMBERS: Final = re.compile(r"\d+")
_FIRST, _LAST = ("en-tête", "préambule"), ("signatures", "modèle")


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause: what it is, its title, its fields, the words of the text, what can be read in several ways."""

    path: str
    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    quote: Quote | None
    note: str
    also: str
    option: str
    readings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article of the text and its clauses; `anchor` is its id on the page."""

    anchor: str
    article: str
    clauses: tuple[ClauseView, ...]


def articles_of(terms: Terms, names: Names) -> tuple[ArticleView, ...]:
    """Every article that the text cites, in the order of the text, narrative included."""
    found: dict[str, list[ClauseView]] = {}
    for article, view in _views(terms, names):
        found.setdefault(article, []).append(view)
    ordered = sorted(found, key=_rank)
    return tuple(
        ArticleView(f"art-{number}", capfirst(article_words(article)), tuple(found[article]))
        for number, article in enumerate(ordered, 1)
    )


def _rank(article: str) -> tuple[int, list[int], str]:
    if article in _FIRST:
        return (0, [_FIRST.index(article)], article)
    if article in _LAST:
        return (3, [_LAST.index(article)], article)
    return (1 if article[:1].isdigit() else 2, [int(one) for one in _NUMBERS.findall(article)], article)


def _views(terms: Terms, names: Names) -> Iterator[tuple[str, ClauseView]]:
    for section, (_, word) in SECTIONS.items():
        value = getattr(terms, section)
        if isinstance(value, Blank):
            yield value.article or "non précisé", _blank(section, word, value)
        elif isinstance(value, tuple):
            for number, one in enumerate(value):
                path = f"{section}[{getattr(one, 'key', None) or number}]"
                yield one.article, clause_view(one, names, section=section, path=path)
        elif value is not None:
            yield value.article, clause_view(value, names, section=section, path=section)


def clause_view(clause: BaseModel, names: Names, *, section: str, path: str) -> ClauseView:
    """One clause of a section of the Terms as it is drawn."""
    field = _title_field(clause, section)
    known = clause if isinstance(clause, Clause) else None
    others = clause.model_copy(update={field: None}) if field else clause
    quote = known.quote if known else None
    return ClauseView(
        path=path,
        kind=SECTIONS[section][1],
        title=shown(getattr(clause, field), names, field) if field else SECTIONS[section][0],
        facts=tuple(fields_of(others, names)),
        quote=Quote(quote, known.article) if known and quote else None,
        note=typeset(known.note) if known and known.note else "",
        also=", ".join(article_words(article) for article in known.also) if known else "",
        option=_option(clause),
        readings=_readings(clause),
    )


def _title_field(clause: BaseModel, section: str) -> str:
    candidates: tuple[str, ...] = (_NATURES[section],) if section in _NATURES else _TITLES
    fields = type(clause).model_fields
    if section == "narrative":
        candidates = ("says", "reason") if isinstance(clause, Narrative) and clause.says else ("reason",)
    return next((name for name in candidates if name in fields and getattr(clause, name) is not None), "")


def _option(clause: BaseModel) -> str:
    if not isinstance(clause, OptionalClause) or not clause.optional:
        return ""
    if clause.chosen is None:
        return "au choix des parties, rien n’est encore décidé"
    return "au choix des parties, retenue" if clause.chosen else "au choix des parties, écartée"


def _readings(clause: BaseModel) -> tuple[tuple[str, str], ...]:
    if not isinstance(clause, ReadableClause) or len(clause.variants) < 2:
        return ()
    return tuple((variant.name, typeset(variant.text)) for variant in clause.variants)


def _blank(section: str, word: str, blank: Blank) -> ClauseView:
    title, text = SECTIONS[section][0], blank_text(blank)
    return ClauseView(section, word, title, ((capfirst(literal("not_stated")), text),), None, "", "", "", ())
