"""Every answer carries its headers and closed cookies, whatever it is; and nothing in it calls another host."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.test import Client

from maillage.demo.cast import PASSWORD
from tests.security.answering import Answer
from tests.security.conftest import Worlds
from tests.security.reach import Visitor, probed, url_of, written_rule
from tests.security.worlds import PERSONAS

pytestmark = pytest.mark.security

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CLOSED = (
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "script-src 'self'",
    "style-src 'self'",
)
OPEN = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "http:", "https:", "blob:", "ws:")
LOADS = {
    "src",
    "srcset",
    "poster",
    "data",
    "action",
    "formaction",
    "background",
    "cite",
    "manifest",
    "xlink:href",
    "href",
    "ping",
}
STATIC = (
    "maillage/maillage.css",
    "maillage/maillage.js",
    "maillage/favicon.svg",
    "django_htmx/htmx-2.min.js",
)
ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
STYLED = re.compile(r"(?:url\(|@import)\s*['\"]?\s*(?:https?:)?//", re.IGNORECASE)


def faults(answer: Any, *, page: bool = True) -> list[str]:
    """What is missing from an answer's headers and cookies."""
    policy = answer.headers.get("Content-Security-Policy", "")
    file = "sandbox" in policy.split("; ")  # somebody's document: it may do less still
    wanted = REQUIRED | ({"Referrer-Policy": "no-referrer"} if file else {})
    found = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in wanted.items()
        if answer.headers.get(name) != value
    ]
    found += [
        f"policy without {directive}"
        for directive in (CLOSED[:2] if file else CLOSED)
        if directive not in policy
    ]
    found += [
        f"policy with {word}" for word in OPEN if word in policy.split() or f"'{word}'" in policy.split()
    ]
    if page and "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append(f"Cache-Control: {answer.headers.get('Cache-Control')}")
    for name, cookie in getattr(answer, "cookies", {}).items():
        if cookie["max-age"] == 0:
            continue  # forgotten, not set
        if not cookie["httponly"] or cookie["samesite"] not in ("Lax", "Strict"):
            found.append(f"cookie {name}: {cookie.OutputString()}")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        found.append("it tells what serves it")
    return found


class Calls(HTMLParser):
    """Addresses of other hosts in a page: loaded, posted to, or linked; and live instructions of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            text = value or ""
            if (
                (name in LOADS or name.startswith("hx-"))
                and ELSEWHERE.match(text)
                and not text.startswith("http://testserver/")
            ):
                self.found.append(f"<{tag} {name}={text}>")
            if name.startswith("on") or text.strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={text}>")
            if name == "style":
                self.found.append(f"<{tag} style>: the policy refuses it")
        if tag in ("script", "style") and not dict(attrs).get("src"):
            self.found.append(f"inline <{tag}>: the policy refuses it")
        if tag in ("iframe", "object", "embed", "base"):
            self.found.append(f"<{tag}>")


def calls(text: str) -> list[str]:
    """Everything in a page that leads to another host or escapes the policy."""
    parser = Calls()
    parser.feed(text)
    return parser.found + STYLED.findall(text)


@pytest.fixture
def visitor(worlds: Worlds, silence: None) -> Visitor:
    return Visitor(*worlds)


def answers(visitor: Visitor) -> Iterator[tuple[str, Any]]:
    """One answer of each address of each kind that it owes to somebody, and to nobody.

    What it shows is asked for with each method, a refusal with one, another one at the next address; `make proof ONLY=S14` asks
    for everything and everybody.
    """
    for turn, address in enumerate(probed()):
        rule, met = written_rule(address), set[str]()
        for relation, arguments in visitor.objects(address):
            if relation not in ("none", "here", "nowhere"):
                continue
            one = (rule.methods[turn % len(rule.methods)],)
            asked = (
                {} if relation == "nowhere" else {"nobody": (visitor.anonymous, (*rule.methods, "DELETE"))}
            )
            for persona in PERSONAS:
                owed = visitor.expected(address, rule, persona, relation)
                if owed not in met:
                    met.add(owed)
                    methods = rule.methods if owed == "ok" else one
                    asked[persona.address] = visitor.clients[persona.address], methods
            url = url_of(address, arguments)
            for who, (client, methods) in asked.items():
                for method in methods:
                    with transaction.atomic():
                        answer = client.generic(method, url)
                        transaction.set_rollback(True)
                    yield f"{method} {address.name} {relation} by {who}", answer


def test_every_answer_of_every_address_has_its_headers_and_calls_nobody(visitor: Visitor) -> None:
    wrong, statuses = [], set()
    tried = 0
    for name, answer in answers(visitor):
        tried += 1
        statuses.add(answer.status_code)
        wrong += [f"{name}: {fault}" for fault in faults(answer)]
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            wrong += [f"{name}: {call}" for call in calls(Answer.of(answer).body)]
    assert not wrong, "\n".join(sorted(set(wrong))[:30])
    assert {200, 302, 403, 404, 405} <= statuses
    assert tried > 500
    print(f"S14: {tried} answers, statuses {sorted(statuses)}")  # noqa: T201 - the count is the result


def errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Any]]:
    """One of each kind of error."""
    client = Client(raise_request_exception=False)
    yield 404, client.get("/nulle/part/")
    yield 404, client.get("/static/nulle/part.css")
    yield 405, client.put("/")
    yield 400, client.get("/", headers={"Host": "ailleurs.example.org"})
    yield (
        403,
        Client(enforce_csrf_checks=True).post("/connexion/", {"login": "x@example.org", "password": "x"}),
    )
    for error, status in ((SuspiciousOperation("x"), 400), (RuntimeError("x"), 500)):

        def fails(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr("maillage.web.home.views.tasks_with_replaced", fails)
        client.post("/connexion/", {"login": "social@ccas.example.org", "password": PASSWORD})
        yield status, client.get("/")


def test_every_error_has_its_headers_and_calls_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for status, answer in errors(monkeypatch):
        assert answer.status_code == status
        if status == 405:
            assert "Cette adresse ne s’ouvre pas" in answer.content.decode()
            assert answer["Allow"] == "GET"
        assert faults(answer) == [], status
        assert calls(answer.content.decode()) == []
        assert "Traceback" not in answer.content.decode()


def test_signing_in_and_out_has_its_headers_and_closed_cookies() -> None:
    client = Client()
    for answer in (
        client.get("/connexion/"),
        client.post("/connexion/", {"login": "social@ccas.example.org", "password": "wrong"}),
        client.post("/connexion/", {"login": "social@ccas.example.org", "password": PASSWORD}),
        client.get("/deconnexion/"),
        client.post("/deconnexion/"),
    ):
        assert faults(answer) == []
        assert calls(answer.content.decode()) == []


@pytest.mark.parametrize("name", STATIC)
def test_static_files_have_their_headers_and_call_nobody(name: str) -> None:
    answer = Client().get(f"/static/{name}")
    assert answer.status_code == 200
    assert faults(answer, page=False) == []
    assert not STYLED.search(Answer.of(answer).body)
    answer.close()


def test_every_style_sheet_calls_nobody() -> None:
    sheets = [path for path, storage in _own_files() if path.endswith(".css")]
    assert len(sheets) > 1
    for sheet in sheets:
        found = finders.find(sheet)
        assert isinstance(found, str)
        with open(found, encoding="utf-8") as file:  # noqa: PTH123 - the finder gives a path in words
            assert not STYLED.search(file.read()), sheet


def _own_files() -> Iterator[tuple[str, Any]]:
    for finder in finders.get_finders():
        yield from ((path, storage) for path, storage in finder.list([]) if not path.startswith("admin/"))


def test_in_production_cookies_are_secure_and_http_is_left(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST, settings.SECURE_HSTS_SECONDS = "testserver", 3600
    client = Client(raise_request_exception=False)
    plain = client.get("/connexion/")
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/connexion/")
    forged = client.get("/connexion/", headers={"Host": "ailleurs.example.org"})
    assert forged.headers.get("Location") == "https://testserver/connexion/"
    client.get("/connexion/", secure=True)
    answer = client.post(
        "/connexion/", {"login": "social@ccas.example.org", "password": PASSWORD}, secure=True
    )
    assert answer.status_code == 302
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=3600")
    assert faults(answer) == []
    assert {"sessionid", "csrftoken"} <= set(client.cookies)
    assert all(cookie["secure"] for cookie in client.cookies.values())
    unknown = client.get("/", headers={"Host": "ailleurs.example.org"}, secure=True)
    assert unknown.status_code == 400
    assert faults(unknown) == []


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://ailleurs.example.org/x.png">',
        '<script src="//ailleurs.example.org/x.js"></script>',
        '<a href="http://ailleurs.example.org/">x</a>',
        '<button hx-get="https://ailleurs.example.org/">x</button>',
        "<script>alert(1)</script>",
        '<p onclick="x()">x</p>',
        '<a href="javascript:x()">x</a>',
        '<p style="color: red">x</p>',
        "<p>x</p><!-- --> url(https://ailleurs.example.org/x.css)",
        "<iframe></iframe>",
    ],
)
def test_a_page_that_calls_elsewhere_is_found(text: str) -> None:
    assert calls(text)


def test_an_answer_without_headers_is_found() -> None:
    bare = Answer(200, {}, "")
    assert len(faults(bare)) >= len(REQUIRED) + len(CLOSED)
    loose = Answer(
        200,
        {
            **REQUIRED,
            "Content-Security-Policy": f"{'; '.join(CLOSED)} 'unsafe-inline'",
            "Cache-Control": "no-store",
        },
        "",
    )
    assert faults(loose) == ["policy with unsafe-inline"]
