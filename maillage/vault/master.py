"""The master key, and during its rotation a second one: what is wrapped from now on is under the first, both open."""

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache

from maillage.core import crypto


class MasterKeyMissing(Exception):
    """No usable master key: nothing can be sealed or opened."""


@lru_cache(maxsize=8)
def parse_master_key(text: str) -> bytes:
    """The 32 bytes of a master key given in base64; raises MasterKeyMissing."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MasterKeyMissing("the master key is not base64") from error
    if len(key) != crypto.KEY_BYTES:
        raise MasterKeyMissing("the master key must be 32 bytes in base64")
    return key


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The key that wraps, and the one that is still read with; both 32 bytes. Never printed."""

    current: bytes
    former: bytes | None = None

    def __repr__(self) -> str:
        return "MasterKeys(…)"

    def wrap(self, plaintext: bytes, *, at: bytes) -> bytes:
        """Wrap under the current key."""
        return crypto.encrypt(self.current, plaintext, at=at)

    def unwrap(self, wrapped: bytes, *, at: bytes) -> bytes:
        """Open with the current key, else with the former one; raises DecryptionError."""
        try:
            return crypto.decrypt(self.current, wrapped, at=at)
        except crypto.DecryptionError:
            if self.former is None:
                raise
            return crypto.decrypt(self.former, wrapped, at=at)

    def rewrap(self, wrapped: bytes, *, at: bytes) -> bytes | None:
        """The same under the current key; None when it is already. Raises DecryptionError when neither key opens it."""
        if self.is_current(wrapped, at=at):
            return None
        return self.wrap(self.unwrap(wrapped, at=at), at=at)

    def is_current(self, wrapped: bytes, *, at: bytes) -> bool:
        """Whether the current key alone opens it."""
        try:
            crypto.decrypt(self.current, wrapped, at=at)
        except crypto.DecryptionError:
            return False
        return True
