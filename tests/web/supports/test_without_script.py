"""A support described, published, opened and withdrawn without script: links and forms alone."""

import pytest

from tests.catalogue.world import KEEPER, WORKER
from tests.without_script import Plain


@pytest.mark.django_db
def test_without_script_a_support_is_published_found_and_withdrawn() -> None:
    keeper = Plain(KEEPER).open("/supports/").follow("Ajouter un support")
    keeper.fill("title", "Demander la C2S").fill("kind", "leaflet").fill("purpose", "Explique la demande.")
    keeper.check("Publics").press("Continuer")
    keeper.fill("label", "Janvier").fill("link", "https://www.example.org/c2s").press("Continuer")
    assert keeper.text("h1") == "Publier une version"
    keeper.press("Publier")
    assert "Version publiée" in keeper.text("#messages")
    worker = Plain(WORKER).open("/supports/").fill("texte", "c2s").press("Filtrer").follow("Demander la C2S")
    assert "À jour" in worker.text()
    keeper.follow("Validité ou retrait").follow("Retirer cette version partout")
    keeper.fill("reason", "Le plafond a changé").press("Retirer partout")
    assert "plus aucune adresse ne la donne" in keeper.text("#messages")
    assert "Aucun support" in worker.open("/supports/").text()
