"""OpenID Connect, the part of it that signing in needs: the code flow with PKCE, every answer signed, nothing believed unsigned.

OpenID Connect Core 1.0 (3.1.3.7 for the identity token, 5.3.2 for a signed userinfo), RFC 7636 (PKCE), RFC 9700 (advice).
"""

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt

ALGORITHMS: Final = ("RS256", "PS256", "ES256")  # never what the token itself asks for
TIMEOUT: Final = 5  # seconds an answer may take
LONGEST: Final = 256 * 1024  # bytes of an answer
LEEWAY: Final = 30  # seconds between two clocks
_LOOPBACK: Final = ("localhost", "127.0.0.1")
_JWT: Final = "application/jwt"


class ProviderFailed(Exception):
    """The provider did not answer as it must; the text is for the operator, never for the page."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of identities, as the settings describe it."""

    issuer: str
    client_id: str
    client_secret: str
    label: str
    scopes: tuple[str, ...]
    emails_are_verified: bool = False
    second_factor_levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """Where the browser goes, and what is kept for its return (JSON)."""

    address: str
    state: str
    kept: dict[str, str]


@dataclass(frozen=True, slots=True)
class Who:
    """Whom the provider says that it identified. `email` is one that it verified, or empty."""

    issuer: str
    subject: str
    email: str
    gave_second_factor: bool
    token: str  # the identity token itself, given back when one leaves
    leaving_address: str  # where one signs out of the provider, or empty


def start(provider: Provider, return_address: str) -> Started:
    """Begin a sign-in; raises ProviderFailed."""
    known = _discovered(provider)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    question = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_address,
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if provider.second_factor_levels:
        question["acr_values"] = " ".join(provider.second_factor_levels)
    address = f"{_endpoint(provider, known, 'authorization_endpoint')}?{urlencode(question)}"
    return Started(address, state, {"nonce": nonce, "verifier": verifier, "address": return_address})


def finish(provider: Provider, code: str, kept: dict[str, str]) -> Who:
    """Whom the provider identified; raises ProviderFailed for anything that is not proved."""
    known = _discovered(provider)
    tokens = _json(
        _ask(
            _endpoint(provider, known, "token_endpoint"),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": kept["address"],
                "client_id": provider.client_id,
                "client_secret": provider.client_secret,
                "code_verifier": kept["verifier"],
            },
        )[0]
    )
    keys = _keys(_ask(_endpoint(provider, known, "jwks_uri"))[0])
    identity = _signed(provider, keys, tokens.get("id_token"), expires=True)
    if not hmac.compare_digest(str(identity.get("nonce", "")).encode(), kept["nonce"].encode()):
        raise ProviderFailed("the identity token is for another sign-in")
    audience = identity.get("aud")
    if isinstance(audience, list) and len(audience) > 1 and identity.get("azp") != provider.client_id:
        raise ProviderFailed("the identity token is for somebody else too")
    body, kind = _ask(
        _endpoint(provider, known, "userinfo_endpoint"), bearer=str(tokens.get("access_token", ""))
    )
    if kind != _JWT:
        raise ProviderFailed(f"the userinfo is {kind}, which nobody signed")
    person = _signed(provider, keys, body.decode("ascii", errors="replace").strip(), expires=False)
    if person.get("sub") != identity["sub"]:
        raise ProviderFailed("the userinfo is about somebody else")
    verified = person.get("email_verified") is True or (
        provider.emails_are_verified and "email_verified" not in person
    )
    email = str(person.get("email", "")).strip().lower()
    return Who(
        issuer=provider.issuer,
        subject=str(identity["sub"]),
        email=email if verified else "",
        gave_second_factor=identity.get("acr") in provider.second_factor_levels,
        token=str(tokens["id_token"]),
        leaving_address=_leaving_address(provider, known),
    )


def _leaving_address(provider: Provider, known: dict[str, Any]) -> str:
    """Where one signs out (RP-Initiated Logout 1.0, 2.1); empty without one that is safe: signing in does not need it."""
    address = str(known.get("end_session_endpoint") or "")
    return address if _is_safe(address, provider) and "#" not in address else ""


def _discovered(provider: Provider) -> dict[str, Any]:
    known = _json(
        _ask(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", provider=provider)[0]
    )
    if known.get("issuer") != provider.issuer:
        raise ProviderFailed("the configuration is that of another issuer")
    return known


def _endpoint(provider: Provider, known: dict[str, Any], name: str) -> str:
    address = str(known.get(name, ""))
    if not _is_safe(address, provider):
        raise ProviderFailed(f"{name} is not served over HTTPS")
    return address


def _is_safe(address: str, provider: Provider) -> bool:
    """HTTPS; plain HTTP on this machine only, for a provider that is there too."""
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that hold no address
        return False
    local = urlsplit(provider.issuer).hostname in _LOOPBACK and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))


def _signed(provider: Provider, keys: jwt.PyJWKSet, token: Any, *, expires: bool) -> dict[str, Any]:
    """What a token says, once its signature, issuer and audience are verified."""
    required = ["iss", "sub", "aud", *(["exp", "iat"] if expires else [])]
    try:
        header = jwt.get_unverified_header(str(token))
        key = next((one for one in keys.keys if one.key_id == header.get("kid")), None)
        if key is None or key.algorithm_name != header.get("alg"):
            raise ProviderFailed("a token is signed by an unknown key")
        said: dict[str, Any] = jwt.decode(
            str(token),
            key.key,
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": required},
        )
    except jwt.PyJWTError as error:
        raise ProviderFailed(f"a token is refused: {type(error).__name__}") from error
    return _storable(said)


def _keys(body: bytes) -> jwt.PyJWKSet:
    try:
        return jwt.PyJWKSet.from_dict(_json(body))
    except (jwt.PyJWTError, AttributeError, TypeError) as error:
        raise ProviderFailed("the keys of the provider cannot be read") from error


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderFailed("an answer is not JSON") from error
    if not isinstance(found, dict):
        raise ProviderFailed("an answer is not an object")
    return _storable(found)


def _storable(said: dict[str, Any]) -> dict[str, Any]:
    """The same. Half a character (a lone surrogate) and NUL are JSON, and no text: PostgreSQL keeps neither."""
    try:
        written = json.dumps(said, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise ProviderFailed("an answer holds what is no text") from error
    if b"\\u0000" in written:
        raise ProviderFailed("an answer holds what is no text")
    return said


class _Stay(HTTPRedirectHandler):
    """A provider answers where it said that it would: a redirection would carry the secret elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Nowhere."""


def _ask(
    address: str, *, data: dict[str, str] | None = None, bearer: str = "", provider: Provider | None = None
) -> tuple[bytes, str]:
    """The body and the kind of an answer; raises ProviderFailed for none, a late, a long or a refused one."""
    if provider is not None and not _is_safe(address, provider):
        raise ProviderFailed("the issuer is not served over HTTPS")
    request = Request(address, data=urlencode(data).encode() if data else None)  # noqa: S310 - _is_safe has seen it
    request.add_header("Accept", f"application/json, {_JWT}")
    if bearer:
        request.add_header("Authorization", f"Bearer {bearer}")
    try:
        with build_opener(_Stay).open(request, timeout=TIMEOUT) as answer:
            body = answer.read(LONGEST + 1)
            kind = answer.headers.get_content_type()
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise ProviderFailed(f"no answer: {type(error).__name__}") from error
    if len(body) > LONGEST:
        raise ProviderFailed("an answer is too long")
    return body, kind
