"""Which text each applied migration had: before a first release a migration may be written again, and older data cannot follow."""

import inspect
import json
from hashlib import sha256
from pathlib import Path

from django.db import connections
from django.db.migrations.loader import MigrationLoader

_TABLE = "django_migrations"


def rewritten(using: str = "owner") -> list[str]:
    """Migrations of Maillage applied here whose text has changed since, as « label.name »; all of them where none was noted."""
    if _TABLE not in connections[using].introspection.table_names():
        return []
    loader = MigrationLoader(connections[using])
    now, then = _texts(loader), _noted(using)
    return sorted(
        f"{label}.{name}"
        for label, name in loader.applied_migrations
        if (known := now.get(f"{label}.{name}")) and then.get(f"{label}.{name}") != known
    )


def note(using: str) -> None:
    """Keep, as a comment of Django's own table, the digest of each applied migration of Maillage."""
    loader = MigrationLoader(connections[using])
    texts = _texts(loader)
    applied = {
        name: texts[name] for name in sorted(map(".".join, loader.applied_migrations)) if name in texts
    }
    with connections[using].cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {_TABLE} IS %s", [json.dumps(applied)])


def _noted(using: str) -> dict[str, str]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass, 'pg_class')", [_TABLE])
        (text,) = cursor.fetchone()
    return dict(json.loads(text)) if text else {}


def _texts(loader: MigrationLoader) -> dict[str, str]:
    """The first 12 hexadecimal digits of each text's SHA-256."""
    return {
        f"{label}.{name}": sha256(Path(inspect.getfile(type(migration))).read_bytes()).hexdigest()[:12]
        for (label, name), migration in loader.disk_migrations.items()
        if type(migration).__module__.startswith("maillage.")
    }
