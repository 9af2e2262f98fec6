"""S13 at every address: no other host is answered, no forged form accepted, no session outlives its end. Small tier of the line."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from maillage.core.database.settings import DatabaseUrls
from tests.credentials.people import WORKER
from tests.security.attacks import (
    ENDS,
    HOSTS,
    Door,
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
from tests.security.extent import EXTENTS, Extent
from tests.tiers import spread

pytestmark = pytest.mark.security


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Each refusal is a line for the operator: hundreds of them are no news."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def wrong(found: Iterable[Try]) -> list[str]:
    """What went wrong; at least something was tried."""
    tries = list(found)
    assert tries
    return [f"{what}: {why}" for what, why in tries if why]


def forged(client: Client, found: Iterable[Door]) -> list[str]:
    token = strict().cookies["csrftoken"].value
    return [line for door in found for line in wrong(forged_forms(client, door, token, most=2))]


@EXTENTS
@pytest.mark.django_db
def test_a_request_for_another_host_is_refused_at_every_address(extent: Extent) -> None:
    nobody = Client()
    for door in extent.of(doors()):
        assert not wrong(foreign_hosts(nobody, door, HOSTS[:1]))
        assert not wrong(hosts_beside(nobody, door, ("X-Forwarded-Host",)))


@EXTENTS
@pytest.mark.django_db
def test_a_forged_form_is_refused_at_every_address(extent: Extent) -> None:
    assert not forged(strict(), extent.of(doors()))
    assert not forged(strict(enter(WORKER)), doors()[:6])


@pytest.mark.parametrize("end", spread(ENDS, 4))
def test_an_ended_session_opens_no_address(fresh_database: DatabaseUrls, end: End) -> None:
    """Before it ends, the same browser is let in: the twin. Every address after one end, a few after the others."""
    client, other = enter(WORKER), enter(WORKER)
    thief, found = copy_of(client), doors()
    home = next(door for door in found if door.name == "home")
    assert not is_out(thief, home, "GET", fragment=False)
    end(client, other, WORKER)
    assert not wrong(outlived(thief, found if end is ENDS[0] else found[:6]))


# Each detector is able to fail.


@pytest.mark.django_db
def test_a_site_that_answers_for_any_host_is_seen(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    (login,) = [door for door in doors() if door.name == "account_login"]
    assert any("answered 200" in line for line in wrong(foreign_hosts(Client(), login, HOSTS[:1])))


@pytest.mark.django_db
def test_a_site_that_believes_a_neighbouring_header_is_seen(settings: Any) -> None:
    settings.USE_X_FORWARDED_HOST = True
    (login,) = [door for door in doors() if door.name == "account_login"]
    assert wrong(hosts_beside(Client(raise_request_exception=False), login, ("X-Forwarded-Host",)))


@pytest.mark.django_db
def test_forms_that_nobody_checks_are_seen(settings: Any) -> None:
    client = strict(enter(WORKER))
    settings.MIDDLEWARE = [
        one for one in django_settings.MIDDLEWARE if not one.endswith("CsrfViewMiddleware")
    ]
    client.handler.load_middleware()
    token = client.cookies["csrftoken"].value
    assert wrong(forged_forms(client, doors()[0], token, most=2))


def test_a_session_that_goes_on_is_seen(fresh_database: DatabaseUrls) -> None:
    assert wrong(outlived(copy_of(enter(WORKER)), doors()[:6]))
