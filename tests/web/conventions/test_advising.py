"""The page of a way that the person takes herself."""

import pytest
from django.test import Client

from maillage.core.identifiers import uuid7
from tests.web.conventions.conftest import PARTNER, S3, Signs, plain, sheet

pytestmark = pytest.mark.usefixtures("concluded")
CONVENTION = sheet(S3).rstrip("/").rsplit("/", 1)[-1]
CALL = f"/orientations/conseil/{CONVENTION}/flows.appel_ssam/"


def test_it_says_the_number_the_words_and_when_and_hands_out_the_card(as_: Signs) -> None:
    page = plain(as_(PARTNER).get(CALL))
    for words in ("36 46", "« service social »", "La personne le souhaite", "La carte"):
        assert words in page
    assert "papier/appel_ssam/carte/" in page


def test_told_twice_with_one_form_it_counts_once_and_the_convention_shows_it(as_: Signs) -> None:
    client: Client = as_(PARTNER)
    token = str(uuid7())
    first = plain(client.post(CALL, {"token": token}, follow=True))
    assert "Conseil compté, sans rien de la personne." in first
    assert "déjà compté" in plain(client.post(CALL, {"token": token}, follow=True))
    assert "Conseils donnés" in plain(client.get(sheet(S3)))


def test_what_is_typed_beside_the_form_is_kept_nowhere(as_: Signs) -> None:
    client = as_(PARTNER)
    client.post(CALL, {"token": str(uuid7()), "nom": "Quintessence", "commune": "42147"})
    page = plain(client.get(CALL))
    assert "Quintessence" not in page


def test_a_commune_searched_with_nothing_typed_says_what_to_write_at_its_field(as_: Signs) -> None:
    page = plain(as_(PARTNER).post(f"{CALL}guide/", {"q": " "}))
    assert "Écrivez le nom de sa commune, ou son code postal." in page
    assert "Écrivez le nom de sa commune" not in plain(as_(PARTNER).get(CALL))


@pytest.mark.parametrize("route", ["flows.orientation_misas", "flows.inconnu", "services.misas"])
def test_a_way_that_is_not_told_is_unknown(as_: Signs, route: str) -> None:
    assert as_(PARTNER).get(f"/orientations/conseil/{CONVENTION}/{route}/").status_code == 404
