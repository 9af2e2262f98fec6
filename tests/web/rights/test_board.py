"""The board of a convention's files: each side its figures over a period kept in the address, the sample drawn once, the export."""

import csv
import io
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.organisations.models import User
from maillage.referrals.references import reference
from maillage.rights.sampled.models import Sample
from tests.referrals.world import ADVISER, READER, member
from tests.rights.board.world import SINCE, File, of_all_kinds, plant
from tests.rights.world import PASS, STRANGER, Signed, sign
from tests.web.referrals.conftest import Signs, plain

PERIOD = "du=05/01/2026&au=06/07/2026"
READ = 18
"""With the ends of the transaction: the convention, three counts, the samples, the side; without its files or a second draw."""


@pytest.fixture
def as_() -> Signs:
    """A browser signed in as someone, in a transaction of the test's or outside any."""

    def sign_in(address: str) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend"
        )
        return client

    return sign_in


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    """The convention, committed: months of files are written beside it by the owner."""
    return sign()


def address(signed: Signed, query: str = PERIOD) -> str:
    return f"/droits/conventions/{signed.id}/suivi/?{query}"


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return plain(answer)


def draw(client: Client, signed: Signed, size: str = "3", **changes: str) -> HttpResponse:
    said = {"du": "05/01/2026", "au": "06/07/2026", "size": size} | changes
    return client.post(f"/droits/conventions/{signed.id}/suivi/tirage/", said)  # type: ignore[return-value]


def test_each_side_reads_its_figures_and_a_third_party_none(committed: Signed, as_: Signs) -> None:
    plant(committed, *of_all_kinds())
    page = text(as_(READER), address(committed))
    for expected in (
        "Suivi des dossiers",
        "Transmis",
        "Aide médicale de l’État (AME), demandes urgentes",
        "21,9",
        "À enregistrer",
        "Pièces redemandées",
        "Droits ouverts par le silence de la caisse",
        "De la réception au dossier complet",
        "5 janvier 2026 inclus",
    ):
        assert expected in page, expected
    mine = text(as_(PASS), address(committed))
    assert "Envoyée, en attente de la caisse" in mine
    assert "Tirer l’échantillon" not in mine
    third = text(as_("social@carsat.example.org"), address(committed))
    assert "n’échange pas de dossiers" in third
    assert "Transmis" not in third
    text(as_(STRANGER), address(committed), status=404)
    with member(READER):
        assert Entry.objects.filter(verb="board_read", object_ref=str(committed.id)).count() == 1
    assert "Suivi des dossiers" in text(as_(PASS), f"/conventions/{committed.id}/")
    assert "Suivi des dossiers" not in text(as_("social@carsat.example.org"), f"/conventions/{committed.id}/")


def test_a_period_that_is_none_is_said_at_its_field(signed: Signed, as_: Signs) -> None:
    client = as_(READER)
    assert "Aucun dossier transmis" in text(client, address(signed, ""))
    page = text(client, address(signed, "du=06/07/2026&au=05/01/2026"))
    assert "Le second COPIL vient après le premier." in page
    assert "Chiffres de la période" not in page
    page = text(client, address(signed, "du=hier&au=31/02/2026"))
    assert page.count("Écrivez une date qui existe") >= 2
    assert 'value="hier"' in page
    page = text(client, address(signed, "du=05/01/2026&au=01/01/2199"))
    assert "période finie" in page


def test_the_sample_is_drawn_once_shown_to_both_and_drawn_again_the_same(
    committed: Signed, as_: Signs
) -> None:
    plant(committed, *of_all_kinds())
    client = as_(READER)
    page = plain(draw(client, committed, size="1"))
    assert "de 2 à 500 dossiers" in page
    assert 'value="1"' in page
    assert "Écrivez un nombre de dossiers" in plain(draw(client, committed, size="trois"))
    answer = draw(client, committed)
    assert answer.status_code == 302
    page = text(client, answer.headers["Location"])
    for expected in (
        "Échantillon tiré",
        "3 dossiers sur 7",
        "Intervalle de confiance à 95 %",
        "21,9 jours",
        "Graine",
    ):
        assert expected in page, expected
    assert "Tirer l’échantillon" not in page
    assert "qu’une fois" in plain(draw(client, committed))
    again = text(client, address(committed, f"{PERIOD}&verifier=on"))
    assert "ce sont les mêmes dossiers" in again
    with member(READER):
        (sample,) = Sample.objects.all()
    shown = [reference(case) for case in sample.drawn]
    assert not any(one in page for one in shown)  # her role reads no file
    assert bytes(sample.seed).hex() in page
    for who in (ADVISER, PASS):
        page = text(as_(who), address(committed))
        places = [page.index(one) for one in shown]
        assert places == sorted(places)
        assert f"/droits/{sample.drawn[0]}/" in page
    other = text(client, address(committed, "du=01/01/2020&au=01/01/2021"))
    assert "Du 05/01/2026 au 06/07/2026" in other


def test_those_who_may_not_draw_are_refused(signed: Signed, as_: Signs) -> None:
    for who in (ADVISER, PASS):
        assert draw(as_(who), signed).status_code == 403
    assert "rien à tirer" in plain(draw(as_(READER), signed))
    assert draw(Client(), signed).headers["Location"].startswith("/connexion/")


def test_the_export_holds_the_same_figures_and_no_file(committed: Signed, as_: Signs) -> None:
    cases: list[UUID] = plant(committed, *of_all_kinds())
    base = f"/droits/conventions/{committed.id}/suivi/export"
    client = as_(READER)
    answer = client.get(f"{base}/csv/?{PERIOD}")
    assert answer.status_code == 200
    body = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body), delimiter=";"))
    assert rows[0] == ["Partie", "Droit", "Demandes", "Mesure", "Valeur"]
    assert ["Délai total", "Tous", "Toutes", "Moyenne", "21,86"] in rows
    assert ["Silence de la caisse", "Tous", "Toutes", "Accords", "1"] in rows
    assert not any(reference(case) in body for case in cases)
    assert client.get(f"{base}/xlsx/?{PERIOD}").content.startswith(b"PK")
    assert client.get(f"{base}/ods/?{PERIOD}").status_code == 404
    assert as_("social@carsat.example.org").get(f"{base}/csv/?{PERIOD}").status_code == 302


def test_the_page_costs_the_same_however_many_files(
    committed: Signed, as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(ADVISER)
    plant(committed, File(SINCE))
    text(client, address(committed))
    for more in ([File(SINCE)], of_all_kinds()):
        with django_assert_num_queries(READ):
            text(client, address(committed))
        plant(committed, *more)
