"""French on screen: no straight apostrophe between letters, in templates nor in the literals of what people read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from maillage.conventions.terms import Terms
from maillage.web.conventions.reading.fields import HIDDEN, SECTIONS, SINGLES, field_name

PACKAGE = Path(__file__).resolve().parents[2] / "maillage"
STRAIGHT = re.compile(r"[^\W\d_]'[^\W\d_]")
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
# Words that reach a page through `typeset`, like those of convention files; and the commands, which a terminal shows.
TYPESET_LATER = ("cli", "conventions/terms", "conventions/lifecycle", "core")


def literals(source: str) -> Iterator[tuple[int, str]]:
    """The texts of a module, without its docstrings."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def test_the_detector_finds_a_straight_apostrophe() -> None:
    assert [
        line for line, text in literals('"""It\'s."""\nx = f"jusqu\'au {1}"\n') if STRAIGHT.search(text)
    ] == [2]


def test_no_literal_shown_to_people_has_a_straight_apostrophe() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
        and not path.relative_to(PACKAGE).as_posix().startswith(TYPESET_LATER)
        for line, text in literals(path.read_text())
        if STRAIGHT.search(text)
    ]
    assert found == []


def test_no_template_has_a_straight_apostrophe() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((PACKAGE / "web/templates").rglob("*.html"))
        for line in COMMENT.sub("", path.read_text()).splitlines()
        if STRAIGHT.search(line)
    ]
    assert found == []


def test_people_act_for_an_organisme_everywhere() -> None:
    pages = [*(PACKAGE / "web/templates").rglob("*.html")]
    found = [
        f"{path.name}: {line.strip()}"
        for path in pages
        for line in path.read_text().splitlines()
        if re.search(r"(votre|l’|d’|les|une|cette) ?organisations?\b", line)
    ]
    assert found == []


def models_of(annotation: object, seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        for info in annotation.model_fields.values():
            models_of(info.annotation, seen)
    for part in getattr(annotation, "__args__", ()):
        models_of(part, seen)
    return seen


def test_every_field_of_a_clause_has_a_french_name() -> None:
    names = {name for model in models_of(Terms, set()) for name in model.model_fields}
    of_the_file = {"id", "schema_version", "local_template", "values"}
    of_a_blank = {"among", "asked", "blank", "expects", "why"}
    unnamed = {name for name in names if field_name(name) == name}
    assert unnamed - HIDDEN - SECTIONS.keys() - SINGLES.keys() - of_the_file - of_a_blank == set()
    assert field_name("quote") == "Mots cités du texte"


def lowered(source: str) -> Iterator[int]:
    """The lines where `str.capitalize` is called: it writes « rgpd » and « titre ii » after the first letter."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "capitalize"
        ):
            yield node.lineno


def test_the_detector_finds_what_takes_capitals_away() -> None:
    assert list(lowered("x = 1\ny = label.capitalize()\nz = capfirst(label)\n")) == [2]


def test_no_page_takes_capitals_away_from_words() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: write capfirst(…), of django.utils.text"
        for path in sorted((PACKAGE / "web").rglob("*.py"))
        for line in lowered(path.read_text())
    ]
    assert found == []
