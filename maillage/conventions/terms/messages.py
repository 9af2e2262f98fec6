"""Validation errors put into French: what was expected, where, on which line."""

from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from maillage.conventions.terms.blanks import BLANK_TAG, VALUE_TAG
from maillage.conventions.terms.errors import CrossCheckError, Problem
from maillage.conventions.terms.paths import Step, written
from maillage.conventions.terms.reading_yaml import Document

_EXPECTED: Final = {
    "missing": "ce champ, qui est obligatoire",
    "extra_forbidden": "un champ connu du schéma ; celui-ci n'existe pas",
    "string_type": "un texte",
    "string_too_short": "un texte non vide",
    "string_too_long": "un texte d'au plus {max_length} caractères",
    "int_type": "un nombre entier",
    "int_from_float": "un nombre entier",
    "int_parsing": "un nombre entier",
    "float_type": "un nombre",
    "bool_type": "true ou false",
    "date_type": "une date AAAA-MM-JJ",
    "date_parsing": "une date AAAA-MM-JJ",
    "date_from_datetime_parsing": "une date AAAA-MM-JJ",
    "date_from_datetime_inexact": "une date AAAA-MM-JJ, sans heure",
    "datetime_type": "un instant AAAA-MM-JJTHH:MM avec son décalage",
    "datetime_parsing": "un instant AAAA-MM-JJTHH:MM avec son décalage",
    "datetime_from_date_parsing": "un instant AAAA-MM-JJTHH:MM avec son décalage",
    "enum": "l'une des valeurs {expected}",
    "literal_error": "l'une des valeurs {expected}",
    "tuple_type": "une liste",
    "list_type": "une liste",
    "too_short": "au moins {min_length} élément(s)",
    "too_long": "au plus {max_length} éléments",
    "greater_than_equal": "un nombre au moins égal à {ge}",
    "less_than_equal": "un nombre au plus égal à {le}",
    "model_type": "des champs « nom: valeur »",
    "model_attributes_type": "des champs « nom: valeur »",
    "dict_type": "des champs « nom: valeur »",
    "string_pattern_mismatch": "une valeur de la forme {pattern}",
    "union_tag_invalid": "l'une des formes {expected_tags}",
    "union_tag_not_found": "le champ {discriminator}, qui dit de quelle forme il s'agit",
    "json_invalid": "un contenu lisible",
    "recursion_loop": "un contenu sans boucle",
}
_KEY_PATTERN: Final = "^[a-z][a-z0-9_]{0,79}$"
_TAGS: Final = frozenset({VALUE_TAG, BLANK_TAG})


def problems_from(error: ValidationError, document: Document, name: str) -> list[Problem]:
    """Every problem of a validation, with its path and line."""
    problems: list[Problem] = []
    for detail in error.errors(include_url=False):
        path = _path(detail["loc"], document.data)
        crossed = detail.get("ctx", {}).get("error")
        if isinstance(crossed, CrossCheckError):
            prefix = written(path)
            for problem in crossed.problems:
                inner = f"{prefix}.{problem.path}" if prefix else problem.path
                problems.append(Problem(inner, problem.expected, name, _line_of(inner, document)))
        else:
            problems.append(Problem(written(path), expectation(detail), name, _line(path, document)))
    return _joined(problems)


def _joined(problems: list[Problem]) -> list[Problem]:
    """One problem per path: a value that may take several forms is refused once, with all of them."""
    together: dict[str, Problem] = {}
    for problem in problems:
        first = together.get(problem.path)
        if first is None:
            together[problem.path] = problem
        elif problem.expected not in first.expected:
            together[problem.path] = replace(first, expected=f"{first.expected} ; ou {problem.expected}")
    return list(together.values())


def expectation(detail: ErrorDetails) -> str:
    """What was expected, in French."""
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["type"] == "string_pattern_mismatch" and context.get("pattern") == _KEY_PATTERN:
        return "une clé en minuscules sans accent (lettres, chiffres, _), qui commence par une lettre"
    template = _EXPECTED.get(detail["type"])
    if template is None:
        return "une autre valeur, que le schéma admette"
    words = template.format(**{key: str(value).replace("' or '", "', '") for key, value in context.items()})
    given = detail["input"]
    shown = isinstance(given, (str, int, float)) and detail["type"] not in {"missing", "extra_forbidden"}
    return f"{words} ; « {str(given)[:80]} » est donné" if shown else words


def _path(location: tuple[Step, ...], data: object) -> tuple[Step, ...]:
    """The location without the marks that pydantic adds for the branch of a union."""
    path: list[Step] = []
    for number, step in enumerate(location):
        last = number == len(location) - 1
        if step in _TAGS:
            continue
        if isinstance(data, dict) and isinstance(step, str):
            if step in data:
                data = data[step]
            elif not last:
                continue
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        elif not (isinstance(data, dict) and last):
            continue
        path.append(step)
    return tuple(path)


def _line(path: tuple[Step, ...], document: Document) -> int | None:
    while path and path not in document.lines:
        path = path[:-1]
    return document.lines.get(path)


def _line_of(path: str, document: Document) -> int | None:
    parts = path.replace("]", "").replace("[", ".").split(".")
    return _line(tuple(int(part) if part.isdigit() else part for part in parts), document)
