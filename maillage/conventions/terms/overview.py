"""What Terms contain, clause by clause: what is left to fill, what can be read in several ways, who has not signed."""

from dataclasses import dataclass

from maillage.conventions.terms.base import Clause, OptionalClause
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.identity import Narrative
from maillage.conventions.terms.parties import Party, Representative
from maillage.conventions.terms.paths import walk
from maillage.conventions.terms.readings import ReadableClause
from maillage.conventions.terms.terms import Terms


@dataclass(frozen=True, slots=True)
class BlankAt:
    """A value to fill: `path` is what `filling.fill` takes."""

    path: str
    blank: Blank


@dataclass(frozen=True, slots=True)
class ClauseAt:
    """A clause and where it stands."""

    path: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clauses a convention has, how many blanks, how many clauses with several readings."""

    clauses: int
    blanks: int
    ambiguous: int


def blanks(terms: Terms) -> tuple[BlankAt, ...]:
    """Every value still unknown, in the order of the file, those of a framework's local template included."""
    return tuple(BlankAt(path, model) for path, model in walk(terms) if isinstance(model, Blank))


def clauses(terms: Terms) -> tuple[ClauseAt, ...]:
    """Every clause, in the order of the file."""
    return tuple(ClauseAt(path, model) for path, model in walk(terms) if isinstance(model, Clause))


def ambiguous(terms: Terms) -> tuple[ClauseAt, ...]:
    """The clauses that can be read in more than one way."""
    return tuple(
        ClauseAt(path, model)
        for path, model in walk(terms)
        if isinstance(model, ReadableClause) and len(model.variants) > 1
    )


def undecided(terms: Terms) -> tuple[ClauseAt, ...]:
    """The optional clauses on which nothing is recorded."""
    return tuple(
        ClauseAt(path, model)
        for path, model in walk(terms)
        if isinstance(model, OptionalClause) and model.optional and model.chosen is None
    )


def counts(terms: Terms) -> Counts:
    """Clauses, blanks and ambiguous clauses."""
    return Counts(len(clauses(terms)), len(blanks(terms)), len(ambiguous(terms)))


def articles(terms: Terms) -> dict[str, tuple[str, ...]]:
    """For each article that the Terms cite, the paths that cite it; an article listed as narrative is one of them."""
    found: dict[str, list[str]] = {}
    for path, model in walk(terms):
        cited: tuple[str, ...] = ()
        if isinstance(model, Clause):
            cited = (model.article, *model.also)
        elif isinstance(model, Narrative) or hasattr(model, "article"):
            cited = (article,) if (article := getattr(model, "article", None)) else ()
        for article in cited:
            found.setdefault(article, []).append(path)
    return {article: tuple(paths) for article, paths in found.items()}


def unsigned_representatives(terms: Terms) -> tuple[tuple[Party, Representative], ...]:
    """Representatives that the text names and of whom it bears no signature (S1: four named, three signed).

    Empty when the text bears no signature at all, and for those who delegated to a representative who signed.
    """
    if not terms.signatures:
        return ()
    signed = {(signature.party, signature.representative) for signature in terms.signatures}
    missing = []
    for party in terms.parties:
        for_whom = {one.acts_for for one in party.representatives if (party.key, one.key) in signed}
        missing += [
            (party, one)
            for one in party.representatives
            if (party.key, one.key) not in signed and one.key not in for_whom
        ]
    return tuple(missing)
