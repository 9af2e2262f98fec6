"""A backup brought back into an empty database and empty stores, closed to everybody until what was erased is erased again.

In this order: everything that may be refused is, and nothing is written; the database is closed; it, the documents and the anchors
come back; then the ledger is replayed, the keys come back, except those that were destroyed; then the doors open. Killed anywhere
after the closing, it leaves the database closed, and is run again.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from maillage.audit.anchors import write_once
from maillage.backups import postgresql
from maillage.backups.files import unframed
from maillage.backups.manifest import DATABASE, DOCUMENTS, Manifest
from maillage.backups.verifying import Sound
from maillage.core.database import closing
from maillage.core.database.errors import DatabaseError
from maillage.core.database.roles import RUNTIME_ROLES
from maillage.credentials.sessions import end_every_session
from maillage.documents import storage
from maillage.vault.actions import vault
from maillage.vault.backup import BadBackup, Restored, bring_back, put_in_place
from maillage.vault.ledger import replay_all

WAIT_SECONDS: Final = 15.0
"""How long the sessions of a restore that was killed are waited for."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a restore did."""

    documents: int
    keys: Restored
    erased: int


def restore(sound: Sound) -> Done:
    """Restore a backup whose digests were checked. As the owner. Raises BadBackup, DatabaseError, OSError."""
    _see_the_version(sound.manifest)
    _see_the_stores(sound)
    _close(sound.manifest)
    _empty()
    postgresql.bring_back(sound.content(DATABASE), made_by=sound.manifest.program)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    documents = _documents(sound)
    for name, content in sound.anchors():
        path = Path(settings.ANCHORS) / name
        if not path.exists():
            write_once(path, content)
    put_in_place(sound.keys)
    erased = replay_all(sound.erased)
    keys = bring_back(sound.keys)
    with transaction.atomic():
        end_every_session()
    storage.end_bringing_back()
    with connection.cursor() as cursor:
        closing.reopen(cursor, _database())
    return Done(documents, keys, len(erased))


def _see_the_version(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise BadBackup(
            f"Cette sauvegarde vient d’une version plus récente de Maillage ({manifest.version}, {unknown[-1]}) : installez-la "
            "d’abord. Rien n’est rendu."
        )


def _see_the_stores(sound: Sound) -> None:
    """Nothing that is there is written over."""
    try:
        storage.see_empty()
    except storage.StoreNotEmpty as error:
        raise DatabaseError(
            f"Le dossier des documents n’est pas vide ({error}) : mettez-le de côté. Rien n’est rendu."
        ) from error
    store = vault().store
    found, place = store.identity(), store.directory
    if found is None and place.is_dir() and any(not path.name.startswith(".") for path in place.iterdir()):
        raise DatabaseError(
            f"Le dossier des clés n’est pas vide ({place}), et n’est pas un magasin de clés : mettez-le de côté. Rien n’est rendu."
        )
    if found is not None and found != sound.manifest.store:
        raise DatabaseError(
            f"{place} est le magasin de clés d’une autre base que celle de cette sauvegarde : mettez-le de côté. Rien n’est rendu."
        )
    for name, content in sound.anchors():
        path = Path(settings.ANCHORS) / name
        if path.is_file() and path.read_bytes() != content:
            raise DatabaseError(
                f"{path} n’est pas l’ancre de cette sauvegarde : ce dossier est celui d’un autre journal, ou elle a été modifiée. Rien "
                "n’est rendu."
            )


def _close(manifest: Manifest) -> None:
    """Close a database that is empty, or that an interrupted restore left; nobody else is inside. Raises DatabaseError."""
    with connection.cursor() as cursor:
        interrupted = closing.restored_from(cursor, _database()) is not None
        if not interrupted and not _is_empty():
            raise DatabaseError(
                "Cette base n’est pas vide : une sauvegarde ne se rend que dans une base vide. Rien n’est rendu."
            )
        closing.close(cursor, _database(), backup=manifest.name)
        deadline = time.monotonic() + WAIT_SECONDS
        while closing.others_inside(cursor):
            if time.monotonic() > deadline:
                if not interrupted:
                    closing.reopen(cursor, _database())
                raise DatabaseError(
                    "Quelqu’un d’autre est connecté à cette base : arrêtez le serveur web, les tâches de fond et vos outils, puis "
                    "recommencez. Rien n’est rendu."
                )
            time.sleep(0.2)


def _is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
            " AND NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema'))"
        )
        return bool(cursor.fetchone()[0])


def _empty() -> None:
    """Remove what an interrupted restore brought: nobody has been let in since it began."""
    if _is_empty():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {', '.join(RUNTIME_ROLES)}")


def _documents(sound: Sound) -> int:
    storage.begin_bringing_back()
    count = 0
    for document, content in unframed(sound.content(DOCUMENTS)):
        storage.bring_back(document, content)
        count += 1
    return count


def _database() -> str:
    return str(connection.settings_dict["NAME"])
