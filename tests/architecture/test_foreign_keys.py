"""Foreign keys point downwards, in the very list of layers that imports obey."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.layers import layers

ROOMS, SUB_ROOMS = layers("rooms"), layers("conventions")


def upward(models_to_check: Iterable[type[models.Model]]) -> Iterator[str]:
    """Each reference from a model to one of a room above it or beside it."""
    for model in models_to_check:
        for field in model._meta.get_fields(include_hidden=True):
            if not isinstance(field, (models.ForeignKey, models.ManyToManyField)):
                continue
            target = field.remote_field.model
            for known in (ROOMS, SUB_ROOMS):
                if not known.allows(model.__module__, target.__module__):
                    yield f"{model.__module__}.{model.__name__}.{field.name} -> {target.__module__}.{target.__name__}"


def test_every_foreign_key_points_downwards() -> None:
    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("maillage.")
    ]
    assert len(ours) > 20
    found = list(upward(ours))
    assert not found, (
        f"These references point upwards: {found}. Let the higher room keep the reference, or push a plain id down."
    )


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("maillage.cases.models", "maillage.referrals.models"),
        ("maillage.catalogue.models", "maillage.beneficiaries.models"),
        ("maillage.conventions.amendments.models", "maillage.conventions.signatures.models"),
    ],
)
def test_a_key_that_points_upwards_is_found(importer: str, imported: str) -> None:
    target = type(
        "Target",
        (models.Model,),
        {"__module__": imported, "Meta": type("Meta", (), {"app_label": "core", "managed": False})},
    )
    source = type(
        "Source",
        (models.Model,),
        {
            "__module__": importer,
            "Meta": type("Meta", (), {"app_label": "core", "managed": False}),
            "target": models.ForeignKey(target, on_delete=models.PROTECT, related_name="+"),
        },
    )
    try:
        assert len(list(upward([source]))) == 1
    finally:
        for name in ("target", "source"):
            del apps.all_models["core"][name]
        apps.clear_cache()


def test_the_layers_are_read_from_the_linter_s_file() -> None:
    assert ROOMS.ranks["web"] == ROOMS.ranks["cli"] == 0
    assert ROOMS.ranks["referrals"] < ROOMS.ranks["conventions"] < ROOMS.ranks["cases"] < ROOMS.ranks["core"]
    assert SUB_ROOMS.ranks["signatures"] < SUB_ROOMS.ranks["lifecycle"] < SUB_ROOMS.ranks["terms"]
