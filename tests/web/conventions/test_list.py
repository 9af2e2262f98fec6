"""The list of conventions: who sees which, filters, pages, its journal and its cost."""

import re
from typing import Any

import pytest
from django.test import Client

from maillage.audit.models import Entry
from maillage.core.row_security import acting
from maillage.demo.conventions import convention_id
from maillage.organisations.models import Organisation
from tests.tiers import spread
from tests.web.conventions.conftest import (
    CAISSE,
    NATIONAL,
    S0,
    S1,
    S2,
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
LIST = "/conventions/"


@pytest.mark.django_db
def test_anonymous_people_are_sent_to_the_sign_in_page(client: Client) -> None:
    answer = client.get(LIST)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/")
    fragment = client.get(LIST, headers={"HX-Request": "true"})
    assert fragment.status_code == 204
    assert fragment["HX-Redirect"].startswith("/connexion/")


def test_each_organisation_sees_its_own_conventions_and_no_other(as_: Signs) -> None:
    seen = {
        address: {
            name for name in (S0, S1, S2, S3, S4) if sheet(name) in as_(address).get(LIST).content.decode()
        }
        for address in (CAISSE, WORKER, NATIONAL, STRANGER)
    }
    assert seen == {CAISSE: {S2, S3}, WORKER: {S3}, NATIONAL: {S0, S1, S4}, STRANGER: set()}


def test_an_ended_convention_stays_and_says_how_it_ended(as_: Signs) -> None:
    page = plain(as_(NATIONAL).get(LIST, {"etat": "ended"}))
    assert sheet(S1) in page
    assert sheet(S4) not in page
    assert "Terminée : arrivée à son terme" in page


def test_the_list_says_what_the_page_says_while_the_readings_disagree(as_: Signs) -> None:
    said = "En vigueur selon une lecture, à trancher"
    national = as_(NATIONAL)
    assert said in plain(national.get(sheet(S0)))
    listed = plain(national.get(LIST, {"texte": "prado"}))
    assert re.search(rf"<span[^>]*>\s*{said}\s*</span>", listed)
    assert "selon la lecture" in listed
    settled = national.get(LIST, {"etat": "in_force"}).content.decode()
    doubtful = national.get(LIST, {"etat": "disputed"}).content.decode()
    assert sheet(S4) in settled
    assert sheet(S0) not in settled
    assert sheet(S0) in doubtful
    assert sheet(S4) not in doubtful


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"texte": "hospitalier"}, {S2}),
        ({"texte": "MONTBRISON partenariat"}, {S3}),
        ({"etat": "draft"}, {S2}),
        ({"etat": "in_force"}, {S3}),
        ({"niveau": "local"}, {S2, S3}),
        ({"niveau": "national"}, set()),
        ({"departement": "42"}, {S3, S2}),
        ({"departement": "63"}, set()),
        ({"echeance": "120"}, set()),
        ({"tri": "-nom"}, {S2, S3}),
        ({"tri": "echeance"}, {S2, S3}),
    ],
)
def test_filters_limit_the_list(as_: Signs, query: dict[str, str], expected: set[str]) -> None:
    page = as_(CAISSE).get(LIST, query).content.decode()
    assert {name for name in (S2, S3) if sheet(name) in page} == expected


@pytest.mark.parametrize(
    "query",
    spread(
        [
            {"niveau": "inconnu"},
            {"departement": "Loire"},
            {"echeance": "999999999999999999"},
            {"etat": "' OR 1=1"},
            {"texte": "x" * 500},
            {"texte": "a\x00b"},
            {"page": "-1"},
            {"page": "99999999999999999999"},
            {"page": "²"},
            {"tri": "__class__"},
        ],
        4,
    ),
)
def test_a_wrong_parameter_is_said_or_ignored_and_never_breaks(as_: Signs, query: dict[str, str]) -> None:
    assert as_(CAISSE).get(LIST, query).status_code == 200


def test_a_wrong_filter_keeps_what_was_typed_and_says_what_is_expected(as_: Signs) -> None:
    page = plain(as_(CAISSE).get(LIST, {"departement": "Loire", "texte": "hospitalier"}))
    assert "Écrivez un numéro de département" in page
    assert 'value="Loire"' in page
    assert sheet(S2) in page
    assert sheet(S3) not in page


def test_an_empty_list_says_why_it_is(as_: Signs) -> None:
    stranger = as_(STRANGER)
    assert "n’est partie à aucune convention" in plain(stranger.get(LIST))
    assert "ces filtres" not in plain(stranger.get(LIST, {"tri": "nom", "texte": " "}))
    assert "ne répond à ces filtres" in plain(stranger.get(LIST, {"niveau": "local"}))
    after = plain(as_(CAISSE).get(LIST, {"page": "99"}))
    assert "après la dernière" in after
    assert 'href="?" rel="prev"' in after


def test_a_fragment_holds_the_table_under_the_same_name(as_: Signs) -> None:
    page = as_(CAISSE).get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert 'id="conventions"' in page
    assert 'hx-target="#conventions"' in page


def test_the_list_costs_eight_queries_at_most(as_: Signs, django_assert_max_num_queries: Any) -> None:
    client = as_(CAISSE)
    with django_assert_max_num_queries(8):
        assert client.get(LIST).status_code == 200


def test_reading_the_list_is_one_entry_of_the_journal_with_the_conventions_shown(as_: Signs) -> None:
    as_(CAISSE).get(LIST)
    body = Organisation.objects.get(short_name="CPAM 42")
    with acting(organisation=body.id):
        entry = Entry.objects.get(verb="list_read", object_type="convention")
    assert str(convention_id(S3)) in entry.object_ref


def test_only_whoever_writes_is_offered_to_write(as_: Signs) -> None:
    assert "Rédiger une convention" in plain(as_(CAISSE).get(LIST))
    assert "Rédiger une convention" not in plain(as_(WORKER).get(LIST))


def test_the_title_names_no_convention(as_: Signs) -> None:
    assert title(plain(as_(CAISSE).get(LIST))).strip().startswith("Conventions")
