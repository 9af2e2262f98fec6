"""The pages of stocks: what is noted, what is told, by whom."""

from dataclasses import replace

import pytest
from django.test import Client

from maillage.core.identifiers import uuid7
from tests.catalogue.world import KEEPER, LEAFLET, PARTNER, STRANGER, WORKER, published, withdraw
from tests.days import today
from tests.referrals.world import organisation
from tests.web.referrals.conftest import Signs, plain

pytestmark = pytest.mark.django_db
STOCKS = "/supports/stocks/"


def note(client: Client, support: object, kind: str, quantity: str, **more: str) -> str:
    sent = {
        "token": str(uuid7()),
        "kind": kind,
        "quantity": quantity,
        "day": today().strftime("%d/%m/%Y"),
        **more,
    }
    return plain(client.post(f"/supports/{support}/stock/", sent, follow=True))


def test_movements_are_noted_and_what_is_left_is_said(as_: Signs) -> None:
    support, _ = published()
    client = as_(PARTNER)
    assert "Mouvement noté." in note(client, support, "received", "20")
    assert "Remis à CPAM de la Loire" in note(
        client, support, "sent", "5", recipient=str(organisation("CPAM 42").id)
    )
    page = note(client, support, "sent", "16")
    assert "Il n’en reste que 15" in page
    assert 'value="16"' in page
    page = plain(client.get(STOCKS))
    for expected in ("Demander la C2S", "15", "Suffisant"):
        assert expected in page
    assert "Aucun stock" in plain(as_(KEEPER).get(STOCKS))
    assert "Demander la C2S" in plain(as_(WORKER).get(STOCKS))  # of the same organisation: she reads it
    assert as_(WORKER).get(f"/supports/{support}/stock/").status_code == 403


def test_a_stock_that_runs_low_is_told_at_home(as_: Signs) -> None:
    support, _ = published()
    client, title = as_(PARTNER), "Commander des exemplaires : Demander la C2S"
    address = f"/supports/{support}/stock/seuil/"
    assert "Seuil enregistré." in plain(client.post(address, {"threshold": "10"}, follow=True))
    assert title in plain(client.get("/"))
    assert title not in plain(as_(STRANGER).get("/"))
    note(client, support, "received", "10")
    assert title not in plain(client.get("/"))
    note(client, support, "sent", "1")
    assert "Il en reste 9" in plain(client.get("/"))
    assert "À commander" in plain(client.get(STOCKS))
    assert "Écrivez 1 au moins" in plain(client.post(address, {"threshold": "0"}))


def test_what_is_wrong_is_said_at_its_field(as_: Signs) -> None:
    support, _ = published()
    client = as_(KEEPER)
    for quantity in ("", "x", "-1", "1.5"):
        assert "Écrivez un nombre entier." in note(client, support, "received", quantity)
    assert "de 1 à" in note(client, support, "received", "0")
    assert "Choisissez une réponse" in note(client, support, "", "3")


def test_copies_of_what_was_withdrawn_are_not_to_be_handed_out(as_: Signs) -> None:
    support, version = published()
    client = as_(KEEPER)
    note(client, support, "received", "3")
    withdraw(version)
    assert "Plus à jour : ne pas remettre" in plain(client.get(STOCKS))
    assert "Retiré : ne le remettez plus" in plain(client.get(f"/supports/{support}/stock/"))


def test_what_is_not_on_paper_has_no_stock(as_: Signs) -> None:
    support, _ = published(described=replace(LEAFLET, kind="video"))
    assert as_(KEEPER).get(f"/supports/{support}/stock/").status_code == 404
    assert "/stock/" not in as_(KEEPER).get(f"/supports/{support}/").content.decode()
