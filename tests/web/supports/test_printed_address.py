"""The address on a leaflet: opened by anybody, gives what is current and nothing else, keeps nothing of whoever comes."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from maillage.audit.models import Entry
from maillage.catalogue.counting import tallies
from maillage.catalogue.models import SupportCount
from maillage.core.row_security import acting
from maillage.organisations.attempts import Limit
from maillage.web.supports import opening
from tests.catalogue.world import (
    KEEPER,
    LEAFLET,
    LINK,
    WORKER,
    add,
    code_of,
    draft,
    ended,
    member,
    publish,
    published,
    published_file,
    withdraw,
)
from tests.days import today
from tests.documents.builders import pdf
from tests.web.referrals.conftest import Signs, plain

pytestmark = [pytest.mark.django_db, pytest.mark.security]


def scan(code: str) -> Any:
    """What a telephone that knows nobody receives."""
    with transaction.atomic(), acting(organisation=None):  # as each request begins
        answer = Client().get(f"/s/{code}")
    assert not answer.cookies
    return answer


def test_a_telephone_without_an_account_reads_the_file_and_nothing_of_it_is_kept(as_: Signs) -> None:
    support, _ = published_file()
    with member(KEEPER):
        before = Entry.objects.count()
    answer = scan(code_of(support))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, pdf())
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with member(KEEPER):
        assert [(one.organisation, one.by_code) for one in tallies(support)] == [("", 1)]
        assert SupportCount.objects.get().organisation_id is None
        assert Entry.objects.count() == before


def test_a_link_is_followed_without_telling_from_where() -> None:
    support, _ = published()
    answer = scan(code_of(support))
    assert (answer.status_code, answer.headers["Location"]) == (302, LINK)
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_address_stays_when_the_version_changes() -> None:
    support, _ = published()
    publish(draft(support, "2", link="https://www.example.org/suite"))
    assert scan(code_of(support)).headers["Location"] == "https://www.example.org/suite"


def test_what_is_withdrawn_says_so_and_leads_to_what_replaces_it() -> None:
    support, version = published_file()
    other, _ = published("A", described=replace(LEAFLET, title="Demander l’AME"))
    withdraw(version, instead=other)
    answer = scan(code_of(support))
    page = plain(answer)
    assert answer.status_code == 410
    for expected in ("Demander la C2S", "Ce document a été retiré", f"/s/{code_of(other)}", "Demander l’AME"):
        assert expected in page
    assert "plafond" not in page  # the reason is for those who work here
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    with member(KEEPER):
        assert not SupportCount.objects.exists()


def test_what_is_over_or_to_come_says_so() -> None:
    over, ahead = add(), add()
    ended(draft(over))
    publish(draft(ahead), today() + timedelta(days=3))
    for support, words in (
        (over, "n’est plus valable depuis la fin du"),
        (ahead, "La prochaine version sera ici"),
    ):
        answer = scan(code_of(support))
        assert answer.status_code == 410
        assert words in plain(answer)


@pytest.mark.parametrize("code", ["2345678abc", "x", "A" * 10, "0123456789abcdef.forged", "é" * 10])
def test_a_draft_and_an_address_that_never_was_are_answered_alike(code: str) -> None:
    support = add()
    draft(support)
    answers = [Client().get(f"/s/{one}") for one in (code_of(support), code)]
    assert [answer.status_code for answer in answers] == [404, 404]
    bodies = [re.sub(r'"X-CSRFToken": "[^"]*"', "", plain(answer)) for answer in answers]
    assert bodies[0] == bodies[1]


def test_only_get_is_answered() -> None:
    support, _ = published()
    code = code_of(support)
    assert Client().post(f"/s/{code}").status_code == 405
    assert Client().head(f"/s/{code}").status_code == 302
    with member(KEEPER):
        assert tallies(support) == []


def test_whoever_works_here_is_counted_for_her_organisation(as_: Signs) -> None:
    support, _ = published()
    as_(WORKER).get(f"/s/{code_of(support)}")
    with member(KEEPER):
        assert [(one.organisation, one.by_code) for one in tallies(support)] == [("CCAS de Montbrison", 1)]


def test_one_address_is_opened_so_many_times_a_minute_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST", Limit(2, 60))
    support, _ = published()
    other, _ = published("A")
    assert [scan(code_of(support)).status_code for _ in range(3)] == [302, 302, 429]
    answer = scan(code_of(support))
    assert answer.headers["Retry-After"] == "60"
    assert "Réessayez dans une minute" in plain(answer)
    assert scan(code_of(other)).status_code == 302
    with member(KEEPER):
        assert [one.by_code for one in tallies(support)] == [2]
