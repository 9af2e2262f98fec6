"""Keys in use: made for an organisation, sealed for a participant, opened by the organisation that acts."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Subquery

from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.vault.belonging import belongs, see_key, see_store
from maillage.vault.master import MasterKeys, parse_master_key
from maillage.vault.models import IndexKey, PrivateKey, PublicKey, UsedStore
from maillage.vault.store import KeyDestroyed, KeyStore

_logger = logging.getLogger(__name__)


_SEALING = "SELECT k.*, (SELECT identity FROM vault_usedstore) AS used_store FROM sealing_keys(%s) k"


class NoKeyPair(Exception):
    """Organisations have no key pair in use: nothing can be sealed to them."""

    def __init__(self, organisations: Iterable[UUID]) -> None:
        self.organisations = tuple(organisations)
        super().__init__(", ".join(map(str, self.organisations)))


class OutsideTransaction(Exception):
    """Sealing outside a transaction: a rotation would not know that something is about to be written."""


@dataclass(frozen=True)
class SealedKey:
    """A case's key as one participation of an organisation holds it."""

    case: UUID
    organisation: UUID
    convention: UUID
    sealed: bytes

    @property
    def pair(self) -> UUID:
        """The id of the public key to which it was sealed."""
        return pair_of(self.sealed)

    @property
    def place(self) -> bytes:
        """Where it belongs."""
        return crypto.place("cases_participation", "sealed_key", self.case, self.organisation)


@dataclass(frozen=True)
class Vault:
    """The master key and the store, as configured for this process."""

    master: MasterKeys
    store: KeyStore

    def make_key_pair(self, *, organisation: UUID, using: str) -> PublicKey:
        """A first key pair for an organisation (operator's act); private half wrapped by the master key."""
        pair = self.new_key_pair()
        key = PublicKey.objects.using(using).create(
            id=pair.id, organisation_id=organisation, public=pair.public
        )
        PrivateKey.objects.using(using).create(key=key, organisation_id=organisation, wrapped=pair.wrapped)
        return key

    def new_key_pair(self) -> "NewPair":
        """A key pair that stands nowhere yet."""
        private, public = crypto.new_key_pair()
        key = uuid7()
        return NewPair(key, public, self.master.wrap(private, at=private_place(key)))

    def seal_case_key(
        self, case_key: bytes, *, case: UUID, organisation: UUID, convention: UUID, public: PublicKey
    ) -> bytes:
        """The case's key for one participant: sealed to its public key, then wrapped by its key for the convention.

        Layout: 16 bytes of the public key's id, then the wrapped bytes. Without the store's file nobody opens it.
        `public` comes from `public_keys` in the same transaction, so that a rotation waits for this writer. Before any key is
        made it raises WrongStore when the store is not the database's, KeyMissing when it has lost this key.
        """
        see_store(self.store, remembered=public.used_store)
        see_key(self.store, organisation, convention)
        place = crypto.place("cases_participation", "sealed_key", case, organisation)
        sealed = crypto.seal(bytes(public.public), case_key, at=place)
        return public.id.bytes + crypto.encrypt(self.store.ensure(organisation, convention), sealed, at=place)

    def open_case_keys(self, rows: Iterable[SealedKey]) -> dict[UUID, bytes]:
        """The keys of several cases by case, with one query for the private halves; a destroyed key is left out.

        Raises WrongStore when the store is not the database's: nothing was destroyed, nothing opens.
        """
        rows = [row for row in rows if row.sealed]  # emptied when the case was erased
        privates = self._privates_for_the_store({row.pair for row in rows})
        stored: dict[tuple[UUID, UUID], tuple[bytes, ...]] = {}
        opened: dict[UUID, bytes] = {}
        for row in rows:
            private, holder = privates.get(row.pair), (row.organisation, row.convention)
            with _told_if_lost(self.store, holder), _told_if_damaged(row.case):
                if holder not in stored:
                    stored[holder] = self.store.keys(*holder)
                if private is not None:
                    opened[row.case] = _opened(row, private, stored[holder])
        return opened

    def is_current(self, row: SealedKey, *, pair: UUID) -> bool:
        """Whether a sealed key is under the pair in use and under the key in use of the store; raises KeyDestroyed."""
        if row.pair != pair:
            return False
        with suppress(crypto.DecryptionError):
            crypto.decrypt(self.store.key(row.organisation, row.convention), row.sealed[16:], at=row.place)
            return True
        return False

    def seal_for_self(self, plaintext: bytes, *, organisation: UUID, at: bytes) -> bytes:
        """Seal an organisation's own working paper (a draft) to its own public key, in the transaction that writes it."""
        (sealed,) = self.seal_many_for_self([(plaintext, at)], organisation=organisation)
        return sealed

    def seal_many_for_self(self, papers: Iterable[tuple[bytes, bytes]], *, organisation: UUID) -> list[bytes]:
        """The same for many, each with its place, with one query for the key."""
        (public,) = public_keys(organisation)
        key = bytes(public.public)
        return [public.id.bytes + crypto.seal(key, plaintext, at=at) for plaintext, at in papers]

    def open_for_self(self, sealed: bytes, *, at: bytes) -> bytes:
        """Open what `seal_for_self` sealed; the organisation in context must be the one that sealed.

        Raises KeyDestroyed when its pair is gone: renewed since the row was read, if it was read before.
        """
        pair = pair_of(sealed)
        try:
            private = self._privates({pair})[pair]
        except KeyError as error:
            raise KeyDestroyed(str(pair)) from error
        return crypto.unseal(private, sealed[16:], at=at)

    def open_many_for_self(self, papers: Sequence[tuple[bytes, bytes]]) -> list[bytes | None]:
        """The same for many, each with its place, with one query for the keys; None for what opens with no key that is left."""
        privates = self._privates({pair_of(sealed) for sealed, _ in papers})
        return [_unsealed(sealed, privates, at=at) for sealed, at in papers]

    def wrap_own_key(self, key: bytes, *, organisation: UUID, convention: UUID, at: bytes) -> bytes:
        """Wrap the key of what an organisation writes for itself under a convention, by its key of the store for it.

        In the transaction that writes it: a renewal of the store waits. Raises NoKeyPair, WrongStore, KeyMissing, KeyDestroyed.
        """
        (public,) = public_keys(organisation)
        see_store(self.store, remembered=public.used_store)
        see_key(self.store, organisation, convention)
        return crypto.encrypt(self.store.ensure(organisation, convention), key, at=at)

    def open_own_key(self, wrapped: bytes, *, organisation: UUID, convention: UUID, at: bytes) -> bytes:
        """Such a key, by the store's key in use or by its former one; raises KeyDestroyed, DecryptionError."""
        for stored in self.store.keys(organisation, convention):
            with suppress(crypto.DecryptionError):
                return crypto.decrypt(stored, wrapped, at=at)
        raise crypto.DecryptionError("no key of the store opens it")

    def open_own_keys(
        self, wrapped: Iterable[tuple[bytes, UUID, bytes]], *, organisation: UUID
    ) -> list[bytes | None]:
        """The same for many, each with its convention and its place, the store read once for each convention; None for what no key that
        is left opens."""
        stored: dict[UUID, tuple[bytes, ...]] = {}
        found: list[bytes | None] = []
        for one, convention, place in wrapped:
            if convention not in stored:
                stored[convention] = ()
                with suppress(KeyDestroyed, crypto.DecryptionError):
                    stored[convention] = self.store.keys(organisation, convention)
            opened = None
            for key in stored[convention]:
                with suppress(crypto.DecryptionError):
                    opened = crypto.decrypt(key, one, at=place)
            found.append(opened)
        return found

    def wrap_document_key(self, key: bytes, *, document: UUID) -> bytes:
        """Wrap the key of a document that belongs to no case (a signed convention)."""
        return self.master.wrap(key, at=document_place(document))

    def unwrap_document_key(self, wrapped: bytes, *, document: UUID) -> bytes:
        """The key of such a document."""
        return self.master.unwrap(wrapped, at=document_place(document))

    def index_key(self, organisation: UUID) -> bytes | None:
        """The key of the acting organisation's blind index; None before one was needed."""
        row = IndexKey.objects.filter(organisation=organisation).first()
        return self.master.unwrap(bytes(row.wrapped), at=index_place(organisation)) if row else None

    def ensure_index_key(self, organisation: UUID) -> bytes:
        """The same, made first if there was none, for the organisation in context: of two at once both use the one that is kept."""
        known = self.index_key(organisation)
        if known is None:
            made = self.master.wrap(crypto.new_key(), at=index_place(organisation))
            with connection.cursor() as cursor:
                cursor.execute("SELECT begin_index_key(%s)", [made])
            known = self.index_key(organisation)
        if known is None:
            raise KeyDestroyed(str(organisation))
        return known

    def renew_index_key(self, organisation: UUID) -> bool:
        """Put a new key in the place of that of the acting organisation's blind index; False when it has none yet.

        What was digested under the former one is to be forgotten in the same transaction. For the worker's role or the owner's.
        """
        row = IndexKey.objects.filter(organisation=organisation).first()
        if row is None:
            return False
        made = self.master.wrap(crypto.new_key(), at=index_place(organisation))
        with connection.cursor() as cursor:
            cursor.execute("SELECT keep_index_key(%s, %s)", [bytes(row.wrapped), made])
            return bool(cursor.fetchone()[0])

    def wrap_secret(self, secret: bytes, *, at: bytes) -> bytes:
        """Wrap a small secret of one row (that of a second factor) by the master key."""
        return self.master.wrap(secret, at=at)

    def unwrap_secret(self, wrapped: bytes, *, at: bytes) -> bytes:
        """Such a secret; raises DecryptionError for another row's."""
        return self.master.unwrap(wrapped, at=at)

    def _privates(self, key_ids: set[UUID]) -> dict[UUID, bytes]:
        # Row security: the acting organisation's own only.
        return self._unwrapped(PrivateKey.objects.filter(key_id__in=key_ids))

    def _privates_for_the_store(self, key_ids: set[UUID]) -> dict[UUID, bytes]:
        """The same, to open with them what the store wraps; the same query tells which store is the database's."""
        used_store = Subquery(UsedStore.objects.values("identity")[:1])
        rows = list(PrivateKey.objects.filter(key_id__in=key_ids).annotate(used_store=used_store))
        if rows:
            belongs(self.store, remembered=rows[0].used_store)
        return self._unwrapped(rows)

    def _unwrapped(self, rows: Iterable[PrivateKey]) -> dict[UUID, bytes]:
        return {
            row.key_id: self.master.unwrap(bytes(row.wrapped), at=private_place(row.key_id)) for row in rows
        }


@dataclass(frozen=True, repr=False)
class NewPair:
    """A key pair that stands nowhere yet: its id, the public half, the private half wrapped by the master key."""

    id: UUID
    public: bytes
    wrapped: bytes


def _opened(row: SealedKey, private: bytes, stored: Sequence[bytes]) -> bytes:
    """The case's key, by the store's key in use or by its former one; raises DecryptionError."""
    for key in stored:
        with suppress(crypto.DecryptionError):
            return crypto.unseal(private, crypto.decrypt(key, row.sealed[16:], at=row.place), at=row.place)
    raise crypto.DecryptionError("no key of the store opens it")


def _unsealed(sealed: bytes, privates: Mapping[UUID, bytes], *, at: bytes) -> bytes | None:
    with suppress(KeyError, crypto.DecryptionError):
        return crypto.unseal(privates[pair_of(sealed)], sealed[16:], at=at)
    return None


def pair_of(sealed: bytes) -> UUID:
    """The id of the public key to which bytes were sealed: their first 16."""
    return UUID(bytes=bytes(sealed[:16]))


def private_place(key: UUID) -> bytes:
    """Where a wrapped private half belongs."""
    return crypto.place("vault_privatekey", "wrapped", key)


def index_place(organisation: UUID) -> bytes:
    """Where a wrapped key of a blind index belongs."""
    return crypto.place("vault_indexkey", "wrapped", organisation)


def document_place(document: UUID) -> bytes:
    """Where a wrapped key of a document belongs."""
    return crypto.place("documents_document", "wrapped_key", document)


@contextmanager
def _told_if_lost(store: KeyStore, holder: tuple[UUID, UUID]) -> Iterator[None]:
    """A key that is gone closes what is under it; one that nobody destroyed is lost, and the operator is told whose."""
    try:
        yield
    except KeyDestroyed:
        if not store.is_destroyed(*holder):
            _logger.error(  # noqa: TRY400 - one line: a list may have hundreds of these
                "the key store has no key of organisation %s for convention %s: maillage keys status", *holder
            )


@contextmanager
def _told_if_damaged(case: UUID) -> Iterator[None]:
    """One damaged key closes its own case, not the whole list; the operator is told which."""
    try:
        yield
    except crypto.DecryptionError:
        _logger.warning("the sealed key of case %s does not open", case)


def public_keys(*organisations: UUID) -> tuple[PublicKey, ...]:
    """The public keys in use of organisations, in the same order, by one query; raises NoKeyPair.

    What is sealed to them is written in the same transaction: until it ends, a rotation of their keys waits
    (`sealing_keys` takes a shared lock, then reads). Raises OutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("seal in the transaction that writes")
    found = {
        key.organisation_id: key for key in PublicKey.objects.raw(_SEALING, [sorted(set(organisations))])
    }
    missing = [organisation for organisation in organisations if organisation not in found]
    if missing:
        raise NoKeyPair(missing)
    return tuple(found[organisation] for organisation in organisations)


@lru_cache(maxsize=4)
def _vault(master: str, former: str, directory: Path) -> Vault:
    keys = MasterKeys(parse_master_key(master), parse_master_key(former) if former else None)
    return Vault(keys, KeyStore(directory, keys))


def vault() -> Vault:
    """The vault of this process; raises MasterKeyMissing when no usable master key was given."""
    return _vault(settings.MASTER_KEY, settings.MASTER_KEY_FORMER, settings.KEY_STORE)
