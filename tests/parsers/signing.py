"""Readers of what proves who somebody is: a provider's answers, its signed tokens, a security key's answer. No database."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any
from unittest import mock
from uuid import UUID

from maillage.credentials import security_keys
from maillage.credentials.security_keys import NotProved, Site
from maillage.organisations.models import User
from maillage.web.accounts import oidc_client
from maillage.web.accounts.oidc_client import Provider, ProviderFailed, finish
from tests.credentials.people import SoftKey, _text
from tests.oidc_provider import CLIENT, OidcProvider
from tests.parsers.judging import Target

ISSUER = "https://identite.example.org"
_KNOWN = Provider(ISSUER, CLIENT, "secret", "Identité", ("openid", "email"), second_factor_levels=("eidas2",))
_THERE = OidcProvider(issuer=ISSUER)
_ALWAYS = {"iss": ISSUER, "sub": "s", "aud": CLIENT}
_CLAIMS: dict[str, Any] = {
    **_ALWAYS,
    "iat": 1,
    "exp": int(time.time()) + 10**8,
    "nonce": "n",
    "acr": "eidas2",
}
_RIGHT = {
    ".well-known/openid-configuration": json.dumps(
        {
            "issuer": ISSUER, "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/keys", "userinfo_endpoint": f"{ISSUER}/userinfo",
            "authorization_endpoint": f"{ISSUER}/authorize",
        }
    ).encode(),
    "token": json.dumps({"access_token": "a", "id_token": _THERE.signed(_CLAIMS)}).encode(),
    "keys": json.dumps({"keys": [_THERE.public()]}).encode(),
    "userinfo": _THERE.signed({**_ALWAYS, "email": "x@example.org", "email_verified": True}).encode(),
}  # fmt: skip
_PLACES = tuple(_RIGHT)
_answers: dict[str, bytes] = {}


def _told(address: str, **_: object) -> tuple[bytes, str]:
    """What the provider answers, without a network."""
    return _answers.get(address.removeprefix(f"{ISSUER}/"), b""), "application/jwt"


def _finished() -> oidc_client.Who:
    """A sign-in whose every answer is one of ours: this asks nobody."""
    with mock.patch.object(oidc_client, "_ask", _told):
        known = oidc_client._discovered(_KNOWN)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
            oidc_client._endpoint(_KNOWN, known, name)
        return finish(_KNOWN, "code", {"nonce": "n", "verifier": "v", "address": "https://ici.example.org/"})


def provider_answer(data: bytes) -> None:
    """One of the four answers of a provider, named by the first byte; the others are right."""
    _answers.update(_RIGHT)
    _answers[_PLACES[data[0] % len(_PLACES)] if data else "keys"] = data[1:]
    _finished()


def signed_claims(data: bytes) -> None:
    """Claims that the provider did sign, whatever they are: of the identity (an even first byte) or of the userinfo."""
    try:
        said = json.loads(data[1:])
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    _answers.update(_RIGHT)
    identity = data[0] % 2 == 0
    try:
        token = _THERE.signed({**(_CLAIMS if identity else _ALWAYS), **said})
    except (ValueError, TypeError):  # what our own signing refuses, nobody signs here
        return
    if identity:
        _answers["token"] = json.dumps({"access_token": "a", "id_token": token}).encode()
    else:
        _answers["userinfo"] = token.encode()
    who = _finished()
    f"{who.email} {who.subject}".encode()  # both go to the database


_SITE = Site("localhost", "http://localhost:8000")
_KEY = SoftKey()
_USER = User(id=UUID(int=1), email="essai@example.org", full_name="Essai")
_NEW = security_keys.ask_to_register(_USER, [], _SITE)
_REGISTERED = _KEY.register(_NEW.options)
_CREDENTIAL = security_keys.registered(_REGISTERED, _NEW.state, _SITE).credential
_ASKED = security_keys.ask([_CREDENTIAL], _SITE)
_SIGNED = _KEY.sign(_ASKED.options)


def key_answer(data: bytes) -> None:
    """JSON that a browser sends in the place of a security key's answer, to register one and to prove one."""
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):  # as the pages do
        return
    judges: tuple[Callable[[], object], ...] = (
        lambda: security_keys.registered(answer, _NEW.state, _SITE),
        lambda: security_keys.proved(answer, _ASKED.state, [_CREDENTIAL], _SITE),
    )
    for judged in judges:
        try:
            judged()
        except NotProved:
            continue


def key_parts(data: bytes) -> None:
    """A right answer of which one part, named by the first byte, is another: CBOR, client data, authenticator data, signature."""
    parts = ("attestationObject", "clientDataJSON", "authenticatorData", "signature")
    name = parts[data[0] % len(parts)] if data else parts[0]
    for right in (_REGISTERED, _SIGNED):
        if name not in right["response"]:
            continue
        answer = {**right, "response": {**right["response"], name: _text(data[1:])}}
        if right is _REGISTERED:
            security_keys.registered(answer, _NEW.state, _SITE)
        else:
            security_keys.proved(answer, _ASKED.state, [_CREDENTIAL], _SITE)


def _part(number: int, name: str, answer: dict[str, Any]) -> bytes:
    text = answer["response"][name]
    return bytes([number]) + base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


TARGETS = {
    "provider_answer": Target(
        provider_answer, (ProviderFailed,), (*(bytes([at]) + _RIGHT[name] for at, name in enumerate(_PLACES)), b"\2" + b"[" * 1500)
    ),
    "signed_claims": Target(
        signed_claims,
        (ProviderFailed,),
        (
            b'\0{"nonce":"n"}', b'\0{"exp":1e400}', b'\0{"aud":["a","b"]}', b'\1{"email":"\\ud800","email_verified":true}',
            b'\1{"email_verified":true}', b'\0{"iat":1e19}', b'\1{"email":"x\\u0000@example.org","email_verified":true}',
        ),
    ),
    "key_answer": Target(key_answer, (), (json.dumps(_REGISTERED).encode(), json.dumps(_SIGNED).encode(), b"[" * 900, b"{}", b'{"id":1}')),
    "key_parts": Target(
        key_parts,
        (NotProved,),
        (
            _part(0, "attestationObject", _REGISTERED), _part(1, "clientDataJSON", _REGISTERED), _part(2, "authenticatorData", _SIGNED),
            _part(3, "signature", _SIGNED), b"\0" + b"\x81" * 900,
        ),
    ),
}  # fmt: skip
