"""Someone with second factors, and a software security key that signs as a real one does."""

import base64
import hashlib
import json
import struct
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from fido2 import cbor
from fido2.cose import ES256

from maillage.core.clock import now
from maillage.credentials import rules, security_keys
from maillage.credentials.actions import add_application, add_key, keys_of, renew_recovery_codes
from maillage.credentials.models import Factor
from maillage.credentials.security_keys import Site
from maillage.organisations.models import User

WORKER, ADVISER = "social@ccas.example.org", "conseil@cpam.example.org"
SITE = Site("localhost", "http://localhost:8000")


def someone(address: str = WORKER) -> User:
    """An account of the demonstration's directory."""
    return User.objects.get(email=address)


def code_of(secret: str, *, ahead: int = 0, at: datetime | None = None) -> str:
    """The code that the application shows, `ahead` steps from now.

    One of a step ago is soon too old: three seconds before the step ends, the next one is waited for.
    """
    left = rules.STEP_SECONDS - (at or now()).timestamp() % rules.STEP_SECONDS
    if at is None and ahead < 0 and left < 3:
        time.sleep(left)
    return rules.code_at(secret, int((at or now()).timestamp()) // rules.STEP_SECONDS + ahead)


def with_application(user: User) -> str:
    """Give someone an application; its secret. The code that put it there has served: the next one is for signing in."""
    secret = rules.new_secret()
    with transaction.atomic():
        at = now()
        add_application(user=user, secret=secret, code=code_of(secret, ahead=-1, at=at), at=at)
    return secret


def with_codes(user: User) -> list[str]:
    """Give someone recovery codes."""
    with transaction.atomic():
        return renew_recovery_codes(user=user, at=now())


@dataclass
class SoftKey:
    """A security key in memory: one credential, and how many times it served."""

    site: Site = SITE
    counter: int = 1
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: b"soft-key-of-the-tests")

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer to `navigator.credentials.create`."""
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]  # fido2 has no type for it
        attested = (
            bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor.encode(dict(public))
        )
        data = self._data(0x41, attested)
        client = self._client("webauthn.create", options)
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": client, "attestationObject": attestation})

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer to `navigator.credentials.get`."""
        self.counter += 1
        data, client = self._data(0x01), self._client("webauthn.get", options)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _data(self, flags: int, more: bytes = b"") -> bytes:
        return (
            hashlib.sha256(self.site.domain.encode()).digest()
            + struct.pack(">BI", flags, self.counter)
            + more
        )

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["publicKey"]["challenge"], "origin": self.site.origin}
        return json.dumps(said).encode()

    def _answer(self, parts: dict[str, bytes]) -> dict[str, Any]:
        words = _text(self.credential)
        response = {name: _text(value) for name, value in parts.items()}
        return {
            "id": words,
            "rawId": words,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        }


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def with_key(user: User, key: SoftKey, site: Site = SITE) -> Factor:
    """Give someone a security key."""
    asked = security_keys.ask_to_register(user, [], site)
    with transaction.atomic():
        return add_key(
            user=user, name="Clé", answer=key.register(asked.options), state=asked.state, site=site, at=now()
        )


def challenge(*factors: Factor, site: Site = SITE) -> security_keys.Challenge:
    """Ask these keys for a proof."""
    return security_keys.ask(keys_of(list(factors)), site)


LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
