"""The key store: what it gives back, to whom, and that what was destroyed stays destroyed."""

from pathlib import Path
from uuid import uuid4

import pytest

from maillage.core.crypto import DecryptionError, new_key
from maillage.vault.store import KeyDestroyed, KeyStore, MasterKeyMissing, parse_master_key


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys", new_key())


def test_a_key_is_made_once_and_given_back(store: KeyStore) -> None:
    organisation, convention = uuid4(), uuid4()
    made = store.ensure(organisation, convention)
    assert store.ensure(organisation, convention) == store.key(organisation, convention) == made
    assert store.ensure(uuid4(), convention) != made


def test_a_destroyed_key_is_gone_and_no_other_takes_its_place(store: KeyStore) -> None:
    organisation, convention = uuid4(), uuid4()
    store.ensure(organisation, convention)
    assert store.destroy(organisation, convention)
    assert not store.destroy(organisation, convention)
    for ask in (store.key, store.ensure):
        with pytest.raises(KeyDestroyed):
            ask(organisation, convention)


def test_nothing_lies_in_the_clear_and_nobody_else_reads_the_directory(store: KeyStore) -> None:
    organisation, convention = uuid4(), uuid4()
    made = store.ensure(organisation, convention)
    path = store.path(organisation, convention)
    assert made not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert store.directory.stat().st_mode & 0o077 == 0


def test_a_key_moved_to_another_place_or_under_another_master_does_not_open(store: KeyStore) -> None:
    organisation, convention, other = uuid4(), uuid4(), uuid4()
    store.ensure(organisation, convention)
    store.path(organisation, convention).rename(store.path(other, convention))
    with pytest.raises(DecryptionError):
        store.key(other, convention)
    store.ensure(organisation, convention)
    with pytest.raises(DecryptionError):
        KeyStore(store.directory, new_key()).key(organisation, convention)


@pytest.mark.parametrize("text", ["", "not base64!", "c2hvcnQ="])
def test_an_unusable_master_key_is_refused(text: str) -> None:
    with pytest.raises(MasterKeyMissing):
        parse_master_key(text)
