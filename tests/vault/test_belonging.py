"""The store and the database know each other: one that was emptied, or another's, seals nothing and opens nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, connections, transaction
from psycopg import errors

from maillage.cases.queries import keys_of, visible_to
from maillage.core.crypto import new_key
from maillage.core.database.settings import DatabaseUrls
from maillage.vault import checks
from maillage.vault.actions import vault
from maillage.vault.belonging import belongs, remembered, see_store
from maillage.vault.master import MasterKeys
from maillage.vault.models import UsedStore
from maillage.vault.store import IDENTITY, KeyStore, WrongStore
from tests.referrals.world import ADVISER, Signed, member, send_referral, sign_convention

pytestmark = pytest.mark.security


@pytest.fixture
def signed(fresh_database: DatabaseUrls) -> Signed:
    """A convention under which one case was sent: the store has two keys."""
    found = sign_convention()
    send_referral(found)
    return found


def begun(directory: Path) -> KeyStore:
    """The store of another database, with a key in it."""
    found = KeyStore(directory, MasterKeys(new_key()))
    found.begin()
    found.ensure(uuid4(), uuid4())
    return found


def emptied() -> None:
    for entry in settings.KEY_STORE.glob("*"):  # what `rm -r keys/*` takes: names with a dot stay
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def gone() -> None:
    shutil.rmtree(settings.KEY_STORE)


def in_the_place_of_another() -> None:
    shutil.rmtree(settings.KEY_STORE)
    begun(settings.KEY_STORE)


def without_its_identity() -> None:
    (settings.KEY_STORE / IDENTITY).unlink()


def with_a_damaged_identity() -> None:
    (settings.KEY_STORE / IDENTITY).write_text("plus rien")


WRONG: dict[str, Callable[[], None]] = {
    "emptied": emptied,
    "not mounted": gone,
    "another's": in_the_place_of_another,
    "without its identity": without_its_identity,
    "with a damaged identity": with_a_damaged_identity,
}


def files() -> set[str]:
    return {path.name for path in settings.KEY_STORE.rglob("*") if path.is_file()} - {".lock"}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_store_seals_nothing_opens_nothing_and_gets_no_new_key(signed: Signed, wrong: str) -> None:
    with member(ADVISER) as adviser:
        assert len(keys_of(visible_to(adviser))) == 1
    assert checks.key_store_is_the_databases() == []
    WRONG[wrong]()
    before = files()
    with pytest.raises(WrongStore), member(ADVISER) as adviser:
        keys_of(visible_to(adviser))
    with pytest.raises(WrongStore):
        send_referral(signed)
    assert files() == before
    (found,) = checks.key_store_is_the_databases()
    assert found.id == "maillage.E035"
    assert ("il a servi à une autre" in found.msg) is (wrong == "another's")


def test_the_right_store_put_back_opens_everything_again(signed: Signed, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    settings.KEY_STORE.rename(aside)
    with pytest.raises(WrongStore):
        send_referral(signed)
    aside.rename(settings.KEY_STORE)
    send_referral(signed)
    with member(ADVISER) as adviser:
        assert len(keys_of(visible_to(adviser))) == 2
    assert checks.key_store_is_the_databases() == []


def test_the_first_key_begins_the_store_and_the_database_remembers_it(fresh_database: DatabaseUrls) -> None:
    assert (remembered(), settings.KEY_STORE.exists()) == (None, False)
    assert checks.key_store_is_the_databases() == []  # a first start
    send_referral(sign_convention())
    assert remembered() == vault().store.identity() is not None
    assert (settings.KEY_STORE / IDENTITY).stat().st_mode & 0o077 == 0
    assert settings.KEY_STORE.stat().st_mode & 0o077 == 0


def test_a_first_use_that_is_rolled_back_is_begun_again_with_the_same_store(
    fresh_database: DatabaseUrls,
) -> None:
    store = vault().store
    with transaction.atomic():
        see_store(store, remembered=remembered())
        transaction.set_rollback(True)
    identity = store.identity()
    assert remembered() is None
    with transaction.atomic():
        see_store(store, remembered=remembered())
    assert (remembered(), store.identity()) == (identity, identity)


def test_of_two_first_uses_at_once_one_store_comes_out(fresh_database: DatabaseUrls) -> None:
    seen: list[UUID | None] = []

    def use() -> None:
        with transaction.atomic():
            see_store(vault().store, remembered=None)
        seen.append(remembered())
        connections.close_all()

    together = [Thread(target=use) for _ in range(6)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert seen == [vault().store.identity()] * 6


@pytest.mark.django_db
def test_a_database_that_remembers_no_store_opens_with_none() -> None:
    store = vault().store
    store.begin()
    with pytest.raises(WrongStore):
        belongs(store, remembered=None)


def test_nobody_but_the_owner_changes_what_the_database_remembers(
    signed: Signed, fresh_database: DatabaseUrls
) -> None:
    known = remembered()
    for role in ("app", "worker"):
        with psycopg.connect(getattr(fresh_database, role)) as raw:
            assert raw.execute("SELECT vault_remember_store(gen_random_uuid())").fetchone() == (known,)
            for statement in (
                "UPDATE vault_usedstore SET identity = gen_random_uuid()",
                "DELETE FROM vault_usedstore",
                "INSERT INTO vault_usedstore (identity, single) VALUES (gen_random_uuid(), true)",
            ):
                with pytest.raises(errors.InsufficientPrivilege), raw.transaction():
                    raw.execute(statement.encode())


def test_a_database_has_one_store(fresh_database: DatabaseUrls) -> None:
    UsedStore.objects.using("owner").create(identity=uuid4())
    with pytest.raises(IntegrityError, match="usedstore_one"), transaction.atomic(using="owner"):
        UsedStore.objects.using("owner").create(identity=uuid4(), single=False)
    with pytest.raises(IntegrityError, match="single"), transaction.atomic(using="owner"):
        UsedStore.objects.using("owner").create(identity=uuid4())


def test_before_the_tables_are_there_nothing_was_sealed(fresh_database: DatabaseUrls) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE vault_usedstore RENAME TO aside")
    assert checks.key_store_is_the_databases() == []
    connection.close()
