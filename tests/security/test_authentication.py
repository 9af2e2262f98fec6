"""S13: no session is fixed or outlives its end, no code serves twice, no form is forged.

Each refusal stands beside the same request that is allowed.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.credentials.models import Factor
from maillage.demo.cast import PASSWORD
from maillage.organisations.attempts import PER_FACTOR
from maillage.organisations.models import Attempt, User
from maillage.web.accounts.lifetime import GRAIN
from tests.credentials.people import ADVISER, WORKER, code_of, someone, with_application, with_codes
from tests.oidc_provider import OidcProvider
from tests.security.attacks import ENDS, LOGIN, NEW, PASSWORD_PAGE, SESSIONS, End
from tests.security.test_oidc import is_in, provider, sign_in
from tests.tiers import spread

__all__ = ["provider"]  # a fixture of these tests
pytestmark = pytest.mark.security

STEP, CONFIRM = "/connexion/second-facteur/", "/mon-compte/confirmer/"
WRONG, UNKNOWN = "pas-le-bon-du-tout", "personne@ccas.example.org"


def enter(
    address: str = WORKER, password: str = PASSWORD, client: Client | None = None, **more: Any
) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post(LOGIN, {"login": address, "password": password}, **more)


def give(client: Client, code: str, page: str = STEP) -> Any:
    return client.post(page, {"confirmation-code": code})


# Fixation.


@pytest.mark.django_db
def test_the_key_of_a_session_changes_when_someone_enters() -> None:
    secret = with_application(someone())
    client = Client()
    client.get(LOGIN)
    client.cookies["sessionid"] = "chosen-by-whoever-fixes-sessions"
    _, answer = enter(client=client)
    waiting = client.cookies["sessionid"].value
    assert answer.headers["Location"] == STEP
    assert waiting != "chosen-by-whoever-fixes-sessions"
    give(client, code_of(secret))
    assert client.cookies["sessionid"].value != waiting
    assert is_in(client)
    fixed = Client()
    fixed.cookies["sessionid"] = waiting
    assert not is_in(fixed)


@pytest.mark.django_db
def test_the_csrf_token_changes_too() -> None:
    client = Client()
    client.get(LOGIN)
    before = client.cookies["csrftoken"].value
    enter(client=client)
    assert client.cookies["csrftoken"].value != before


# Revocation.


def fragment(client: Client) -> Any:
    return client.get("/conventions/", headers={"HX-Request": "true"})


def refused(client: Client) -> bool:
    """At the next request: a page leads to the door, a fragment takes the whole browser there."""
    answer = fragment(client)
    return (
        answer.status_code == 204
        and answer.headers["HX-Redirect"].startswith("/connexion/?next=")
        and client.get("/").headers.get("Location", "").startswith("/connexion/?next=")
    )


@pytest.mark.parametrize("how", spread(ENDS, 4))
def test_a_session_that_was_ended_is_refused_at_its_next_request(
    fresh_database: DatabaseUrls, how: End
) -> None:
    (client, _), (other, _) = enter(), enter()
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert fragment(client).status_code == 200
    assert fragment(stolen).status_code == 200
    how(client, other, WORKER)
    assert refused(client)
    assert refused(stolen)


def test_closing_a_session_of_somebody_else_does_nothing(fresh_database: DatabaseUrls) -> None:
    (mine, _), (hers, _), (stranger, _) = enter(), enter(), enter(ADVISER)
    (found,) = re.findall(r'name="session" value="([0-9a-f-]+)"', mine.get(SESSIONS).content.decode())
    for given in (found, "00000000-0000-4000-8000-000000000000", "rien"):
        answer = stranger.post(SESSIONS, {"session": given}, follow=True)
        assert "déjà fermée" in answer.content.decode()
    assert is_in(hers)


def test_an_application_of_somebody_else_is_not_taken_away(fresh_database: DatabaseUrls) -> None:
    with_application(someone())
    factor = Factor.objects.using("owner").get()
    stranger, _ = enter(ADVISER)
    stranger.post("/mon-compte/second-facteur/", {"factor": str(factor.id)})
    assert Factor.objects.using("owner").count() == 1


# A session ends by itself.


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    at = now() + timedelta(seconds=seconds)
    monkeypatch.setattr("maillage.web.middleware.now", lambda: at)


@pytest.mark.django_db
def test_a_session_that_idles_ends(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    client, _ = enter()
    later(monkeypatch, settings.SESSION_IDLE_SECONDS - 5)
    assert is_in(client)
    later(monkeypatch, 2 * settings.SESSION_IDLE_SECONDS - 20)
    assert is_in(client)  # it was at work in between
    later(monkeypatch, 3 * settings.SESSION_IDLE_SECONDS)
    assert refused(client)


@pytest.mark.django_db
def test_a_session_ends_with_the_day_however_busy(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    client, _ = enter()
    step = settings.SESSION_IDLE_SECONDS - 60
    for moment in range(step, settings.SESSION_ABSOLUTE_SECONDS, step):
        later(monkeypatch, moment)
        assert is_in(client)
    later(monkeypatch, settings.SESSION_ABSOLUTE_SECONDS + 1)
    assert refused(client)


@pytest.mark.django_db
def test_a_busy_session_is_noted_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = enter()
    is_in(client)

    def written() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert is_in(client)
        return sum("UPDATE" in query["sql"] for query in asked.captured_queries)

    assert written() == 0
    later(monkeypatch, GRAIN + 1)
    assert written() == 2
    assert written() == 0


@pytest.mark.django_db
def test_a_session_that_no_door_stamped_is_refused() -> None:
    client, _ = enter()
    session = client.session
    del session["opened"]
    session.save()
    assert refused(client)


# Codes serve once.


@pytest.mark.django_db
def test_a_code_serves_one_sign_in_and_no_confirmation_after_it(settings: Any) -> None:
    secret = with_application(someone())
    code = code_of(secret)
    first, _ = enter()
    assert give(first, code).status_code == 302
    second, _ = enter()
    assert give(second, code).status_code == 200
    assert not is_in(second)
    settings.FRESH_SECONDS = 300
    session = first.session
    session["proved"] -= 301
    session.save()
    assert give(first, code, CONFIRM).status_code == 200
    assert first.get(SESSIONS).status_code == 302
    assert give(first, code_of(secret, ahead=1), CONFIRM).status_code == 302
    assert first.get(SESSIONS).status_code == 200


def test_a_code_stays_used_when_what_follows_is_rolled_back(
    fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = with_application(someone())
    code = code_of(secret)
    client, _ = enter()
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("maillage.web.accounts.adapter.open_session", _break)
        assert give(client, code).status_code == 500
    assert not is_in(client)
    assert give(client, code).status_code == 200
    assert not is_in(client)
    assert give(client, code_of(secret, ahead=1)).status_code == 302


def _break(**_: Any) -> None:
    raise RuntimeError("the store is down")


# Guessing.


def test_second_factors_are_guessed_slowly(fresh_database: DatabaseUrls) -> None:
    secret = with_application(someone())
    codes = with_codes(someone())
    for _ in range(PER_FACTOR.tries):
        client, _answer = enter()
        assert "n’est pas bon" in give(client, "000000").content.decode()
    for code in (code_of(secret), codes[0]):
        client, _answer = enter()
        assert "Trop d’essais" in give(client, code).content.decode()
        assert not is_in(client)
    Attempt.objects.using("owner").update(until="2020-01-01T00:00:00Z")
    client, _answer = enter()
    assert give(client, codes[0]).status_code == 302


@pytest.mark.parametrize("page", [STEP, CONFIRM])
def test_what_the_database_does_not_count_is_not_verified(
    fresh_database: DatabaseUrls, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = with_application(someone())
    client, _ = enter()
    if page == CONFIRM:
        give(client, code_of(secret))
    client.raise_request_exception = False
    monkeypatch.setattr("maillage.organisations.attempts._counted", _break_counting)
    assert give(client, code_of(secret, ahead=1), page).status_code == 500
    assert page == CONFIRM or not is_in(client)


def _break_counting(*_: Any) -> bool:
    raise RuntimeError("the store is down")


def test_a_try_stays_counted_when_the_answer_rolls_back(
    fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_application(someone())
    client, _ = enter()
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("maillage.web.accounts.confirming.ProofForm._journal_failure", _break_form)
        for _ in range(PER_FACTOR.tries):
            assert give(client, "000000").status_code == 500
    assert "Trop d’essais" in give(client, "000000").content.decode()


def _break_form(_form: Any) -> None:
    raise RuntimeError("the journal is down")


# Hosts, forged forms, other sites.


@pytest.mark.django_db
@pytest.mark.parametrize("page", [LOGIN, STEP, CONFIRM, SESSIONS, PASSWORD_PAGE, "/connexion/fournisseur/"])
@pytest.mark.parametrize(
    "header", [{"Host": "ailleurs.example.org"}, {"Host": "testserver:80@ailleurs.example.org"}]
)
def test_a_request_for_another_host_is_refused(page: str, header: dict[str, str]) -> None:
    client, _ = enter()
    client.raise_request_exception = False
    answer = client.get(page, headers=header)
    assert answer.status_code == 400
    assert "ailleurs" not in answer.content.decode()


@pytest.mark.django_db
def test_another_host_in_a_neighbouring_header_is_ignored() -> None:
    client = Client(headers={"X-Forwarded-Host": "ailleurs.example.org"})
    answer = client.get("/conventions/")
    assert answer.headers["Location"].startswith("/connexion/")
    assert "ailleurs" not in client.get(LOGIN).content.decode()


JOURNEY = (
    LOGIN,
    STEP,
    CONFIRM,
    PASSWORD_PAGE,
    SESSIONS,
    "/mon-compte/second-facteur/",
    "/mon-compte/second-facteur/application/",
    "/mon-compte/second-facteur/cle/",
    "/mon-compte/second-facteur/codes/",
    "/deconnexion/",
    "/organisme/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("page", spread(JOURNEY, 4))
def test_a_forged_form_is_refused_all_along_the_journey(page: str) -> None:
    if page == STEP:
        with_application(someone())
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    token = client.cookies["csrftoken"].value
    if page != LOGIN:
        client.post(LOGIN, {"login": WORKER, "password": PASSWORD, "csrfmiddlewaretoken": token})
        token = client.cookies["csrftoken"].value
    assert client.post(page, {}).status_code == 403
    assert client.post(page, {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert client.post(page, {"csrfmiddlewaretoken": token}).status_code != 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://ailleurs.example.org/", "//ailleurs.example.org/", "javascript:x", "https:///x"]
)
def test_signing_in_leads_to_no_other_site(target: str) -> None:
    client, answer = enter()
    client.post("/deconnexion/")
    answer = client.post(f"{LOGIN}?next={target}", {"login": WORKER, "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"
    inside = Client().post(LOGIN, {"login": WORKER, "password": PASSWORD, "next": "/conventions/"})
    assert inside.headers["Location"] == "/conventions/"


ABSENT = (
    "inscription/",
    "mot-de-passe/oublie/",
    "email/",
    "password/reset/",
    "accounts/login/",
    "connexion/code/",
    "reauthenticate/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ABSENT)
def test_pages_that_we_do_not_offer_are_not_there(page: str) -> None:
    client, _ = enter()
    assert client.get(f"/{page}").status_code == 404


# Held between both factors, and the journal.


def test_an_account_closed_between_both_factors_does_not_enter(fresh_database: DatabaseUrls) -> None:
    secret = with_application(someone())
    client, _ = enter()
    User.objects.using("owner").filter(email=WORKER).update(is_active=False)
    assert give(client, code_of(secret)).headers["Location"] == LOGIN
    assert not is_in(client)


def test_a_password_that_was_given_serves_to_choose_another(fresh_database: DatabaseUrls) -> None:
    User.objects.using("owner").filter(email=WORKER).update(one_time_password=True)
    client, _ = enter()
    assert client.get("/").headers["Location"] == PASSWORD_PAGE
    assert fragment(client).headers["HX-Redirect"] == PASSWORD_PAGE
    client.post(PASSWORD_PAGE, {"current": PASSWORD, "password": NEW, "again": NEW})
    assert is_in(client)
    assert not User.objects.get(email=WORKER).one_time_password


def test_what_happens_at_the_door_is_journalled_without_what_was_typed(fresh_database: DatabaseUrls) -> None:
    secret = with_application(someone())
    enter(UNKNOWN, WRONG)
    enter(WORKER, WRONG)
    client, _ = enter()
    give(client, "000000")
    give(client, code_of(secret))
    other, _ = enter()
    give(other, code_of(secret, ahead=1))
    other.post(SESSIONS, {"toutes": "1"})
    other.post("/deconnexion/")
    entries = Entry.objects.using("owner")
    failed = list(entries.filter(verb="sign_in_failed").values_list("object_ref", "user_id", "reason"))
    assert failed == [("", "", "password")] * 2
    assert entries.get(verb="second_factor_failed").user_id == str(someone().id)
    entered = entries.filter(verb="signed_in").values_list("reason", flat=True)
    assert list(entered) == ["password+application"] * 2
    assert entries.filter(verb="session.close").count() == 1
    assert entries.filter(verb="signed_out").count() == 1
    text = str([vars(one) for one in entries.all()])
    assert not any(word in text for word in (UNKNOWN, WRONG, PASSWORD, secret, "000000", "127.0.0.1"))


def test_a_closed_account_does_not_open(provider: OidcProvider, fresh_database: object) -> None:
    sign_in(Client())
    User.objects.using("owner").filter(email=WORKER).update(is_active=False)
    client = Client()
    assert sign_in(client).headers["Location"] == "/connexion/"
    assert not is_in(client)


def test_entries_and_failures_are_journalled(provider: OidcProvider, fresh_database: object) -> None:
    sign_in(Client())
    provider.person["email"], provider.person["sub"] = "inconnue@example.org", "subject-3"
    sign_in(Client())
    entries = Entry.objects.using("owner")
    assert entries.get(verb="signed_in").reason == "provider"
    failed = entries.get(verb="sign_in_failed")
    assert (failed.reason, failed.object_ref, failed.user_id) == ("provider", "", "")
    assert "inconnue" not in str([vars(one) for one in entries.all()])
