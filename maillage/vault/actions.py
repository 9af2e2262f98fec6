"""Keys in use: made for an organisation, sealed for a participant, opened by the organisation that acts."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.vault.models import PrivateKey, PublicKey
from maillage.vault.store import KeyDestroyed, KeyStore, parse_master_key

_logger = logging.getLogger(__name__)


class NoKeyPair(Exception):
    """Organisations have no key pair in use: nothing can be sealed to them."""

    def __init__(self, organisations: Iterable[UUID]) -> None:
        self.organisations = tuple(organisations)
        super().__init__(", ".join(map(str, self.organisations)))


@dataclass(frozen=True)
class SealedKey:
    """A case's key as one participation of an organisation holds it."""

    case: UUID
    organisation: UUID
    convention: UUID
    sealed: bytes


@dataclass(frozen=True)
class Vault:
    """The master key and the store, as configured for this process."""

    master: bytes
    store: KeyStore

    def make_key_pair(self, *, organisation: UUID, using: str) -> PublicKey:
        """A first key pair for an organisation (operator's act); private half wrapped by the master key."""
        private, public = crypto.new_key_pair()
        key = PublicKey.objects.using(using).create(id=uuid7(), organisation_id=organisation, public=public)
        wrapped = crypto.encrypt(self.master, private, at=crypto.place("vault_privatekey", "wrapped", key.id))
        PrivateKey.objects.using(using).create(key=key, organisation_id=organisation, wrapped=wrapped)
        return key

    def seal_case_key(
        self, case_key: bytes, *, case: UUID, organisation: UUID, convention: UUID, public: PublicKey
    ) -> bytes:
        """The case's key for one participant: sealed to its public key, then wrapped by its key for the convention.

        Layout: 16 bytes of the public key's id, then the wrapped bytes. Without the store's file nobody opens it.
        """
        place = crypto.place("cases_participation", "sealed_key", case, organisation)
        sealed = crypto.seal(bytes(public.public), case_key, at=place)
        return public.id.bytes + crypto.encrypt(self.store.ensure(organisation, convention), sealed, at=place)

    def open_case_key(self, sealed_key: bytes, *, case: UUID, organisation: UUID, convention: UUID) -> bytes:
        """The case's key, for the organisation in context; raises KeyDestroyed or DecryptionError."""
        place = crypto.place("cases_participation", "sealed_key", case, organisation)
        sealed = crypto.decrypt(self.store.key(organisation, convention), sealed_key[16:], at=place)
        return crypto.unseal(self._private(UUID(bytes=bytes(sealed_key[:16]))), sealed, at=place)

    def open_case_keys(self, rows: Iterable[SealedKey]) -> dict[UUID, bytes]:
        """The keys of several cases by case, with one query for the private halves; a destroyed key is left out."""
        rows = list(rows)
        privates = self._privates({UUID(bytes=row.sealed[:16]) for row in rows})
        stored: dict[tuple[UUID, UUID], bytes] = {}
        opened: dict[UUID, bytes] = {}
        for row in rows:
            private, holder = privates.get(UUID(bytes=row.sealed[:16])), (row.organisation, row.convention)
            place = crypto.place("cases_participation", "sealed_key", row.case, row.organisation)
            with suppress(KeyDestroyed), _told_if_damaged(row.case):
                if holder not in stored:
                    stored[holder] = self.store.key(*holder)
                if private is not None:
                    sealed = crypto.decrypt(stored[holder], row.sealed[16:], at=place)
                    opened[row.case] = crypto.unseal(private, sealed, at=place)
        return opened

    def seal_for_self(self, plaintext: bytes, *, organisation: UUID, at: bytes) -> bytes:
        """Seal an organisation's own working paper (a draft) to its own public key."""
        (public,) = public_keys(organisation)
        return public.id.bytes + crypto.seal(bytes(public.public), plaintext, at=at)

    def open_for_self(self, sealed: bytes, *, at: bytes) -> bytes:
        """Open what `seal_for_self` sealed; the organisation in context must be the one that sealed."""
        return crypto.unseal(self._private(UUID(bytes=bytes(sealed[:16]))), sealed[16:], at=at)

    def wrap_document_key(self, key: bytes, *, document: UUID) -> bytes:
        """Wrap the key of a document that belongs to no case (a signed convention)."""
        return crypto.encrypt(
            self.master, key, at=crypto.place("documents_document", "wrapped_key", document)
        )

    def unwrap_document_key(self, wrapped: bytes, *, document: UUID) -> bytes:
        """The key of such a document."""
        return crypto.decrypt(
            self.master, wrapped, at=crypto.place("documents_document", "wrapped_key", document)
        )

    def _private(self, key_id: UUID) -> bytes:
        try:
            return self._privates({key_id})[key_id]
        except KeyError as error:
            raise KeyDestroyed(str(key_id)) from error

    def _privates(self, key_ids: set[UUID]) -> dict[UUID, bytes]:
        rows = PrivateKey.objects.filter(
            key_id__in=key_ids
        )  # row security: the acting organisation's own only
        return {
            row.key_id: crypto.decrypt(
                self.master, bytes(row.wrapped), at=crypto.place("vault_privatekey", "wrapped", row.key_id)
            )
            for row in rows
        }


@contextmanager
def _told_if_damaged(case: UUID) -> Iterator[None]:
    """One damaged key closes its own case, not the whole list; the operator is told which."""
    try:
        yield
    except crypto.DecryptionError:
        _logger.warning("the sealed key of case %s does not open", case)


def public_keys(*organisations: UUID) -> tuple[PublicKey, ...]:
    """The public keys in use of organisations, in the same order, by one query; raises NoKeyPair."""
    found = {
        key.organisation_id: key
        for key in PublicKey.objects.filter(organisation_id__in=organisations, retired_at=None)
    }
    missing = [organisation for organisation in organisations if organisation not in found]
    if missing:
        raise NoKeyPair(missing)
    return tuple(found[organisation] for organisation in organisations)


@lru_cache(maxsize=4)
def _vault(master: str, directory: Path) -> Vault:
    key = parse_master_key(master)
    return Vault(key, KeyStore(directory, key))


def vault() -> Vault:
    """The vault of this process; raises MasterKeyMissing when no usable master key was given."""
    return _vault(settings.MASTER_KEY, settings.KEY_STORE)
