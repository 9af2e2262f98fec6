"""The calendar of all conventions, and the address by which another calendar reads it."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Q
from django.test import Client
from icalendar import Calendar

from maillage.audit.models import Entry
from maillage.conventions.calendar_feeds.actions import live, renew, revoke, token_of
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.demo.cast import PEOPLE
from maillage.organisations.models import User
from maillage.web.conventions.reading import calendar as calendar_page
from maillage.web.conventions.reading import coming as coming_days
from maillage.web.presentation.dates import PARIS
from tests.conventions.people import S2 as PASS
from tests.conventions.people import member, signed
from tests.leaving import end_at_once
from tests.web.conventions.conftest import (
    CAISSE,
    NATIONAL,
    S0,
    S1,
    S3,
    S4,
    STRANGER,
    WORKER,
    Signs,
    plain,
    sheet,
    title,
)

pytestmark = pytest.mark.usefixtures("concluded")
PAGE = "/conventions/calendrier/"
FEED = "/conventions/calendrier/abonnement/{}.ics"


def address_of(address: str) -> str:
    """A member's live address, made for the test."""
    with member(address, now()) as someone:
        feed = renew(new_id=uuid7(), by=someone, at=now())
        assert feed is not None
        return FEED.format(token_of(feed))


def events(answer: Any) -> list[Any]:
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.mark.django_db
def test_anonymous_people_are_sent_to_the_sign_in_page(client: Client) -> None:
    assert client.get(PAGE)["Location"].startswith("/connexion/")
    assert client.post(f"{PAGE}adresse/")["Location"].startswith("/connexion/")


def test_what_is_coming_is_shown_month_by_month_with_its_convention(as_: Signs) -> None:
    page = plain(as_(NATIONAL).get(PAGE))
    assert f"{sheet(S4)}#vie" in page
    assert 'id="mois-' in page
    assert "Anniversaire" in page
    assert sheet(S1) not in page, "an ended convention has nothing to come"
    assert sheet(S3) not in page, "another organisation's convention"


def test_a_strangers_calendar_is_empty(as_: Signs) -> None:
    assert "Rien ne vient" in plain(as_(STRANGER).get(PAGE))


def test_both_readings_of_a_day_are_told(as_: Signs) -> None:
    page = plain(as_(NATIONAL).get(PAGE))
    assert sheet(S0) in page
    assert "(lecture : " in page


def test_the_calendar_is_filtered(as_: Signs) -> None:
    page = plain(as_(NATIONAL).get(PAGE, {"quoi": "anniversary", "niveau": "national_framework"}))
    assert sheet(S4) in page
    assert sheet(S0) not in page


@pytest.mark.parametrize("query", [{"niveau": "x"}, {"quoi": "\x00"}, {"quoi": "x" * 5000}, {"page": "²"}])
def test_a_wrong_parameter_never_breaks(as_: Signs, query: dict[str, str]) -> None:
    assert as_(NATIONAL).get(PAGE, query).status_code == 200


# Session, account, membership, context, journal; seven for all the conventions, whatever their number.
QUERIES = 14


def test_the_calendar_costs_the_same_queries_whatever_it_shows(
    as_: Signs, django_assert_num_queries: Any
) -> None:
    national, caisse = as_(NATIONAL), as_(CAISSE)
    national.get(PAGE)
    with django_assert_num_queries(QUERIES):
        national.get(PAGE)
    with django_assert_num_queries(QUERIES):
        national.get(PAGE, {"page": "2"})
    with django_assert_num_queries(QUERIES):
        caisse.get(PAGE)


def test_dates_are_cut_into_pages_and_each_month_leads_to_its_own(
    as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    national = as_(NATIONAL)
    whole = months_of(national.get(PAGE))
    monkeypatch.setattr(calendar_page, "PAGE_SIZE", 2)
    found, number = [], 1
    while True:
        page = national.get(PAGE, {"page": str(number), "quoi": ""})
        found += [one for one in months_of(page) if one not in found]
        if 'rel="next"' not in page.content.decode():
            break
        number += 1
    assert number > 1
    assert found == whole
    first = plain(national.get(PAGE))
    assert f"1 à 2 sur {first.split(' dates d’ici')[0].rsplit('<p>')[-1].strip()}" in first
    assert re.search(r'href="\?page=[2-9]#mois-', first), "a month of another page is reached there"
    assert 'rel="prev"' in plain(national.get(PAGE, {"page": "2"}))
    assert months_of(national.get(PAGE, {"page": "999"})) == months_of(
        national.get(PAGE, {"page": str(number)})
    )


def test_the_journal_of_a_page_names_what_it_showed(as_: Signs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_page, "PAGE_SIZE", 1)
    national = as_(NATIONAL)
    national.get(PAGE)
    with member(NATIONAL, now()):
        entry = Entry.objects.filter(verb="calendar_read").order_by("-at", "-id")[0]
    assert len(entry.object_ref.split(",")) == 1


def test_a_calendar_that_is_cut_says_so(as_: Signs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming_days, "MOST", 1)
    monkeypatch.setattr(calendar_page, "MOST", 1)
    assert "Seules 1 conventions" in plain(as_(NATIONAL).get(PAGE))


def months_of(answer: Any) -> list[str]:
    return re.findall(r'<h2 id="(mois-[0-9-]+)"', answer.content.decode())


def test_an_address_is_made_shown_and_replaced_by_one_button(as_: Signs) -> None:
    client = as_(CAISSE)
    assert "Créer mon adresse de calendrier" in plain(client.get(PAGE))
    first_id = str(uuid7())
    client.post(f"{PAGE}adresse/", {"adresse": first_id})
    with member(CAISSE, now()) as caisse:
        feed = live(caisse)
        assert feed is not None
        first = FEED.format(token_of(feed))
    assert first in plain(client.get(PAGE))
    assert Client().get(first).status_code == 200
    client.post(f"{PAGE}adresse/", {"adresse": first_id})
    assert Client().get(first).status_code == 200, "the same form sent twice makes one address"
    client.post(f"{PAGE}adresse/", {"adresse": str(uuid7())})
    assert Client().get(first).status_code == 404
    assert first not in plain(client.get(PAGE))


@pytest.mark.parametrize("typed", ["", "x", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_a_bad_form_still_makes_an_address_and_never_breaks(as_: Signs, typed: str) -> None:
    assert as_(CAISSE).post(f"{PAGE}adresse/", {"adresse": typed}).status_code == 302


def test_someone_elses_id_changes_nothing_of_hers(as_: Signs) -> None:
    address = address_of(CAISSE)
    with member(CAISSE, now()) as caisse:
        feed = live(caisse)
        assert feed is not None
    as_(WORKER).post(f"{PAGE}adresse/", {"adresse": str(feed.id)})
    assert Client().get(address).status_code == 200
    assert sheet(S3) in Client().get(address).content.decode().replace("\r\n ", "")


def test_the_feed_is_read_without_a_session_and_holds_the_same_days(as_: Signs) -> None:
    answer = Client().get(address_of(NATIONAL))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    found = events(answer)
    assert found
    assert all(event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1) for event in found)
    assert {sheet(S4) in str(event["URL"]) for event in found} == {True, False}
    uids = [str(event["UID"]) for event in found]
    assert len(uids) == len(set(uids))
    assert "sessionid" not in answer.cookies


def test_the_feed_names_nobody(as_: Signs) -> None:
    text = Client().get(address_of(NATIONAL)).content.decode().replace("\r\n ", "")
    for person in PEOPLE:
        assert person.name not in text
        assert person.address not in text
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text


@pytest.mark.security
def test_an_address_that_nobody_made_and_a_revoked_one_look_the_same(as_: Signs) -> None:
    address = address_of(CAISSE)
    assert Client().get(address).status_code == 200
    with member(CAISSE, now()) as caisse:
        assert revoke(by=caisse, at=now()) == 1
        assert revoke(by=caisse, at=now()) == 0
    unknown = FEED.format(f"{uuid4().hex}.{'A' * 43}")
    answers = [Client().get(one) for one in (address, unknown, FEED.format("x"), FEED.format("é.é"))]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.security
@pytest.mark.parametrize("altered", [lambda token: token[:-1], lambda token: f"f{token[1:]}", str.upper])
def test_an_altered_address_opens_nothing(as_: Signs, altered: Any) -> None:
    token = address_of(CAISSE).rpartition("/")[2].removesuffix(".ics")
    assert altered(token) != token
    assert Client().get(FEED.format(altered(token))).status_code == 404


@pytest.mark.security
def test_an_address_stops_with_the_membership(as_: Signs) -> None:
    address = address_of(CAISSE)
    user = User.objects.get(email=CAISSE)
    with member(CAISSE, now()) as caisse:
        organisation = caisse.organisation
    end_at_once(organisation, Q(user=user))
    assert Client().get(address).status_code == 404


@pytest.mark.security
def test_an_address_gives_its_own_organisation_only_whoever_is_signed_in(as_: Signs) -> None:
    address = address_of(CAISSE)
    text = as_(NATIONAL).get(address).content.decode().replace("\r\n ", "")
    assert sheet(S3) in text
    assert sheet(S4) not in text


def test_the_titles_name_no_convention(as_: Signs) -> None:
    assert title(plain(as_(CAISSE).get(PAGE))).strip().startswith("Calendrier des conventions")


def test_the_feed_holds_what_a_convention_signed_today_brings(as_: Signs) -> None:
    new = signed(PASS, now() - timedelta(days=1), now())
    page = plain(as_(CAISSE).get(PAGE))
    found = [one for one in events(Client().get(address_of(CAISSE))) if str(new) in str(one["URL"])]
    starts = [one for one in found if one["DTSTART"].dt == now().astimezone(PARIS).date()]
    assert len(starts) == 1
    assert len({one["DTSTART"].dt for one in found}) > 3
    until = now().astimezone(PARIS).date() + timedelta(days=366)
    assert f'href="#mois-{until:%Y-%m}"' in page, "the strip goes to the last month that the page lists"
