"""A provider of identities for the tests: the code flow with PKCE, identity token and userinfo signed, and ways to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "maillage-tests", "secret-of-the-tests"
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's word
        """Nothing."""


@cache
def _own_key() -> rsa.RSAPrivateKey:
    """One key for all providers of a process: what is tried is which key signed, not that it is new."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class OidcProvider:
    """Who answers, and as whom. Each `Callable` may spoil what would have been right."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    level: str = "eidas1"
    spoil_identity: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    spoil_userinfo: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[["OidcProvider", dict[str, Any]], str] = lambda provider, claims: provider.signed(claims)
    kind: str = "application/jwt"
    asked: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=lambda: {"end_session_endpoint": "end"})
    left: list[dict[str, str]] = field(default_factory=list)  # what was said by whoever signed out here
    _key: rsa.RSAPrivateKey = field(default_factory=_own_key)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)

    def signed(self, claims: dict[str, Any]) -> str:
        """These claims under the key that the provider publishes."""
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "one"})

    def public(self) -> dict[str, Any]:
        """The published key."""
        found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {**found, "kid": "one", "alg": "RS256", "use": "sig"}

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> list[bytes]:
        """WSGI."""
        path = str(environ["PATH_INFO"])
        self.asked.append(path)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        text = environ["wsgi.input"].read(length).decode() if length else str(environ.get("QUERY_STRING", ""))
        given = {name: values[0] for name, values in parse_qs(text).items()}
        answers: dict[str, Callable[[], tuple[str, list[tuple[str, str]], bytes]]] = {
            "/.well-known/openid-configuration": self._configuration,
            "/keys": lambda: _json({"keys": [self.public()]}),
            "/authorize": lambda: self._authorize(given),
            "/token": lambda: self._token(given),
            "/end": lambda: self._end(given),
            "/ended": lambda: self._ended(given),
            "/userinfo": lambda: self._userinfo(str(environ.get("HTTP_AUTHORIZATION", ""))),
        }
        status, headers, body = answers.get(path, lambda: ("404 Not Found", [], b""))()
        start(status, headers)
        return [body]

    def _configuration(self) -> tuple[str, list[tuple[str, str]], bytes]:
        places = self.places | {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "userinfo_endpoint": "userinfo",
        }
        return _json(
            {"issuer": self.issuer}
            | {name: path if ":" in path else f"{self.issuer}/{path}" for name, path in places.items()}
        )

    def _end(self, given: dict[str, str]) -> tuple[str, list[tuple[str, str]], bytes]:
        """Through another host first, as a federation does, that no page of ours could name."""
        self.left.append(given)
        elsewhere = self.issuer.replace("127.0.0.1", "localhost")
        return "302 Found", [("Location", f"{elsewhere}/ended?{urlencode(given)}")], b""

    def _ended(self, given: dict[str, str]) -> tuple[str, list[tuple[str, str]], bytes]:
        back = f"{given['post_logout_redirect_uri']}?{urlencode({'state': given['state']})}"
        return "302 Found", [("Location", back)], b""

    def _authorize(self, given: dict[str, str]) -> tuple[str, list[tuple[str, str]], bytes]:
        """The person is signed in already, and agrees."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = given
        back = f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"
        return "302 Found", [("Location", back)], b""

    def _token(self, given: dict[str, str]) -> tuple[str, list[tuple[str, str]], bytes]:
        started = self._codes.pop(given.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if (
            started is None
            or (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET)
            or challenge.rstrip(b"=").decode() != started["code_challenge"]
            or given.get("redirect_uri") != started["redirect_uri"]
        ):
            return "400 Bad Request", [], b"{}"
        claims = {**self._claims(), "nonce": started["nonce"], "acr": self.level}
        access = secrets.token_urlsafe(16)
        self._tokens.add(access)
        identity = self.sign(self, self.spoil_identity(claims))
        return _json({"access_token": access, "token_type": "Bearer", "id_token": identity})

    def _userinfo(self, authorization: str) -> tuple[str, list[tuple[str, str]], bytes]:
        if authorization.removeprefix("Bearer ") not in self._tokens:
            return "401 Unauthorized", [], b""
        said = self.spoil_userinfo({**self._claims(), **self.person})
        body = json.dumps(said) if self.kind == "application/json" else self.sign(self, said)
        return "200 OK", [("Content-Type", self.kind)], body.encode()

    def _claims(self) -> dict[str, Any]:
        at = int(time.time())
        return {"iss": self.issuer, "aud": CLIENT, "sub": self.person["sub"], "iat": at, "exp": at + 60}


def _json(value: object) -> tuple[str, list[tuple[str, str]], bytes]:
    return "200 OK", [("Content-Type", "application/json")], json.dumps(value).encode()


@contextmanager
def running(email: str) -> Iterator[OidcProvider]:
    """A provider on this machine that identifies the holder of an address."""
    provider = OidcProvider(person={"sub": "subject-1", "email": email, "email_verified": True})
    server = make_server("127.0.0.1", 0, provider, WSGIServer, _Quiet)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(
        target=server.serve_forever, args=(0.01,), daemon=True
    )  # seconds to notice its end
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
