"""The key store: what it gives back, to whom, what stays destroyed, and a key renewed while it is read."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from maillage.core.crypto import DecryptionError, new_key
from maillage.vault import store as storing
from maillage.vault.master import MasterKeyMissing, MasterKeys, parse_master_key
from maillage.vault.store import KeyDestroyed, KeyStore

Holder = tuple[UUID, UUID]


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    found = KeyStore(tmp_path / "keys", MasterKeys(new_key()))
    found.begin()
    return found


@pytest.fixture
def holder(store: KeyStore) -> Holder:
    found = (uuid4(), uuid4())
    store.ensure(*found)
    return found


def under(store: KeyStore, master: MasterKeys) -> KeyStore:
    """The same files, read with other master keys."""
    return KeyStore(store.directory, master)


def test_a_key_is_made_once_and_given_back(store: KeyStore) -> None:
    organisation, convention = uuid4(), uuid4()
    made = store.ensure(organisation, convention)
    assert store.ensure(organisation, convention) == store.key(organisation, convention) == made
    assert store.ensure(uuid4(), convention) != made


def test_a_destroyed_key_is_gone_and_no_other_takes_its_place(store: KeyStore, holder: Holder) -> None:
    assert store.destroy(*holder)
    assert not store.destroy(*holder)
    for ask in (store.key, store.ensure, store.keys, store.renew):
        with pytest.raises(KeyDestroyed):
            ask(*holder)
    assert (store.holders(), store.destroyed()) == ([], [holder])


def test_what_never_was_may_be_destroyed_too(store: KeyStore) -> None:
    holder = (uuid4(), uuid4())
    assert not store.destroy(*holder)
    with pytest.raises(KeyDestroyed):
        store.ensure(*holder)


def test_destroying_takes_the_former_key_and_what_a_killed_writer_left(
    store: KeyStore, holder: Holder
) -> None:
    store.renew(*holder)
    path = store.path(*holder)
    path.with_name(f".{path.name}.123.abcd").write_bytes(path.read_bytes())
    store.destroy(*holder)
    assert [file.name for file in path.parent.iterdir()] == [f"{path.name}.destroyed"]


def test_nothing_lies_in_the_clear_and_nobody_else_reads_the_directory(
    store: KeyStore, holder: Holder
) -> None:
    path = store.path(*holder)
    assert store.key(*holder) not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert store.directory.stat().st_mode & 0o077 == 0


def test_a_key_moved_to_another_place_or_under_another_master_does_not_open(
    store: KeyStore, holder: Holder
) -> None:
    organisation, convention = holder
    other = uuid4()
    store.path(organisation, convention).rename(store.path(other, convention))
    with pytest.raises(DecryptionError):
        store.key(other, convention)
    store.ensure(organisation, convention)
    with pytest.raises(DecryptionError):
        under(store, MasterKeys(new_key())).key(organisation, convention)


def test_a_renewed_key_is_used_and_the_former_one_stands_until_it_is_forgotten(
    store: KeyStore, holder: Holder
) -> None:
    former = store.key(*holder)
    assert store.renew(*holder)
    assert not store.renew(*holder)  # one renewal at a time: the second goes on with the first
    current = store.key(*holder)
    assert store.keys(*holder) == (current, former)
    assert store.being_renewed() == [holder]
    assert store.forget_former(*holder)
    assert not store.forget_former(*holder)
    assert (store.keys(*holder), store.holders(), store.destroyed()) == ((current,), [holder], [])


def test_a_renewal_killed_between_its_two_steps_goes_on(
    store: KeyStore, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = store.key(*holder)
    with monkeypatch.context() as killed:
        killed.setattr(storing, "_replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.renew(*holder)
    assert store.key(*holder) == former
    assert store.renew(*holder)
    assert store.key(*holder) != former
    assert store.keys(*holder)[1] == former


def test_files_pass_under_a_new_master_key_and_the_former_one_no_longer_serves(
    store: KeyStore, holder: Holder
) -> None:
    store.renew(*holder)
    known = store.keys(*holder)
    new = new_key()
    both = under(store, MasterKeys(new, store._master.current))
    assert both.keys(*holder) == known
    assert both.needs_former_master(*holder)
    assert (both.rewrap(*holder), both.rewrap(*holder)) == (2, 0)
    assert not both.needs_former_master(*holder)
    assert under(store, MasterKeys(new)).keys(*holder) == known
    with pytest.raises(DecryptionError):
        store.key(*holder)


def test_a_key_destroyed_while_it_is_wrapped_again_does_not_come_back(
    store: KeyStore, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = under(store, MasterKeys(new_key(), store._master.current))
    assert both.destroy(*holder)
    assert both.rewrap(*holder) == 0
    assert not store.path(*holder).exists()


def test_a_key_of_a_backup_takes_the_free_place_or_stands_behind_the_one_in_use(
    store: KeyStore, holder: Holder
) -> None:
    wrapped = store.snapshot()[holder][0]
    known = store.key(*holder)
    assert not store.install(*holder, wrapped)
    store.path(*holder).unlink()
    assert store.install(*holder, wrapped)
    store.path(*holder).unlink()
    new = store.ensure(*holder)
    assert store.install(*holder, wrapped)
    assert store.keys(*holder) == (new, known)
    store.forget_former(*holder)
    store.renew(*holder)
    with pytest.raises(FileExistsError):
        store.install(*holder, wrapped)
    store.destroy(*holder)
    with pytest.raises(KeyDestroyed):
        store.install(*holder, wrapped)


@pytest.mark.parametrize("text", ["", "not base64!", "c2hvcnQ="])
def test_an_unusable_master_key_is_refused(text: str) -> None:
    with pytest.raises(MasterKeyMissing):
        parse_master_key(text)


def test_what_is_wrapped_is_under_the_current_master_key_and_both_open_it() -> None:
    former, new = new_key(), new_key()
    old = MasterKeys(former).wrap(b"secret", at=b"here")
    both = MasterKeys(new, former)
    again = both.rewrap(old, at=b"here")
    assert again is not None
    assert both.unwrap(old, at=b"here") == MasterKeys(new).unwrap(again, at=b"here") == b"secret"
    assert both.rewrap(again, at=b"here") is None
    with pytest.raises(DecryptionError):
        MasterKeys(new).unwrap(old, at=b"here")
    with pytest.raises(DecryptionError):
        both.rewrap(old, at=b"elsewhere")
    assert "secret" not in repr(both)
    assert new.hex() not in repr(both)
