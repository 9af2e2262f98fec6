"""What a convention says, as data: the public face of the room.

Reading and writing
    `load_terms(source, name)`, `terms_from_data(data, name)`, `dump_terms(terms)`, `terms_data(terms)`,
    `canonical_bytes(terms)`, `content_hash(terms)`, `json_schema()`.
Looking at it
    `clauses(terms)`, `blanks(terms)`, `ambiguous(terms)`, `undecided(terms)`, `counts(terms)`, `articles(terms)`,
    `unsigned_representatives(terms)`, `value_at(terms, path)`.
Writing one from a template
    `draw(template, id=…)`, `fill(terms, path, value)`, `choose(terms, path)`, `drop(terms, path)`,
    `edit(terms, *changes)`, `difference(base, other)`.
Avenants
    `consolidate(terms, *changes)`, `consolidated(terms, avenants, on)`, `formality(terms, path)`.

Terms are frozen: each of these gives new Terms, validated as a whole. A path is written by keys,
`flows[orientation_misas].channels[0].number`. What is refused raises `TermsError`, whose `problems` name file,
line, path and expectation, in French.
"""

from maillage.conventions.terms.base import PERSON, Clause, KeyedClause, OptionalClause
from maillage.conventions.terms.blanks import Blank, BlankReason, Expectation
from maillage.conventions.terms.consolidation import (
    Avenant,
    Formality,
    UntouchableError,
    consolidate,
    consolidated,
    formality,
)
from maillage.conventions.terms.difference import Difference, DifferenceKind, difference
from maillage.conventions.terms.editing import Change, Operation, edit, value_at
from maillage.conventions.terms.errors import Problem, TermsError
from maillage.conventions.terms.filling import choose, draw, drop, fill
from maillage.conventions.terms.loading import (
    canonical_bytes,
    content_hash,
    dump_terms,
    json_schema,
    load_terms,
    terms_data,
    terms_from_data,
    terms_from_json,
)
from maillage.conventions.terms.overview import (
    BlankAt,
    ClauseAt,
    Counts,
    ambiguous,
    articles,
    blanks,
    clauses,
    counts,
    undecided,
    unsigned_representatives,
)
from maillage.conventions.terms.reading_yaml import AT_MOST, MAX_BYTES
from maillage.conventions.terms.terms import SCHEMA_VERSION, Terms

__all__ = [
    "AT_MOST",
    "MAX_BYTES",
    "PERSON", "SCHEMA_VERSION", "Avenant", "Blank", "BlankAt", "BlankReason", "Change", "Clause", "ClauseAt",
    "Counts", "Difference", "DifferenceKind", "Expectation", "Formality", "KeyedClause", "Operation",
    "OptionalClause", "Problem", "Terms", "TermsError", "UntouchableError", "ambiguous", "articles", "blanks",
    "canonical_bytes", "choose", "clauses", "consolidate", "consolidated", "content_hash", "counts", "difference",
    "draw", "drop", "dump_terms", "edit", "fill", "formality", "json_schema", "load_terms", "terms_data",
    "terms_from_data", "terms_from_json", "undecided", "unsigned_representatives", "value_at",
]  # fmt: skip
