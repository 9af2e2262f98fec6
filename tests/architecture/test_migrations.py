"""The models and the migrations say the same: what a model declares is in the database."""

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from maillage.referrals.models import Referral


def unwritten() -> dict[str, list[str]]:
    """By room, what a model declares and no migration does."""
    loader = MigrationLoader(None)
    with translation.override(None):  # migrations hold labels untranslated
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        found = detector.changes(graph=loader.graph)
    return {
        room: [one.describe() for migration in migrations for one in migration.operations]
        for room, migrations in found.items()
    }


def test_every_declaration_is_in_a_migration() -> None:
    assert unwritten() == {}


def test_a_constraint_that_no_migration_knows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Referral._meta, "constraints", Referral._meta.constraints[1:])
    assert list(unwritten()) == ["referrals"]
