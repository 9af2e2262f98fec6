"""Every migration of ours says how it is undone: what was deployed by mistake goes back without a dump."""

from django.db.migrations import Migration, RunSQL
from django.db.migrations.loader import MigrationLoader


def ours() -> list[Migration]:
    """The migrations of our rooms."""
    found = MigrationLoader(None).disk_migrations.values()
    return [one for one in found if one.__module__.startswith("maillage.")]


def without_a_way_back(migrations: list[Migration]) -> list[str]:
    """The migrations that cannot be undone."""
    return [
        f"{one.app_label}.{one.name}: {operation.describe()}"
        for one in migrations
        for operation in one.operations
        if not operation.reversible
    ]


def test_every_migration_can_be_undone() -> None:
    assert len(ours()) > 30
    assert without_a_way_back(ours()) == []


def test_a_migration_without_a_way_back_is_seen() -> None:
    class Lost(Migration):
        operations = (RunSQL("SELECT 1"),)

    assert len(without_a_way_back([Lost("lost", "room")])) == 1
