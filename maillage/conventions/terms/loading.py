"""From YAML to Terms and back, and the hash that a signature covers.

The file is untrusted: it is bounded in size and depth before anything is built; only plain mappings, lists
and scalars are read (no tag, no anchor, no alias), and a key given twice is refused.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from maillage.conventions.terms.errors import Problem, TermsError
from maillage.conventions.terms.messages import problems_from
from maillage.conventions.terms.reading_yaml import MAX_BYTES, Document, read_document
from maillage.conventions.terms.scalars import add_resolvers
from maillage.conventions.terms.terms import Terms

MOST_PARSED: Final = 600
"""Texts kept parsed in a process, some 220 kB each: all those of a list that reads every text, and of some others."""


def load_terms(source: str | bytes | Path, name: str | None = None) -> Terms:
    """The Terms that a YAML text, its bytes or a file hold.

    `name` stands for the file in messages (the file's own name when `source` is a path). Raises `TermsError`
    with every problem found, each with its path and line; nothing else, whatever the input.
    """
    if isinstance(source, Path):
        name = name or source.name
        data: str | bytes = _read(source, name)
    else:
        name = name or "convention.yaml"
        data = source
    document = read_document(data, name)
    return validate(document, name)


def terms_from_data(data: object, name: str = "convention") -> Terms:
    """The Terms that plain data (mappings, lists, scalars as in JSON) hold. Raises `TermsError`."""
    return validate(Document(data, {}), name)


def terms_from_json(written: str, name: str = "convention") -> Terms:
    """The Terms of JSON that was written here, as the database keeps it; known texts are not decoded again."""
    try:
        return _parsed(written)
    except ValidationError:
        return terms_from_data(json.loads(written), name)


def validate(document: Document, name: str) -> Terms:
    """The Terms of a document already read. Raises `TermsError`."""
    if not isinstance(document.data, dict):
        raise TermsError([Problem("", "une suite de champs « nom: valeur » à la racine", name)])
    try:
        written = json.dumps(document.data)
    except (TypeError, ValueError, RecursionError) as error:
        raise TermsError([Problem("", "des données simples, comme dans un fichier", name)]) from error
    try:
        return _parsed(written)
    except ValidationError as error:
        raise TermsError(problems_from(error, document, name)) from error


@lru_cache(maxsize=MOST_PARSED)
def _parsed(written: str) -> Terms:
    """Terms are frozen, and their key here is their whole text: whoever asks holds it already."""
    return Terms.model_validate_json(written, strict=True)


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise TermsError([Problem("", "un fichier qui existe", name)]) from error
    except OSError as error:
        raise TermsError([Problem("", "un fichier que l'on puisse lire", name)]) from error


class _Dumper(yaml.CSafeDumper):
    """Writes what `read_document` reads: dates and the words yes and no need no quotes there."""

    def ignore_aliases(self, _data: object) -> bool:
        """Never an alias: the reader refuses them."""
        return True


add_resolvers(_Dumper)


def terms_data(terms: Terms) -> dict[str, Any]:
    """The Terms as plain data, what is at its default left out."""
    return terms.model_dump(mode="json", exclude_defaults=True)


def dump_terms(terms: Terms) -> str:
    """The Terms as YAML; `load_terms` of it gives equal Terms."""
    return yaml.dump(terms_data(terms), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def canonical_bytes(terms: Terms) -> bytes:
    """The one sequence of bytes that stands for these Terms: JSON, keys sorted, defaults left out, UTF-8.

    A field added later with a default leaves the hash of older conventions as it is.
    """
    return json.dumps(terms_data(terms), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_hash(terms: Terms) -> str:
    """SHA-256 of `canonical_bytes`, in hexadecimal: what a signature covers."""
    return hashlib.sha256(canonical_bytes(terms)).hexdigest()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a convention's file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Terms.model_json_schema(),
        "title": "Convention",
    }
