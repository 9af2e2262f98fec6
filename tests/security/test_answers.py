"""Errors, signing in and files too carry their headers and closed cookies, and call no other host; each address: see test_reach."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from maillage.demo.cast import PASSWORD
from tests.security.answering import Answer
from tests.security.headers import CLOSED, REQUIRED, STYLED, calls, faults

pytestmark = [pytest.mark.security, pytest.mark.django_db]

STATIC = (
    "maillage/maillage.css",
    "maillage/maillage.js",
    "maillage/favicon.svg",
    "django_htmx/htmx-2.min.js",
)


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
