"""Every guard of the web is missed: each taken away while the site runs, one at a time, and the probes of another line must say so.

A try is one guard taken away: a middleware, the sign-in that a page asks for, the permission that it asks for. `controls` counts
those that the probes saw. A page whose permission is gone and that still answers 403 is held by the policy under it, which is
looked at on purpose: it is no violation, and no control either.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from maillage.core.database.testing import TestCluster
from maillage.organisations.roles import ROLES
from maillage.web import rules
from maillage.web.rules import Rule, rule_of
from tests.architecture.test_pages import Address
from tests.credentials.people import WORKER
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.attacks import ENDS, Door, doors, enter, foreign_hosts, forged_forms, is_out, strict
from tests.security.headers import faults
from tests.security.reach import Findings, Visitor, probed, written_rule
from tests.security.worlds import PERSONAS, Persona, build, two_worlds

PAGES = [address for address in probed() if not written_rule(address).anonymous]
HERE = two_worlds()[0].parties.values()
HEADERS = ("SecurityMiddleware", "CSPMiddleware", "XFrameOptionsMiddleware")


def _without(address: Address, patch: pytest.MonkeyPatch) -> tuple[Persona, ...]:
    """People of the visitors' own world whose roles lack the permission of a page; where every role has it, nobody has it any more."""
    permission = written_rule(address).permission
    assert permission is not None
    here = tuple(one for one in PERSONAS if one.works_at in HERE)
    if found := tuple(one for one in here if permission.value not in one.permissions):
        return found[:3]
    for role, declared in ROLES.items():
        patch.setitem(ROLES, role, replace(declared, permissions=declared.permissions - {permission}))
    return tuple(replace(one, permissions=one.permissions - {permission.value}) for one in here[:3])


PERMITTED = [address for address in PAGES if written_rule(address).permission]


@pytest.fixture(scope="module")
def visitor(cluster: TestCluster, database_template: str, django_db_blocker: Any) -> Iterator[Visitor]:
    """Two worlds in a database of this process."""
    with own_clone(cluster, database_template, django_db_blocker, "guards"):
        yield Visitor(*build())


@pytest.fixture
def browsers(visitor: Visitor) -> Iterator[Visitor]:
    """The same for one unit, rolled back."""
    visitor.findings = Findings()
    with transaction.atomic():
        yield visitor
        transaction.set_rollback(True)


def _door(name: str) -> Door:
    return next(door for door in doors() if door.name == name)


def _headers(_settings: Any) -> bool:
    return bool(faults(Client().get("/qui-peut-quoi/")))


def _hosts(_settings: Any) -> bool:
    return any(wrong for _, wrong in foreign_hosts(Client(), _door("roles")))


def _forms(_settings: Any) -> bool:
    client = strict(enter(WORKER))
    client.cookies["csrftoken"] = (
        client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "x" * 32
    )
    return any(wrong for _, wrong in forged_forms(client, _door("switch"), "y" * 64))


def _ended(_settings: Any) -> bool:
    client = enter(WORKER)
    next(end for end in ENDS if end.__name__ == "forget_stamp")(client, client, WORKER)
    return not is_out(client, _door("home"), "GET", fragment=False)


def _asked_again(settings: Any) -> bool:
    settings.FRESH_SECONDS = 0
    return bool(enter(WORKER).get("/mon-compte/sessions/").status_code != 302)


GUARDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(HEADERS, _headers),
    "CommonMiddleware": _hosts,
    "CsrfViewMiddleware": _forms,
    "SessionLifetime": _ended,
    "Gate": _asked_again,
}


@pytest.mark.parametrize("guard", GUARDS)
def test_a_middleware_that_is_gone_is_missed(
    guard: str, browsers: Visitor, settings: Any, tally: Tally
) -> None:
    """Seen without it; not seen with it, which is the control of the control."""
    fresh = settings.FRESH_SECONDS
    assert not GUARDS[guard](settings)
    settings.FRESH_SECONDS = fresh
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith(f".{guard}")]
    seen = GUARDS[guard](settings)
    tally.tried, tally.controls = 1, int(seen)
    if not seen:
        tally.violations.append(f"nobody missed {guard}")


Stop = Callable[[HttpRequest, Rule], HttpResponse | None]


def _instead(
    address: Address, patch: pytest.MonkeyPatch, weaker: Callable[[Stop, HttpRequest, Rule], Any]
) -> None:
    """Weaken what stops people at one address, and at no other."""
    real, mine = rules._stopped, rule_of(address.view)  # the guard itself is what is taken away

    def stopped(request: HttpRequest, rule: Rule) -> HttpResponse | None:
        found: HttpResponse | None = weaker(real, request, rule) if rule is mine else real(request, rule)
        return found

    patch.setattr(rules, "_stopped", stopped)


@pytest.mark.parametrize("address", PAGES, ids=[address.name for address in PAGES])
def test_a_page_that_asks_for_no_sign_in_is_seen(
    address: Address, browsers: Visitor, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    _instead(address, monkeypatch, lambda _real, _request, _rule: None)
    browsers.knock(address, people=())
    tally.tried, tally.controls = 1, int(bool(browsers.findings.violations))
    if not tally.controls:
        tally.violations.append(f"nobody saw that {address.name} asks for no sign-in")


@pytest.mark.parametrize("address", PERMITTED, ids=[address.name for address in PERMITTED])
def test_a_page_that_asks_for_no_permission_is_seen(
    address: Address, browsers: Visitor, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    """Somebody of a party of the visitors' own world who lacks it: with the permission gone she gets in, or a policy stops her."""
    people = _without(address, monkeypatch)
    _instead(address, monkeypatch, lambda real, request, rule: real(request, replace(rule, permission=None)))
    browsers.knock(address, people=people)
    wrong = [one for one in browsers.findings.violations if "anonymous" not in one]
    tally.tried, tally.controls = 1, int(bool(wrong))
    assert browsers.findings.tried["403"]
