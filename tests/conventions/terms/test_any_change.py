"""Whatever is typed, Terms come out whole or an error of terms does."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from maillage.conventions import library, terms
from maillage.conventions.terms import (
    Change,
    Operation,
    Terms,
    TermsError,
    blanks,
    choose,
    consolidate,
    drop,
    edit,
    fill,
    formality,
    terms_data,
    terms_from_data,
    value_at,
)
from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.paths import ByKey, Step, key_of, parsed, walk, written
from tests.conventions.terms.builder import steady

TEMPLATE = library.load("hopital_pass_modele")
PATHS = [path for path, _ in walk(TEMPLATE) if path]
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 400) | st.text(max_size=12) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
paths = st.sampled_from(PATHS) | st.builds(
    lambda path, end: f"{path}{end}",
    st.sampled_from(PATHS),
    st.sampled_from([".key", ".article", ".chosen", "[0]", "[rien]", ".rien", ".optional", ".readings", ".services"]),
) | st.text(max_size=20)  # fmt: skip
changes = st.builds(Change, operation=st.sampled_from(Operation), path=paths, value=values)


@steady
@given(st.lists(changes, min_size=1, max_size=4))
def test_a_change_gives_terms_that_hold_or_an_error_of_terms(some: list[Change]) -> None:
    for apply in (edit, consolidate):
        try:
            changed = apply(TEMPLATE, *some)
        except TermsError:
            continue
        assert terms_from_data(terms_data(changed)) == changed


@steady
@given(paths, values)
def test_a_gesture_gives_terms_that_hold_or_an_error_of_terms(path: str, value: Any) -> None:
    gestures: list[Callable[[str], Terms]] = [
        lambda path: fill(TEMPLATE, path, value),
        partial(choose, TEMPLATE),
        partial(drop, TEMPLATE),
    ]
    for gesture in gestures:
        try:
            assert isinstance(gesture(path), Terms)
        except TermsError as error:
            assert error.problems  # noqa: PT017 -- either outcome is right, nothing else is
    try:
        formality(TEMPLATE, path)
        value_at(TEMPLATE, path)
    except TermsError:
        return


def test_every_path_that_is_shown_leads_to_what_it_names() -> None:
    for name in library.names():
        convention = library.load(name)
        for path, model in walk(convention):
            if path:
                assert value_at(convention, path) is model
                assert written(parsed(path)) == path
        assert all(value_at(convention, one.path) == one.blank for one in blanks(convention))


def going_straight(value: object, path: tuple[Step, ...] = ()) -> Iterator[tuple[str, BaseModel]]:
    """What `walk` must give, said without care for its cost."""
    if isinstance(value, BaseModel):
        yield written(path), value
        for name in type(value).model_fields:
            yield from going_straight(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for number, element in enumerate(value):
            key = key_of(element)
            yield from going_straight(element, (*path, number if key is None else ByKey(key)))


@pytest.mark.parametrize("name", library.names())
def test_a_text_is_walked_outermost_first_in_its_order_and_nothing_is_left_out(name: str) -> None:
    text = library.load(name)
    expected, found = list(going_straight(text)), walk(text)
    assert [path for path, _ in found] == [path for path, _ in expected]
    assert all(one is other for (_, one), (_, other) in zip(found, expected, strict=True))
    assert len(found) > 90


def test_every_word_of_the_schema_has_a_french_label() -> None:
    for module in pkgutil.iter_modules(terms.__path__):
        importlib.import_module(f"{terms.__name__}.{module.name}")
    kinds = Labelled.__subclasses__()
    assert len(kinds) > 20
    for kind in kinds:
        labels = [member.label for member in kind]
        assert all(labels)
        assert len(set(labels)) == len(labels), kind
        assert all(member.value.isascii() and member.value.islower() for member in kind)
