"""S13 at full size: who attacks the entrance, with every account and factor, at every address.

A try is one request that attacks: another host or a forged form sent by somebody to an address, an ended session that knocks at
one in one way, a session's key that was brought, a browser that races with others for one code, a code given again, a wrong
password of an account in some state. The requests that are allowed are counted apart.
"""

import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.credentials.sessions import digest
from maillage.demo.cast import PASSWORD
from maillage.organisations.attempts import Limit
from maillage.organisations.models import Attempt, User
from tests.credentials.people import SoftKey, code_of, someone, with_application, with_codes, with_key
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.attacks import (
    ENDS,
    LOGIN,
    End,
    Try,
    copy_of,
    doors,
    enter,
    foreign_hosts,
    forged_forms,
    hosts_beside,
    is_out,
    outlived,
    strict,
)
from tests.security.reach import BACKEND
from tests.security.test_authentication import CONFIRM, STEP, UNKNOWN, WRONG
from tests.security.test_enumeration import ARGON2, knock
from tests.security.test_oidc import is_in
from tests.security.worlds import PERSONAS

DOORS = doors()
PEOPLE = tuple(persona.address for persona in PERSONAS if persona.works_at)
RACES, BROWSERS = 12, 10


@pytest.fixture
def own_database(
    cluster: TestCluster, database_template: str, django_db_blocker: Any
) -> Iterator[DatabaseUrls]:
    """A database of this unit's own, for what commits."""
    with own_clone(cluster, database_template, django_db_blocker, "s13") as urls:
        yield urls


@pytest.fixture
def rolled_back(own_database: DatabaseUrls) -> Iterator[None]:
    """Whatever the requests of this unit write is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def tell(tally: Tally, found: Iterator[Try], who: str = "") -> None:
    """Count what was tried."""
    for what, wrong in found:
        tally.tried += 1
        if wrong:
            tally.violations.append(f"{what} {who}: {wrong}")


def _signed_in(address: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=address), backend=BACKEND)
    return client


@pytest.mark.parametrize("who", ["", *PEOPLE[::2]])
def test_another_host(who: str, rolled_back: None, tally: Tally) -> None:
    client = _signed_in(who) if who else Client(raise_request_exception=False)
    for door in DOORS:
        tell(tally, hosts_beside(client, door), who)
        tell(tally, foreign_hosts(client, door), who)
        tally.controls += len(door.methods)


@pytest.mark.parametrize("who", ["", *PEOPLE])
def test_a_forged_form(who: str, rolled_back: None, tally: Tally) -> None:
    stranger = strict(_signed_in(next(address for address in PEOPLE if address != who)))
    client = strict(_signed_in(who)) if who else strict()
    for door in DOORS:
        tell(tally, forged_forms(client, door, stranger.cookies["csrftoken"].value), who)
        tally.controls += 1


# Sessions.


def _later(patch: pytest.MonkeyPatch, seconds: float) -> None:
    at = now() + timedelta(seconds=seconds)
    patch.setattr("maillage.web.middleware.now", lambda: at)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("end", [*ENDS, "idle", "absolute"], ids=lambda end: getattr(end, "__name__", end))
def test_a_session_that_was_ended(
    *, end: End | str, who: str, own_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, settings: Any, tally: Tally
) -> None:  # fmt: skip
    """Its own browser's and its thief's, at every address; what it opened before its end is the twin."""
    client, other = enter(who), enter(who)
    thief = copy_of(client)
    asked = [door for door in DOORS if not door.is_open]
    tally.controls = sum(not is_out(thief, door, door.methods[0], fragment=False) for door in asked[:10])
    assert tally.controls == 10
    if end == "idle":
        _later(monkeypatch, settings.SESSION_IDLE_SECONDS + 1)
    elif end == "absolute":
        settings.SESSION_IDLE_SECONDS = 10**9
        _later(monkeypatch, settings.SESSION_ABSOLUTE_SECONDS + 1)
    elif callable(end):
        end(client, other, who)
    tell(tally, outlived(thief, asked), f"after {end}")
    tell(tally, outlived(client, asked[::7]), f"after {end}")


# Both factors.


class Clock:
    """The platform's clock, moved by the unit: an application shows another code every half minute."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at = now()
        for place in ("maillage.web.middleware.now", "maillage.web.accounts.proofs.now"):
            patch.setattr(place, lambda: self.at)

    def tick(self) -> None:
        """Two codes later."""
        self.at += timedelta(seconds=60)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Without the bounds of tries, which would stop what is tried here before what it tries."""
    for place in ("web.accounts.confirming.PER_FACTOR", "organisations.attempts.PER_SOURCE"):
        monkeypatch.setattr(f"maillage.{place}", Limit(10**6, 60))
    return Clock(monkeypatch)


Proof = Callable[[Client], dict[str, str]]  # what a browser that gave the password sends


def _factor(way: str, who: str, clock: Clock) -> Proof:
    """Give someone a second factor; how it is given."""
    user = someone(who)
    if way == "key":
        key = SoftKey()
        with_key(user, key)
        return lambda client: {"confirmation-credential": json.dumps(key.sign(_challenge(client)))}
    secret = with_application(user)

    def code(_client: Client) -> dict[str, str]:
        clock.tick()
        return {
            "confirmation-code": code_of(secret, at=clock.at) if way == "application" else with_codes(user)[0]
        }

    return code


def _challenge(client: Client) -> Any:
    (found,) = re.findall(r'data-options="([^"]*)"', client.get(STEP).content.decode())
    return json.loads(html.unescape(found))


WAYS = ("application", "recovery", "key")
_FIXED = ("", "x", "chosen-by-whoever-fixes", "a" * 32, "0" * 40, "../../x", "'; DROP TABLE x", "a" * 4000)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("way", ["password", *WAYS])
def test_a_session_that_was_fixed(
    *, way: str, who: str, own_database: DatabaseUrls, clock: Clock, tally: Tally
) -> None:
    """Whatever cookie a browser brings, hers is another after each step, and the one that was brought opens nothing."""
    proof = _factor(way, who, clock) if way in WAYS else None
    stranger = enter(next(address for address in PEOPLE if address != who))
    fixed = [*_FIXED, digest(stranger.cookies["sessionid"].value)]
    begun = (
        enter(who).cookies["sessionid"].value if proof else ""
    )  # by whoever knows the password, and no more
    if begun:
        fixed.append(
            begun
        )  # where it is, the password is not asked again: the key changes at the second factor
    for brought in fixed:
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = brought
        client.post(LOGIN, {"login": who, "password": PASSWORD})
        keys = [brought, client.cookies["sessionid"].value]
        if proof:
            client.post(STEP, proof(client))
            keys.append(client.cookies["sessionid"].value)
        tally.controls += is_in(client)
        tally.tried += 1
        if len(set(keys)) != len(keys) - (brought == begun != ""):
            tally.violations.append(f"{way}: the key that {who} brought stays, « {brought[:40]} »")
        for key in keys[:-1]:
            thief = Client(raise_request_exception=False)
            thief.cookies["sessionid"] = key
            tally.tried += 1
            if is_in(thief):
                tally.violations.append(f"{way}: the key « {key[:40]} » opens what {who} entered")
    assert tally.controls == len(fixed)


def _at_once(browsers: list[Client], page: str, body: dict[str, str]) -> int:
    """Send the same at the same instant; how many got through."""
    ready = threading.Barrier(len(browsers))

    def one(client: Client) -> bool:
        ready.wait()
        try:
            return bool(client.post(page, body).status_code == 302)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(browsers)) as pool:
        return sum(pool.map(one, browsers))


@pytest.mark.parametrize("who", PEOPLE[::3])
@pytest.mark.parametrize("way", WAYS)
def test_a_code_in_many_browsers_at_once(
    *, way: str, who: str, own_database: DatabaseUrls, clock: Clock, tally: Tally
) -> None:
    """One of those that race gets in; then the same proof is given again, at the entrance and before what is sensitive.

    A security key answers one browser's challenge: the copies of that browser's session race.
    """
    proof = _factor(way, who, clock)
    inside = enter(who)
    inside.post(STEP, proof(inside))
    for _race in range(RACES):
        first = enter(who)
        browsers = [first, *(copy_of(first) if way == "key" else enter(who) for _ in range(BROWSERS - 1))]
        body = proof(first)
        through = _at_once(browsers, STEP, body)
        entered = sum(is_in(client) for client in browsers)
        tally.tried += BROWSERS
        tally.controls += min(through, 1)
        if (through, entered) != (1, 1):
            tally.violations.append(f"{way} of {who}: {through} got through, {entered} are in")
        again = enter(who)
        for client, page in ((again, STEP), (inside, CONFIRM), (first, STEP)):
            tally.tried += 1
            if client.post(page, body).status_code == 302 and client is not first:
                tally.violations.append(f"{way} of {who}: what served serves again at {page}")
    assert tally.controls == RACES


# What the door tells.

PASSWORDS = (WRONG, "", "x", "a" * 127, "é" * 40, PASSWORD.upper(), f"{PASSWORD} ", "\x00", UNKNOWN)


def _closed(user: User) -> None:
    user.is_active = False


def _provider_only(user: User) -> None:
    user.set_unusable_password()


def _given(user: User) -> None:
    user.one_time_password = True


def _with_application(user: User) -> None:
    with_application(user)


def _with_key(user: User) -> None:
    with_key(user, SoftKey())


def _plain(user: User) -> None:
    """As she is."""


STATES = (_plain, _closed, _provider_only, _given, _with_application, _with_key)


@pytest.mark.parametrize("who", PEOPLE[::3])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__[1:])
def test_what_the_door_tells_of_an_account(
    *, state: Callable[[User], None], who: str, own_database: DatabaseUrls, settings: Any,
    monkeypatch: pytest.MonkeyPatch, tally: Tally,
) -> None:  # fmt: skip
    """Wrong passwords of an account in each state, compared with those of an unknown one: answer, Argon2, number of queries."""
    settings.PASSWORD_HASHERS = ARGON2
    user = User.objects.using("owner").get(email=who)
    user.set_password(PASSWORD)
    state(user)
    user.save(using="owner")
    for password in (*PASSWORDS, *([PASSWORD] if state in (_closed, _provider_only) else [])):
        Attempt.objects.using("owner").all().delete()
        unknown, found = knock(UNKNOWN, password, monkeypatch), knock(who, password, monkeypatch)
        tally.tried += 1
        seen = [
            name for name, one, two in zip(("answer", "Argon2"), unknown, found, strict=False) if one != two
        ]
        if len(unknown[2]) != len(found[2]):
            seen.append("queries")
        if seen:
            tally.violations.append(f"{state.__name__} {who}, « {password[:20]} »: another {seen}")
    if state is _plain:
        Attempt.objects.using("owner").all().delete()
        tally.controls = int(knock(who, PASSWORD, monkeypatch)[0] != knock(UNKNOWN, PASSWORD, monkeypatch)[0])
        assert tally.controls
