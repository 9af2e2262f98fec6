"""The whole register: every room's declarations, and what is missing from them."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import autodiscover_modules

from maillage.privacy.registry import Declaration, declared


def declarations() -> Mapping[str, Mapping[str, Declaration]]:
    """All declarations, by label of model and field, those of every room loaded."""
    import_module("maillage.privacy.neighbours")
    autodiscover_modules("privacy")
    return declared()


def faults() -> list[str]:
    """What is missing or false in the registry, each with what to add and where."""
    known_fields = declarations()
    models = {model._meta.label: model for model in _models()}
    found = [
        f"{label}: no such model; remove its declaration"
        for label in sorted(known_fields.keys() - models.keys())
    ]
    for label, model in sorted(models.items()):
        names = {field.name for field in model._meta.concrete_fields}
        known = set(known_fields.get(label, {}))
        place = f"{'/'.join(model.__module__.split('.')[:2])}/privacy.py"
        found += [
            f"{label}.{name} is not classified: add it to {place} as Personal(subject, why, kept, destroyed) "
            "or in not_personal(…)"
            for name in sorted(names - known)
        ]
        found += [f"{label}.{name}: no such field; remove it from {place}" for name in sorted(known - names)]
    return found


def _models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("maillage."):
            yield model
