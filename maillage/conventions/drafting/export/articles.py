"""Clauses gathered under the article where they stand, articles in the order of the text."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from maillage.conventions.drafting.export import lasting, offering, protecting, steering
from maillage.conventions.drafting.export.words import (
    Names,
    choice,
    kept,
    listing,
    quoted,
    said,
    to_fill,
    value,
    words,
)
from maillage.conventions.terms import Blank, Clause, Terms
from maillage.conventions.terms.identity import Annex, Narrative, Relation, RelationKind
from maillage.core.french import listed, typeset
from maillage.documents.composition import Block, Paragraph, blank

C = TypeVar("C", bound=Clause)
UNPLACED: Final = "dispositions à compléter"
_DIGITS: Final = re.compile(r"\d+")
_EARLY: Final = ("en-tête", "visas", "préambule", "objectifs")
_ANNEXES: Final = ("annexe", "fiche action", "fiches actions")
_LATE: Final = ("mention", UNPLACED, "signatures")
_FRAME, _PROTECTION, _OBLIGATIONS = "Cadre", "Protection des données", "Obligations générales"
_RELATIONS: Final = {
    RelationKind.IMPLEMENTS: "Elle met en œuvre",
    RelationKind.BACKED_ON: "Elle est adossée à",
    RelationKind.SUCCEEDS: "Elle succède à",
    RelationKind.COUNTERPART_OF: "Elle est le pendant local de",
    RelationKind.DRAWN_FROM: "Elle est tirée de",
    RelationKind.ALIGNED_ON: "Elle est alignée sur",
}
_FAMILIES: Final[tuple[tuple[str, str, Callable[[Any, Names], list[Block]]], ...]] = (
    ("objectives", "Objectifs", offering.objectives),
    ("public", "Public concerné", offering.public),
    ("services", "Offre de services", offering.services),
    ("modules", "Modules d’information", offering.modules),
    ("commitments", "Engagements des parties", offering.commitments),
    ("flows", "Échanges entre les parties", offering.flows),
    ("clocks", "Délais", offering.clocks),
    ("referents", "Référents", steering.referents),
    ("committees", "Pilotage", steering.committees),
    ("indicators", "Indicateurs", steering.indicators),
    ("axes", "Axes et fiches d’action", steering.axes),
    ("obligations", _OBLIGATIONS, steering.obligations),
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its name in the text, what it says under each theme, its own title where an annex has one."""

    name: str
    themes: dict[str, list[Block]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)


def articles_of(terms: Terms, names: Names) -> list[Article]:
    """Every article that the Terms cite, in the order of the text."""
    found: dict[str, Article] = {}
    for annex in terms.annexes:
        found.setdefault(annex.article, Article(annex.article)).titles.append(typeset(annex.title))
    for theme, article, blocks in (
        *_families(terms, names),
        *_protection(terms, names),
        *_lasting(terms, names),
    ):
        if blocks:
            found.setdefault(article, Article(article)).themes.setdefault(theme, []).extend(blocks)
    for told in terms.narrative:
        article_told = found.setdefault(told.article, Article(told.article))
        article_told.themes.setdefault("", []).extend(_narrative(told, article_told))
    for annex in terms.annexes:
        spoken = any(
            name == annex.article or name.startswith(f"{annex.article}-") for name in _speaking(found)
        )
        found[annex.article].themes.setdefault("", []).extend(_annex(annex, spoken=spoken))
    said_something = [one for one in found.values() if one.titles or any(one.themes.values())]
    return sorted(
        said_something, key=lambda one: _rank(one.name)
    )  # stable: equal ranks keep the order of the text


def _families(terms: Terms, names: Names) -> Iterator[tuple[str, str, list[Block]]]:
    for relation in kept(terms.relations):
        yield "" if _is_model(relation) else _FRAME, relation.article, _relation(relation)
    for attribute, theme, draw in _FAMILIES:
        for article, clauses in _by_article(getattr(terms, attribute)).items():
            yield _theme(theme, clauses), article, draw(clauses, names)


def _protection(terms: Terms, names: Names) -> Iterator[tuple[str, str, list[Block]]]:
    for regime in terms.protection:
        for article, blocks in protecting.regime(regime, names):
            yield _PROTECTION, article, blocks


def heading_of(article: Article) -> str:
    """« Article 9.2 – Renouvellement », « Annexe 4 – Espace Partenaires »."""
    name = (
        f"Article {article.name}"
        if article.name[:1].isdigit()
        else article.name[:1].upper() + article.name[1:]
    )
    themes = [theme for theme in article.themes if theme]
    titles = article.titles or (
        [listed([themes[0], *(theme[:1].lower() + theme[1:] for theme in themes[1:3])])] if themes else []
    )
    return f"{name} – {' ; '.join(titles)}" if titles and titles != [name] else name


def in_annex(name: str) -> bool:
    """Whether an article stands after the signatures."""
    return name.lower().startswith(_ANNEXES)


def _rank(name: str) -> tuple[int, tuple[int, ...]]:
    numbers = tuple(int(found) for found in _DIGITS.findall(name)[:6])
    low = name.lower()
    if low in _EARLY:
        return _EARLY.index(low), ()
    if name[:1].isdigit():
        return 10, numbers
    if low in _LATE:
        return 30 + _LATE.index(low), ()
    if in_annex(name):
        return 40 + next(i for i, start in enumerate(_ANNEXES) if low.startswith(start)), numbers
    return 20, ()


def _by_article(clauses: Sequence[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for clause in clauses:
        groups.setdefault(clause.article, []).append(clause)
    return groups


def _theme(theme: str, clauses: Sequence[Any]) -> str:
    """Obligations that share a matter take its name: « Propriété intellectuelle »."""
    matters = list(dict.fromkeys(clause.kind.label for clause in clauses)) if theme == _OBLIGATIONS else []
    return matters[0][:1].upper() + matters[0][1:] if len(matters) == 1 and matters[0] != "autre" else theme


def _lasting(terms: Terms, names: Names) -> Iterator[tuple[str, str, list[Block]]]:
    """Theme, article and sentences of what every convention settles, or leaves open as a place to fill."""
    yield _placed("Durée", terms.term, lasting.term)
    yield _placed("Renouvellement", terms.renewal, lasting.renewal)
    if isinstance(terms.exits, Blank):
        yield "Fin de la convention", terms.exits.article or UNPLACED, lasting.silent(terms.exits)
    else:
        for one in terms.exits:
            yield "Fin de la convention", one.article, lasting.exit_of(one, names)
    yield _placed("Avenants", terms.amendment, lasting.amendment)


def _placed(theme: str, clause: C | Blank, draw: Callable[[C], list[Block]]) -> tuple[str, str, list[Block]]:
    if isinstance(clause, Blank):
        return theme, clause.article or UNPLACED, lasting.silent(clause)
    return theme, clause.article, draw(clause)


def _relation(one: Relation) -> list[Block]:
    period = f" ({one.period})" if one.period else ""
    day = said(" du ", value(one.on)) if one.on else ()
    given = None if _is_model(one) else one.reference
    reference = said(", référence : ", value(given)) if given is not None else ()
    sentence = said(choice(one), f"{_RELATIONS[one.kind]} : {one.name}", day, period, reference, ".")
    return [Paragraph(sentence), *listing(words(fact) for fact in one.facts), *quoted(one)]


def _is_model(one: Relation) -> bool:
    """The text that a draft was drawn from; its reference is a content hash, for machines only."""
    return one.kind is RelationKind.DRAWN_FROM


def _narrative(told: Narrative, article: Article) -> list[Block]:
    """What an article that obliges nobody says; its words are to be taken again from the text where Terms do not hold them."""
    if told.says:
        return [Paragraph(words(told.says))]
    if any(blocks for theme, blocks in article.themes.items() if theme) or told.article.lower() in _EARLY:
        return []
    where = f"l’article {told.article}" if told.article[:1].isdigit() else f"« {told.article} »"
    return [Paragraph(blank(f"Texte de {where}, à reprendre de l’original"))]


def _speaking(found: Mapping[str, Article]) -> list[str]:
    return [name for name, article in found.items() if any(article.themes.values())]


def _annex(one: Annex, *, spoken: bool) -> list[Block]:
    """What an annex holds; where clauses already say it (`spoken`), its content only points to them."""
    if isinstance(one.content, Blank):
        return [Paragraph(to_fill(one.content))]
    return [] if spoken else [Paragraph(words(one.content)), *quoted(one)]
