"""Authenticated encryption, sealing to a public key, and blind indexes. Bytes in, bytes out; no key is ever stored here.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front; HPKE (RFC 9180) base mode with X25519,
HKDF-SHA256 and AES-256-GCM; HMAC-SHA256 for blind indexes.
"""

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

KEY_BYTES = 32
_NONCE_BYTES = 12
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class DecryptionError(Exception):
    """The key is not the right one, or the bytes were altered or moved elsewhere."""


def new_key() -> bytes:
    """A random 256-bit key."""
    return os.urandom(KEY_BYTES)


def place(*parts: object) -> bytes:
    """Associated data naming where a ciphertext belongs (table, column, row), length-prefixed so that no two places collide."""
    texts = [str(part).encode() for part in parts]
    return b"".join(len(text).to_bytes(4, "big") + text for text in texts)


def encrypt(key: bytes, plaintext: bytes, *, at: bytes) -> bytes:
    """Encrypt for one place; the same bytes moved to another row or column no longer decrypt."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, at)


def decrypt(key: bytes, ciphertext: bytes, *, at: bytes) -> bytes:
    """The plaintext; raises DecryptionError for a wrong key, an altered or a moved ciphertext."""
    try:
        return AESGCM(key).decrypt(ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:], at)
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("ciphertext does not open with this key at this place") from error


def new_key_pair() -> tuple[bytes, bytes]:
    """A new X25519 key pair as (private, public), 32 raw bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seal(public_key: bytes, plaintext: bytes, *, at: bytes) -> bytes:
    """Seal to a public key: only the holder of its private half opens it."""
    return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public_key), at)


def unseal(private_key: bytes, sealed: bytes, *, at: bytes) -> bytes:
    """Open what was sealed to this private key's public half; raises DecryptionError."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private_key), at)
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("sealed bytes do not open with this private key") from error


def blind_index(key: bytes, *values: str) -> bytes:
    """A keyed digest (HMAC-SHA256) of normalised values, for equality search without storing the values."""
    return hmac.new(key, place(*values), sha256).digest()
