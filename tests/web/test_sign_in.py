"""Signing in, the current organisation and its switcher."""

import pytest
from django.test import Client

from maillage.demo.cast import PASSWORD
from maillage.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def test_a_worker_signs_in_and_lands_on_what_is_due(client: Client) -> None:
    response = client.post(
        "/connexion/", {"login": "social@ccas.example.org", "password": PASSWORD}, follow=True
    )
    assert response.status_code == 200
    assert "À faire" in response.content.decode()
    assert "CCAS de Montbrison" in response.content.decode()


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    known = client.post("/connexion/", {"login": "social@ccas.example.org", "password": "faux-mot-de-passe"})
    unknown = client.post(
        "/connexion/", {"login": "personne@ccas.example.org", "password": "faux-mot-de-passe"}
    )
    assert known.status_code == unknown.status_code == 200
    masked = [
        answer.content.decode().replace("social@", "x@").replace("personne@", "x@")
        for answer in (known, unknown)
    ]
    assert "mot de passe" in masked[0]
    assert len(masked[0]) == len(masked[1])


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/inscription/").status_code == 404


def test_someone_with_two_employers_chooses_for_whom_she_acts(client: Client) -> None:
    client.post("/connexion/", {"login": "deux@example.org", "password": PASSWORD})
    hospital = Organisation.objects.get(short_name="CH d’Exemple")
    page = client.post("/organisme/", {"organisation": str(hospital.id)}, follow=True).content.decode()
    assert "Centre hospitalier d’Exemple" in page
    stranger = Organisation.objects.get(short_name="CCAS de Villexemple")
    client.post("/organisme/", {"organisation": str(stranger.id)})
    assert client.session["organisation"] == str(hospital.id)
