"""What a convention says, as data: the public face of the room.

Reading and writing: `load_terms`, `terms_from_data`, `dump_terms`, `terms_data`, `canonical_bytes`,
`content_hash`, `json_schema`. What is refused raises `TermsError`, whose `problems` name file, line, path and
expectation.
"""

from maillage.conventions.terms.base import PERSON, Clause
from maillage.conventions.terms.blanks import Blank, BlankReason, Expectation
from maillage.conventions.terms.errors import Problem, TermsError
from maillage.conventions.terms.loading import (
    canonical_bytes,
    content_hash,
    dump_terms,
    json_schema,
    load_terms,
    terms_data,
    terms_from_data,
)
from maillage.conventions.terms.terms import SCHEMA_VERSION, Terms

__all__ = [
    "PERSON",
    "SCHEMA_VERSION",
    "Blank",
    "BlankReason",
    "Clause",
    "Expectation",
    "Problem",
    "Terms",
    "TermsError",
    "canonical_bytes",
    "content_hash",
    "dump_terms",
    "json_schema",
    "load_terms",
    "terms_data",
    "terms_from_data",
]
