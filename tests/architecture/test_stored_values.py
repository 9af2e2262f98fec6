"""What is stored is an English word in ASCII; the French label is only shown."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Q

import maillage

WORD = re.compile(r"[a-z0-9][a-z0-9_./+-]*|[A-Z][a-z]+/[A-Z][A-Za-z_]+")  # the second form: a time zone


def enums() -> Iterator[type[Enum]]:
    """Every enumeration of Maillage."""
    for module in pkgutil.walk_packages(maillage.__path__, "maillage."):
        if ".migrations" in module.name or ".management" in module.name:
            continue
        for found in vars(importlib.import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, Enum) and found.__module__ == module.name:
                yield found


def labels_among(values: Iterable[object]) -> list[str]:
    """Values that look like something to read rather than something to store."""
    return [value for value in values if isinstance(value, str) and value and not WORD.fullmatch(value)]


def values_in(condition: Q) -> Iterator[object]:
    """Constants compared in a constraint."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from values_in(child)
        elif isinstance(child, tuple) and not child[0].endswith("__regex"):  # a pattern is stored nowhere
            value: Any = child[1]
            yield from value if isinstance(value, (list, tuple, set)) else [value]


def stored_by(model: type[models.Model]) -> Iterator[object]:
    """Every constant that a model stores: choices, defaults of state-like fields, values of constraints."""
    for field in model._meta.concrete_fields:
        yield from (value for value, _ in field.flatchoices)
        if field.has_default() and isinstance(field.default, str):
            yield field.default
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, Q):
            yield from values_in(constraint.condition)


def test_no_enumeration_stores_a_label() -> None:
    found = {
        f"{enum.__module__}.{enum.__name__}": bad
        for enum in enums()
        if (bad := labels_among(e.value for e in enum))
    }
    assert not found, f"Give these an English snake_case value, and the French words as a label: {found}"


def test_no_model_stores_a_label() -> None:
    found = {
        model.__name__: bad
        for model in apps.get_models()
        if model.__module__.startswith("maillage.") and (bad := labels_among(stored_by(model)))
    }
    assert not found, f"Give these an English snake_case value, and the French words as a label: {found}"


@pytest.mark.parametrize("value", ["Envoyée", "en cours", "Signé", "clôturée", "In Force"])
def test_a_label_is_recognised(value: str) -> None:
    assert labels_among([value]) == [value]
    constraint = Q(state="sent") | (Q(urgent=True) & ~Q(state__in=["closed", value]))
    assert labels_among(values_in(constraint)) == [value]
