"""S13: the door says the same, with the same work, whoever knocks with a wrong password; hashes follow their parameters."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.audit.models import Entry
from maillage.core.database.settings import DatabaseUrls
from maillage.demo.cast import PASSWORD
from maillage.organisations.models import User
from tests.credentials.people import ADVISER, WORKER, someone, with_application
from tests.security.answering import Answer
from tests.security.attacks import LOGIN
from tests.security.test_authentication import STEP, UNKNOWN, WRONG, enter
from tests.security.test_oidc import is_in

pytestmark = pytest.mark.security
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
INACTIVE, BY_PROVIDER, WITH_FACTOR = "referent@ccas.example.org", "pass@hopital.example.org", ADVISER


class Light(Argon2PasswordHasher):
    """Production's, with a hundredth of its memory: how often it runs is what is tested, and not how long."""

    memory_cost = Argon2PasswordHasher.memory_cost // 100


LIGHT = [f"{__name__}.Light"]


@pytest.fixture
def people(fresh_database: DatabaseUrls, settings: Any) -> None:
    """One of each: hashed by Argon2, closed, without a password, with a second factor."""
    settings.PASSWORD_HASHERS = LIGHT
    with_application(someone(WITH_FACTOR))
    for user in User.objects.using("owner").filter(email__in=[WORKER, INACTIVE, BY_PROVIDER, WITH_FACTOR]):
        if user.email == BY_PROVIDER:
            user.set_unusable_password()
        else:
            user.set_password(PASSWORD)
        user.is_active = user.email != INACTIVE
        user.save(using="owner")


@contextmanager
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Computations of Argon2: what takes time at sign-in."""
    done: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("encode", "verify"):
            real: Callable[..., Any] = getattr(Argon2PasswordHasher, name)

            def counted(
                *given: Any, _name: str = name, _real: Callable[..., Any] = real, **named: Any
            ) -> Any:
                done.append(_name)
                return _real(*given, **named)

            patch.setattr(Argon2PasswordHasher, name, counted)
        yield done


def knock(address: str, password: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, int, list[str]]:
    """The masked answer, how many times Argon2 ran, and what the database was asked."""
    client = Client()
    client.get(LOGIN)
    with hashes(monkeypatch) as done, CaptureQueriesContext(connection) as asked:
        answer = Answer.of(client.post(LOGIN, {"login": address, "password": password}))
    shapes = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked.captured_queries]
    status, headers, body = answer.without(address).masked()
    return (
        (status, {name: value for name, value in headers.items() if name != "Expires"}, body),
        len(done),
        shapes,
    )


def test_a_wrong_password_tells_nothing_of_the_account(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = knock(UNKNOWN, WRONG, monkeypatch)
    assert unknown[1] == 1
    for address in (WORKER, INACTIVE, BY_PROVIDER, WITH_FACTOR):
        found = knock(address, WRONG, monkeypatch)
        assert found[0] == unknown[0], address
        assert found[1] == unknown[1], address
        assert len(found[2]) == len(unknown[2]), (address, found[2], unknown[2])


def test_a_right_password_of_a_closed_account_tells_nothing_either(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown, closed = knock(UNKNOWN, PASSWORD, monkeypatch), knock(INACTIVE, PASSWORD, monkeypatch)
    assert (closed[0], closed[1], len(closed[2])) == (unknown[0], unknown[1], len(unknown[2]))
    assert knock(WORKER, PASSWORD, monkeypatch)[0] != unknown[0]  # the detector sees a sign-in


def test_a_door_that_says_more_is_seen(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "allauth.account.auth_backends.AuthenticationBackend._mitigate_timing_attack", lambda *_: None
    )
    assert knock(UNKNOWN, WRONG, monkeypatch)[1] != knock(WORKER, WRONG, monkeypatch)[1]


def test_the_slowdown_tells_nothing_either(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    for address in (UNKNOWN, WORKER):
        for _ in range(6):
            seen[address] = knock(address, WRONG, monkeypatch)
    assert seen[UNKNOWN][:2] == seen[WORKER][:2]
    assert seen[UNKNOWN][1] == 0


# A rise of Argon2's parameters.


class Dearer(Light):
    """The same with a parameter raised."""

    time_cost = Light.time_cost + 1


def test_a_rise_of_the_parameters_makes_the_hash_again_at_sign_in(people: None, settings: Any) -> None:
    before = User.objects.get(email=WORKER).password
    settings.PASSWORD_HASHERS = [f"{__name__}.Dearer"]
    assert enter(password=WRONG)[1].status_code == 200
    assert User.objects.get(email=WORKER).password == before
    client, answer = enter()
    assert answer.status_code == 302
    assert is_in(client)
    after = User.objects.get(email=WORKER).password
    assert f"t={Dearer.time_cost}" in after
    assert after != before
    assert is_in(enter()[0])
    assert User.objects.get(email=WORKER).password == after
    hers = Entry.objects.using("owner").filter(object_type="organisations_user", user_id=str(someone().id))
    assert hers.get().fields == "password"


def test_it_is_made_again_before_a_second_factor_and_when_confirming(people: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Dearer"]
    assert enter(WITH_FACTOR)[1].headers["Location"] == STEP
    assert f"t={Dearer.time_cost}" in User.objects.get(email=WITH_FACTOR).password
