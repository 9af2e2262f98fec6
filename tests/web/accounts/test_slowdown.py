"""Whoever guesses passwords is slowed down, whichever process answers, and whatever the answer."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from maillage.core.database.settings import DatabaseUrls
from maillage.demo.cast import PASSWORD
from maillage.organisations.attempts import PER_ACCOUNT, PER_SOURCE, Door
from maillage.organisations.models import Attempt
from maillage.web.accounts.adapter import ClosedAdapter
from maillage.web.accounts.slowdown import source

WORKER, ADVISER = "social@ccas.example.org", "conseil@cpam.example.org"
WRONG = "faux"
TOO_MANY = "Trop de tentatives de connexion échouées"


def knock(login: str = WORKER, password: str = WRONG, **more: Any) -> Any:
    return Client().post("/connexion/", {"login": login, "password": password}, **more)


def refused(answer: Any) -> bool:
    return TOO_MANY in answer.content.decode()


def exhaust(**more: Any) -> None:
    for _ in range(PER_ACCOUNT.tries):
        assert not refused(knock(**more))


def test_after_five_tries_even_the_right_password_waits_and_others_do_not(fresh_database: object) -> None:
    exhaust()
    cache.clear()  # what one process remembers counts for nothing
    assert refused(knock())
    assert refused(knock(password=PASSWORD))
    assert refused(knock(f" {WORKER.upper()} ", PASSWORD))
    assert knock(ADVISER, PASSWORD).status_code == 302
    Attempt.objects.using("owner").update(until="2020-01-01T00:00:00Z")
    assert knock(password=PASSWORD).status_code == 302


def test_an_answer_that_rolls_the_request_back_leaves_the_try_counted(fresh_database: object) -> None:
    for _ in range(PER_ACCOUNT.tries):
        answer = knock(headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.status_code == 400
    assert refused(knock(password=PASSWORD))


def test_a_success_forgives_itself_and_nothing_else(fresh_database: object) -> None:
    for _ in range(PER_ACCOUNT.tries - 1):
        knock()
    assert knock(password=PASSWORD).status_code == 302
    assert not refused(knock())
    assert refused(knock(password=PASSWORD))


def test_one_address_may_try_many_accounts_up_to_its_own_bound(fresh_database: object) -> None:
    for number in range(PER_SOURCE.tries):
        assert Door(account=f"{number}@example.org", source="192.0.2.1").tried()
    assert not Door(account="other@example.org", source="192.0.2.1").tried()
    assert Door(account="other@example.org", source="192.0.2.2").tried()


def test_of_many_processes_at_once_no_more_than_the_bound_go_on(fresh_database: DatabaseUrls) -> None:
    key = "00000000-0000-0000-0000-000000000007"

    def one(_number: int) -> bool:
        with psycopg.connect(fresh_database.app) as process:
            row = process.execute("SELECT organisations_try(%s, 5, 300)", [key]).fetchone()
        return bool(row and row[0])

    with ThreadPoolExecutor(12) as processes:
        assert sum(processes.map(one, range(24))) == PER_ACCOUNT.tries


def test_old_tries_are_forgotten_by_those_that_follow(fresh_database: object) -> None:
    for number in range(30):
        Door(account=f"{number}@example.org").tried()
    Attempt.objects.using("owner").update(until="2020-01-01T00:00:00Z")
    for number in range(2):
        Door(account=f"new-{number}@example.org").tried()
    assert Attempt.objects.using("owner").count() == 2


def test_what_the_database_does_not_count_is_not_tried(fresh_database: DatabaseUrls) -> None:
    with psycopg.connect(fresh_database.owner, autocommit=True) as owner:
        owner.execute(
            "REVOKE EXECUTE ON FUNCTION organisations_try(uuid, integer, integer) FROM maillage_app"
        )
    answer = Client(raise_request_exception=False).post(
        "/connexion/", {"login": WORKER, "password": PASSWORD}
    )
    assert answer.status_code == 500
    assert "sessionid" not in answer.cookies


def test_a_door_that_nobody_counts_is_closed() -> None:
    request = RequestFactory().post("/ailleurs/", {"login": WORKER, "password": PASSWORD})
    with pytest.raises(ValidationError):
        ClosedAdapter().pre_authenticate(request, email=WORKER, password=PASSWORD)


def test_neither_who_nor_where_is_kept(fresh_database: DatabaseUrls) -> None:
    knock()
    with psycopg.connect(fresh_database.owner) as owner:
        rows = str(owner.execute("SELECT a::text FROM organisations_attempt a").fetchall())
    assert rows.count("-") > 4
    assert "social" not in rows
    assert "127.0.0.1" not in rows


def test_the_present_password_is_not_guessed_from_an_open_session(fresh_database: object) -> None:
    client = Client()
    client.post("/connexion/", {"login": WORKER, "password": PASSWORD})
    new = {"password": "sept-girafes-au-marché", "again": "sept-girafes-au-marché"}
    for _ in range(PER_ACCOUNT.tries):
        page = client.post("/mon-compte/mot-de-passe/", {"current": "faux", **new}).content.decode()
        assert "mot de passe actuel" in page
    page = client.post("/mon-compte/mot-de-passe/", {"current": PASSWORD, **new}).content.decode()
    assert "Trop d’essais" in page
    assert knock(password=PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("address", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")],
)
def test_a_subscriber_s_network_counts_as_one_address(address: str, counted: str) -> None:
    assert source(RequestFactory().post("/connexion/", REMOTE_ADDR=address)) == counted
