"""Security keys (WebAuthn level 2): a challenge is asked for, the browser's answer is verified. Nothing is written here."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from maillage.organisations.models import User

# What a hostile browser may send: anything that JSON holds, and in it CBOR cut short or nested by the thousand.
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, struct.error)


@dataclass(frozen=True, slots=True)
class Site:
    """For whom keys are made: the name that browsers bind them to, and the only origin whose answers count."""

    domain: str
    origin: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser is given, and what the session keeps to verify its answer (JSON both)."""

    options: dict[str, Any]
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a browser proved: with which key, and how many times that key says it served."""

    credential: bytes
    counter: int


class NotProved(Exception):
    """The answer proves nothing: malformed, for another challenge or another site, or not signed by this key."""


def ask_to_register(user: User, known: Iterable[bytes], site: Site) -> Challenge:
    """Ask for a new key of this person, other than those that she has."""
    options, state = _server(site).register_begin(
        PublicKeyCredentialUserEntity(id=user.id.bytes, name=user.email, display_name=user.full_name),
        credentials=[AttestedCredentialData(one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Challenge(dict(options), dict(state))


def registered(answer: Any, state: Any, site: Site) -> Verified:
    """The new key; raises NotProved."""
    try:
        data = _server(site).register_complete(state, RegistrationResponse.from_dict(answer))
        credential = data.credential_data
    except _MALFORMED as error:
        raise NotProved from error
    if credential is None:
        raise NotProved
    return Verified(bytes(credential), data.counter)


def ask(known: Iterable[bytes], site: Site) -> Challenge:
    """Ask for a proof by one of these keys."""
    options, state = _server(site).authenticate_begin(
        credentials=[AttestedCredentialData(one) for one in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Challenge(dict(options), dict(state))


def proved(answer: Any, state: Any, known: Iterable[bytes], site: Site) -> Verified:
    """Which of these keys answered the challenge; raises NotProved."""
    try:
        response = AuthenticationResponse.from_dict(answer)
        key = _server(site).authenticate_complete(
            state, [AttestedCredentialData(one) for one in known], response
        )
        return Verified(bytes(key), response.response.authenticator_data.counter)
    except _MALFORMED as error:
        raise NotProved from error


def _server(site: Site) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=site.domain, name="Maillage"),
        verify_origin=lambda origin: origin == site.origin,
    )
